//! Phrases: the few words that name what a part of a text is about, taken from the text.
//!
//! Owns which words make a phrase: what stands between function words and occurs again, such as
//! `faction` or `form of government`.

use std::collections::{HashMap, HashSet};

use super::index::{Index, Sentence, TermId, Token};

/// Words that name something, as the text writes them most often.
#[derive(Clone, Debug, PartialEq)]
pub struct Phrase {
    /// As it stands in a sentence, such as `the Union`.
    pub text: String,
    /// The same without an article.
    pub bare: String,
    /// Its terms that are no function words.
    pub terms: Vec<TermId>,
    /// All its words in order, as terms.
    pub words: Vec<TermId>,
    /// How telling it is; only to compare.
    pub score: f32,
    /// How often it occurs.
    pub count: u32,
    /// How often it does so as a noun would, and not as what stands before one.
    pub nouns: u32,
}

/// The most words in a phrase.
pub const WORDS: usize = 4;

/// English words that a noun follows.
const BEFORE_NOUNS: &[&str] = &[
    "the", "a", "an", "of", "this", "that", "these", "those", "its", "their", "his", "her", "our",
    "your", "my", "each", "every", "any", "no", "some", "all", "both", "such", "in", "by", "for",
    "with", "from", "between", "against", "on", "upon", "under", "over", "into", "other", "same",
    "own", "without", "within", "among", "through", "about", "one", "two", "several", "many",
    "hundred", "thousand", "million", "billion",
];

/// How English words end that are seldom nouns.
const SELDOM_NOUNS: &[&str] = &["ing", "ed", "ly", "ous", "able", "ible", "ful", "less"];

/// Words that join two nouns to one phrase.
const JOINING: &[&str] =
    &["of", "de", "del", "der", "des", "du", "von", "di", "da", "van", "av", "af"];
/// Articles, which may stand between.
const ARTICLES: &[&str] = &["the", "la", "le", "les", "el", "los", "las"];

/// A phrase by the terms in it, function words too.
type Key = [u32; WORDS];

/// What has been seen of a phrase.
#[derive(Default)]
struct Seen<'a> {
    count: u32,
    with_article: u32,
    /// How often it stands where a noun may be, with something that says more behind it.
    perhaps: u32,
    spellings: HashMap<&'a str, u32>,
}

/// The phrases of some sentences, most telling first. They occur again, but for single words of few
/// sentences.
pub fn of(index: &Index<'_>, sentences: &[Sentence]) -> Vec<Phrase> {
    let once = sentences.len() < 12;
    found(index, sentences, |count, terms| count > 1 || (once && terms == 1))
}

/// The phrases of some sentences, most telling first, also those that occur once.
pub fn all(index: &Index<'_>, sentences: &[Sentence]) -> Vec<Phrase> {
    found(index, sentences, |_, _| true)
}

/// The phrases of which is enough there, given how often one occurs and how many terms it has.
fn found(
    index: &Index<'_>,
    sentences: &[Sentence],
    enough: impl Fn(u32, usize) -> bool,
) -> Vec<Phrase> {
    let mut seen: HashMap<Key, Seen<'_>> = HashMap::new();
    for sentence in sentences {
        collect(index, index.tokens(sentence), &mut seen);
    }
    let mut phrases: Vec<Phrase> =
        seen.into_iter().filter_map(|(key, seen)| phrase(index, key, &seen, &enough)).collect();
    phrases.sort_by(|a, b| {
        let ties = || a.bare.cmp(&b.bare).then_with(|| a.words.cmp(&b.words));
        b.score.total_cmp(&a.score).then_with(ties)
    });
    phrases
}

/// Whether two words have nothing but a space between them.
pub fn adjacent(index: &Index<'_>, left: Token, right: Token) -> bool {
    left.end >= right.start || matches!(&index.body[left.end..right.start], " " | "\n" | "-")
}

fn collect<'a>(index: &Index<'a>, tokens: &[Token], seen: &mut HashMap<Key, Seen<'a>>) {
    let mut at = 0;
    while at < tokens.len() {
        let length = run(index, &tokens[at..]);
        if length == 0 {
            at += 1;
            continue;
        }
        let before =
            at.checked_sub(1).map(|b| tokens[b]).filter(|b| adjacent(index, *b, tokens[at]));
        let first = index.surface(tokens[at]);
        let named = first.starts_with(char::is_uppercase)
            && at > 0
            && index.surface(tokens[0]).chars().any(char::is_lowercase);
        let noun = index.language.code() != "en"
            || named
            || before
                .is_some_and(|b| BEFORE_NOUNS.contains(&index.surface(b).to_lowercase().as_str()));
        let end = at + length;
        // `public and private rights`: what is joined to the next word may be an adjective.
        let noun = noun && (named || length > 1 || !is_joined(index, tokens, end));
        if noun && length > 1 {
            // `the ferries carried`: the first word is the noun if it is one elsewhere.
            perhaps(index, tokens[at], seen);
        }
        if noun && !seldom_noun(index, tokens[end - 1]) {
            // The last word of a run is its noun; the words before it say which.
            let article = |from: usize| {
                from == at && before.is_some_and(|b| index.surface(b).eq_ignore_ascii_case("the"))
            };
            for from in end.saturating_sub(3).max(at)..end {
                add(index, &tokens[from..end], article(from), seen);
            }
            joined(index, tokens, at, end, article(end - 1), seen);
        }
        at += length;
    }
}

