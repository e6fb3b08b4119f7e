//! The network of candidates: which share sentences, how much that ranks each, and which links it
//! makes.
//!
//! Owns TextRank over phrases and the strength of links. It must not read text.

use std::collections::BTreeMap;

use super::{Link, candidates::Candidate};

/// The chance of going on to a neighbour; Brin and Page's value.
const DAMPING: f64 = 0.85;
const ROUNDS: usize = 40;
/// How many of the nearest a concept is linked with by itself.
const NEAREST: usize = 3;

/// How many sentences each two candidates share. There are a few hundred at most, so that a table
/// of all pairs is small.
pub struct Shared {
    size: usize,
    counts: Vec<u32>,
}

impl Shared {
    /// Nothing shared yet.
    pub fn new(size: usize) -> Self {
        Self { size, counts: vec![0; size * size] }
    }

    /// Counts a sentence with these candidates, each named once.
    pub fn add(&mut self, present: &[usize]) {
        for one in present {
            let row = &mut self.counts[one * self.size..(one + 1) * self.size];
            for other in present {
                row[*other] += u32::from(one != other);
            }
        }
    }

    fn of(&self, one: usize, other: usize) -> u32 {
        self.counts[one * self.size + other]
    }

    /// The rank of each candidate; they add up to 1.
    pub fn ranks(&self, candidates: &[Candidate]) -> Vec<f64> {
        let telling: f64 = candidates.iter().map(|candidate| candidate.telling).sum();
        let starts: Vec<f64> = candidates.iter().map(|c| c.telling / telling).collect();
        let neighbours: Vec<Vec<(usize, f64)>> =
            (0..self.size).map(|one| self.neighbours(one, candidates)).collect();
        let mut ranks = starts.clone();
        for _ in 0..ROUNDS {
            let mut next = vec![0.0; self.size];
            let mut kept = 0.0;
            for (rank, near) in ranks.iter().zip(&neighbours) {
                kept += if near.is_empty() { *rank } else { (1.0 - DAMPING) * rank };
                for (other, part) in near {
                    next[*other] += DAMPING * rank * part;
                }
            }
            for (rank, start) in next.iter_mut().zip(&starts) {
                *rank += kept * start;
            }
            ranks = next;
        }
        ranks
    }

    /// With whom a candidate shares sentences, and which part of all that it shares. A phrase shares
    /// every sentence with the words in it, which says nothing.
    fn neighbours(&self, one: usize, candidates: &[Candidate]) -> Vec<(usize, f64)> {
        let nested = |other: usize| {
            candidates[one].contains(&candidates[other])
                || candidates[other].contains(&candidates[one])
        };
        let near: Vec<(usize, f64)> = (0..self.size)
            .filter(|other| self.of(one, *other) > 0 && !nested(*other))
            .map(|other| (other, f64::from(self.of(one, other))))
            .collect();
        let total: f64 = near.iter().map(|(_, shared)| shared).sum();
        near.into_iter().map(|(other, shared)| (other, shared / total)).collect()
    }

    /// Links between the chosen candidates, named by their place among these, strongest first.
    pub fn links(&self, chosen: &[usize], candidates: &[Candidate]) -> Vec<Link> {
        let weight = |one: usize, other: usize| {
            let sentences = |at: usize| candidates[at].places.len() as f64;
            f64::from(self.of(one, other)) / (sentences(one) * sentences(other)).sqrt()
        };
        let mut kept: BTreeMap<(usize, usize), f64> = BTreeMap::new();
        for (one, candidate) in chosen.iter().enumerate() {
            let mut near: Vec<(usize, f64)> = chosen
                .iter()
                .enumerate()
                .filter(|(other, _)| *other != one)
                .map(|(other, theirs)| (other, weight(*candidate, *theirs)))
                .filter(|(_, weight)| *weight > 0.0)
                .collect();
            near.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
            for (other, weight) in near.into_iter().take(NEAREST) {
                kept.insert((one.min(other), one.max(other)), weight);
            }
        }
        let mut links: Vec<Link> =
            kept.into_iter().map(|((one, other), weight)| Link { one, other, weight }).collect();
        links.sort_by(|a, b| b.weight.total_cmp(&a.weight));
        links
    }
}
