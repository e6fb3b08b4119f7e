//! A poll: every query that is shown is fetched once, however many there are.
//!
//! Owns which fetches it still waits for. It must not decide when to poll; the connection does.

use std::collections::BTreeSet;

use super::{Cache, Command, EntryId};
use crate::{entry::Entry, event::LiveEvent};

/// A poll under way.
pub(super) struct Round {
    /// Entries without an answer so far.
    waiting: BTreeSet<EntryId>,
    asked: u32,
    answered: u32,
}

impl Round {
    /// A fetch of an entry ended, well or badly.
    pub(super) fn ended(&mut self, id: EntryId, answered: bool) {
        if self.waiting.remove(&id) {
            self.answered += u32::from(answered);
        }
    }
}

impl<E: LiveEvent> Cache<E> {
    pub(super) fn poll(&mut self) {
        let shown = |(id, entry): (&EntryId, &Entry<E>)| (entry.mounts > 0).then_some(*id);
        let waiting: BTreeSet<EntryId> = self.entries.iter().filter_map(shown).collect();
        for id in &waiting {
            if let Some(entry) = self.entry(*id) {
                // One that is under way will do: it was asked for since the stream was lost.
                entry.is_polled = entry.flight.is_none();
                entry.retry_at = None;
            }
        }
        let asked = u32::try_from(waiting.len()).unwrap_or(u32::MAX);
        self.round = Some(Round { waiting, asked, answered: 0 });
    }

    /// What there is to say once nothing more is waited for. Entries that no view shows any more,
    /// or that were dropped, are not waited for.
    pub(super) fn poll_over(&mut self) -> Option<Command> {
        let entries = &self.entries;
        let is_awaited =
            |id: &EntryId| entries.get(id).is_some_and(|e| e.flight.is_some() || e.is_polled);
        let round = self.round.as_mut()?;
        round.waiting.retain(is_awaited);
        let over = self.round.take_if(|round| round.waiting.is_empty())?;
        Some(Command::Polled { asked: over.asked, answered: over.answered })
    }
}
