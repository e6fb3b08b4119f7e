//! The queue of mutations: one at a time for each scope, and again under the same id when the
//! outcome is unknown.
//!
//! Owns the order of sending and the waits between repeats. It must not know overlays or values.

use std::collections::VecDeque;

use crate::{
    as_of::{AsOf, Stamped},
    backoff::Backoff,
    cache::EntryId,
    cursor::Cursor,
    entry::Erased,
    event::MutationId,
};

/// What mutations of one entity share, such as `order ord_10248`: they are sent one after another.
pub type Scope = String;

/// How a mutation ended, as far as the client knows.
pub enum Outcome {
    /// The server committed it, or answered a repeat with that first outcome.
    Committed {
        /// Its last row in the log.
        cursor: Cursor,
        /// What the answer includes.
        as_of: AsOf,
        /// The values that the answer carries whole.
        values: Vec<(EntryId, Stamped<Erased>)>,
    },
    /// The server refused it: nothing was written.
    Refused,
    /// No answer came. It may have been committed; it is sent again under the same id.
    Unknown,
}

struct Pending {
    id: MutationId,
    scope: Scope,
    sent: bool,
    /// Unknown outcomes so far.
    lost: u32,
    retry_at: Option<u64>,
}

/// Mutations that have no known outcome yet, oldest first.
#[derive(Default)]
pub(crate) struct Queue(VecDeque<Pending>);

impl Queue {
    pub(crate) fn push(&mut self, id: MutationId, scope: Scope) {
        self.0.push_back(Pending { id, scope, sent: false, lost: 0, retry_at: None });
    }

    pub(crate) fn remove(&mut self, id: MutationId) {
        self.0.retain(|pending| pending.id != id);
    }

    /// Its answer was lost: wait, then send it again.
    pub(crate) fn lost(&mut self, id: MutationId, now_ms: u64, backoff: &Backoff) {
        if let Some(pending) = self.0.iter_mut().find(|pending| pending.id == id) {
            pending.retry_at = Some(now_ms + backoff.delay_ms(pending.lost, 0));
            pending.lost += 1;
        }
    }

    /// Those to send now: the first of each scope, unless it is under way or waits.
    pub(crate) fn due(&mut self, now_ms: u64) -> Vec<MutationId> {
        let mut due = Vec::new();
        for index in 0..self.0.len() {
            let scope = &self.0[index].scope;
            if self.0.iter().take(index).any(|earlier| earlier.scope == *scope) {
                continue;
            }
            let pending = &mut self.0[index];
            if !pending.sent || pending.retry_at.is_some_and(|at| at <= now_ms) {
                pending.sent = true;
                pending.retry_at = None;
                due.push(pending.id);
            }
        }
        due
    }

    /// When the next repeat is due.
    pub(crate) fn next_deadline(&self) -> Option<u64> {
        self.0.iter().filter_map(|pending| pending.retry_at).min()
    }

    pub(crate) fn contains(&self, id: MutationId) -> bool {
        self.0.iter().any(|pending| pending.id == id)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
