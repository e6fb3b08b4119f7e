//! Stamps: which changes a value includes.
//!
//! Owns [`AsOf`], its set algebra (`covers`, `includes`, `join`) and its text form, and the
//! [`Stamped`] and [`Committed`] envelopes. It must not know how a database takes a snapshot.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::cursor::{Cursor, Epoch, Malformed, Pos, number};

/// The set of log rows that a value includes. Ask [`covers`](Self::covers); never compare bounds.
///
/// It is every row up to a bound and, for a log ordered by transactions, besides those every row
/// of a transaction that the read's snapshot could see: numbered below `before`, not `running`
/// then, or its `own`. On the wire it is one opaque string:
/// `epoch.major.minor[~before~running,…~own,…]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AsOf {
    epoch: Epoch,
    upto: Pos,
    /// Transactions from this number on were unseen. 0 for a log with a single order.
    before: u64,
    /// Transactions below `before` that had not ended; sorted.
    running: Vec<u64>,
    /// Transactions seen whatever the snapshot says: the reader's own; sorted.
    own: Vec<u64>,
}

/// A value with the changes it includes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamped<T> {
    /// The value, or a refusal: "not found" is a fact with a date as well.
    pub value: T,
    /// What it includes.
    pub as_of: AsOf,
}

/// What a committed write answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Committed<T> {
    /// What the write returns.
    pub value: T,
    /// The last row that the write recorded, or the head when it recorded none.
    pub cursor: Cursor,
    /// What `value` includes.
    pub as_of: AsOf,
}

impl AsOf {
    /// The longest list of transactions accepted from outside, in bytes of its text.
    pub const MAX_LIST: usize = 64 * 1024;

    /// Every row up to and including `cursor`.
    pub fn upto(cursor: &Cursor) -> Self {
        Self {
            epoch: cursor.epoch.clone(),
            upto: cursor.at,
            before: 0,
            running: Vec::new(),
            own: Vec::new(),
        }
    }

    /// What a snapshot of a log ordered by transactions includes besides the rows up to `cursor`:
    /// the transactions below `before` that were not `running`, and the reader's `own`.
    pub fn snapshot(cursor: &Cursor, before: u64, running: Vec<u64>, own: Option<u64>) -> Self {
        let mut stamp =
            Self { before, running, own: own.into_iter().collect(), ..Self::upto(cursor) };
        stamp.normalise();
        stamp
    }

    /// Which log this speaks of.
    pub fn epoch(&self) -> &Epoch {
        &self.epoch
    }

    /// The bound up to which every row is included.
    pub fn bound(&self) -> Cursor {
        Cursor { epoch: self.epoch.clone(), at: self.upto }
    }

    /// Whether the row at `cursor` is included.
    pub fn covers(&self, cursor: &Cursor) -> bool {
        self.epoch == cursor.epoch
            && (cursor.at <= self.upto || self.covers_transaction(cursor.at.major))
    }

    /// Whether this includes all that `other` does. May say `false` of a set it does include
    /// (when only the numbering could tell), never `true` of one it doesn't.
    pub fn includes(&self, other: &Self) -> bool {
        let bound = self.upto >= other.upto || self.covers_all_below(other.upto.major);
        let snapshot = other.before == 0
            || ((self.before >= other.before || self.upto.major >= other.before)
                && self.running.iter().filter(|number| **number < other.before).all(|number| {
                    self.covers_transaction(*number) || other.running.binary_search(number).is_ok()
                }));
        self.epoch == other.epoch
            && bound
            && snapshot
            && other.own.iter().all(|own| self.covers_whole(*own))
    }

