//! Subscriptions: what is asked for, what is given, and why not.
//!
//! Owns the vocabulary of [`Hub::subscribe`]. It must not route or write.

use std::{
    collections::BTreeSet,
    sync::Arc,
    time::{Duration, SystemTime},
};

use highwater_core::{AsOf, Cursor, LiveEvent};

use super::{Audience, ChangeLog, Hub, routing::Subscriber};

/// A subscription that is asked for.
#[derive(Clone, Debug)]
pub struct Subscribe {
    /// Index of the wire to write.
    pub wire: usize,
    /// What this subscriber may hear.
    pub audiences: BTreeSet<Audience>,
    /// What `audiences` was decided from; later changes of access are applied to it.
    pub evaluated: AsOf,
    /// Whose access it has: the user, the session.
    pub subjects: BTreeSet<String>,
    /// Where the subscriber left off; `None` starts at the head. [`super::Resume`] reads it.
    pub after: Option<Result<Cursor, highwater_core::Malformed>>,
    /// Whether its client understands `stale`.
    pub collapse: bool,
    /// When its session ends.
    pub expires: Option<SystemTime>,
    /// More fields for `connected`.
    pub hello: serde_json::Map<String, serde_json::Value>,
    /// The types of events to hear of; `None` for all. Changes of access are heard of anyhow.
    pub types: Option<BTreeSet<String>>,
    /// Whom the stream counts for, of whom each may have so many: the user.
    pub owner: String,
}

/// A subscription that is open, as [`Hub::streams`] lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenStream {
    /// Whom it counts for.
    pub owner: String,
    /// Whose access it has.
    pub subjects: BTreeSet<String>,
    /// Since when it is open.
    pub opened_at: SystemTime,
}

/// Why there is no subscription.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SubscribeError {
    /// The audiences were decided too long ago to be brought up to date: decide again.
    #[error("the audiences are out of date")]
    Outdated,
    /// The log cannot be read.
    #[error("the change log cannot be read")]
    Unavailable,
    /// The owner has as many streams open as one may have.
    #[error("this owner has {limit} streams open already")]
    TooMany {
        /// How many one may have.
        limit: usize,
        /// When a place may be free at the latest, if it is held by a connection that is dead.
        retry_after: Duration,
    },
    /// This node has as many streams open as it takes.
    #[error("this node has {limit} streams open already")]
    Full {
        /// How many it takes.
        limit: usize,
        /// When a place may be free at the latest, if it is held by a connection that is dead.
        retry_after: Duration,
    },
    /// This node is about to stop.
    #[error("this node is about to stop")]
    Draining {
        /// When to come back: a moment of its own for each that asks.
        retry_after: Duration,
    },
}

/// An open subscription: what its stream writes from. Dropping it ends it and frees its place.
pub struct Subscription<L: ChangeLog, E: LiveEvent> {
    pub(crate) hub: Hub<L, E>,
    pub(crate) subscriber: Arc<Subscriber<E>>,
    pub(crate) wire: usize,
    pub(crate) hello: serde_json::Map<String, serde_json::Value>,
    pub(crate) expires: Option<SystemTime>,
    /// Where it starts, and whether that is a `reset`.
    pub(crate) start: Cursor,
    pub(crate) reset: bool,
}

impl<L: ChangeLog, E: LiveEvent> Drop for Subscription<L, E> {
    fn drop(&mut self) {
        self.hub.leave(&self.subscriber);
    }
}
