//! Ephemeral events: what is heard now or never, such as somebody typing.
//!
//! Owns such an event on its way to subscribers, and what of them waits for one. They have no row
//! in the log and no position: a slow reader loses them first, and no replay has them. Whoever
//! shows what they tell reads it from its source as well, now and then.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    sync::{Arc, OnceLock},
};

use highwater_core::LiveEvent;

use super::{Audience, ChangeLog, Hub, Wire, delivery::kind_of, output::Text, routing::State};

/// How many may wait for one subscriber. One screen shows fewer things that move.
const BOUND: usize = 64;

/// An ephemeral event on its way to any number of subscribers.
#[derive(Debug)]
pub(crate) struct Ephemeral<E> {
    to: Vec<Audience>,
    event: E,
    conflate: Option<String>,
    /// Its text for each wire, encoded when the first subscriber of that wire needs it.
    encoded: Box<[OnceLock<Option<Text>>]>,
}

impl<E: LiveEvent> Ephemeral<E> {
    /// Its text on a wire; `None` if that wire leaves it out.
    pub(crate) fn on(&self, wire: usize, wires: &[Arc<dyn Wire<E>>]) -> Option<&Text> {
        let encode = || wires[wire].ephemeral(&self.event).map(Text::from);
        self.encoded[wire].get_or_init(encode).as_ref()
    }
}

/// The ephemeral events that wait for one subscriber, of those with the same conflation key the
/// newest alone.
pub(crate) struct Fleeting<E>(VecDeque<Arc<Ephemeral<E>>>);

impl<E> Default for Fleeting<E> {
    fn default() -> Self {
        Self(VecDeque::new())
    }
}

impl<E> Fleeting<E> {
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Adds one; whether the oldest had to give way to it.
    pub(crate) fn push(&mut self, new: &Arc<Ephemeral<E>>) -> bool {
        if new.conflate.is_some() {
            self.0.retain(|older| older.conflate != new.conflate);
        }
        let full = self.0.len() >= BOUND;
        if full {
            self.0.pop_front();
        }
        self.0.push_back(new.clone());
        full
    }

    pub(crate) fn pop(&mut self) -> Option<Arc<Ephemeral<E>>> {
        self.0.pop_front()
    }

    /// Drops them all; how many those were.
    pub(crate) fn clear(&mut self) -> usize {
        std::mem::take(&mut self.0).len()
    }

    /// Drops what is for none of these audiences.
    pub(crate) fn keep(&mut self, audiences: &BTreeSet<Audience>) {
        self.0.retain(|event| event.to.iter().any(|audience| audiences.contains(audience)));
    }
}

impl<L: ChangeLog, E: LiveEvent> Hub<L, E> {
    /// Tells an event to whoever hears one of the audiences on this node now, once each, without
    /// recording it. It travels without an `id:`, moves no position and is never replayed. Of those
    /// that wait for one subscriber with the same [`LiveEvent::conflate`] key the newest is told;
    /// a subscriber that is behind hears none.
    pub fn publish(&self, to: &[Audience], event: &E) {
        let json = match serde_json::to_string(event) {
            Ok(json) => json,
            Err(error) => {
                tracing::error!(%error, "an ephemeral event could not be written");
                return;
            }
        };
        let wires = self.shared.settings.wires.len();
        let ephemeral = Arc::new(Ephemeral {
            to: to.to_vec(),
            event: event.clone(),
            conflate: event.conflate(),
            encoded: (0..wires).map(|_| OnceLock::new()).collect(),
        });
        let dropped = self.state().tell(&ephemeral, kind_of(&json).as_ref());
        self.metrics().ephemerals_dropped.inc_by(dropped);
    }
}

impl<E: LiveEvent> State<E> {
    /// Hands an event of this type to all who hear it, once each; how many others gave way.
    fn tell(&self, ephemeral: &Arc<Ephemeral<E>>, kind: Option<&Arc<str>>) -> u64 {
        // Who is in two of the audiences is found twice.
        let hearers: BTreeMap<u64, _> =
            self.hearers(&ephemeral.to, kind).map(|hearer| (hearer.id, hearer)).collect();
        let dropped = hearers.values().filter(|hearer| hearer.hand_ephemeral(ephemeral));
        dropped.count() as u64
    }
}