    /// Adds all that `other` includes. A stamp of another epoch replaces this one.
    pub fn join(&mut self, other: &Self) {
        if self.epoch != other.epoch {
            *self = other.clone();
            return;
        }
        let (low, high) =
            if self.before <= other.before { (&*self, other) } else { (other, &*self) };
        let running = (high.running.iter().copied())
            .filter(|number| *number >= low.before || low.running.binary_search(number).is_ok())
            .collect();
        let before = high.before;
        self.upto = self.upto.max(other.upto);
        self.own.extend_from_slice(&other.own);
        self.before = before;
        self.running = running;
        self.normalise();
    }

    /// Adds every row up to `cursor`. A cursor of another epoch replaces the stamp.
    pub fn raise(&mut self, cursor: &Cursor) {
        self.join(&Self::upto(cursor));
    }

    fn covers_transaction(&self, number: u64) -> bool {
        (number < self.before && self.running.binary_search(&number).is_err())
            || self.own.binary_search(&number).is_ok()
    }

    fn covers_whole(&self, number: u64) -> bool {
        number < self.upto.major || self.covers_transaction(number)
    }

    /// Whether every transaction up to and including `number` is covered, without the bound's help
    /// for the one it stands in: each is in the snapshot or, past that, the reader's own.
    fn covers_all_below(&self, number: u64) -> bool {
        let unseen = self.before.max(self.upto.major);
        let own = self.own.iter().filter(|own| (unseen..=number).contains(*own)).count();
        (number < unseen || number - unseen < own as u64)
            && self.running.iter().all(|running| *running > number || self.covers_whole(*running))
    }

    /// Drops what the bounds say already, so that a stamp that grows for hours stays small and
    /// equal sets of one history have one form. Nothing from `before` on needs to be named running.
    fn normalise(&mut self) {
        let passed = self.upto.major;
        self.running.retain(|number| (passed..self.before).contains(number));
        self.running.sort_unstable();
        self.running.dedup();
        let (before, running) = (self.before, &self.running);
        self.own
            .retain(|own| *own >= passed && (*own >= before || running.binary_search(own).is_ok()));
        self.own.sort_unstable();
        self.own.dedup();
    }
}

impl fmt::Display for AsOf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.epoch.as_str(), self.upto)?;
        if self.before == 0 && self.own.is_empty() {
            return Ok(());
        }
        write!(f, "~{}~{}~{}", self.before, list(&self.running), list(&self.own))
    }
}

impl FromStr for AsOf {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        let malformed = || Malformed { what: "stamp" };
        let numbers = |text: &str| -> Result<Vec<u64>, Malformed> {
            let items = text.split(',').filter(|_| !text.is_empty());
            if text.len() > Self::MAX_LIST {
                return Err(malformed());
            }
            items.map(|item| number(item).ok_or_else(malformed)).collect()
        };
        let mut parts = text.split('~');
        let cursor: Cursor = parts.next().unwrap_or_default().parse().map_err(|_| malformed())?;
        let Some(before) = parts.next() else {
            return Ok(Self::upto(&cursor));
        };
        let (Some(running), Some(own), None) = (parts.next(), parts.next(), parts.next()) else {
            return Err(malformed());
        };
        let mut stamp = Self {
            before: number(before).ok_or_else(malformed)?,
            running: numbers(running)?,
            own: numbers(own)?,
            ..Self::upto(&cursor)
        };
        stamp.normalise();
        Ok(stamp)
    }
}

impl Serialize for AsOf {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for AsOf {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?.parse().map_err(serde::de::Error::custom)
    }
}

