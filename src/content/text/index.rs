//! The index of a text: its sentences, the words in each, and what the words have in common.
//!
//! Owns how words become terms and how much a term says. It must not judge sentences.

use std::{
    cmp::Reverse,
    collections::{HashMap, HashSet},
    ops::Range,
};

use unicode_segmentation::UnicodeSegmentation;

use super::{
    Language,
    blocks::{self, Block, Kind},
    clean::is_unspaced,
    sentences,
};

/// A text, taken apart.
pub struct Index<'a> {
    /// The text itself.
    pub body: &'a str,
    /// Its language.
    pub language: Language,
    /// Its headings, paragraphs and items.
    pub blocks: Vec<Block<'a>>,
    /// The sentences of its paragraphs and items, in order.
    pub sentences: Vec<Sentence>,
    tokens: Vec<Token>,
    words: Vec<Word<'a>>,
    terms: Vec<Term>,
}

/// A sentence of an [`Index`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sentence {
    /// Where it is in the body.
    pub range: Range<usize>,
    /// Which block it is in.
    pub block: usize,
    /// Its words among all tokens.
    tokens: Range<usize>,
    /// How long it takes to say, in words. Scripts that write no spaces count two characters as
    /// one.
    pub words: usize,
}

/// A word where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    word: u32,
    /// Where it starts in the body, and where it ends.
    pub start: usize,
    /// See `start`.
    pub end: usize,
}

/// A word in one spelling.
struct Word<'a> {
    surface: &'a str,
    term: TermId,
}

/// What words of one stem share.
struct Term {
    stem: String,
    stop: bool,
    /// How often it occurs, and in how many sentences.
    count: u32,
    sentences: u32,
    /// The last sentence that it was counted in.
    last: u32,
}

/// Words of one stem, as a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TermId(pub u32);

/// In a language without known stop words, what is in more of the sentences than one in so many
/// says little.
const FREQUENT: usize = 7;

impl<'a> Index<'a> {
    /// Takes a text apart.
    pub fn new(body: &'a str) -> Self {
        let mut index = Self {
            body,
            language: Language::of(body),
            blocks: blocks::of(body),
            sentences: Vec::new(),
            tokens: Vec::new(),
            words: Vec::new(),
            terms: Vec::new(),
        };
        index.read();
        if !index.language.has_stop_words() {
            index.stop_frequent();
        }
        index
    }

    fn read(&mut self) {
        let mut interner = Interner::default();
        let prose = |block: &&Block<'_>| !matches!(block.kind, Kind::Heading(_));
        // A text of nothing but headings is read all the same.
        let all = !self.blocks.iter().any(|block| prose(&block));
        for (number, block) in self.blocks.iter().enumerate() {
            if !all && !prose(&block) {
                continue;
            }
            for range in sentences::split(block.text) {
                let from = self.tokens.len();
                let range = block.offset + range.start..block.offset + range.end;
                let sentence = u32::try_from(self.sentences.len()).unwrap_or(u32::MAX);
                let mut characters = 0;
                for (start, end) in words(&self.body[range.clone()]) {
                    let (start, end) = (range.start + start, range.start + end);
                    let surface = &self.body[start..end];
                    let word =
                        interner.word(surface, &self.language, &mut self.words, &mut self.terms);
                    let term = &mut self.terms[self.words[word as usize].term.0 as usize];
                    term.count += 1;
                    if term.last != sentence {
                        term.last = sentence;
                        term.sentences += 1;
                    }
                    characters += usize::from(surface.starts_with(is_unspaced));
                    self.tokens.push(Token { word, start, end });
                }
                let tokens = from..self.tokens.len();
                if !tokens.is_empty() {
                    let words = (tokens.len() - characters + characters.div_ceil(2)).max(1);
                    self.sentences.push(Sentence { range, block: number, tokens, words });
                }
            }
        }
    }

    fn stop_frequent(&mut self) {
        let limit = self.sentences.len() / FREQUENT;
        if limit >= 3 {
            for term in &mut self.terms {
                term.stop |= term.sentences as usize > limit;
            }
        }
    }

    /// The words of a sentence.
    pub fn tokens(&self, sentence: &Sentence) -> &[Token] {
        &self.tokens[sentence.tokens.clone()]
    }

