//! Changing many orders at once.
//!
//! Owns what may be asked and how the answer is told. Each order changes by its own rules.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use super::{OrderId, OrderRow, OrderStatus};
use crate::error::AppError;

/// The most orders of one change.
pub const BULK_MAX: usize = 200;

/// A status for many orders.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct BulkChange {
    /// Which orders: 1 to 200, each once.
    pub ids: Vec<OrderId>,
    /// The status to take.
    pub status: OrderStatus,
}

/// What became of each order of many; every one is in exactly one of the lists, in the
/// order in which they were asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct BulkOutcome {
    /// The orders that took the status, as they are now.
    pub changed: Vec<OrderRow>,
    /// The orders that had it already.
    pub unchanged: Vec<OrderId>,
    /// The orders that may not take it, or that there are not.
    pub refused: Vec<BulkRefusal>,
}

/// Why one order of many did not change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct BulkRefusal {
    /// Which.
    pub id: OrderId,
    /// Why, as a sentence.
    pub reason: String,
}

impl BulkChange {
    /// Checks what can be checked without the orders.
    ///
    /// # Errors
    /// [`AppError::Invalid`] when it names no order, too many, or one twice.
    pub fn validate(&self) -> Result<(), AppError> {
        if !(1..=BULK_MAX).contains(&self.ids.len()) {
            let message = format!("Name 1 to {BULK_MAX} orders; these are {}.", self.ids.len());
            return Err(AppError::invalid("ids", message));
        }
        let mut seen = HashSet::new();
        match self.ids.iter().find(|id| !seen.insert(*id)) {
            Some(twice) => Err(AppError::invalid("ids", format!("{twice} is named twice."))),
            None => Ok(()),
        }
    }
}
