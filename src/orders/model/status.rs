//! How far an order has come, and which steps it may take.
//!
//! Owns the statuses' names, their order and the allowed transitions.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// How far an order has come. Ordered as an order goes through them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub enum OrderStatus {
    /// Received, and not looked at.
    Pending,
    /// Accepted.
    Confirmed,
    /// Ready to leave.
    Packed,
    /// On its way.
    Shipped,
    /// At the customer's. Final.
    Delivered,
    /// Called off before it was shipped. Final.
    Cancelled,
}

/// The text names no order status.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a status; use pending, confirmed, packed, shipped, delivered or cancelled")]
pub struct UnknownStatus(String);

impl OrderStatus {
    /// Every status, in order.
    pub const ALL: [Self; 6] = [
        Self::Pending,
        Self::Confirmed,
        Self::Packed,
        Self::Shipped,
        Self::Delivered,
        Self::Cancelled,
    ];

    /// Its name in the database, in JSON, in URLs and in sentences.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Confirmed => "confirmed",
            Self::Packed => "packed",
            Self::Shipped => "shipped",
            Self::Delivered => "delivered",
            Self::Cancelled => "cancelled",
        }
    }

    /// The statuses that an order may take next; the step onwards is first.
    pub fn next(self) -> &'static [Self] {
        match self {
            Self::Pending => &[Self::Confirmed, Self::Cancelled],
            Self::Confirmed => &[Self::Packed, Self::Cancelled],
            Self::Packed => &[Self::Shipped, Self::Cancelled],
            Self::Shipped => &[Self::Delivered],
            Self::Delivered | Self::Cancelled => &[],
        }
    }

    /// Whether an order of this status may take `next`.
    pub fn may_become(self, next: Self) -> bool {
        self.next().contains(&next)
    }
}

impl fmt::Display for OrderStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for OrderStatus {
    type Err = UnknownStatus;

    fn from_str(text: &str) -> Result<Self, UnknownStatus> {
        let found = Self::ALL.into_iter().find(|status| status.as_str() == text);
        found.ok_or_else(|| UnknownStatus(text.to_owned()))
    }
}
