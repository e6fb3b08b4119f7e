//! The agenda: which entries are to be looked at after an input, so that the others are not.
//!
//! Owns the indexes for that. It must not decide what is done with an entry.

use std::{
    collections::{BTreeSet, HashMap},
    ops::Bound,
};

use super::{EntryId, KEEP_MS};
use crate::{entry::Entry, event::LiveEvent};

#[derive(Default)]
pub(super) struct Agenda {
    /// Entries that the current input may have changed.
    touched: BTreeSet<EntryId>,
    /// Entries with optimistic changes: how far the stream is complete may end them.
    overlaid: BTreeSet<EntryId>,
    /// When time alone makes something of an entry: a repeat is due, or it was unused for long.
    deadlines: BTreeSet<(u64, EntryId)>,
    /// The entry's own place among the deadlines.
    deadline_of: HashMap<EntryId, u64>,
}

impl Agenda {
    /// An entry may be changed.
    pub(super) fn touch(&mut self, id: EntryId) {
        self.touched.insert(id);
    }

    /// Entries with optimistic changes.
    pub(super) fn overlaid(&self) -> impl Iterator<Item = EntryId> + use<> {
        self.overlaid.clone().into_iter()
    }

    /// Entries that an input at `now_ms` may have made something due of. Begins anew.
    pub(super) fn take(&mut self, now_ms: u64) -> BTreeSet<EntryId> {
        let mut ids = std::mem::take(&mut self.touched);
        ids.extend(&self.overlaid);
        let past = (Bound::Unbounded, Bound::Included((now_ms, EntryId(u64::MAX))));
        ids.extend(self.deadlines.range(past).map(|(_, id)| *id));
        ids
    }

    /// When time alone makes something due of any entry, after `now_ms`.
    pub(super) fn next_after(&self, now_ms: u64) -> Option<u64> {
        let future = (Bound::Excluded((now_ms, EntryId(u64::MAX))), Bound::Unbounded);
        self.deadlines.range(future).next().map(|(at, _)| *at)
    }

    /// Takes an entry in as it is now.
    pub(super) fn file<E: LiveEvent>(&mut self, id: EntryId, entry: &Entry<E>) {
        match entry.overlays.is_empty() {
            true => self.overlaid.remove(&id),
            false => self.overlaid.insert(id),
        };
        // An entry that a view shows is repeated, one that none shows is dropped.
        let deadline = match entry.mounts {
            0 => entry.idle_since.map(|since| since + KEEP_MS),
            _ => entry.waits_until(),
        };
        self.schedule(id, deadline);
    }

    /// The entry is gone.
    pub(super) fn forget(&mut self, id: EntryId) {
        self.touched.remove(&id);
        self.overlaid.remove(&id);
        self.schedule(id, None);
    }

    fn schedule(&mut self, id: EntryId, deadline: Option<u64>) {
        let before = match deadline {
            Some(at) => self.deadline_of.insert(id, at),
            None => self.deadline_of.remove(&id),
        };
        if before == deadline {
            return;
        }
        if let Some(at) = before {
            self.deadlines.remove(&(at, id));
        }
        if let Some(at) = deadline {
            self.deadlines.insert((at, id));
        }
    }
}
