//! Summaries: the sentence of the sources that says what a concept is.
//!
//! Owns what a definition looks like, by the turns of phrase that give one (Hearst's
//! lexico-syntactic patterns, 1992). It must not change the words.

use std::collections::HashSet;

use super::candidates::{Candidate, Place, Source};
use crate::content::text::selection;

/// What a sentence gains or loses.
const NAMES: f32 = 1.5;
const FIRST: f32 = 1.2;
const POINTS_BACK: f32 = 0.5;
const FRAGMENT: f32 = 0.5;
const CITED: f32 = 0.4;
const ASKS: f32 = 0.3;

/// A language, and what follows a word in it that is being defined.
type Defining = (&'static str, &'static [&'static str]);

const DEFINING: &[Defining] = &[
    (
        "en",
        &[
            " is a ",
            " is an ",
            " is the ",
            " are the ",
            " are those ",
            " means ",
            " refers to ",
            " denotes ",
            ", i understand ",
            ", i mean ",
            ", we mean ",
            ", by which i mean ",
            " is called ",
            " are called ",
            " may be defined ",
            " is defined ",
            " can be defined ",
        ],
    ),
    (
        "de",
        &[
            " ist ein ",
            " ist eine ",
            " ist die ",
            " ist der ",
            " ist das ",
            " bedeutet ",
            " bezeichnet ",
            " heißt ",
            " versteht man ",
        ],
    ),
    (
        "fr",
        &[
            " est un ",
            " est une ",
            " est le ",
            " est la ",
            " est l’",
            " est l'",
            " désigne ",
            " signifie ",
        ],
    ),
    (
        "es",
        &[" es un ", " es una ", " es el ", " es la ", " significa ", " designa ", " consiste en "],
    ),
    ("it", &[" è un ", " è una ", " è il ", " è la ", " significa ", " consiste in "]),
    ("pt", &[" é um ", " é uma ", " é o ", " é a ", " significa ", " consiste em "]),
    ("nl", &[" is een ", " is de ", " is het ", " betekent "]),
];

/// Where the best definition of a candidate is: a sentence that can stand by itself.
pub fn definition(candidate: &Candidate, sources: &[Source<'_>]) -> Option<Place> {
    best(candidate, |place| {
        let text = line(sources, place);
        let source = &sources[place.source];
        let whole = !selection::points_back(&source.index, source.sentence(place))
            && !text.starts_with(char::is_lowercase)
            && !selection::is_question(&text);
        let lower = text.to_lowercase();
        let language = source.index.language.code();
        let defined = |spelling: &String| defines(language, &lower, spelling);
        (whole && candidate.spellings.iter().any(defined)).then(|| source.worth[place.sentence])
    })
}

/// Where the sentence is that says most of a candidate. One that has been cited is so again only if
/// it is much better than the others.
pub fn telling(
    candidate: &Candidate,
    sources: &[Source<'_>],
    cited: &HashSet<Place>,
) -> Option<Place> {
    let title = candidate.title.to_lowercase();
    best(candidate, |place| {
        let text = line(sources, place);
        let source = &sources[place.source];
        let points = selection::points_back(&source.index, source.sentence(place));
        Some(
            source.worth[place.sentence]
                * if text.to_lowercase().contains(&title) { NAMES } else { 1.0 }
                * if cited.contains(&place) { CITED } else { 1.0 }
                * if points { POINTS_BACK } else { 1.0 }
                * if text.starts_with(char::is_lowercase) { FRAGMENT } else { 1.0 }
                * if selection::is_question(&text) { ASKS } else { 1.0 },
        )
    })
}

/// The place of the highest worth, where the first in a source gains a little.
fn best(candidate: &Candidate, worth: impl Fn(Place) -> Option<f32>) -> Option<Place> {
    let mut last = None;
    let mut best: Option<(f32, Place)> = None;
    for place in &candidate.places {
        let first = last != Some(place.source);
        last = Some(place.source);
        let Some(worth) = worth(*place) else { continue };
        let worth = worth * if first { FIRST } else { 1.0 };
        if best.is_none_or(|(highest, _)| worth > highest) {
            best = Some((worth, *place));
        }
    }
    best.map(|(_, place)| place)
}

/// A sentence on one line.
pub fn line(sources: &[Source<'_>], place: Place) -> String {
    let source = &sources[place.source];
    let text = source.index.text(source.sentence(place));
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether a sentence in small letters goes on from a name as a definition does.
fn defines(language: &str, sentence: &str, name: &str) -> bool {
    let Some((_, patterns)) = DEFINING.iter().find(|(code, _)| *code == language) else {
        return false;
    };
    sentence.match_indices(name).any(|(at, found)| {
        let rest = &sentence[at + found.len()..];
        !sentence[..at].ends_with(char::is_alphanumeric)
            && patterns.iter().any(|pattern| rest.starts_with(pattern))
    })
}
