//! Customers and products in the database.

use std::collections::HashMap;

use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder,
    sea_query::{Expr, ExprTrait, OnConflict, Order as Way, Query},
};

use super::entity::{customer, order, product};
use crate::{
    orders::model::{
        Catalogue, CatalogueCustomer, Cents, CustomerId, OrderId, Product, ProductId, ShipTo,
    },
    server::database::column::unreadable,
};

/// A customer to be added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::orders) struct NewCustomer {
    pub(in crate::orders) id: CustomerId,
    pub(in crate::orders) name: String,
}

/// The name of a customer, if there is one.
pub(in crate::orders) async fn customer_name(
    conn: &impl ConnectionTrait,
    id: &CustomerId,
) -> Result<Option<String>, DbErr> {
    let found = customer::Entity::find_by_id(id.as_str().to_owned()).one(conn).await?;
    Ok(found.map(|customer| customer.name))
}

/// Those of the products that there are.
pub(in crate::orders) async fn products(
    conn: &impl ConnectionTrait,
    ids: &[ProductId],
) -> Result<Vec<Product>, DbErr> {
    let wanted = product::Column::Id.is_in(ids.iter().map(|id| id.0));
    let found = product::Entity::find().filter(wanted).all(conn).await?;
    Ok(found.into_iter().map(Product::from).collect())
}

/// Every customer and product: one query for each, and one for where the latest orders went.
pub(in crate::orders) async fn catalogue(conn: &impl ConnectionTrait) -> Result<Catalogue, DbErr> {
    let mut latest: HashMap<String, order::Model> = HashMap::new();
    for order in order::Entity::find().filter(is_latest()).all(conn).await? {
        latest.insert(order.customer_id.clone(), order);
    }
    let customers = customer::Entity::find()
        .order_by(customer::Column::NameFolded, Way::Asc)
        .order_by(customer::Column::Id, Way::Asc)
        .all(conn)
        .await?;
    let customers = customers.into_iter().map(|found| {
        let order = latest.remove(&found.id);
        let id = order.as_ref().map(|order| OrderId::new(order.id.as_str()));
        Ok(CatalogueCustomer {
            id: CustomerId(found.id),
            name: found.name,
            latest_order: id.transpose().map_err(unreadable)?,
            ship_to: order.map(ShipTo::from),
        })
    });
    let customers = customers.collect::<Result<_, DbErr>>()?;
    let found = product::Entity::find().all(conn).await?;
    let mut products: Vec<Product> = found.into_iter().map(Product::from).collect();
    // Databases do not agree on what case means beyond ASCII.
    products.sort_by_cached_key(|product| (product.name.to_lowercase(), product.id));
    Ok(Catalogue { customers, products })
}

/// Adds the customers that are missing; says how many those were.
pub(in crate::orders) async fn insert_missing_customers(
    conn: &impl ConnectionTrait,
    new: &[NewCustomer],
) -> Result<u64, DbErr> {
    let rows = new.iter().map(|customer| customer::ActiveModel {
        id: Set(customer.id.as_str().to_owned()),
        name: Set(customer.name.clone()),
        name_folded: Set(customer.name.to_lowercase()),
    });
    let unless_there = OnConflict::column(customer::Column::Id).do_nothing().to_owned();
    customer::Entity::insert_many(rows).on_conflict(unless_there).exec_without_returning(conn).await
}

/// Adds the products that are missing; says how many those were.
pub(in crate::orders) async fn insert_missing_products(
    conn: &impl ConnectionTrait,
    new: &[Product],
) -> Result<u64, DbErr> {
    let rows = new.iter().map(|product| product::ActiveModel {
        id: Set(product.id.0),
        name: Set(product.name.clone()),
        unit_price_cents: Set(product.unit_price.0),
    });
    let unless_there = OnConflict::column(product::Column::Id).do_nothing().to_owned();
    product::Entity::insert_many(rows).on_conflict(unless_there).exec_without_returning(conn).await
}

/// That an order has the highest number of its customer's. One step in an index for each customer.
fn is_latest() -> Expr {
    let of_this_customer = Expr::col((order::Entity, order::Column::CustomerId))
        .equals((customer::Entity, customer::Column::Id));
    let latest = Query::select()
        .expr(Expr::col((order::Entity, order::Column::Number)).max())
        .from(order::Entity)
        .and_where(of_this_customer)
        .to_owned();
    let latest = Query::select().expr(Expr::from(latest)).from(customer::Entity).to_owned();
    Expr::col((order::Entity, order::Column::Number)).in_subquery(latest)
}

impl From<product::Model> for Product {
    fn from(row: product::Model) -> Self {
        Self { id: ProductId(row.id), name: row.name, unit_price: Cents(row.unit_price_cents) }
    }
}

impl From<order::Model> for ShipTo {
    fn from(row: order::Model) -> Self {
        Self {
            name: row.ship_name,
            address: row.ship_address,
            city: row.ship_city,
            region: row.ship_region,
            postal_code: row.ship_postal_code,
            country: row.ship_country,
        }
    }
}
