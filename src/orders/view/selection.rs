//! Which orders of the list are selected. A selection stays while orders change, while pages are
//! turned and while the list is filtered; what it holds beyond the page is always said.

use std::collections::BTreeMap;

use leptos::prelude::*;

use crate::orders::model::{OrderId, OrderRow, OrderStatus};

/// The selected orders. Cheap to copy.
#[derive(Clone, Copy, Debug)]
pub(super) struct Selection(
    /// With the status that each was last seen with.
    RwSignal<BTreeMap<OrderId, OrderStatus>>,
);

/// How many rows of a page are selected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Share {
    selected: usize,
    of: usize,
}

impl Selection {
    /// Nothing is selected.
    pub fn new() -> Self {
        Self(RwSignal::new(BTreeMap::new()))
    }

    /// Selects an order, or no longer.
    pub fn turn(self, row: &OrderRow, on: bool) {
        self.0.update(|selected| {
            if on {
                selected.insert(row.id.clone(), row.status);
            } else {
                selected.remove(&row.id);
            }
        });
    }

    /// Whether an order is selected. The view follows it.
    pub fn has(self, id: &OrderId) -> bool {
        self.0.with(|selected| selected.contains_key(id))
    }

    /// How many are selected. The view follows it.
    pub fn count(self) -> usize {
        self.0.with(BTreeMap::len)
    }

    /// How many of these rows are selected. The view follows it.
    pub fn share_of(self, rows: &[OrderRow]) -> Share {
        let selected = rows.iter().filter(|row| self.has(&row.id)).count();
        Share { selected, of: rows.len() }
    }

    /// The selected orders.
    pub fn ids(self) -> Vec<OrderId> {
        self.0.with_untracked(|selected| selected.keys().cloned().collect())
    }

    /// The statuses that at least one of them may take, in order. The view follows it.
    pub fn steps(self) -> Vec<OrderStatus> {
        let may = |next: &OrderStatus| {
            self.0.with(|selected| selected.values().any(|status| status.may_become(*next)))
        };
        OrderStatus::ALL.into_iter().filter(may).collect()
    }

    /// Notes what has become of selected orders.
    pub fn saw(self, rows: &[OrderRow]) {
        let news = |selected: &BTreeMap<OrderId, OrderStatus>, row: &OrderRow| {
            selected.get(&row.id).is_some_and(|status| *status != row.status)
        };
        if self.0.with_untracked(|selected| rows.iter().any(|row| news(selected, row))) {
            self.0.update(|selected| {
                for row in rows {
                    selected.entry(row.id.clone()).and_modify(|status| *status = row.status);
                }
            });
        }
    }

    /// Keeps only these selected.
    pub fn keep_only(self, ids: &[OrderId]) {
        // The page may be gone by then.
        self.0.try_update(|selected| selected.retain(|id, _| ids.contains(id)));
    }
}

impl Share {
    /// All of them, and there are any.
    pub fn is_all(self) -> bool {
        self.of > 0 && self.selected == self.of
    }

    /// Some, and not all.
    pub fn is_some(self) -> bool {
        self.selected > 0 && self.selected < self.of
    }

    /// How many are.
    pub fn selected(self) -> usize {
        self.selected
    }
}
