//! What identifies orders, customers and products.
//!
//! Owns the form of each id; whether there is such a thing is the store's to say.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// What every order id begins with; its number follows.
pub const ORDER_ID_PREFIX: &str = "ord_";

/// The longest order number, in digits: any such number fits an `i64`.
const MAX_DIGITS: usize = 18;

/// Identifies an order, such as `ord_10248`: `ord_` and one to 18 digits.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "ssr", schema(value_type = String, example = "ord_10248"))]
pub struct OrderId(String);

/// Identifies a customer, such as `VINET`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct CustomerId(pub String);

/// Identifies a product.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct ProductId(pub i64);

/// The text is not an order id.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not an order id; one looks like ord_10248")]
pub struct NotAnOrderId(String);

impl OrderId {
    /// Checks and takes an id's text.
    ///
    /// # Errors
    /// [`NotAnOrderId`] when it isn't `ord_` and one to 18 digits.
    pub fn new(text: impl Into<String>) -> Result<Self, NotAnOrderId> {
        let text = text.into();
        let digits = text.strip_prefix(ORDER_ID_PREFIX).unwrap_or_default();
        let of_digits = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        if of_digits && digits.len() <= MAX_DIGITS {
            Ok(Self(text))
        } else {
            Err(NotAnOrderId(text))
        }
    }

    /// The id of the order with this number; `None` when it has over 18 digits.
    pub fn of_number(number: u64) -> Option<Self> {
        Self::new(format!("{ORDER_ID_PREFIX}{number}")).ok()
    }

    /// Its text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Its number, by which orders are sorted.
    pub fn number(&self) -> i64 {
        let digits = self.0.bytes().filter(u8::is_ascii_digit);
        digits.fold(0, |number, digit| number * 10 + i64::from(digit - b'0'))
    }
}

impl CustomerId {
    /// Its text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for OrderId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for CustomerId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for ProductId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for OrderId {
    type Err = NotAnOrderId;

    fn from_str(text: &str) -> Result<Self, NotAnOrderId> {
        Self::new(text)
    }
}

impl TryFrom<String> for OrderId {
    type Error = NotAnOrderId;

    fn try_from(text: String) -> Result<Self, NotAnOrderId> {
        Self::new(text)
    }
}

impl From<OrderId> for String {
    fn from(id: OrderId) -> Self {
        id.0
    }
}
