//! The ring: the newest deliveries, kept so that a short absence is replayed without the database.

#[cfg(test)]
mod tests;

use std::{collections::VecDeque, sync::Arc};

use highwater_core::{Cursor, LiveEvent};

use super::Delivery;

/// Consecutive deliveries up to the hub's head, bounded in number.
pub(crate) struct Ring<E: LiveEvent> {
    deliveries: VecDeque<Arc<Delivery<E>>>,
    /// The ring holds every row after this one, up to the hub's head.
    floor: Cursor,
    capacity: usize,
}

impl<E: LiveEvent> Ring<E> {
    pub(crate) fn new(head: Cursor, capacity: usize) -> Self {
        Self { deliveries: VecDeque::new(), floor: head, capacity }
    }

    /// Whether it holds every row after `cursor`.
    pub(crate) fn covers(&self, cursor: &Cursor) -> bool {
        cursor.reaches(&self.floor)
    }

    /// Its deliveries after `cursor`.
    pub(crate) fn after(&self, cursor: &Cursor) -> impl Iterator<Item = &Arc<Delivery<E>>> {
        let from = self.deliveries.partition_point(|delivery| delivery.at.at <= cursor.at);
        self.deliveries.range(from..)
    }

    pub(crate) fn push(&mut self, delivery: Arc<Delivery<E>>) {
        self.deliveries.push_back(delivery);
        if self.deliveries.len() > self.capacity
            && let Some(oldest) = self.deliveries.pop_front()
        {
            self.floor = oldest.at.clone();
        }
    }

    /// Starts over: rows before `head` are not here.
    pub(crate) fn restart(&mut self, head: Cursor) {
        self.deliveries.clear();
        self.floor = head;
    }
}
