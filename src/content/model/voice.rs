//! Voices and rates: how something is spoken.
//!
//! Owns which names of voices and which rates are valid. It must not speak: whether a voice is
//! installed is known to the program that speaks alone.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// A voice by the name that the speaking program knows it by: a language, and after a plus sign
/// the variant, such as `en-us+f3`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "ssr", schema(value_type = String, example = "en-us+f3"))]
pub struct Voice(String);

/// A text that is not the name of a voice.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” is not a voice. A voice is a language and a variant, such as en-us+f3.")]
pub struct NotAVoice(String);

/// The variants that can be told apart best: a woman's voice and a man's.
const VARIANTS: [(&str, &str); 2] = [("f3", "woman"), ("m3", "man")];

/// The languages that are offered, with their names in English. Others are valid too.
const LANGUAGES: [(&str, &str); 16] = [
    ("en-us", "American English"),
    ("en-gb", "British English"),
    ("ar", "Arabic"),
    ("cmn", "Chinese"),
    ("de", "German"),
    ("el", "Greek"),
    ("es", "Spanish"),
    ("fr-fr", "French"),
    ("he", "Hebrew"),
    ("hi", "Hindi"),
    ("it", "Italian"),
    ("nl", "Dutch"),
    ("pl", "Polish"),
    ("pt", "Portuguese"),
    ("ru", "Russian"),
    ("tr", "Turkish"),
];

impl Voice {
    /// The longest name of a voice, in bytes.
    pub const MAX_LEN: usize = 40;

    /// The voices to choose from, each with what a person reads: `(voice, "German, woman")`.
    pub fn offered() -> impl Iterator<Item = (Self, String)> {
        LANGUAGES.iter().flat_map(|(code, language)| {
            VARIANTS.iter().map(move |(variant, speaker)| {
                (Self(format!("{code}+{variant}")), format!("{language}, {speaker}"))
            })
        })
    }

    /// A woman's voice in a language, such as `de`.
    pub fn woman(language: &str) -> Result<Self, NotAVoice> {
        format!("{language}+{}", VARIANTS[0].0).parse()
    }

    /// A man's voice in a language, such as `de`.
    pub fn man(language: &str) -> Result<Self, NotAVoice> {
        format!("{language}+{}", VARIANTS[1].0).parse()
    }

    /// The name, as the speaking program takes it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for Voice {
    fn default() -> Self {
        Self("en-us+f3".into())
    }
}

impl FromStr for Voice {
    type Err = NotAVoice;

    /// Only lower-case letters, digits, `-` and one `+` pass, beginning with a letter: nothing that
    /// a program could take for an option or a file.
    fn from_str(name: &str) -> Result<Self, NotAVoice> {
        let part = |part: &str| {
            part.starts_with(|first: char| first.is_ascii_lowercase())
                && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        };
        let (language, variant) = name.split_once('+').unwrap_or((name, "f3"));
        if name.len() <= Self::MAX_LEN && part(language) && part(variant) {
            Ok(Self(name.into()))
        } else {
            Err(NotAVoice(name.chars().take(Self::MAX_LEN).collect()))
        }
    }
}

impl TryFrom<String> for Voice {
    type Error = NotAVoice;

    fn try_from(name: String) -> Result<Self, NotAVoice> {
        name.parse()
    }
}

impl From<Voice> for String {
    fn from(voice: Voice) -> Self {
        voice.0
    }
}

impl fmt::Display for Voice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// How fast something is spoken, in words a minute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "u16", into = "u16")]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "ssr", schema(value_type = u16, minimum = 80, maximum = 320, example = 160))]
pub struct Rate(u16);

/// A number that is not a rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0} words a minute cannot be spoken. A rate is from {slowest} to {fastest}.", slowest = Rate::SLOWEST.words_a_minute(), fastest = Rate::FASTEST.words_a_minute())]
pub struct NotARate(u16);

impl Rate {
    /// As slow as the speaking program goes.
    pub const SLOWEST: Self = Self(80);
    /// As fast as is still understood.
    pub const FASTEST: Self = Self(320);

    /// Words a minute.
    pub const fn words_a_minute(self) -> u16 {
        self.0
    }
}

impl Default for Rate {
    /// A calm conversation.
    fn default() -> Self {
        Self(160)
    }
}

impl TryFrom<u16> for Rate {
    type Error = NotARate;

    fn try_from(words: u16) -> Result<Self, NotARate> {
        let rate = Self(words);
        if (Self::SLOWEST..=Self::FASTEST).contains(&rate) {
            Ok(rate)
        } else {
            Err(NotARate(words))
        }
    }
}

impl From<Rate> for u16 {
    fn from(rate: Rate) -> Self {
        rate.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_voice_that_is_offered_is_valid() {
        let offered: Vec<_> = Voice::offered().collect();
        assert_eq!(offered.len(), LANGUAGES.len() * VARIANTS.len());
        for (voice, _) in offered {
            assert_eq!(voice.as_str().parse(), Ok(voice.clone()));
        }
    }

    #[test]
    fn a_voice_cannot_be_an_option_or_a_path() {
        for name in ["", "-w", "--version", "en/../x", "en us", "en+", "+f3", "en+f3+f4", "EN", "é"]
        {
            assert!(name.parse::<Voice>().is_err(), "{name}");
            assert!(serde_json::from_value::<Voice>(name.into()).is_err(), "{name}");
        }
        assert!("a".repeat(41).parse::<Voice>().is_err());
    }

    #[test]
    fn a_rate_is_within_what_can_be_understood() {
        assert!(Rate::try_from(79).is_err());
        assert_eq!(Rate::try_from(320).map(Rate::words_a_minute), Ok(320));
        assert_eq!(
            Rate::try_from(321).unwrap_err().to_string(),
            "321 words a minute cannot be spoken. A rate is from 80 to 320."
        );
    }
}
