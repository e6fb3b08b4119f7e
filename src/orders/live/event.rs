//! What happens to orders, as it is recorded and heard.
//!
//! Owns the events' JSON and the tags they touch. It must not know what they do to what is shown.

use highwater::json;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::{OrderTag, about, unix_millis};
use crate::{
    live::StudioTag,
    orders::model::{Cents, CustomerId, OrderEdit, OrderId, OrderRow, OrderStatus, ShipTo},
};

/// Something happened to orders. Its JSON is `{type, id, patch, ts}`.
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
    /// What all orders amount to is different. Recorded once in each transaction that adds orders
    /// or moves any to another status.
    #[serde(rename = "metric.updated")]
    Metrics {
        /// `orders`.
        id: OrdersOfAll,
        /// Empty.
        patch: OrdersChanged,
        /// When it was recorded, in Unix milliseconds.
        ts: i64,
    },
    /// There are new customers or products.
    #[serde(rename = "catalogue.updated")]
    Catalogue {
        /// `orders`.
        id: OrdersOfAll,
        /// Empty.
        patch: OrdersChanged,
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

/// The id of what is about all orders together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum OrdersOfAll {
    /// The only one.
    #[serde(rename = "orders")]
    Orders,
}

/// That something changed, and not what: it is computed over many rows, so it has to be read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrdersChanged {}

/// What its JSON has besides its type.
#[derive(Deserialize)]
struct Parts<I, P> {
    id: I,
    patch: P,
    ts: i64,
}

impl OrderEvent {
    /// Reads it as [`LiveEvent::read`](highwater::LiveEvent::read) says.
    pub fn read(kind: &str, json: &str) -> Option<Self> {
        Some(match kind {
            "order.created" => {
                let Parts { id, patch, ts } = json::read(json).ok()?;
                Self::Created { id, patch, ts }
            }
            "order.updated" => {
                let Parts { id, patch, ts } = json::read(json).ok()?;
                Self::Updated { id, patch, ts }
            }
            "metric.updated" => {
                let Parts { id, patch, ts } = json::read(json).ok()?;
                Self::Metrics { id, patch, ts }
            }
            "catalogue.updated" => {
                let Parts { id, patch, ts } = json::read(json).ok()?;
                Self::Catalogue { id, patch, ts }
            }
            _ => return None,
        })
    }

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
    pub fn updated(order: &OrderRow, edit: &OrderEdit, now: OffsetDateTime) -> Self {
        let patch = OrderPatch {
            status: edit.status,
            note: edit.note.clone(),
            updated_at: Some(order.updated_at),
            version: Some(order.version),
            ..OrderPatch::default()
        };
        Self::Updated { id: order.id.clone(), patch, ts: unix_millis(now) }
    }

    /// What all orders amount to is different; recorded at `now`.
    pub fn metrics(now: OffsetDateTime) -> Self {
        let patch = OrdersChanged::default();
        Self::Metrics { id: OrdersOfAll::Orders, patch, ts: unix_millis(now) }
    }

    /// There are new customers or products; recorded at `now`.
    pub fn catalogue(now: OffsetDateTime) -> Self {
        let patch = OrdersChanged::default();
        Self::Catalogue { id: OrdersOfAll::Orders, patch, ts: unix_millis(now) }
    }

    /// The order that it is about, if it is about one.
    pub fn order(&self) -> Option<(&OrderId, &OrderPatch)> {
        match self {
            Self::Created { id, patch, .. } | Self::Updated { id, patch, .. } => Some((id, patch)),
            Self::Metrics { .. } | Self::Catalogue { .. } => None,
        }
    }

    /// What the log's history finds it by: the order that it is about.
    pub fn about(&self) -> Option<String> {
        self.order().map(|(id, _)| about(id))
    }

    /// What it touches.
    pub fn tags(&self) -> Vec<StudioTag> {
        let tags = match self {
            Self::Created { id, .. } => {
                vec![OrderTag::List, OrderTag::One(id.clone()), OrderTag::Catalogue]
            }
            Self::Updated { id, .. } => vec![OrderTag::List, OrderTag::One(id.clone())],
            Self::Metrics { .. } => vec![OrderTag::Metrics],
            Self::Catalogue { .. } => vec![OrderTag::Catalogue],
        };
        tags.into_iter().map(StudioTag::Orders).collect()
    }

    /// Events with the same key supersede each other.
    pub fn conflate(&self) -> Option<String> {
        match self {
            Self::Created { .. } | Self::Updated { .. } => None,
            Self::Metrics { .. } => Some("metric:orders".to_owned()),
            Self::Catalogue { .. } => Some("catalogue:orders".to_owned()),
        }
    }
}