fn list(numbers: &[u64]) -> String {
    numbers.iter().map(u64::to_string).collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::{collection::vec, prelude::*};

    /// A small universe: rows `1..12 × 0..2`, so that every set can be written out.
    fn universe() -> impl Iterator<Item = Cursor> {
        let epoch = Epoch::new("e").unwrap();
        (1..12).flat_map(move |major| {
            let epoch = epoch.clone();
            (0..2).map(move |minor| Cursor::new(epoch.clone(), major, minor))
        })
    }

    fn set(stamp: &AsOf) -> Vec<bool> {
        universe().map(|cursor| stamp.covers(&cursor)).collect()
    }

    fn stamps() -> impl Strategy<Value = AsOf> {
        let snapshot = (1u64..12, vec(1u64..12, 0..4), proptest::option::of(1u64..12));
        (0u64..12, 0u64..2, proptest::option::of(snapshot)).prop_map(|(major, minor, snapshot)| {
            let cursor = Cursor::new(Epoch::new("e").unwrap(), major, minor);
            match snapshot {
                None => AsOf::upto(&cursor),
                Some((before, mut running, own)) => {
                    running.retain(|number| *number < before);
                    AsOf::snapshot(&cursor, before, running, own)
                }
            }
        })
    }

    proptest! {
        #[test]
        fn join_is_the_union_of_what_both_cover(a in stamps(), b in stamps()) {
            let mut joined = a.clone();
            joined.join(&b);
            let union: Vec<bool> = set(&a).iter().zip(set(&b)).map(|(a, b)| *a || b).collect();
            prop_assert_eq!(set(&joined), union);
        }

        #[test]
        fn includes_is_never_true_of_what_is_missing(a in stamps(), b in stamps()) {
            if a.includes(&b) {
                prop_assert!(set(&a).iter().zip(set(&b)).all(|(a, b)| *a || !b), "{} ⊉ {}", a, b);
            }
            prop_assert!(a.includes(&a));
        }

        #[test]
        fn a_join_includes_both_sides(a in stamps(), b in stamps()) {
            let mut joined = a.clone();
            joined.join(&b);
            prop_assert!(joined.includes(&a), "{} {} -> {}", a, b, joined);
            prop_assert!(joined.includes(&b), "{} {} -> {}", a, b, joined);
        }

        #[test]
        fn a_stamp_survives_its_text_form(a in stamps()) {
            prop_assert_eq!(a.to_string().parse::<AsOf>().unwrap(), a);
        }

        #[test]
        fn any_text_is_a_stamp_or_refused(text in ".{0,40}|e\\.[0-9]{1,3}\\.0~[0-9,~]{0,20}") {
            if let Ok(stamp) = text.parse::<AsOf>() {
                prop_assert_eq!(stamp.to_string().parse::<AsOf>().unwrap(), stamp);
            }
        }
    }

    #[test]
    fn a_transaction_that_is_unseen_anyway_is_not_kept_as_running() {
        for (text, canonical) in
            [("e.7.15~0~10~", "e.7.15"), ("e.7.0~12~8,12,40~13", "e.7.0~12~8~13")]
        {
            let stamp: AsOf = text.parse().unwrap();
            assert_eq!(stamp.to_string(), canonical);
            assert_eq!(canonical.parse(), Ok(stamp));
        }
    }

    /// An author's own event asks for every row up to it, and its answer brings them.
    #[test]
    fn a_stamp_includes_a_bound_that_its_own_transaction_reaches() {
        for (text, bound, included) in [
            ("e.7.0~7~~7", "e.7.2", true),
            ("e.7.0~7~~8", "e.8.1", false),
            ("e.7.0~7~~7,8", "e.8.1", true),
            ("e.5.0~7~5~7", "e.7.1", false),
            ("e.5.0~7~5~5,7", "e.7.1", true),
        ] {
            let (stamp, bound): (AsOf, AsOf) = (text.parse().unwrap(), bound.parse().unwrap());
            assert_eq!(stamp.includes(&bound), included, "{text}");
        }
    }

    #[test]
    fn a_stamp_says_nothing_of_another_epoch() {
        let ours = AsOf::upto(&Cursor::new(Epoch::new("a").unwrap(), 9, 0));
        let theirs = AsOf::upto(&Cursor::new(Epoch::new("b").unwrap(), 1, 0));
        assert!(!ours.covers(&theirs.bound()));
        assert!(!ours.includes(&theirs));
        let mut joined = ours;
        joined.join(&theirs);
        assert_eq!(joined, theirs);
    }
}
