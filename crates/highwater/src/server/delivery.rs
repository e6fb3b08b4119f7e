//! Deliveries: log rows as the hub hands them out, decoded and encoded once each.

use std::{collections::BTreeSet, sync::OnceLock};

use bytes::Bytes;
use highwater_core::{Cursor, LiveEvent, MutationId};

use super::{AccessChange, Audience, Recorded, Row, Wire};

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
    /// What it says.
    pub content: Content<E>,
    /// Its text for each wire, encoded when the first subscriber of that wire needs it.
    encoded: Box<[OnceLock<Option<Bytes>>]>,
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
        let (to, content) = match row.what {
            Recorded::Event { to, json } => (to, decode(json)),
            Recorded::Access(change) => {
                let tags = |values: &[serde_json::Value]| {
                    let decoded = values.iter().cloned().map(serde_json::from_value);
                    decoded.filter_map(Result::ok).collect()
                };
                let (gained, lost) = (tags(&change.gained), tags(&change.lost));
                (Vec::new(), Content::Access { change, gained, lost })
            }
        };
        Self {
            at: row.at,
            by: row.by,
            actor: row.actor,
            recorded_ms: row.recorded_ms,
            to,
            content,
            encoded: (0..wires).map(|_| OnceLock::new()).collect(),
        }
    }

    /// Its text on a wire, the same bytes for every subscriber; `None` if that wire leaves it out.
    pub(crate) fn on(&self, index: usize, wire: &dyn Wire<E>) -> Option<Bytes> {
        self.encoded[index].get_or_init(|| wire.delivery(self).map(Bytes::from)).clone()
    }

    /// Whether a subscriber hears it: through an audience, or because its own access changes.
    pub(crate) fn is_for(
        &self,
        audiences: &BTreeSet<Audience>,
        subjects: &BTreeSet<String>,
    ) -> bool {
        match &self.content {
            Content::Access { change, .. } => subjects.contains(&change.subject),
            _ => self.to.iter().any(|audience| audiences.contains(audience)),
        }
    }
}

fn decode<E: LiveEvent>(json: String) -> Content<E> {
    match serde_json::from_str(&json) {
        Ok(event) => Content::Event(event),
        Err(_) => Content::Foreign(json),
    }
}
