//! Between rows of the database and the model.
//!
//! Owns both directions. What stands in the database and means nothing to the model is an error
//! of the database, never a guess.

use sea_orm::{ActiveValue::Set, DbErr, FromQueryResult};

use super::entity::{line, order};
use crate::{
    orders::model::{Cents, CustomerId, Order, OrderId, OrderLine, OrderRow, ProductId, ShipTo},
    server::database::column::{count, from_millis, to_millis, unreadable},
};

/// An order as it is read: its row, its customer's name and the count of its lines.
#[derive(FromQueryResult)]
pub(super) struct RowRecord {
    id: String,
    customer_id: String,
    customer_name: String,
    ship_name: String,
    ship_address: String,
    ship_city: String,
    ship_region: Option<String>,
    ship_postal_code: Option<String>,
    ship_country: String,
    status: String,
    note: String,
    total_cents: i64,
    created_at: i64,
    updated_at: i64,
    version: i64,
    line_count: i64,
}

impl TryFrom<RowRecord> for OrderRow {
    type Error = DbErr;

    fn try_from(record: RowRecord) -> Result<Self, DbErr> {
        Ok(Self {
            id: OrderId::new(record.id).map_err(unreadable)?,
            customer_id: CustomerId(record.customer_id),
            customer_name: record.customer_name,
            ship_to: ShipTo {
                name: record.ship_name,
                address: record.ship_address,
                city: record.ship_city,
                region: record.ship_region,
                postal_code: record.ship_postal_code,
                country: record.ship_country,
            },
            status: record.status.parse().map_err(unreadable)?,
            note: record.note,
            total: Cents(record.total_cents),
            created_at: from_millis(record.created_at)?,
            updated_at: from_millis(record.updated_at)?,
            version: record.version.try_into().map_err(unreadable)?,
            line_count: record.line_count.try_into().map_err(unreadable)?,
        })
    }
}

impl TryFrom<line::Model> for OrderLine {
    type Error = DbErr;

    fn try_from(row: line::Model) -> Result<Self, DbErr> {
        Ok(Self {
            product_id: ProductId(row.product_id),
            product_name: row.product_name,
            unit_price: Cents(row.unit_price_cents),
            quantity: row.quantity.try_into().map_err(unreadable)?,
            discount_bp: row.discount_bp.try_into().map_err(unreadable)?,
            total: Cents(row.total_cents),
        })
    }
}

/// The row of a new order.
pub(super) fn order_row(order: &Order) -> Result<order::ActiveModel, DbErr> {
    Ok(order::ActiveModel {
        id: Set(order.id.as_str().to_owned()),
        number: Set(order.id.number()),
        customer_id: Set(order.customer_id.as_str().to_owned()),
        ship_name: Set(order.ship_to.name.clone()),
        ship_address: Set(order.ship_to.address.clone()),
        ship_city: Set(order.ship_to.city.clone()),
        ship_region: Set(order.ship_to.region.clone()),
        ship_postal_code: Set(order.ship_to.postal_code.clone()),
        ship_country: Set(order.ship_to.country.clone()),
        status: Set(order.status.as_str().to_owned()),
        note: Set(order.note.clone()),
        total_cents: Set(order.total.0),
        created_at: Set(to_millis(order.created_at)),
        updated_at: Set(to_millis(order.updated_at)),
        version: Set(count(order.version)?),
    })
}

/// The row of a new line.
pub(super) fn line_row(order: &OrderId, line: &OrderLine) -> line::ActiveModel {
    line::ActiveModel {
        order_id: Set(order.as_str().to_owned()),
        product_id: Set(line.product_id.0),
        product_name: Set(line.product_name.clone()),
        unit_price_cents: Set(line.unit_price.0),
        quantity: Set(line.quantity.into()),
        discount_bp: Set(line.discount_bp.into()),
        total_cents: Set(line.total.0),
    }
}
