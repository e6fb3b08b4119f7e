//! Ranking: how much each sentence says of what the whole text says.
//!
//! Owns TextRank: a sentence counts as much as the sentences that it shares terms with. Sentences
//! find each other through their terms, and each keeps its nearest ones only, so that the time
//! grows with the text and not with its square.

use std::collections::HashMap;

use super::index::{Index, Sentence, TermId};

/// How many of its terms speak for a sentence.
const TERMS: usize = 16;
/// Terms of more sentences than this join none: they say little, and there would be too many pairs.
const SHARED: usize = 400;
/// How many of its nearest sentences a sentence speaks for.
const NEIGHBOURS: usize = 24;
/// The chance of going on to a neighbour; Brin and Page's value.
const DAMPING: f32 = 0.85;
const ROUNDS: usize = 30;

/// A sentence by the terms that say most in it, heaviest first, of length one.
#[derive(Clone, Debug, Default)]
pub struct Vector(Vec<(TermId, f32)>);

impl Vector {
    /// The vector of a sentence.
    pub fn of(index: &Index<'_>, sentence: &Sentence) -> Self {
        let mut weights: HashMap<TermId, f32> = HashMap::new();
        for token in index.tokens(sentence) {
            let term = index.term(*token);
            let weight = index.weight(term);
            if weight > 0.0 {
                *weights.entry(term).or_default() += weight;
            }
        }
        let mut terms: Vec<_> = weights.into_iter().collect();
        // The number of the term decides between equals, so that the result is always the same.
        terms.sort_unstable_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        terms.truncate(TERMS);
        let length = terms.iter().map(|(_, weight)| weight * weight).sum::<f32>().sqrt();
        for (_, weight) in &mut terms {
            *weight /= length;
        }
        Self(terms)
    }

    /// How much two sentences share: from 0 to 1.
    pub fn similarity(&self, other: &Self) -> f32 {
        let shared = self.0.iter().filter_map(|(term, weight)| {
            other.0.iter().find(|(theirs, _)| theirs == term).map(|(_, theirs)| weight * theirs)
        });
        shared.sum()
    }

    /// The terms, heaviest first.
    pub fn terms(&self) -> impl Iterator<Item = (TermId, f32)> {
        self.0.iter().copied()
    }
}

/// The rank of each sentence; their mean is 1.
pub fn rank(terms: usize, vectors: &[Vector]) -> Vec<f32> {
    let neighbours = neighbours(terms, vectors);
    let mut ranks = vec![1.0_f32; vectors.len()];
    for _ in 0..ROUNDS {
        let mut next = vec![1.0 - DAMPING; vectors.len()];
        let mut unspoken = 0.0;
        for (rank, near) in ranks.iter().zip(&neighbours) {
            let total: f32 = near.iter().map(|(_, weight)| weight).sum();
            if total <= 0.0 {
                unspoken += rank;
                continue;
            }
            for (other, weight) in near {
                next[*other] += DAMPING * rank * weight / total;
            }
        }
        // What sentences without neighbours have to give goes to all alike.
        let share = DAMPING * unspoken / vectors.len().max(1) as f32;
        for rank in &mut next {
            *rank += share;
        }
        ranks = next;
    }
    ranks
}

/// The nearest sentences of each, with how near they are.
fn neighbours(terms: usize, vectors: &[Vector]) -> Vec<Vec<(usize, f32)>> {
    let mut holders: Vec<Vec<(usize, f32)>> = vec![Vec::new(); terms];
    for (sentence, vector) in vectors.iter().enumerate() {
        for (term, weight) in vector.terms() {
            holders[term.0 as usize].push((sentence, weight));
        }
    }
    let mut shared = vec![0.0_f32; vectors.len()];
    let mut touched = Vec::new();
    let near = vectors.iter().enumerate().map(|(sentence, vector)| {
        for (term, weight) in vector.terms() {
            let holders = &holders[term.0 as usize];
            if holders.len() > SHARED {
                continue;
            }
            for (other, theirs) in holders {
                if *other != sentence {
                    if shared[*other] == 0.0 {
                        touched.push(*other);
                    }
                    shared[*other] += weight * theirs;
                }
            }
        }
        let mut near: Vec<_> =
            touched.drain(..).map(|other| (other, std::mem::take(&mut shared[other]))).collect();
        if near.len() > NEIGHBOURS {
            near.select_nth_unstable_by(NEIGHBOURS, |a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
            near.truncate(NEIGHBOURS);
        }
        near
    });
    near.collect()
}