/// Whether `and` or `or` and another word that says something stand at a position.
fn is_joined(index: &Index<'_>, tokens: &[Token], at: usize) -> bool {
    let (Some(and), Some(next)) = (tokens.get(at), tokens.get(at + 1)) else { return false };
    matches!(index.surface(*and), "and" | "or")
        && !index.is_stop(*next)
        && at > 0
        && adjacent(index, tokens[at - 1], *and)
}

/// Counts a word that may be a noun, which does not make it one.
fn perhaps<'a>(index: &Index<'a>, token: Token, seen: &mut HashMap<Key, Seen<'a>>) {
    let mut key = [u32::MAX; WORDS];
    key[0] = index.term(token).0;
    seen.entry(key).or_default().perhaps += 1;
}

/// Whether an English word ends like an adjective, an adverb or a form of a verb.
fn seldom_noun(index: &Index<'_>, token: Token) -> bool {
    let word = index.surface(token);
    index.language.code() == "en"
        && word.len() > 5
        && SELDOM_NOUNS.iter().any(|ending| word.ends_with(ending))
}

/// How many words that say something stand next to each other.
fn run(index: &Index<'_>, tokens: &[Token]) -> usize {
    let mut length = 0;
    while let Some(token) = tokens.get(length) {
        if index.is_stop(*token) || (length > 0 && !adjacent(index, tokens[length - 1], *token)) {
            break;
        }
        length += 1;
    }
    length
}

/// Adds `noun of noun` and `noun of the noun`, where the first noun ends at `end`.
fn joined<'a>(
    index: &Index<'a>,
    tokens: &[Token],
    at: usize,
    end: usize,
    article: bool,
    seen: &mut HashMap<Key, Seen<'a>>,
) {
    let is = |position: usize, list: &[&str]| {
        tokens.get(position).is_some_and(|token| {
            adjacent(index, tokens[position - 1], *token)
                && list.contains(&index.surface(*token).to_lowercase().as_str())
        })
    };
    if !is(end, JOINING) {
        return;
    }
    let next = if is(end + 1, ARTICLES) { end + 2 } else { end + 1 };
    let Some(rest) = tokens.get(next..) else { return };
    // Only a noun that stands alone, so that the phrase does not end within another.
    if run(index, rest) == 1 && adjacent(index, tokens[next - 1], tokens[next]) {
        let from = (end - 1).max(at);
        add(index, &tokens[from..=next], article, seen);
    }
}

fn add<'a>(index: &Index<'a>, tokens: &[Token], article: bool, seen: &mut HashMap<Key, Seen<'a>>) {
    let (Some(first), Some(last)) = (tokens.first(), tokens.last()) else { return };
    if tokens.len() > WORDS {
        return;
    }
    let mut key = [u32::MAX; WORDS];
    for (slot, token) in key.iter_mut().zip(tokens) {
        *slot = index.term(*token).0;
    }
    let seen = seen.entry(key).or_default();
    seen.count += 1;
    seen.with_article += u32::from(article);
    *seen.spellings.entry(&index.body[first.start..last.end]).or_default() += 1;
}

fn phrase(
    index: &Index<'_>,
    key: Key,
    seen: &Seen<'_>,
    enough: &impl Fn(u32, usize) -> bool,
) -> Option<Phrase> {
    let words: Vec<TermId> = key.into_iter().filter(|term| *term != u32::MAX).map(TermId).collect();
    let terms: Vec<TermId> =
        words.iter().copied().filter(|term| index.weight(*term) > 0.0).collect();
    if seen.count == 0 || terms.is_empty() {
        return None;
    }
    let count = seen.count + seen.perhaps;
    if !enough(count, terms.len()) {
        return None;
    }
    // Between spellings that occur as often, the one in small letters, then the shorter.
    let bare = seen
        .spellings
        .iter()
        .map(|(spelling, count)| {
            (*count, spelling.chars().filter(|c| c.is_lowercase()).count(), *spelling)
        })
        .max_by(|a, b| (a.0, a.1).cmp(&(b.0, b.1)).then_with(|| b.2.cmp(a.2)))?
        .2;
    let bare = bare.replace('\n', " ");
    if bare.chars().count() < 3 && bare.is_ascii() {
        return None;
    }
    let bare =
        if bare.len() > 1 && bare.chars().all(|c| !c.is_lowercase()) && bare.chars().count() > 5 {
            bare.to_lowercase()
        } else {
            bare
        };
    let weight =
        terms.iter().map(|term| index.weight(*term)).sum::<f32>() / terms.len().max(1) as f32;
    let total = terms.iter().map(|term| index.count(*term)).max().unwrap_or(1).max(1);
    // What occurs here, and less elsewhere, names the part.
    let own = 1.0 + 0.5 * count as f32 / total as f32;
    let longer = 1.0 + 0.5 * (terms.len() as f32 - 1.0).min(1.0);
    // What is rare in the text counts, but less than what is said often.
    let score = (count as f32).powf(1.3) * weight.powf(0.35) * own * longer;
    let text =
        if seen.with_article * 2 > seen.count { format!("the {bare}") } else { bare.clone() };
    Some(Phrase { text, bare, terms, words, score, count, nouns: seen.count })
}

/// The best phrases of which none repeats a term of another.
pub fn distinct(phrases: &[Phrase], most: usize) -> Vec<&Phrase> {
    let mut used: HashSet<TermId> = HashSet::new();
    let mut chosen = Vec::new();
    for phrase in phrases {
        if chosen.len() == most {
            break;
        }
        if phrase.terms.iter().all(|term| !used.contains(term)) {
            used.extend(&phrase.terms);
            chosen.push(phrase);
        }
    }
    chosen
}
