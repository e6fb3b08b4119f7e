//! What keeps orders live: their events, tags, audience and queries, and what an event does to
//! what is already shown.
//!
//! The whole invalidation story of the slice. It must not read or write: fetching is the server
//! functions' part, recording the service's.
//!
//! | event | one order | a list |
//! |---|---|---|
//! | `order.created` | nothing | stale, unless the status filter shuts it out |
//! | `order.updated`, shown | patched | patched while the row keeps its place, else stale |
//! | `order.updated`, not shown | nothing | stale if it may have come, gone or moved the others |

mod patch;
#[cfg(test)]
mod tests;

use highwater::{AsOf, FetchFailed, Fetched, Patch, Query};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::{
    api,
    model::{
        Cents, CustomerId, Order, OrderEdit, OrderFilter, OrderId, OrderPage, OrderRow,
        OrderStatus, ShipTo,
    },
};
use crate::{
    error::AppError,
    live::{StudioEvent, StudioTag},
};

/// The audience that hears of every order: whoever may use orders.
pub const AUDIENCE: &str = "orders";

/// Something happened to an order. Its JSON is `{type, id, patch, ts}`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type")]
pub enum OrderEvent {
    /// There is a new order; the patch has all fields of its row.
    #[serde(rename = "order.created")]
    Created {
        /// Which.
        id: OrderId,
        /// Its row.
        patch: OrderPatch,
        /// When it was recorded, in Unix milliseconds.
        ts: i64,
    },
    /// An order changed; the patch has what changed, and the version that results.
    #[serde(rename = "order.updated")]
    Updated {
        /// Which.
        id: OrderId,
        /// What changed.
        patch: OrderPatch,
        /// When it was recorded, in Unix milliseconds.
        ts: i64,
    },
}

/// The changed fields of an order with their new values.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct OrderPatch {
    /// How far it has come.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<OrderStatus>,
    /// What staff wrote about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// When it changed.
    #[serde(skip_serializing_if = "Option::is_none", with = "time::serde::rfc3339::option")]
    pub updated_at: Option<OffsetDateTime>,
    /// The version that results.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<u64>,
    /// Who ordered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer_id: Option<CustomerId>,
    /// Their name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer_name: Option<String>,
    /// Where it goes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ship_to: Option<ShipTo>,
    /// The sum of its lines.
    #[serde(rename = "totalCents", skip_serializing_if = "Option::is_none")]
    pub total: Option<Cents>,
    /// When it was ordered.
    #[serde(skip_serializing_if = "Option::is_none", with = "time::serde::rfc3339::option")]
    pub created_at: Option<OffsetDateTime>,
    /// How many lines it has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line_count: Option<u32>,
}

/// The names of cached orders.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrderTag {
    /// Every list of orders.
    List,
    /// One order.
    One(OrderId),
    /// Everything of the slice: each of its queries depends on it and no event touches it. Whoever
    /// may use orders gains it with the role, and loses it with the role.
    Every,
}

/// A page of the list.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct OrderList(pub OrderFilter);

/// One order, whole.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct OrderDetail(pub OrderId);

/// What the history of an order is found by.
pub fn about(id: &OrderId) -> String {
    format!("order:{id}")
}

impl OrderEvent {
    /// This order is new; recorded at `now`.
    pub fn created(row: &OrderRow, now: OffsetDateTime) -> Self {
        let patch = OrderPatch {
            status: Some(row.status),
            note: Some(row.note.clone()),
            updated_at: Some(row.updated_at),
            version: Some(row.version),
            customer_id: Some(row.customer_id.clone()),
            customer_name: Some(row.customer_name.clone()),
            ship_to: Some(row.ship_to.clone()),
            total: Some(row.total),
            created_at: Some(row.created_at),
            line_count: Some(row.line_count),
        };
        Self::Created { id: row.id.clone(), patch, ts: unix_millis(now) }
    }

    /// This order is as it is by this edit; recorded at `now`.
    pub fn updated(order: &Order, edit: &OrderEdit, now: OffsetDateTime) -> Self {
        let patch = OrderPatch {
            status: edit.status,
            note: edit.note.clone(),
            updated_at: Some(order.updated_at),
            version: Some(order.version),
            ..OrderPatch::default()
        };
        Self::Updated { id: order.id.clone(), patch, ts: unix_millis(now) }
    }

    /// The order that it is about.
    pub fn id(&self) -> &OrderId {
        match self {
            Self::Created { id, .. } | Self::Updated { id, .. } => id,
        }
    }

    /// What it is about: one order.
    pub fn about(&self) -> Option<String> {
        Some(about(self.id()))
    }

    /// What it touches.
    pub fn tags(&self) -> Vec<StudioTag> {
        vec![StudioTag::Orders(OrderTag::List), StudioTag::Orders(OrderTag::One(self.id().clone()))]
    }
}

impl Query for OrderList {
    type Event = StudioEvent;
    type Value = OrderPage;
    type Refusal = AppError;

    const NAME: &'static str = "orders list";

    fn tags(&self) -> Vec<StudioTag> {
        vec![StudioTag::Orders(OrderTag::List), StudioTag::Orders(OrderTag::Every)]
    }

    fn patch(&self, page: &mut OrderPage, event: &StudioEvent) -> Patch {
        let StudioEvent::Order(event) = event else { return Patch::Unaffected };
        patch::page(&self.0, page, event)
    }

    async fn fetch(self, min: Option<AsOf>) -> Fetched<Self> {
        api::list_orders(self.0, min).await.map_err(failed)
    }
}

impl Query for OrderDetail {
    type Event = StudioEvent;
    type Value = Order;
    type Refusal = AppError;

    const NAME: &'static str = "order";

    fn tags(&self) -> Vec<StudioTag> {
        let one = OrderTag::One(self.0.clone());
        vec![StudioTag::Orders(one), StudioTag::Orders(OrderTag::Every)]
    }

    fn patch(&self, order: &mut Order, event: &StudioEvent) -> Patch {
        let StudioEvent::Order(event) = event else { return Patch::Unaffected };
        patch::order(order, event)
    }

    async fn fetch(self, min: Option<AsOf>) -> Fetched<Self> {
        api::get_order(self.0, min).await.map_err(failed)
    }
}

/// Unix milliseconds. They fit for every year that `time` knows.
pub(super) fn unix_millis(time: OffsetDateTime) -> i64 {
    time.unix_timestamp() * 1000 + i64::from(time.millisecond())
}

fn failed(error: AppError) -> FetchFailed {
    FetchFailed { message: error.to_string() }
}
