//! What keeps orders live: their events, tags, audience and queries, and what an event does to
//! what is already shown.
//!
//! The whole invalidation story of the slice. It must not read or write: fetching is the server
//! functions' part, recording the service's.
//!
//! | event | one order | a list | anything else |
//! |---|---|---|---|
//! | `order.created` | nothing | stale, unless the status filter shuts it out | the catalogue is patched: where the customer's latest order went |
//! | `order.updated`, shown | patched | patched while the row keeps its place, else stale | its history is stale |
//! | `order.updated`, not shown | nothing | stale if it may have come, gone or moved the others | |
//! | `metric.updated` | | | the metrics are stale |
//! | `catalogue.updated` | | | the catalogue is stale |
//! | `job.changed` | | | the import that it does is stale when it begins anew or ends |

mod event;
mod patch;
#[cfg(test)]
mod tests;

use highwater::{AsOf, FetchFailed, Fetched, Patch, Query};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::{
    api,
    model::{
        Catalogue, ImportId, Order, OrderFilter, OrderHistory, OrderId, OrderImport, OrderMetrics,
        OrderPage,
    },
};
use crate::{
    error::AppError,
    jobs::live::JobTag,
    live::{StudioEvent, StudioTag},
};

pub use event::{OrderEvent, OrderPatch, OrdersChanged, OrdersOfAll};

/// The audience that hears of every order: whoever may use orders.
pub const AUDIENCE: &str = "orders";

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
    /// What all orders amount to.
    Metrics,
    /// Customers and products.
    Catalogue,
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

/// What all orders amount to.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct OrderMetricsQuery;

/// What happened to an order.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct OrderHistoryQuery(pub OrderId);

/// What became of an import; how far it has come, its job tells.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct OrderImportQuery(pub ImportId);

/// What an order can be made of.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CatalogueQuery;

impl Query for OrderList {
    type Event = StudioEvent;
    type Value = OrderPage;
    type Refusal = AppError;

    const NAME: &'static str = "orders list";

    fn tags(&self) -> Vec<StudioTag> {
        depends_on(OrderTag::List)
    }

    fn patch(&self, page: &mut OrderPage, event: &StudioEvent) -> Patch {
        let StudioEvent::Order(event) = event else { return Patch::Unaffected };
        patch::page(&self.0, page, event)
    }

    async fn fetch(self, min: Option<AsOf>) -> Fetched<Self> {
        api::list_orders(self.0, min).await.map_err(FetchFailed::from)
    }
}

impl Query for OrderDetail {
    type Event = StudioEvent;
    type Value = Order;
    type Refusal = AppError;

    const NAME: &'static str = "order";

    fn tags(&self) -> Vec<StudioTag> {
        depends_on(OrderTag::One(self.0.clone()))
    }

    fn patch(&self, order: &mut Order, event: &StudioEvent) -> Patch {
        let StudioEvent::Order(event) = event else { return Patch::Unaffected };
        patch::order(order, event)
    }

    async fn fetch(self, min: Option<AsOf>) -> Fetched<Self> {
        api::get_order(self.0, min).await.map_err(FetchFailed::from)
    }
}

impl Query for OrderMetricsQuery {
    type Event = StudioEvent;
    type Value = OrderMetrics;
    type Refusal = AppError;

    const NAME: &'static str = "order metrics";

    fn tags(&self) -> Vec<StudioTag> {
        depends_on(OrderTag::Metrics)
    }

    fn patch(&self, _: &mut OrderMetrics, event: &StudioEvent) -> Patch {
        // Counted over many orders, so that only a fetch can tell.
        match event {
            StudioEvent::Order(OrderEvent::Metrics { .. }) => Patch::Stale,
            _ => Patch::Unaffected,
        }
    }

    async fn fetch(self, min: Option<AsOf>) -> Fetched<Self> {
        api::order_metrics(min).await.map_err(FetchFailed::from)
    }
}

impl Query for CatalogueQuery {
    type Event = StudioEvent;
    type Value = Catalogue;
    type Refusal = AppError;

    const NAME: &'static str = "order catalogue";

    fn tags(&self) -> Vec<StudioTag> {
        depends_on(OrderTag::Catalogue)
    }

    fn patch(&self, catalogue: &mut Catalogue, event: &StudioEvent) -> Patch {
        let StudioEvent::Order(event) = event else { return Patch::Unaffected };
        patch::catalogue(catalogue, event)
    }

    async fn fetch(self, min: Option<AsOf>) -> Fetched<Self> {
        api::order_catalogue(min).await.map_err(FetchFailed::from)
    }
}

impl Query for OrderHistoryQuery {
    type Event = StudioEvent;
    type Value = OrderHistory;
    type Refusal = AppError;

    const NAME: &'static str = "order history";

    fn tags(&self) -> Vec<StudioTag> {
        depends_on(OrderTag::One(self.0.clone()))
    }

    fn patch(&self, history: &mut OrderHistory, event: &StudioEvent) -> Patch {
        let StudioEvent::Order(event) = event else { return Patch::Unaffected };
        patch::history(&self.0, history, event)
    }

    async fn fetch(self, min: Option<AsOf>) -> Fetched<Self> {
        api::order_history(self.0, min).await.map_err(FetchFailed::from)
    }
}

impl Query for OrderImportQuery {
    type Event = StudioEvent;
    type Value = OrderImport;
    type Refusal = AppError;

    const NAME: &'static str = "order import";

    fn tags(&self) -> Vec<StudioTag> {
        let job = JobTag::Target(self.0.target());
        vec![StudioTag::Jobs(job), StudioTag::Orders(OrderTag::Every)]
    }

    fn patch(&self, import: &mut OrderImport, event: &StudioEvent) -> Patch {
        let StudioEvent::Job(event) = event else { return Patch::Unaffected };
        patch::import(import, event)
    }

    async fn fetch(self, min: Option<AsOf>) -> Fetched<Self> {
        api::get_import(self.0, min).await.map_err(FetchFailed::from)
    }
}

/// The tags of a query about this.
fn depends_on(tag: OrderTag) -> Vec<StudioTag> {
    vec![StudioTag::Orders(tag), StudioTag::Orders(OrderTag::Every)]
}

/// Unix milliseconds. They fit for every year that `time` knows.
pub(super) fn unix_millis(time: OffsetDateTime) -> i64 {
    time.unix_timestamp() * 1000 + i64::from(time.millisecond())
}
