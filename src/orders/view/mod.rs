//! The orders' pages.
//!
//! Owns what people see of orders. It must not decide what is fresh, allowed or patched.

mod list;
mod toolbar;
mod rows;
mod selection;
mod bulk;
mod detail;
mod contents;
mod history;
mod actions;
mod note;
mod new_order;
mod import;
mod today;

pub use detail::OrderPage;
pub use import::ImportPage;
pub use list::OrderListPage;
pub use new_order::NewOrderPage;
pub use today::OrdersToday;

use highwater::{MutationRequest, Mutations, use_mutation};
use leptos::prelude::{RwSignal, use_context};

use super::{
    api::update_order,
    live::{OrderDetail, OrderList},
    model::{Order, OrderChange, OrderId, OrderStatus},
};
use crate::{error::AppError, live::StudioEvent, ui::Tone};

/// The address of the list that was shown last: the way back from an order keeps its filter.
#[derive(Clone, Copy)]
pub struct LastList(RwSignal<String>);

impl LastList {
    /// Before any list was shown.
    pub fn new() -> Self {
        Self(RwSignal::new("/orders".to_owned()))
    }
}

impl Default for LastList {
    fn default() -> Self {
        Self::new()
    }
}

/// The mutations of the frame around the page, which outlives it; elsewhere the page's own.
fn mutations() -> Mutations<StudioEvent> {
    use_context().unwrap_or_else(use_mutation)
}

/// What the colour of a status means.
fn tone(status: OrderStatus) -> Tone {
    match status {
        OrderStatus::Pending => Tone::Warning,
        OrderStatus::Confirmed | OrderStatus::Packed | OrderStatus::Shipped => Tone::Accent,
        OrderStatus::Delivered => Tone::Success,
        OrderStatus::Cancelled => Tone::Neutral,
    }
}

/// A change of one order: shown at once wherever the order is, and sent when the change before it
/// has been answered. `decided_on` is the note that the change was decided on, if it replaces one:
/// somebody else's note is not overwritten unseen.
fn change(
    id: OrderId,
    change: OrderChange,
    decided_on: Option<String>,
) -> MutationRequest<StudioEvent, Order, AppError> {
    let (of_detail, of_list) = (change.clone(), change.clone());
    let (detail, changed) = (OrderDetail(id.clone()), id.clone());
    let sent = id.clone();
    MutationRequest::new(format!("order {id}"), move |sending| {
        let mut change = change.clone();
        if let (Some(note), Some(Ok(order))) =
            (&decided_on, sending.committed(&OrderDetail(sent.clone())))
        {
            // Version 0 never is: the server refuses in its own words.
            change.version = Some(if order.note == *note { order.version } else { 0 });
        }
        update_order(sent.clone(), change, sending.id)
    })
    .overlay(detail.clone(), move |order| order.lay_over(&of_detail))
    .overlay_all::<OrderList>(move |page| {
        let row = page.rows.iter_mut().find(|row| row.id == changed);
        row.into_iter().for_each(|row| row.lay_over(&of_list));
    })
    .returns(detail, Order::clone)
}
