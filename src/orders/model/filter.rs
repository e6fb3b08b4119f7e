//! Which orders a list shows, and in which order.
//!
//! Owns the list's address (`?status=&q=&sort=&page=`), read strictly for programs and leniently
//! for people. The store turns a filter into a query.

use std::{cmp::Ordering, fmt, fmt::Write, str::FromStr};

use serde::{Deserialize, Serialize};

use super::{OrderRow, OrderStatus};
use crate::error::AppError;

/// The longest search, in characters.
pub const SEARCH_MAX_CHARS: usize = 100;

/// Which page of which orders.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct OrderFilter {
    /// Only orders of this status.
    pub status: Option<OrderStatus>,
    /// Only orders with this in their number, their customer's name or their customer's id,
    /// whatever the case. Trimmed; empty for all.
    pub q: String,
    /// In which order.
    pub sort: OrderSort,
    /// Which page, from 1.
    pub page: u32,
}

/// In which order orders stand. Its text is the field's name, with a `-` when descending. Orders
/// that are equal in it stand by number, in the same direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct OrderSort {
    /// What is compared.
    pub by: SortField,
    /// From large to small.
    pub descending: bool,
}

/// What orders are sorted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SortField {
    /// The number in the id.
    Number,
    /// When it was ordered.
    Created,
    /// When it last changed.
    Updated,
    /// The customer's name, whatever the case.
    Customer,
    /// The sum of the lines.
    Total,
    /// The status, as an order goes through them.
    Status,
}

/// The text names no order of sorting.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} is not a way to sort; use number, created, updated, customer, total or status, \
     with a - in front to turn it round"
)]
pub struct UnknownSort(String);

impl Default for OrderFilter {
    fn default() -> Self {
        Self { status: None, q: String::new(), sort: OrderSort::default(), page: 1 }
    }
}

impl Default for OrderSort {
    /// The newest first.
    fn default() -> Self {
        Self { by: SortField::Created, descending: true }
    }
}

impl OrderFilter {
    /// Reads a query string's parameters; `get` gives a parameter's decoded value. What is absent
    /// or empty is the default.
    ///
    /// # Errors
    /// [`AppError::Invalid`] naming the first parameter that can't be understood.
    pub fn from_query(get: impl Fn(&str) -> Option<String>) -> Result<Self, AppError> {
        let given = |name: &str| get(name).filter(|value| !value.is_empty());
        let mut filter = Self::default();
        if let Some(text) = given("status") {
            filter.status = Some(read("status", &text)?);
        }
        if let Some(text) = given("q") {
            filter.q = text.trim().to_owned();
        }
        if let Some(text) = given("sort") {
            filter.sort = read("sort", &text)?;
        }
        if let Some(text) = given("page") {
            let message = format!("{text:?} is not a page; pages are numbered from 1.");
            filter.page = text.parse().map_err(|_| AppError::invalid("page", message))?;
        }
        filter.validate()?;
        Ok(filter)
    }

    /// Reads a query string's parameters like [`from_query`](Self::from_query), taking the default
    /// for what can't be understood and the beginning of too long a search.
    pub fn from_query_or_default(get: impl Fn(&str) -> Option<String>) -> Self {
        let default = Self::default();
        let page = get("page").and_then(|text| text.parse().ok()).unwrap_or(default.page);
        let q: String =
            get("q").unwrap_or_default().trim().chars().take(SEARCH_MAX_CHARS).collect();
        Self {
            status: get("status").and_then(|text| text.parse().ok()),
            q: q.trim_end().to_owned(),
            sort: get("sort").and_then(|text| text.parse().ok()).unwrap_or(default.sort),
            page: page.max(1),
        }
    }

    /// The query string that reads as this filter, without `?`; defaults are left out.
    pub fn to_query(&self) -> String {
        let default = Self::default();
        let mut parts = Vec::new();
        if let Some(status) = self.status {
            parts.push(format!("status={status}"));
        }
        if !self.q.is_empty() {
            parts.push(format!("q={}", encoded(&self.q)));
        }
        if self.sort != default.sort {
            parts.push(format!("sort={}", self.sort));
        }
        if self.page != default.page {
            parts.push(format!("page={}", self.page));
        }
        parts.join("&")
    }

    /// Checks a filter that came as a whole.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for the page 0 and for too long a search.
    pub fn validate(&self) -> Result<(), AppError> {
        if self.page == 0 {
            return Err(AppError::invalid("page", "Pages are numbered from 1."));
        }
        if self.q.chars().count() > SEARCH_MAX_CHARS {
            let message = format!("A search has at most {SEARCH_MAX_CHARS} characters.");
            return Err(AppError::invalid("q", message));
        }
        Ok(())
    }
}

impl OrderSort {
    /// How two orders stand to each other.
    pub fn compare(self, a: &OrderRow, b: &OrderRow) -> Ordering {
        let by_field = match self.by {
            SortField::Number => Ordering::Equal,
            SortField::Created => a.created_at.cmp(&b.created_at),
            SortField::Updated => a.updated_at.cmp(&b.updated_at),
            SortField::Customer => {
                a.customer_name.to_lowercase().cmp(&b.customer_name.to_lowercase())
            }
            SortField::Total => a.total.cmp(&b.total),
            SortField::Status => a.status.cmp(&b.status),
        };
        let ascending = by_field.then_with(|| a.id.number().cmp(&b.id.number()));
        if self.descending { ascending.reverse() } else { ascending }
    }
}

impl SortField {
    /// Every field.
    pub const ALL: [Self; 6] =
        [Self::Number, Self::Created, Self::Updated, Self::Customer, Self::Total, Self::Status];

    /// Its name in URLs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::Created => "created",
            Self::Updated => "updated",
            Self::Customer => "customer",
            Self::Total => "total",
            Self::Status => "status",
        }
    }
}

impl fmt::Display for OrderSort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.descending { "-" } else { "" })?;
        f.write_str(self.by.as_str())
    }
}

impl FromStr for OrderSort {
    type Err = UnknownSort;

    fn from_str(text: &str) -> Result<Self, UnknownSort> {
        let (name, descending) = text.strip_prefix('-').map_or((text, false), |name| (name, true));
        let found = SortField::ALL.into_iter().find(|field| field.as_str() == name);
        found.map(|by| Self { by, descending }).ok_or_else(|| UnknownSort(text.to_owned()))
    }
}

impl TryFrom<String> for OrderSort {
    type Error = UnknownSort;

    fn try_from(text: String) -> Result<Self, UnknownSort> {
        text.parse()
    }
}

impl From<OrderSort> for String {
    fn from(sort: OrderSort) -> Self {
        sort.to_string()
    }
}

fn read<T: FromStr<Err: fmt::Display>>(field: &str, text: &str) -> Result<T, AppError> {
    text.parse().map_err(|wrong: T::Err| AppError::invalid(field, format!("{wrong}.")))
}

/// A value as it stands in a query string.
fn encoded(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            text.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(text, "%{byte:02X}");
        }
    }
    text
}
