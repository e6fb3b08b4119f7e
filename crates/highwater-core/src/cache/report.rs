//! What developer tools are told: what a frame did to each entry, and how the entries are doing.
//!
//! Owns the trace of the last frame, which is kept only while somebody asks for it.

use super::{Cache, EntryId, EntryStatus};
use crate::{as_of::AsOf, event::LiveEvent};

/// What a frame did to one entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Effect {
    /// Its value includes the event already.
    Covered,
    /// Its value now includes the event.
    Patched,
    /// The event changes nothing of it.
    Unaffected,
    /// Only a fetch can tell what it is now.
    Stale,
    /// A fetch is under way; the event waits for its answer.
    Kept,
    /// It may no longer be seen, and is gone.
    Purged,
}

impl Effect {
    /// Its name, for people.
    pub fn name(self) -> &'static str {
        match self {
            Self::Covered => "covered",
            Self::Patched => "patched",
            Self::Unaffected => "unaffected",
            Self::Stale => "stale",
            Self::Kept => "kept",
            Self::Purged => "purged",
        }
    }
}

/// How one entry is doing.
#[derive(Clone, Debug, PartialEq)]
pub struct EntryReport<T> {
    /// Which.
    pub id: EntryId,
    /// Its query's [`NAME`](crate::Query::NAME).
    pub name: &'static str,
    /// What it depends on.
    pub tags: Vec<T>,
    /// What its value includes at least; none without a value.
    pub as_of: Option<AsOf>,
    /// How many views show it.
    pub mounts: u32,
    /// How many optimistic changes are laid over it.
    pub overlays: usize,
    /// How many events wait for an answer.
    pub backlog: usize,
    /// Everything else.
    pub status: EntryStatus,
}

impl<E: LiveEvent> Cache<E> {
    /// Every entry, in the order they were opened.
    pub fn report(&self) -> Vec<EntryReport<E::Tag>> {
        let report = self.entries.iter().map(|(id, entry)| EntryReport {
            id: *id,
            name: entry.definition.name,
            tags: entry.definition.tags.clone(),
            as_of: entry.as_of.clone(),
            mounts: entry.mounts,
            overlays: entry.overlays.len(),
            backlog: entry.backlog(),
            status: self.status(*id),
        });
        let mut report: Vec<_> = report.collect();
        report.sort_by_key(|entry| entry.id);
        report
    }

    /// An entry's [`NAME`](crate::Query::NAME).
    pub fn name(&self, id: EntryId) -> Option<&'static str> {
        self.entries.get(&id).map(|entry| entry.definition.name)
    }

    /// Whether to keep what each frame does, for [`effects`](Self::effects).
    pub fn trace(&mut self, on: bool) {
        self.trace = on.then(Vec::new);
    }

    /// What the last frame did, if that is kept.
    pub fn effects(&self) -> &[(EntryId, Effect)] {
        self.trace.as_deref().unwrap_or_default()
    }

    pub(super) fn traced(&mut self, id: EntryId, effect: Effect) {
        if let Some(trace) = &mut self.trace {
            trace.push((id, effect));
        }
    }
}