    /// The term of a word.
    pub fn term(&self, token: Token) -> TermId {
        self.words[token.word as usize].term
    }

    /// A word as it is written.
    pub fn surface(&self, token: Token) -> &'a str {
        self.words[token.word as usize].surface
    }

    /// What the words of a term have in common, which is the same in every text of the language.
    /// That of a function word begins with a dash.
    pub fn stem(&self, term: TermId) -> &str {
        &self.terms[term.0 as usize].stem
    }

    /// Whether a word says little by itself.
    pub fn is_stop(&self, token: Token) -> bool {
        self.terms[self.term(token).0 as usize].stop
    }

    /// How many different terms there are.
    pub fn terms(&self) -> usize {
        self.terms.len()
    }

    /// All terms, in the order of their numbers.
    pub fn all_terms(&self) -> impl Iterator<Item = TermId> {
        (0..self.terms.len()).filter_map(|id| u32::try_from(id).ok().map(TermId))
    }

    /// The terms that occur most often and say something.
    pub fn main_terms(&self, most: usize) -> HashSet<TermId> {
        let mut telling: Vec<TermId> =
            self.all_terms().filter(|id| self.count(*id) > 1 && self.weight(*id) > 0.0).collect();
        telling.sort_unstable_by_key(|id| (Reverse(self.count(*id)), *id));
        telling.into_iter().take(most).collect()
    }

    /// How often a term occurs.
    pub fn count(&self, term: TermId) -> u32 {
        self.terms[term.0 as usize].count
    }

    /// How much a term says: more, the fewer sentences it is in; nothing for a stop word.
    pub fn weight(&self, term: TermId) -> f32 {
        let term = &self.terms[term.0 as usize];
        if term.stop {
            return 0.0;
        }
        (1.0 + self.sentences.len() as f32 / term.sentences.max(1) as f32).ln()
    }

    /// The text of a sentence.
    pub fn text(&self, sentence: &Sentence) -> &'a str {
        &self.body[sentence.range.clone()]
    }

    /// How many words all sentences have.
    pub fn total_words(&self) -> usize {
        self.sentences.iter().map(|sentence| sentence.words).sum()
    }
}

/// Where the words of a sentence are. Characters of scripts without spaces are taken in pairs.
fn words(sentence: &str) -> impl Iterator<Item = (usize, usize)> {
    let mut words =
        sentence.unicode_word_indices().map(|(at, word)| (at, at + word.len())).peekable();
    let alone = |(start, end): (usize, usize)| {
        let mut characters = sentence[start..end].chars();
        characters.next().is_some_and(is_unspaced) && characters.next().is_none()
    };
    std::iter::from_fn(move || {
        let (start, end) = words.next()?;
        match words.peek() {
            Some(next) if next.0 == end && alone((start, end)) && alone(*next) => {
                Some((start, next.1))
            }
            _ => Some((start, end)),
        }
    })
}

/// Gives each spelling and each stem its number.
#[derive(Default)]
struct Interner<'a> {
    spellings: HashMap<&'a str, u32>,
    stems: HashMap<String, u32>,
}

impl<'a> Interner<'a> {
    fn word(
        &mut self,
        surface: &'a str,
        language: &Language,
        words: &mut Vec<Word<'a>>,
        terms: &mut Vec<Term>,
    ) -> u32 {
        if let Some(word) = self.spellings.get(surface) {
            return *word;
        }
        let lower = surface.to_lowercase().replace('’', "'");
        let lower = lower.strip_suffix("'s").unwrap_or(&lower);
        let lone = lower.chars().count() == 1 && !lower.starts_with(is_unspaced);
        let number = lower.starts_with(char::is_numeric);
        let stop = lone || number || language.is_stop_word(lower);
        // A stop word keeps its spelling, so that no other word of its stem is one with it.
        let stem = if stop { format!("-{lower}") } else { language.stem(lower).into_owned() };
        let next = u32::try_from(terms.len()).unwrap_or(u32::MAX);
        let term = *self.stems.entry(stem.clone()).or_insert(next);
        if term == next {
            terms.push(Term { stem, stop, count: 0, sentences: 0, last: u32::MAX });
        }
        let word = u32::try_from(words.len()).unwrap_or(u32::MAX);
        words.push(Word { surface, term: TermId(term) });
        self.spellings.insert(surface, word);
        word
    }
}
