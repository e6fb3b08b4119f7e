//! What all orders amount to.
//!
//! Owns what is counted and how a day is written. The store counts.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use time::{Date, Month, OffsetDateTime};

use super::{Cents, OrderStatus};

/// Counts over all orders. **Revenue** is the sum of the totals of the orders that are not
/// cancelled, whether they have been delivered yet or not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct OrderMetrics {
    /// How many orders there are, cancelled ones too.
    pub orders: u64,
    /// The revenue of all of them.
    #[serde(rename = "revenueCents")]
    pub revenue: Cents,
    /// Every status in order, also those that no order has.
    pub by_status: Vec<StatusCount>,
    /// The newest 90 days on which anything was ordered, oldest first. Days
    /// without an order are left out, so the days need not follow one another.
    pub per_day: Vec<DayCount>,
}

/// The orders of one status.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct StatusCount {
    /// Which.
    pub status: OrderStatus,
    /// How many orders have it.
    pub orders: u64,
    /// The sum of their totals; no revenue when they are cancelled.
    #[serde(rename = "totalCents")]
    pub total: Cents,
}

/// The orders of one day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct DayCount {
    /// Which day, in UTC.
    pub day: Day,
    /// How many orders were placed, cancelled ones too; at least 1.
    pub orders: u64,
    /// Their revenue.
    #[serde(rename = "revenueCents")]
    pub revenue: Cents,
}

/// A day of the calendar, written as `1998-05-06`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "ssr", schema(value_type = String, example = "2026-03-09"))]
pub struct Day(pub Date);

/// The text is no day.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a day; one looks like 1998-05-06")]
pub struct NotADay(String);

impl OrderMetrics {
    /// The most days that are told.
    pub const DAYS: u32 = 90;

    /// What follows from the counts by status (in any order; those that are missing are 0) and by
    /// day.
    pub fn new(counted: Vec<StatusCount>, per_day: Vec<DayCount>) -> Self {
        let by_status = OrderStatus::ALL.map(|status| {
            let found = counted.iter().find(|count| count.status == status).cloned();
            found.unwrap_or(StatusCount { status, orders: 0, total: Cents(0) })
        });
        let paid = by_status.iter().filter(|count| count.status != OrderStatus::Cancelled);
        Self {
            orders: by_status.iter().map(|count| count.orders).sum(),
            revenue: paid.map(|count| count.total).sum(),
            by_status: by_status.to_vec(),
            per_day,
        }
    }

    /// How many orders have this status.
    pub fn orders_of(&self, status: OrderStatus) -> u64 {
        let found = self.by_status.iter().find(|count| count.status == status);
        found.map_or(0, |count| count.orders)
    }
}

impl Day {
    /// The moment at which it begins, in UTC.
    pub fn start(self) -> OffsetDateTime {
        self.0.midnight().assume_utc()
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.0.to_calendar_date();
        write!(f, "{year:04}-{:02}-{day:02}", u8::from(month))
    }
}

impl FromStr for Day {
    type Err = NotADay;

    fn from_str(text: &str) -> Result<Self, NotADay> {
        let read = || {
            let mut parts = text.splitn(3, '-');
            let year = parts.next().filter(|year| year.len() == 4)?.parse().ok()?;
            let month = Month::try_from(parts.next()?.parse::<u8>().ok()?).ok()?;
            let day = parts.next()?.parse().ok()?;
            Date::from_calendar_date(year, month, day).ok()
        };
        read().map(Self).ok_or_else(|| NotADay(text.to_owned()))
    }
}

impl TryFrom<String> for Day {
    type Error = NotADay;

    fn try_from(text: String) -> Result<Self, NotADay> {
        text.parse()
    }
}

impl From<Day> for String {
    fn from(day: Day) -> Self {
        day.to_string()
    }
}
