//! Selection: the sentences of a section that are worth saying, as passages.
//!
//! Owns what makes a sentence fit to be heard by itself, and how repetition is avoided (maximal
//! marginal relevance). Order is that of the text.

use std::{collections::HashSet, ops::Range};

use super::{
    blocks::Kind,
    index::{Index, Sentence, TermId},
    ranking::{self, Vector},
};

/// Sentences next to each other that are said in one go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passage {
    /// Its sentences in the text.
    pub sentences: Range<usize>,
}

/// How much of its worth a sentence loses that says what has been said.
const REPETITION: f32 = 0.6;
/// How many of a section's sentences are considered, at most.
const CANDIDATES: usize = 80;
/// How many terms say what the whole text is about.
const MAIN: usize = 12;
/// A passage is not made longer than this, in words.
const PASSAGE: usize = 110;

/// English words that point back at what was said before.
const POINTING: &[&str] = &[
    "it",
    "this",
    "these",
    "those",
    "they",
    "he",
    "she",
    "him",
    "them",
    "such",
    "but",
    "and",
    "nor",
    "or",
    "so",
    "yet",
    "hence",
    "thus",
    "therefore",
    "however",
    "here",
    "another",
    "then",
    "its",
    "their",
    "his",
    "her",
    "again",
    "besides",
    "moreover",
    "consequently",
    "accordingly",
    "both",
    "that",
    "neither",
    "otherwise",
    "likewise",
    "instead",
];

/// What each sentence is worth.
pub struct Worth<'a, 'b> {
    index: &'b Index<'a>,
    vectors: &'b [Vector],
    worth: Vec<f32>,
}

impl<'a, 'b> Worth<'a, 'b> {
    /// Judges all sentences.
    pub fn of(index: &'b Index<'a>, vectors: &'b [Vector]) -> Self {
        let ranks = ranking::rank(index.terms(), vectors);
        let body = first_long_block(index);
        let main = index.main_terms(MAIN);
        let worth = index
            .sentences
            .iter()
            .enumerate()
            .map(|(at, sentence)| {
                ranks[at] * fitness(index, at, sentence, body) * aim(index, sentence, &main)
            })
            .collect();
        Self { index, vectors, worth }
    }

    /// What a sentence is worth; only to compare.
    pub fn sentence(&self, at: usize) -> f32 {
        self.worth[at]
    }

    /// Chooses passages of about so many words from a range of sentences. At least one, if there
    /// is a sentence.
    pub fn passages(&self, range: Range<usize>, words: usize) -> Vec<Passage> {
        let mut candidates: Vec<usize> = range.clone().collect();
        candidates.sort_by(|a, b| self.worth[*b].total_cmp(&self.worth[*a]).then(a.cmp(b)));
        candidates.truncate(CANDIDATES);
        // How much of each candidate has been said already.
        let mut said = vec![0.0_f32; candidates.len()];
        let mut taken: Vec<usize> = Vec::new();
        let mut length = 0;
        while length < words {
            // A product, so that what is worth little is not chosen for being new.
            let gain = |at: usize| self.worth[candidates[at]] * (1.0 - REPETITION * said[at]);
            let open = (0..candidates.len()).filter(|at| !taken.contains(&candidates[*at]));
            let Some(best) = open.max_by(|a, b| gain(*a).total_cmp(&gain(*b)).then(b.cmp(a)))
            else {
                break;
            };
            let chosen = self.with_context(candidates[best], &range);
            for sentence in chosen.filter(|s| !taken.contains(s)).collect::<Vec<_>>() {
                // A text of one sentence is said whole; otherwise the last may go a little over.
                taken.push(sentence);
                length += self.index.sentences[sentence].words;
                for (at, candidate) in candidates.iter().enumerate() {
                    said[at] =
                        said[at].max(self.vectors[*candidate].similarity(&self.vectors[sentence]));
                }
            }
        }
        self.group(taken)
    }

    /// The sentences that tell most by themselves, in order: complete, neither too short nor too
    /// long, and each about something else.
    pub fn telling(&self, most: usize) -> Vec<usize> {
        let alone = |at: &usize| {
            let sentence = &self.index.sentences[*at];
            (10..=45).contains(&sentence.words)
                && !points_back(self.index, sentence)
                && !is_question(self.index.text(sentence))
        };
        let all = 0..self.index.sentences.len();
        let mut candidates: Vec<usize> = all.clone().filter(alone).collect();
        if candidates.len() < most {
            candidates = all.collect();
        }
        candidates.sort_by(|a, b| self.worth[*b].total_cmp(&self.worth[*a]).then(a.cmp(b)));
        let mut chosen: Vec<usize> = Vec::new();
        for at in candidates {
            let new = |other: &usize| self.vectors[at].similarity(&self.vectors[*other]) < 0.3;
            if chosen.len() < most && chosen.iter().all(new) {
                chosen.push(at);
            }
        }
        chosen.sort_unstable();
        chosen
    }

