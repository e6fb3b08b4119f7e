//! Language: which one a text is in, and what is known about its words.
//!
//! Owns the table of languages. A language that is not in it works without stop words and stems;
//! the index of a text then finds its function words by how often they occur.

use std::{borrow::Cow, collections::HashSet};

use rust_stemmers::{Algorithm, Stemmer};
use whatlang::{Detector, Lang, Script};

/// What is known about the language of a text.
pub struct Language {
    code: &'static str,
    speech: &'static str,
    stop_words: HashSet<&'static str>,
    stemmer: Option<Stemmer>,
}

/// A language: as it is detected, its ISO 639-1 code, its name in eSpeak, how its words are stemmed.
type Known = (Lang, &'static str, &'static str, Option<Algorithm>);

const KNOWN: &[Known] = &[
    (Lang::Eng, "en", "en-us", Some(Algorithm::English)),
    (Lang::Deu, "de", "de", Some(Algorithm::German)),
    (Lang::Fra, "fr", "fr-fr", Some(Algorithm::French)),
    (Lang::Spa, "es", "es", Some(Algorithm::Spanish)),
    (Lang::Ita, "it", "it", Some(Algorithm::Italian)),
    (Lang::Por, "pt", "pt", Some(Algorithm::Portuguese)),
    (Lang::Nld, "nl", "nl", Some(Algorithm::Dutch)),
    (Lang::Ara, "ar", "ar", Some(Algorithm::Arabic)),
    (Lang::Heb, "he", "he", None),
    (Lang::Pes, "fa", "fa", None),
    (Lang::Urd, "ur", "ur", None),
    (Lang::Rus, "ru", "ru", Some(Algorithm::Russian)),
    (Lang::Ukr, "uk", "uk", None),
    (Lang::Bul, "bg", "bg", None),
    (Lang::Pol, "pl", "pl", None),
    (Lang::Ces, "cs", "cs", None),
    (Lang::Slk, "sk", "sk", None),
    (Lang::Slv, "sl", "sl", None),
    (Lang::Hrv, "hr", "hr", None),
    (Lang::Ron, "ro", "ro", Some(Algorithm::Romanian)),
    (Lang::Hun, "hu", "hu", Some(Algorithm::Hungarian)),
    (Lang::Ell, "el", "el", Some(Algorithm::Greek)),
    (Lang::Tur, "tr", "tr", Some(Algorithm::Turkish)),
    (Lang::Swe, "sv", "sv", Some(Algorithm::Swedish)),
    (Lang::Dan, "da", "da", Some(Algorithm::Danish)),
    (Lang::Nob, "no", "nb", Some(Algorithm::Norwegian)),
    (Lang::Fin, "fi", "fi", Some(Algorithm::Finnish)),
    (Lang::Est, "et", "et", None),
    (Lang::Lav, "lv", "lv", None),
    (Lang::Lit, "lt", "lt", None),
    (Lang::Cat, "ca", "ca", None),
    (Lang::Lat, "la", "la", None),
    (Lang::Ind, "id", "id", None),
    (Lang::Vie, "vi", "vi", None),
    (Lang::Tha, "th", "th", None),
    (Lang::Hin, "hi", "hi", None),
    (Lang::Ben, "bn", "bn", None),
    (Lang::Mar, "mr", "mr", None),
    (Lang::Guj, "gu", "gu", None),
    (Lang::Tam, "ta", "ta", Some(Algorithm::Tamil)),
    (Lang::Hye, "hy", "hy", None),
    (Lang::Kor, "ko", "ko", None),
    (Lang::Jpn, "ja", "ja", None),
    (Lang::Cmn, "zh", "cmn", None),
];

/// How much of a text is read to tell its language, in bytes.
const SAMPLE: usize = 8_000;

