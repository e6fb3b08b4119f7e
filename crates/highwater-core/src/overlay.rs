//! Overlays: optimistic changes laid over a committed value until the log catches up.
//!
//! Owns the order of one entry's overlays and when each ends. It must not know what an entry's
//! value includes; it is told.

use std::{fmt, sync::Arc};

use crate::{as_of::AsOf, cursor::Cursor, entry::Erased, event::MutationId};

/// Changes a value; `None` leaves it as it is (it does not apply to what is there).
#[derive(Clone)]
pub struct Overlay(Arc<ChangeFn>);

type ChangeFn = dyn Fn(&Erased) -> Option<Erased> + Send + Sync;

/// How long a mutation's answer and its event wait for each other, in milliseconds: after the
/// answer the log may stay silent about it, and after the event an entry without a patch may wait
/// for the answer, before one fetch is spent to find out.
pub const SETTLE_MS: u64 = 1000;

struct Laid {
    by: MutationId,
    change: Overlay,
    /// The mutation's row in the log, once an answer or its own event names it.
    cursor: Option<Cursor>,
    /// When to ask, should the log stay silent, and for what: for what the answer includes, and not
    /// for every row up to its own. Some of those may not have been written yet.
    ask: Option<(u64, AsOf)>,
}

#[derive(Default)]
pub(crate) struct Overlays(Vec<Laid>);

impl Overlay {
    /// An overlay on the erased value.
    pub fn new(change: impl Fn(&Erased) -> Option<Erased> + Send + Sync + 'static) -> Self {
        Self(Arc::new(change))
    }
}

impl fmt::Debug for Overlay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Overlay")
    }
}

impl Overlays {
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn lay(&mut self, by: MutationId, change: Overlay) {
        self.0.push(Laid { by, change, cursor: None, ask: None });
    }

    /// The value as it looks with every overlay on it, in the order they were laid.
    pub(crate) fn over(&self, value: &Erased) -> Erased {
        self.0.iter().fold(value.clone(), |value, laid| (laid.change.0)(&value).unwrap_or(value))
    }

    /// The mutation's own event came by: now its row is known, whatever happens to the answer.
    pub(crate) fn seen_at(&mut self, by: &MutationId, at: &Cursor) {
        for laid in self.0.iter_mut().filter(|laid| laid.by == *by) {
            laid.cursor.get_or_insert_with(|| at.clone());
        }
    }

    /// The server answered: the mutation is in the log at `cursor`, and in all that includes `as_of`.
    pub(crate) fn committed(&mut self, by: MutationId, cursor: &Cursor, as_of: &AsOf, now_ms: u64) {
        for laid in self.0.iter_mut().filter(|laid| laid.by == by) {
            laid.cursor = Some(cursor.clone());
            laid.ask = Some((now_ms + SETTLE_MS, as_of.clone()));
        }
    }

    /// Ends the overlays of one mutation; whether there were any.
    pub(crate) fn end_of(&mut self, by: Option<&MutationId>) -> bool {
        let before = self.0.len();
        self.0.retain(|laid| Some(&laid.by) != by);
        before != self.0.len()
    }

    /// Ends those whose row satisfies `included`; whether there were any.
    pub(crate) fn end_where(&mut self, included: impl Fn(&Cursor) -> bool) -> bool {
        let before = self.0.len();
        self.0.retain(|laid| !laid.cursor.as_ref().is_some_and(&included));
        before != self.0.len()
    }

    /// What should have come by `now_ms`; each is asked for once.
    pub(crate) fn overdue(&mut self, now_ms: u64) -> Vec<AsOf> {
        let due = self.0.iter_mut().filter_map(|laid| laid.ask.take_if(|(at, _)| *at <= now_ms));
        due.map(|(_, as_of)| as_of).collect()
    }

    /// When the next one is overdue.
    pub(crate) fn next_deadline(&self) -> Option<u64> {
        self.0.iter().filter_map(|laid| laid.ask.as_ref()).map(|(at, _)| *at).min()
    }
}