    /// A sentence with what it needs to be understood: the one that it points back at, and the
    /// answer to a question.
    fn with_context(&self, at: usize, range: &Range<usize>) -> Range<usize> {
        let sentences = &self.index.sentences;
        let near = |a: usize, b: usize| {
            sentences[a].block == sentences[b].block
                && sentences[a].words + sentences[b].words <= PASSAGE
        };
        let mut start = at;
        while start > range.start
            && at - start < 2
            && points_back(self.index, &sentences[start])
            && near(start - 1, start)
        {
            start -= 1;
        }
        let mut end = at + 1;
        let asks = is_question(self.index.text(&sentences[at]));
        if asks && end < range.end && near(at, end) {
            end += 1;
        }
        start..end
    }

    /// Sentences next to each other in one block, or items of one list, as passages.
    fn group(&self, mut taken: Vec<usize>) -> Vec<Passage> {
        taken.sort_unstable();
        let mut passages: Vec<Passage> = Vec::new();
        let mut length = 0;
        for at in taken {
            let sentence = &self.index.sentences[at];
            let joins = |last: &Passage| {
                let before = &self.index.sentences[last.sentences.end - 1];
                let items = |s: &Sentence| self.index.blocks[s.block].kind == Kind::Item;
                last.sentences.end == at
                    && length + sentence.words <= PASSAGE
                    && (before.block == sentence.block || (items(before) && items(sentence)))
            };
            match passages.last_mut() {
                Some(last) if joins(last) => {
                    last.sentences.end = at + 1;
                    length += sentence.words;
                }
                _ => {
                    passages.push(Passage { sentences: at..at + 1 });
                    length = sentence.words;
                }
            }
        }
        passages
    }
}

/// How much a sentence is about what the whole text is about.
fn aim(index: &Index<'_>, sentence: &Sentence, main: &HashSet<TermId>) -> f32 {
    let terms: HashSet<TermId> = index.tokens(sentence).iter().map(|t| index.term(*t)).collect();
    1.0 + 0.15 * terms.intersection(main).count().min(5) as f32
}

/// Where the body of a text begins: before it there are lines about the text, such as a date.
pub fn first_long_block(index: &Index<'_>) -> usize {
    const LONG: usize = 25;
    let mut words = vec![0; index.blocks.len()];
    for sentence in &index.sentences {
        words[sentence.block] += sentence.words;
    }
    words.iter().position(|words| *words >= LONG).unwrap_or(0)
}

/// How well a sentence can be heard by itself, and whether its place speaks for it.
fn fitness(index: &Index<'_>, at: usize, sentence: &Sentence, body: usize) -> f32 {
    let text = index.text(sentence);
    let words = sentence.words as f32;
    // Short ones say little, and nobody follows very long ones.
    let length = match sentence.words {
        0..=4 => 0.15,
        5..=8 => 0.6,
        9..=45 => 1.0,
        _ => (45.0 / words).max(0.35),
    };
    let letters = text.chars().filter(|c| c.is_alphabetic() || c.is_whitespace()).count();
    let characters = text.chars().count().max(1);
    let plain = if letters * 5 < characters * 4 { 0.1 } else { 1.0 };
    let shouted = !text.chars().any(char::is_lowercase) && text.chars().any(char::is_uppercase);
    let closed = !text.ends_with([':', ',', ';']);
    let first = at == 0 || index.sentences[at - 1].block != sentence.block;
    let last = index.sentences.get(at + 1).is_none_or(|next| next.block != sentence.block);
    length
        * plain
        * if shouted { 0.2 } else { 1.0 }
        * if closed { 1.0 } else { 0.5 }
        * if sentence.block < body { 0.05 } else { 1.0 }
        * if points_back(index, sentence) { 0.8 } else { 1.0 }
        * if first {
            1.2
        } else if last {
            1.1
        } else {
            1.0
        }
}

/// Whether a sentence begins with a word that points at what was said before.
pub fn points_back(index: &Index<'_>, sentence: &Sentence) -> bool {
    let first = index.tokens(sentence).first();
    index.language.code() == "en"
        && first
            .is_some_and(|token| POINTING.contains(&index.surface(*token).to_lowercase().as_str()))
}

/// Whether a sentence asks.
pub fn is_question(sentence: &str) -> bool {
    sentence.trim_end_matches(['”', '"', '’', ')']).ends_with(['?', '؟', '？'])
}
