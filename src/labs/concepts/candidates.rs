//! Candidates: the phrases of all sources that may name a concept, and where each is mentioned.
//!
//! Owns which phrases are one: those with the same words by their stems, in any order and with any
//! function words, such as `rights of individuals` and `individual right`. It must not judge them.

use std::collections::{HashMap, HashSet};

use unicode_segmentation::UnicodeSegmentation;

use super::{Reading, general::is_general, network::Shared};
use crate::content::text::{
    index::{Index, Sentence, Token},
    phrases::{self, Phrase},
    ranking::Vector,
    selection::{self, Worth},
};

/// The most candidates; the least telling are dropped.
const MOST: usize = 300;
/// What a name of several words gains.
const LONGER: f64 = 2.5;
/// What a phrase gains that is in the title of a source.
const TITLED: f64 = 1.5;
/// Lines above the body are no part of it, unless they are more than one in so many of all words.
const FRONT: usize = 10;

/// A source, taken apart.
pub struct Source<'a> {
    /// Its sentences and words.
    pub index: Index<'a>,
    /// What each of its sentences is worth as one to quote; only to compare. None until weighed.
    pub worth: Vec<f32>,
    /// Its terms as stems of the pool.
    stems: Vec<u32>,
    /// Where its body begins, in sentences.
    body: usize,
}

impl Source<'_> {
    /// The sentence at a place in this source.
    pub fn sentence(&self, place: Place) -> &Sentence {
        &self.index.sentences[place.sentence]
    }

    /// Judges its sentences.
    pub fn weigh(&mut self) {
        let sentences = &self.index.sentences;
        let vectors: Vec<Vector> = sentences.iter().map(|s| Vector::of(&self.index, s)).collect();
        let worth = Worth::of(&self.index, &vectors);
        self.worth = (0..sentences.len()).map(|at| worth.sentence(at)).collect();
    }
}

/// A sentence of a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Place {
    /// The source.
    pub source: usize,
    /// The sentence in it.
    pub sentence: usize,
}

/// A phrase that may name a concept.
pub struct Candidate {
    /// As the sources write it most often.
    pub title: String,
    /// Every way in which they write it, in small letters.
    pub spellings: HashSet<String>,
    /// How much it tells; only to compare.
    pub telling: f64,
    /// How often it occurs.
    pub mentions: u32,
    /// How often it does so as a noun would.
    nouns: u32,
    /// The sentences that it occurs in, in order.
    pub places: Vec<Place>,
    /// Its stems, in the order of their numbers.
    stems: Vec<u32>,
}

impl Candidate {
    /// Whether another's words are some of its own.
    pub fn contains(&self, other: &Self) -> bool {
        other.stems.len() < self.stems.len()
            && other.stems.iter().all(|stem| self.stems.contains(stem))
    }

    /// How much its words speak for it: more words name something more exactly, and what is
    /// seldom a noun is more likely a part of other names.
    pub fn nameliness(&self) -> f64 {
        let nouns = f64::from(self.nouns) / f64::from(self.mentions.max(1));
        let words = if self.stems.len() > 1 { LONGER } else { 1.0 };
        words * nouns.min(1.0)
    }

    /// How many sources it occurs in.
    pub fn sources(&self) -> usize {
        self.places.chunk_by(|a, b| a.source == b.source).count()
    }
}

/// Phrases as they are read, with one number for a stem in all sources.
#[derive(Default)]
pub struct Pool {
    numbers: HashMap<String, u32>,
    found: HashMap<Vec<u32>, Found>,
}

/// What was read of a phrase.
#[derive(Default)]
struct Found {
    count: u32,
    nouns: u32,
    telling: f64,
    /// How it is written, and how often so.
    spellings: Vec<(String, u32)>,
    /// The words that it has been made of, function words too.
    forms: HashSet<Vec<u32>>,
}

