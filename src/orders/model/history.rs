//! What happened to one order, and who did it.
//!
//! Owns the types and how a change of status is told. It must not know how it was recorded.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::OrderStatus;

/// The history of one order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct OrderHistory {
    /// What is known to have happened, newest first; at most 200 changes,
    /// and that it was made.
    pub entries: Vec<HistoryEntry>,
    /// Of what happened before this time, the history tells only that the order was made: the log
    /// keeps no more, or there are too many changes. `None` when it tells everything.
    #[serde(with = "time::serde::rfc3339::option")]
    pub kept_since: Option<OffsetDateTime>,
}

/// One change of an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct HistoryEntry {
    /// When.
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
    /// The name of whoever did it, as it is today; `None` when it was nobody who has an account,
    /// such as an import on the server, or when it is not known.
    pub actor: Option<String>,
    /// What was done: one step, or a status and a note together.
    pub what: Vec<HistoryStep>,
    /// The version of the order that resulted.
    pub version: u64,
}

/// One thing that was done to an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub enum HistoryStep {
    /// It was placed.
    Created,
    /// It was placed elsewhere, and brought here.
    Imported,
    /// It took a status.
    Status {
        /// The one that it had; `None` when that is not known any more.
        from: Option<OrderStatus>,
        /// The one that it took.
        to: OrderStatus,
    },
    /// Its note was replaced.
    Note {
        /// By this one; empty when it was removed.
        note: String,
    },
}

impl OrderHistory {
    /// The most changes that are told.
    pub const CHANGES: u32 = 200;
}
