//! What follows from any input: which overlays end, what is fetched, sent and dropped, and when to
//! look again.
//!
//! Owns the decision to fetch. It must not know which input it follows.

use super::{Cache, Command, EntryId, KEEP_MS, Ticket};
use crate::{
    entry::{Entry, Flight},
    event::LiveEvent,
};

impl<E: LiveEvent> Cache<E> {
    /// What follows from any input: overlays that ended, fetches and mutations that are due,
    /// entries to drop, one notification, one wake-up.
    pub(super) fn follow_up(&mut self, now_ms: u64) -> Vec<Command> {
        let mut commands = Vec::new();
        // A queued mutation may still read a version from an entry that no view shows.
        let keep_all = self.is_mutating();
        let unused = |entry: &Entry<E>| {
            let old = entry.idle_since.is_some_and(|since| now_ms >= since + KEEP_MS);
            old && !keep_all && entry.flight.is_none()
        };
        let is_unused = |id: &EntryId| self.entries.get(id).is_some_and(unused);
        let (dropped, concerned): (Vec<_>, Vec<_>) =
            self.agenda.take(now_ms).into_iter().partition(is_unused);
        for id in dropped {
            self.forget(id);
            commands.push(Command::Dropped(id));
        }
        let min = self.seen.clone();
        let mut due = Vec::new();
        for id in &concerned {
            let Some(entry) = self.entries.get_mut(id) else { continue };
            if entry.settle_overlays(self.through.as_ref(), self.epoch.as_ref()) {
                self.changed.insert(*id);
            }
            let lacks = entry.dirty.is_some() || entry.is_polled;
            let wanted = entry.value.is_none() || (lacks && self.visible);
            let waits = entry.waits_until().is_some_and(|at| at > now_ms);
            if entry.mounts > 0 && entry.flight.is_none() && wanted && !waits {
                due.push(*id);
            }
        }
        for id in due {
            let ticket = self.number();
            if let Some(entry) = self.entries.get_mut(&id) {
                let mut min = min.clone();
                if let Some(dirty) = &entry.dirty {
                    min.get_or_insert_with(|| dirty.clone()).join(dirty);
                }
                entry.flight = Some(Flight { ticket, min: min.clone() });
                entry.retry_at = None;
                entry.held_until = None;
                entry.is_polled = false;
                self.changed.insert(id);
                commands.push(Command::Fetch { entry: id, ticket: Ticket(ticket), min });
            }
        }
        for id in &concerned {
            if let Some(entry) = self.entries.get(id) {
                self.agenda.file(*id, entry);
            }
        }
        commands.extend(self.mutations.due(now_ms).into_iter().map(Command::Send));
        if !self.changed.is_empty() {
            commands.push(Command::Notify(std::mem::take(&mut self.changed).into_iter().collect()));
        }
        commands.extend(self.poll_over());
        commands.extend(self.wake(now_ms));
        commands
    }

    fn wake(&mut self, now_ms: u64) -> Option<Command> {
        let overlaid = self.agenda.overlaid().filter_map(|id| self.entries.get(&id));
        let settled = overlaid.filter_map(|entry| entry.overlays.next_deadline()).min();
        // What is past and was not done waits for another input (a hidden tab's return).
        let timed = self.agenda.next_after(now_ms);
        let next = [settled, timed, self.mutations.next_deadline()].into_iter().flatten().min();
        let asked = self.wake_at.filter(|at| *at > now_ms);
        if next == asked {
            return None;
        }
        self.wake_at = next;
        next.map(|at| Command::Wake { in_ms: at.saturating_sub(now_ms) })
    }
}
