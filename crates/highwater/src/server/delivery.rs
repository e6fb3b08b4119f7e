//! Deliveries: log rows as the hub hands them out, decoded and encoded once each.

use std::{
    borrow::Cow,
    collections::BTreeSet,
    sync::{Arc, OnceLock},
};

use highwater_core::{Cursor, LiveEvent, MutationId};

use serde::Deserialize;

use super::{AccessChange, Audience, Recorded, Row, Wire, output::Text, routing::Subscriber};

/// One log row on its way to any number of subscribers.
#[derive(Debug)]
pub struct Delivery<E: LiveEvent> {
    /// Its place in the log.
    pub at: Cursor,
    /// The mutation that caused it.
    pub by: Option<MutationId>,
    /// Who caused it. It is for the server alone: other users' names are no matter of a browser.
    pub actor: Option<String>,
    /// When it was recorded, in milliseconds since the Unix epoch.
    pub recorded_ms: u64,
    /// Who may hear it; empty for a change of access, which names its subject.
    pub to: Vec<Audience>,
    /// The event's `type`, also of one that this build cannot decode; `None` for a change of access.
    pub kind: Option<Arc<str>>,
    /// What it says.
    pub content: Content<E>,
    /// [`LiveEvent::conflate`].
    pub(crate) conflate: Option<Arc<str>>,
    /// Its text for each wire, encoded when the first subscriber of that wire needs it.
    encoded: Box<[OnceLock<Option<Text>>]>,
}

/// What a delivery says.
#[derive(Debug)]
pub enum Content<E: LiveEvent> {
    /// An event.
    Event(E),
    /// An event that this build cannot decode (a newer node wrote it): its JSON.
    Foreign(String),
    /// A change of access, and the tags its subscriber gains and loses.
    Access {
        /// The change.
        change: AccessChange,
        /// `change.gained`, decoded.
        gained: Vec<E::Tag>,
        /// `change.lost`, decoded.
        lost: Vec<E::Tag>,
    },
}

impl<E: LiveEvent> Delivery<E> {
    pub(crate) fn new(row: Row, wires: usize) -> Self {
        let (to, kind, content) = match row.what {
            Recorded::Event { to, json } => (to, kind_of(&json), decode::<E>(json)),
            Recorded::Access(change) => {
                let tags = |values: &[serde_json::Value]| {
                    let decoded = values.iter().cloned().map(serde_json::from_value);
                    decoded.filter_map(Result::ok).collect()
                };
                let (gained, lost) = (tags(&change.gained), tags(&change.lost));
                (Vec::new(), None, Content::Access { change, gained, lost })
            }
        };
        let conflate = match &content {
            Content::Event(event) => event.conflate().map(Arc::from),
            Content::Foreign(_) | Content::Access { .. } => None,
        };
        Self {
            at: row.at,
            by: row.by,
            actor: row.actor,
            recorded_ms: row.recorded_ms,
            to,
            kind,
            conflate,
            content,
            encoded: (0..wires).map(|_| OnceLock::new()).collect(),
        }
    }

    /// Its text on a wire, the same for every subscriber; `None` if that wire leaves it out.
    pub(crate) fn on(&self, wire: usize, wires: &[Arc<dyn Wire<E>>]) -> Option<&Text> {
        let encode = || wires[wire].delivery(self).map(Text::from);
        self.encoded[wire].get_or_init(encode).as_ref()
    }

    /// Whether a subscriber with these audiences hears it: because its own access changes, or
    /// through an audience, if it wants events of that type.
    pub(crate) fn is_for(
        &self,
        subscriber: &Subscriber<E>,
        audiences: &BTreeSet<Audience>,
    ) -> bool {
        if let Content::Access { change, .. } = &self.content {
            return subscriber.subjects.contains(&change.subject);
        }
        let wanted = |types: &BTreeSet<Arc<str>>| {
            self.kind.as_ref().is_some_and(|kind| types.contains(kind))
        };
        subscriber.types.as_ref().is_none_or(wanted)
            && self.to.iter().any(|audience| audiences.contains(audience))
    }
}

fn decode<E: LiveEvent>(json: String) -> Content<E> {
    match serde_json::from_str(&json) {
        Ok(event) => Content::Event(event),
        Err(_) => Content::Foreign(json),
    }
}

/// The `type` of an event's JSON.
pub(crate) fn kind_of(json: &str) -> Option<Arc<str>> {
    #[derive(Deserialize)]
    struct Head<'a> {
        #[serde(borrow, rename = "type")]
        kind: Cow<'a, str>,
    }
    serde_json::from_str(json).ok().map(|head: Head<'_>| Arc::from(head.kind))
}