/// Words that the list of English stop words has, although a text may well be about them.
const ENGLISH_NOUNS: &[&str] = &[
    "area",
    "areas",
    "bill",
    "case",
    "cases",
    "cause",
    "causes",
    "change",
    "changes",
    "computer",
    "course",
    "effect",
    "effects",
    "face",
    "fact",
    "facts",
    "fire",
    "group",
    "groups",
    "home",
    "index",
    "information",
    "interest",
    "interests",
    "invention",
    "kind",
    "line",
    "member",
    "members",
    "mill",
    "mine",
    "novel",
    "number",
    "numbers",
    "opposite",
    "order",
    "orders",
    "page",
    "part",
    "parts",
    "place",
    "places",
    "point",
    "points",
    "problem",
    "problems",
    "research",
    "result",
    "results",
    "ring",
    "room",
    "rooms",
    "section",
    "self",
    "side",
    "sides",
    "state",
    "states",
    "system",
    "test",
    "text",
    "value",
    "width",
    "words",
    "work",
    "works",
    "world",
    "year",
    "years",
];

/// English function words that the list does not have.
const ENGLISH_OTHERS: &[&str] = &[
    "shall",
    "may",
    "ought",
    "can",
    "cannot",
    "first",
    "second",
    "third",
    "two",
    "every",
    "manner",
    "respect",
    "regard",
    "degree",
    "itself",
    "therefore",
    "whether",
    "numerous",
    "less",
    "equally",
    "alike",
    "though",
    "proper",
    "sufficient",
    "extensive",
    "frequently",
    "justly",
    "greater",
    "considerable",
    "consequence",
    "view",
    "mean",
    "men",
    "man",
    "become",
    "hitherto",
];

impl Language {
    /// The language that most of a text is in, from its beginning and its middle.
    pub fn of(text: &str) -> Self {
        let middle = text.floor_char_boundary(text.len() / 2);
        let sample = |from: usize| {
            &text[from..text.floor_char_boundary(from + SAMPLE.min(text.len() - from))]
        };
        let sample = if text.len() > 3 * SAMPLE {
            Cow::Owned(format!("{} {}", sample(0), sample(middle)))
        } else {
            Cow::Borrowed(text)
        };
        let detected = Detector::new().detect(&sample).and_then(|info| {
            // A few words say little. Most of what is written in Latin letters is English.
            let unsure = !info.is_reliable() && info.script() == Script::Latin;
            let lang = if unsure { Lang::Eng } else { info.lang() };
            KNOWN.iter().find(|known| known.0 == lang)
        });
        detected.map_or_else(Self::unknown, Self::known)
    }

    fn known((_, code, speech, algorithm): &Known) -> Self {
        let listed = stop_words::lookup(code).unwrap_or_default();
        let mut stop_words: HashSet<_> = listed.iter().copied().collect();
        if *code == "en" {
            for noun in ENGLISH_NOUNS {
                stop_words.remove(noun);
            }
            stop_words.extend(ENGLISH_OTHERS);
        }
        let stemmer = algorithm.as_ref().map(|algorithm| Stemmer::create(*algorithm));
        Self { code, speech, stop_words, stemmer }
    }

    /// A language of which nothing is known.
    fn unknown() -> Self {
        Self { code: "", speech: "en-us", stop_words: HashSet::new(), stemmer: None }
    }

    /// The ISO 639-1 code; empty if the language is not known.
    pub fn code(&self) -> &'static str {
        self.code
    }

    /// The language that the text is spoken in, by its name in eSpeak.
    pub fn speech(&self) -> &'static str {
        self.speech
    }

    /// Whether there is a list of words that say little by themselves.
    pub fn has_stop_words(&self) -> bool {
        !self.stop_words.is_empty()
    }

    /// Whether a word in small letters says little by itself.
    pub fn is_stop_word(&self, word: &str) -> bool {
        self.stop_words.contains(word)
    }

    /// What a word in small letters has in common with its other forms.
    pub fn stem<'w>(&self, word: &'w str) -> Cow<'w, str> {
        match &self.stemmer {
            Some(stemmer) => stemmer.stem(word),
            None => Cow::Borrowed(word),
        }
    }
}
