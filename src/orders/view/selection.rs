//! Which orders of the list are selected, and the steps that they may take.

use crate::{
    orders::model::{OrderId, OrderRow, OrderStatus},
    ui::Selection,
};

/// The selected orders, with the status that each was last seen with.
pub(super) type Selected = Selection<OrderId, OrderStatus>;

/// The statuses that at least one of them may take, in order. The view follows it.
pub(super) fn steps(selected: Selected) -> Vec<OrderStatus> {
    let may = |next: &OrderStatus| selected.any(|status| status.may_become(*next));
    OrderStatus::ALL.into_iter().filter(may).collect()
}

/// What a selection knows of a page.
pub(super) fn known(rows: &[OrderRow]) -> Vec<(OrderId, OrderStatus)> {
    rows.iter().map(|row| (row.id.clone(), row.status)).collect()
}
