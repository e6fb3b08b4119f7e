//! Positions in the change log: [`Epoch`], [`Pos`] and [`Cursor`].
//!
//! Owns their order and their text form (`epoch.major.minor`, the SSE `id:`). It must not know
//! which database numbers the log, and it never compares positions of different epochs.

use std::{fmt, str::FromStr, sync::Arc};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The identity of one change log. A cursor of another epoch means nothing here.
///
/// One to 64 characters of `0-9`, `a-z` and `-`, so that it needs no escaping in a URL, a header
/// or a cursor.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Epoch(Arc<str>);

/// A place within one epoch, ordered by `major`, then `minor`.
///
/// SQLite: `major` is the row's number and `minor` is 0. A log ordered by transactions uses the
/// transaction's number and the row's number in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Pos {
    /// The row's or transaction's number.
    pub major: u64,
    /// The row's number within its transaction, or 0.
    pub minor: u64,
}

/// A position in one change log; opaque to clients. Its text form is `epoch.major.minor`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Cursor {
    /// Which log.
    pub epoch: Epoch,
    /// Where in it.
    pub at: Pos,
}

/// The text is not a cursor, an epoch or a stamp.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a valid {what}")]
pub struct Malformed {
    pub(crate) what: &'static str,
}

impl Epoch {
    /// The longest epoch accepted, in bytes.
    pub const MAX_LEN: usize = 64;

    /// Checks and takes an epoch's text.
    ///
    /// # Errors
    /// [`Malformed`] when it is empty, too long, or has a character that is not allowed.
    pub fn new(text: &str) -> Result<Self, Malformed> {
        let allowed = |b: u8| b.is_ascii_digit() || b.is_ascii_lowercase() || b == b'-';
        if text.is_empty() || text.len() > Self::MAX_LEN || !text.bytes().all(allowed) {
            return Err(Malformed { what: "epoch" });
        }
        Ok(Self(text.into()))
    }

    /// Its text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Cursor {
    /// The position `major.minor` of a log.
    pub fn new(epoch: Epoch, major: u64, minor: u64) -> Self {
        Self { epoch, at: Pos { major, minor } }
    }

    /// Whether this is at or after `other` in the same log; `false` across epochs.
    pub fn reaches(&self, other: &Self) -> bool {
        self.epoch == other.epoch && self.at >= other.at
    }
}

impl fmt::Display for Pos {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.epoch.as_str(), self.at)
    }
}

impl FromStr for Cursor {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        let malformed = Malformed { what: "cursor" };
        let mut parts = text.splitn(3, '.');
        match (parts.next(), parts.next(), parts.next()) {
            (Some(epoch), Some(major), Some(minor)) => Ok(Self::new(
                Epoch::new(epoch).map_err(|_| malformed.clone())?,
                number(major).ok_or_else(|| malformed.clone())?,
                number(minor).ok_or(malformed)?,
            )),
            _ => Err(malformed),
        }
    }
}

impl Serialize for Cursor {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Cursor {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?.parse().map_err(serde::de::Error::custom)
    }
}

/// A decimal number in its one canonical form: no sign, no leading zero, so that equal cursors
/// have equal texts.
pub(crate) fn number(text: &str) -> Option<u64> {
    let canonical = text.len() == 1 || !text.starts_with('0');
    (canonical && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_cursor_survives_its_text_form(epoch in "[0-9a-z-]{1,64}", major: u64, minor: u64) {
            let cursor = Cursor::new(Epoch::new(&epoch).unwrap(), major, minor);
            prop_assert_eq!(cursor.to_string().parse::<Cursor>().unwrap(), cursor);
        }

        #[test]
        fn any_text_is_a_cursor_in_canonical_form_or_refused(text in ".{0,40}|[0-9a-z]{1,4}\\.[0-9+]{0,21}\\.[0-9]{0,3}") {
            if let Ok(cursor) = text.parse::<Cursor>() {
                prop_assert_eq!(cursor.to_string(), text);
            }
        }
    }

    #[test]
    fn what_is_not_a_cursor_is_refused() {
        for text in [
            "",
            "a",
            "a.1",
            ".1.2",
            "a.1.2.3",
            "a.01.2",
            "a.-1.2",
            "A.1.2",
            "a.1.",
            "a.99999999999999999999.0",
        ] {
            assert_eq!(text.parse::<Cursor>(), Err(Malformed { what: "cursor" }), "{text:?}");
        }
    }

    #[test]
    fn cursors_of_different_epochs_do_not_reach_each_other() {
        let (a, b) = (Epoch::new("a").unwrap(), Epoch::new("b").unwrap());
        assert!(Cursor::new(a.clone(), 2, 0).reaches(&Cursor::new(a.clone(), 1, 9)));
        assert!(!Cursor::new(a.clone(), 1, 0).reaches(&Cursor::new(a.clone(), 1, 1)));
        assert!(!Cursor::new(b, 9, 0).reaches(&Cursor::new(a, 1, 0)));
    }
}