impl Pool {
    /// Takes a source apart and keeps its phrases.
    pub fn read<'a>(&mut self, reading: &Reading<'a>) -> Source<'a> {
        let index = Index::new(reading.body);
        let body = beginning(&index);
        let stems: Vec<u32> = index.all_terms().map(|term| self.number(index.stem(term))).collect();
        for phrase in phrases::all(&index, &index.sentences[body..]) {
            if !is_general(index.language.code(), &phrase.bare) {
                self.keep(phrase, &stems);
            }
        }
        Source { index, worth: Vec::new(), stems, body }
    }

    fn number(&mut self, stem: &str) -> u32 {
        if let Some(number) = self.numbers.get(stem) {
            return *number;
        }
        let number = u32::try_from(self.numbers.len()).unwrap_or(u32::MAX);
        self.numbers.insert(stem.to_owned(), number);
        number
    }

    fn keep(&mut self, phrase: Phrase, stems: &[u32]) {
        let mut key: Vec<u32> = phrase.terms.iter().map(|term| stems[term.0 as usize]).collect();
        key.sort_unstable();
        let found = self.found.entry(key).or_default();
        found.count += phrase.count;
        found.nouns += phrase.nouns;
        found.telling += f64::from(phrase.score);
        found.forms.insert(phrase.words.iter().map(|word| stems[word.0 as usize]).collect());
        match found.spellings.iter_mut().find(|(spelling, _)| *spelling == phrase.bare) {
            Some((_, count)) => *count += phrase.count,
            None => found.spellings.push((phrase.bare, phrase.count)),
        }
    }

    /// The phrases that were read more than once.
    pub fn candidates(self, readings: &[Reading<'_>], sources: &[Source<'_>]) -> Candidates {
        let titles: Vec<HashSet<u32>> = readings
            .iter()
            .zip(sources)
            .map(|(reading, source)| self.titled(reading.title, source))
            .collect();
        let mut found: Vec<(Vec<u32>, Found)> =
            self.found.into_iter().filter(|(_, found)| found.count > 1).collect();
        for (key, found) in &mut found {
            if titles.iter().any(|title| key.iter().all(|stem| title.contains(stem))) {
                found.telling *= TITLED;
            }
        }
        found.sort_by(|a, b| b.1.telling.total_cmp(&a.1.telling).then_with(|| a.0.cmp(&b.0)));
        found.truncate(MOST);
        let mut forms = HashMap::new();
        let mut all = Vec::new();
        for (stems, found) in found {
            for form in found.forms {
                forms.insert(form, all.len());
            }
            all.push(Candidate {
                title: most_frequent(&found.spellings),
                spellings: found.spellings.iter().map(|(text, _)| text.to_lowercase()).collect(),
                telling: found.telling,
                mentions: 0,
                nouns: found.nouns,
                places: Vec::new(),
                stems,
            });
        }
        Candidates { all, forms }
    }

    /// The stems that a title names.
    fn titled(&self, title: &str, source: &Source<'_>) -> HashSet<u32> {
        let stem = |word: &str| {
            let lower = word.to_lowercase();
            self.numbers.get(source.index.language.stem(&lower).as_ref()).copied()
        };
        title.unicode_words().filter_map(stem).collect()
    }
}

/// The most frequent spelling; between those as frequent, the one in small letters, then the first
/// of the alphabet.
fn most_frequent(spellings: &[(String, u32)]) -> String {
    let small = |text: &str| text.chars().filter(|c| c.is_lowercase()).count();
    let most = spellings.iter().max_by(|(a, a_count), (b, b_count)| {
        let ties = || small(a).cmp(&small(b)).then_with(|| b.cmp(a));
        a_count.cmp(b_count).then_with(ties)
    });
    most.map(|(spelling, _)| spelling.clone()).unwrap_or_default()
}

/// The sentence that the body begins with, behind an address or a date.
fn beginning(index: &Index<'_>) -> usize {
    let body = selection::first_long_block(index);
    let front = index.sentences.iter().take_while(|sentence| sentence.block < body);
    let (sentences, words) = front.fold((0, 0), |(n, words), s| (n + 1, words + s.words));
    if words * FRONT <= index.total_words() { sentences } else { 0 }
}

/// The candidates, with every form that they are written in.
pub struct Candidates {
    /// Most telling first.
    pub all: Vec<Candidate>,
    forms: HashMap<Vec<u32>, usize>,
}

impl Candidates {
    /// Finds what a source mentions, and counts what it mentions together.
    pub fn find(&mut self, number: usize, source: &Source<'_>, shared: &mut Shared) {
        for (at, sentence) in source.index.sentences.iter().enumerate().skip(source.body) {
            let place = Place { source: number, sentence: at };
            let mut present: Vec<usize> = Vec::new();
            let tokens = source.index.tokens(sentence);
            for start in 0..tokens.len() {
                self.mentions(source, &tokens[start..], |candidate| present.push(candidate));
            }
            for candidate in &present {
                let candidate = &mut self.all[*candidate];
                candidate.mentions = candidate.mentions.saturating_add(1);
            }
            present.sort_unstable();
            present.dedup();
            for candidate in &present {
                self.all[*candidate].places.push(place);
            }
            shared.add(&present);
        }
    }

    /// Tells of each candidate that the tokens begin with.
    fn mentions(&self, source: &Source<'_>, tokens: &[Token], mut tell: impl FnMut(usize)) {
        let Some(first) = tokens.first() else { return };
        if source.index.is_stop(*first) {
            return;
        }
        let mut form: Vec<u32> = Vec::with_capacity(phrases::WORDS);
        let mut before: Option<Token> = None;
        for token in tokens.iter().take(phrases::WORDS) {
            if before.is_some_and(|before| !phrases::adjacent(&source.index, before, *token)) {
                return;
            }
            before = Some(*token);
            form.push(source.stems[source.index.term(*token).0 as usize]);
            if let Some(candidate) = self.forms.get(&form) {
                tell(*candidate);
            }
        }
    }
}
