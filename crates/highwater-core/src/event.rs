//! Events and how they change a value: [`LiveEvent`], [`Patch`], [`Query`], [`MutationId`].
//!
//! Owns the contracts an application implements. It must not know how events travel or where
//! values are kept.

use std::{fmt, future::Future, hash::Hash, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::DeserializeOwned};

use crate::{
    as_of::{AsOf, Stamped},
    cursor::Malformed,
    json,
    tag::Tag,
};

/// A typed fact about the application's domain, recorded in the writer's own transaction.
///
/// Its JSON is an object tagged by `type`; the types `connected`, `ping`, `stale`, `access`, `end`
/// and `reset` are taken. Carry ids and the changed fields of rows that the transaction wrote, each
/// with its resulting version; what is computed over many rows is only ever [`Patch::Stale`].
pub trait LiveEvent:
    Clone + fmt::Debug + Serialize + DeserializeOwned + Send + Sync + 'static
{
    /// What names the data that events touch.
    type Tag: Tag;

    /// Reads the event of this `type` from its JSON; `None` if that is no event of these.
    ///
    /// Serde reads a tagged or untagged enum by keeping the JSON in between, and compiles the
    /// reading of each type once more for that. Where a browser's bundle is to stay small, match on
    /// the type and read that type's fields, to the same effect.
    fn read(_kind: &str, json: &str) -> Option<Self> {
        json::read(json).ok()
    }

    /// The pieces of data that this event touches.
    fn tags(&self) -> Vec<Self::Tag>;

    /// What it is about, such as `order:ord_10248`: the log keeps it with the row, so that the
    /// history of that thing can be read. `None` for nothing in particular.
    fn about(&self) -> Option<String> {
        None
    }

    /// Events with the same key supersede each other (progress): in a backlog only the newest is
    /// kept. `None` for those that each matter.
    fn conflate(&self) -> Option<String> {
        None
    }
}

/// What an event does to a cached value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Patch {
    /// The value now includes the event.
    Patched,
    /// The event changes the value in a way that only a fetch can tell.
    Stale,
    /// The event does not change the value.
    Unaffected,
}

/// A typed read: the struct is its key.
pub trait Query: Clone + Eq + Hash + Send + Sync + 'static {
    /// The application's events.
    type Event: LiveEvent;
    /// What it reads.
    type Value: Clone + Serialize + DeserializeOwned + Send + Sync + 'static;
    /// A stamped refusal ("not found", "not allowed"): an answer, not a failure.
    type Refusal: Clone + Serialize + DeserializeOwned + Send + Sync + 'static;

    /// Its name, for developer tools and logs.
    const NAME: &'static str;

    /// What it depends on; known before the first fetch, so that an event meanwhile counts.
    fn tags(&self) -> Vec<<Self::Event as LiveEvent>::Tag>;

    /// Applies an event to a value that does not include it yet. Pure.
    ///
    /// `value` may be left half-changed when the answer is not [`Patch::Patched`]: it is thrown away.
    fn patch(&self, value: &mut Self::Value, event: &Self::Event) -> Patch;

    /// Reads the value, which must include all of `min`.
    fn fetch(self, min: Option<AsOf>) -> impl Future<Output = Fetched<Self>> + Send;
}

/// What [`Query::fetch`] answers: a stamped value or refusal, or the words for a failure.
pub type Fetched<Q> = Result<Stamped<Answer<Q>>, FetchFailed>;

/// A query's value, or the server's refusal to give it.
pub type Answer<Q> = Result<<Q as Query>::Value, <Q as Query>::Refusal>;

/// A fetch that brought no answer: the network, the server or the reading of the response failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{message}")]
pub struct FetchFailed {
    /// What happened, in words fit to show.
    pub message: String,
}

/// The server's refusal of a mutation, or its words for a failure.
pub trait Refusal: Clone + Serialize + DeserializeOwned + Send + Sync + 'static {
    /// Whether it is an outcome: nothing was written and nothing will be under this mutation id.
    /// `false` means that the outcome is unknown and the mutation is to be sent again.
    fn is_final(&self) -> bool;

    /// Whether it comes of a database that was busy, or of a transaction that lost against another
    /// one: nothing was written, and the server may try the same again at once.
    fn is_busy(&self) -> bool {
        false
    }
}

/// Names one mutation. Made by the client, carried to the server, the log row and the frame; the
/// server answers a repeat with the first outcome.
///
/// 128 random bits, written as 32 lower-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MutationId(u128);

impl MutationId {
    /// Takes 128 bits from the caller's source of randomness.
    pub fn new(random: u128) -> Self {
        Self(random)
    }
}

impl fmt::Display for MutationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

impl fmt::Debug for MutationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for MutationId {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        let hexadecimal = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
        if text.len() != 32 || !text.bytes().all(hexadecimal) {
            return Err(Malformed { what: "mutation id" });
        }
        u128::from_str_radix(text, 16).map(Self).map_err(|_| Malformed { what: "mutation id" })
    }
}

impl Serialize for MutationId {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for MutationId {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?.parse().map_err(serde::de::Error::custom)
    }
}
