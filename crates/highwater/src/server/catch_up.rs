//! Catching up: what a subscriber that is behind reads from the ring or the log until it is live.
//!
//! Owns the way from a position back to the hub's head. It must not write to sockets.

use std::sync::Arc;

use highwater_core::{Cursor, LiveEvent};

use super::{
    ChangeLog, Delivery, Hub, Page,
    backlog::{Backlog, Queue},
    hub::PAGE,
    metrics::ResetCause,
    routing::Subscriber,
};

/// Part of what a subscriber is behind.
pub(crate) enum Catch<E: LiveEvent> {
    /// These deliveries are next.
    Deliveries(Vec<Arc<Delivery<E>>>),
    /// The ring is too short: read the log after this.
    Log(Cursor),
    /// It has caught up, or is not behind.
    Done,
}

impl<L: ChangeLog, E: LiveEvent> Hub<L, E> {
    /// What a subscriber that is behind gets next; makes it live when it has caught up.
    pub(crate) fn catch_up(&self, subscriber: &Subscriber<E>) -> Catch<E> {
        let state = self.state();
        let mut waiting = subscriber.waiting();
        let Backlog::Behind { after } = &waiting.backlog else {
            return Catch::Done;
        };
        if !after.reaches(&state.head) && !state.ring.covers(after) {
            return Catch::Log(after.clone());
        }
        let mut upto = state.head.clone();
        let mut deliveries = Vec::new();
        for delivery in state.ring.after(after) {
            if deliveries.len() == PAGE as usize {
                break;
            }
            upto = delivery.at.clone();
            if delivery.is_for(subscriber, &waiting.audiences) {
                deliveries.push(delivery.clone());
            }
        }
        let caught_up = upto.reaches(&state.head);
        waiting.written = upto.clone();
        waiting.backlog = match caught_up {
            true => Backlog::Live(Queue::default()),
            false => Backlog::Behind { after: upto },
        };
        if deliveries.is_empty() && caught_up { Catch::Done } else { Catch::Deliveries(deliveries) }
    }

    /// What of a page of the log a subscriber that is behind hears. Rows that this hub has not
    /// routed yet are left: a change of access among them has not taken effect.
    pub(crate) fn catch_up_from(
        &self,
        subscriber: &Subscriber<E>,
        page: Page,
    ) -> Vec<Arc<Delivery<E>>> {
        let state = self.state();
        let mut waiting = subscriber.waiting();
        let Backlog::Behind { after } = &waiting.backlog else {
            return Vec::new();
        };
        if !page.continues(after) {
            let (at, cause) = (state.head.clone(), ResetCause::Trimmed);
            waiting.backlog = Backlog::Reset { at, cause };
            return Vec::new();
        }
        let upto = if page.upto.reaches(&state.head) { state.head.clone() } else { page.upto };
        let wires = self.shared.settings.wires.len();
        let rows = page.rows.into_iter().take_while(|row| row.at.at <= upto.at);
        let deliveries = rows
            .map(|row| Arc::new(Delivery::new(row, wires)))
            .filter(|delivery| delivery.is_for(subscriber, &waiting.audiences))
            .collect();
        waiting.written = upto.clone();
        waiting.backlog = Backlog::Behind { after: upto };
        deliveries
    }

    /// How far a subscriber with nothing waiting is complete, and when the head was read. Takes
    /// it as written: it is about to be told so.
    pub(crate) fn complete_through(&self, subscriber: &Subscriber<E>) -> Option<(Cursor, u64)> {
        let state = self.state();
        let mut waiting = subscriber.waiting();
        if !waiting.is_complete() {
            return None;
        }
        waiting.written = state.head.clone();
        Some((state.head.clone(), state.checked_ms))
    }
}
