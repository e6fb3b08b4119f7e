//! Orders and their rules, the same in the browser and on the server.
//!
//! Owns the types that travel and everything that can be decided without a database: the allowed
//! transitions, the arithmetic, the list's address. It must not know how orders are stored.

mod id;
mod status;
mod money;
mod change;
mod bulk;
mod catalogue;
mod new_order;
mod filter;
mod metrics;
mod history;
mod import;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

pub use self::{
    bulk::{BULK_MAX, BulkChange, BulkOutcome, BulkRefusal},
    catalogue::{Catalogue, CatalogueCustomer, Product},
    change::{NOTE_MAX_CHARS, OrderChange, OrderEdit},
    filter::{OrderFilter, OrderSort, SEARCH_MAX_CHARS, SortField, UnknownSort},
    history::{HistoryEntry, HistoryStep, OrderHistory},
    id::{CustomerId, NotAnOrderId, ORDER_ID_PREFIX, OrderId, ProductId},
    import::{BadRow, ImportCounts, ImportId, ImportStatus, OrderImport},
    metrics::{Day, DayCount, NotADay, OrderMetrics, StatusCount},
    money::{Cents, FULL_DISCOUNT_BP},
    new_order::{ADDRESS_MAX_CHARS, FieldProblem, LINES_MAX, NewLine, NewOrder, QUANTITY_MAX},
    status::{OrderStatus, UnknownStatus},
};

/// One order, whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Order {
    /// Identity.
    pub id: OrderId,
    /// Who ordered.
    pub customer_id: CustomerId,
    /// Their name.
    pub customer_name: String,
    /// Where it goes.
    pub ship_to: ShipTo,
    /// How far it has come.
    pub status: OrderStatus,
    /// What staff wrote about it; empty when nobody did.
    pub note: String,
    /// The sum of its lines.
    #[serde(rename = "totalCents")]
    pub total: Cents,
    /// When it was ordered.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    /// When it last changed.
    #[serde(with = "time::serde::rfc3339")]
    pub updated_at: OffsetDateTime,
    /// 1, and one more for each change.
    pub version: u64,
    /// What was ordered, by product.
    pub lines: Vec<OrderLine>,
}

/// One product of an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct OrderLine {
    /// Which product.
    pub product_id: ProductId,
    /// Its name.
    pub product_name: String,
    /// The price of one piece when it was ordered.
    #[serde(rename = "unitPriceCents")]
    pub unit_price: Cents,
    /// How many pieces; at least 1.
    pub quantity: u32,
    /// The discount in basis points: 1,500 is 15 %.
    pub discount_bp: u32,
    /// What the line costs, its discount taken off.
    #[serde(rename = "totalCents")]
    pub total: Cents,
}

/// Where an order goes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct ShipTo {
    /// Who receives it.
    pub name: String,
    /// Street and number.
    pub address: String,
    /// Town.
    pub city: String,
    /// State or province, where addresses have one.
    pub region: Option<String>,
    /// Postal code, where addresses have one.
    pub postal_code: Option<String>,
    /// Country, in English.
    pub country: String,
}

/// An order as the list shows it: all of it but its lines.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct OrderRow {
    /// Identity.
    pub id: OrderId,
    /// Who ordered.
    pub customer_id: CustomerId,
    /// Their name.
    pub customer_name: String,
    /// Where it goes.
    pub ship_to: ShipTo,
    /// How far it has come.
    pub status: OrderStatus,
    /// What staff wrote about it; empty when nobody did.
    pub note: String,
    /// The sum of its lines.
    #[serde(rename = "totalCents")]
    pub total: Cents,
    /// When it was ordered.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    /// When it last changed.
    #[serde(with = "time::serde::rfc3339")]
    pub updated_at: OffsetDateTime,
    /// 1, and one more for each change.
    pub version: u64,
    /// How many lines it has.
    pub line_count: u32,
}

/// One page of the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct OrderPage {
    /// Its orders, sorted as asked. Empty beyond the last page.
    pub rows: Vec<OrderRow>,
    /// How many orders match, on all pages.
    pub total: u64,
    /// Which page this is, from 1.
    pub page: u32,
    /// How many pages there are; at least 1.
    pub pages: u32,
    /// How many orders a full page has.
    pub per_page: u32,
}

impl OrderPage {
    /// How many orders a full page has.
    pub const PER_PAGE: u32 = 25;

    /// The page `page` with these rows, of `total` orders that match.
    pub fn new(rows: Vec<OrderRow>, total: u64, page: u32) -> Self {
        let pages = total.div_ceil(u64::from(Self::PER_PAGE)).max(1);
        let pages = u32::try_from(pages).unwrap_or(u32::MAX);
        Self { rows, total, page, pages, per_page: Self::PER_PAGE }
    }
}

impl OrderRow {
    /// The order with these lines.
    pub fn with_lines(self, lines: Vec<OrderLine>) -> Order {
        Order {
            id: self.id,
            customer_id: self.customer_id,
            customer_name: self.customer_name,
            ship_to: self.ship_to,
            status: self.status,
            note: self.note,
            total: self.total,
            created_at: self.created_at,
            updated_at: self.updated_at,
            version: self.version,
            lines,
        }
    }
}

impl From<&Order> for OrderRow {
    fn from(order: &Order) -> Self {
        Self {
            id: order.id.clone(),
            customer_id: order.customer_id.clone(),
            customer_name: order.customer_name.clone(),
            ship_to: order.ship_to.clone(),
            status: order.status,
            note: order.note.clone(),
            total: order.total,
            created_at: order.created_at,
            updated_at: order.updated_at,
            version: order.version,
            line_count: u32::try_from(order.lines.len()).unwrap_or(u32::MAX),
        }
    }
}
