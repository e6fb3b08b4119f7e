//! Orders in the database.
//!
//! Owns the entities and every query on them, in SQL that SQLite and PostgreSQL share. It takes a
//! connection and never opens one, and decides nothing.

mod entity;
mod record;
mod catalogue;
mod metrics;
mod imports;
#[cfg(test)]
mod tests;

use std::collections::HashSet;

use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, ExprTrait, JoinType, Order as Way,
    PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, RelationTrait, Select,
    sea_query::{CaseStatement, Expr, Func, LikeExpr, Query},
};

use self::{
    entity::{customer, line, order},
    record::RowRecord,
};
use super::model::{
    ORDER_ID_PREFIX, Order, OrderFilter, OrderId, OrderPage, OrderRow, OrderSort, OrderStatus,
    SortField,
};
use crate::server::database::column::{count, to_millis, unreadable};

pub(super) use self::{
    catalogue::{
        NewCustomer, catalogue, customer_name, insert_missing_customers, insert_missing_products,
        products,
    },
    imports::{
        advance_import, delete_ended_import_files, delete_import_files, find_import, import_files,
        insert_import, insert_import_files, update_import,
    },
    metrics::{by_status, per_day},
};

/// A page of the list: one query for its rows and one for the count.
pub(super) async fn page(
    conn: &impl ConnectionTrait,
    filter: &OrderFilter,
) -> Result<OrderPage, DbErr> {
    let total = rows().filter(condition(filter)).count(conn).await?;
    let per_page = u64::from(OrderPage::PER_PAGE);
    let before = u64::from(filter.page.saturating_sub(1)) * per_page;
    let rows = part(conn, filter, per_page, before).await?;
    Ok(OrderPage::new(rows, total, filter.page))
}

/// Part of all orders that the filter wants, whatever its page: `limit` of them after `before`.
pub(super) async fn part(
    conn: &impl ConnectionTrait,
    filter: &OrderFilter,
    limit: u64,
    before: u64,
) -> Result<Vec<OrderRow>, DbErr> {
    let wanted = sorted(rows().filter(condition(filter)), filter.sort).limit(limit).offset(before);
    let found = wanted.into_model::<RowRecord>().all(conn).await?;
    found.into_iter().map(OrderRow::try_from).collect()
}

/// One order with its lines, by product.
pub(super) async fn find(
    conn: &impl ConnectionTrait,
    id: &OrderId,
) -> Result<Option<Order>, DbErr> {
    let found = rows().filter(order::Column::Id.eq(id.as_str()));
    let Some(found) = found.into_model::<RowRecord>().one(conn).await? else {
        return Ok(None);
    };
    let lines = line::Entity::find()
        .filter(line::Column::OrderId.eq(id.as_str()))
        .order_by(line::Column::ProductId, Way::Asc)
        .all(conn)
        .await?;
    let lines = lines.into_iter().map(TryInto::try_into).collect::<Result<_, _>>()?;
    Ok(Some(OrderRow::try_from(found)?.with_lines(lines)))
}

/// Writes an order's status, note, time of change and version, if its version is still `before`;
/// says whether it was.
pub(super) async fn update(
    conn: &impl ConnectionTrait,
    order: &OrderRow,
    before: u64,
) -> Result<bool, DbErr> {
    let updated = order::Entity::update_many()
        .col_expr(order::Column::Status, Expr::value(order.status.as_str()))
        .col_expr(order::Column::Note, Expr::value(order.note.as_str()))
        .col_expr(order::Column::UpdatedAt, Expr::value(to_millis(order.updated_at)))
        .col_expr(order::Column::Version, Expr::value(count(order.version)?))
        .filter(order::Column::Id.eq(order.id.as_str()))
        .filter(order::Column::Version.eq(count(before)?))
        .exec(conn)
        .await?;
    Ok(updated.rows_affected == 1)
}

/// Whether there is any order.
pub(super) async fn any(conn: &impl ConnectionTrait) -> Result<bool, DbErr> {
    let first = order::Entity::find().select_only().column(order::Column::Id);
    Ok(first.into_tuple::<String>().one(conn).await?.is_some())
}

/// Those of the orders that there are, without their lines.
pub(super) async fn rows_of(
    conn: &impl ConnectionTrait,
    ids: &[OrderId],
) -> Result<Vec<OrderRow>, DbErr> {
    let wanted = order::Column::Id.is_in(ids.iter().map(OrderId::as_str));
    let found = rows().filter(wanted).into_model::<RowRecord>().all(conn).await?;
    found.into_iter().map(OrderRow::try_from).collect()
}

/// The largest number of any order; 0 if there is none.
pub(super) async fn largest_number(conn: &impl ConnectionTrait) -> Result<i64, DbErr> {
    let largest = order::Entity::find().select_only().expr(order::Column::Number.max());
    let largest: Option<Option<i64>> = largest.into_tuple().one(conn).await?;
    Ok(largest.flatten().unwrap_or(0))
}

/// Those of the orders' ids that there are.
pub(super) async fn existing(
    conn: &impl ConnectionTrait,
    orders: &[Order],
) -> Result<HashSet<OrderId>, DbErr> {
    let ids = orders.iter().map(|order| order.id.as_str());
    let found: Vec<String> = order::Entity::find()
        .select_only()
        .column(order::Column::Id)
        .filter(order::Column::Id.is_in(ids))
        .into_tuple()
        .all(conn)
        .await?;
    found.into_iter().map(|id| OrderId::new(id).map_err(unreadable)).collect()
}

/// Adds orders, none of which is there yet, with their lines.
pub(super) async fn insert(conn: &impl ConnectionTrait, orders: &[Order]) -> Result<(), DbErr> {
    let rows = orders.iter().map(record::order_row).collect::<Result<Vec<_>, _>>()?;
    order::Entity::insert_many(rows).exec_without_returning(conn).await?;
    let lines = orders
        .iter()
        .flat_map(|order| order.lines.iter().map(|line| record::line_row(&order.id, line)));
    line::Entity::insert_many(lines).exec_without_returning(conn).await?;
    Ok(())
}

/// Every order as a [`RowRecord`].
fn rows() -> Select<order::Entity> {
    let of_this_order =
        Expr::col((line::Entity, line::Column::OrderId)).equals((order::Entity, order::Column::Id));
    let line_count = Query::select()
        .expr(Func::count(Expr::col((line::Entity, line::Column::OrderId))))
        .from(line::Entity)
        .and_where(of_this_order)
        .to_owned();
    order::Entity::find()
        .column_as(customer::Column::Name, "customer_name")
        .expr_as(line_count, "line_count")
        .join(JoinType::InnerJoin, order::Relation::Customer.def())
}

fn condition(filter: &OrderFilter) -> Condition {
    let mut wanted = Condition::all();
    if let Some(status) = filter.status {
        wanted = wanted.add(order::Column::Status.eq(status.as_str()));
    }
    let q = filter.q.trim().to_lowercase();
    if q.is_empty() {
        return wanted;
    }
    let customer_id = Func::lower(Expr::col((order::Entity, order::Column::CustomerId)));
    let mut found = Condition::any()
        .add(Expr::col((customer::Entity, customer::Column::NameFolded)).like(containing("", &q)))
        .add(Expr::from(customer_id).like(containing("", &q)));
    // The prefix alone is in every id, so only what follows it is looked for.
    let digits = q.strip_prefix(ORDER_ID_PREFIX).unwrap_or(&q);
    if digits.bytes().all(|byte| byte.is_ascii_digit()) {
        let id = Expr::col((order::Entity, order::Column::Id));
        found = found.add(if digits.len() < q.len() {
            id.like(LikeExpr::new(format!("{}%", escaped(&q))).escape(ESCAPE))
        } else {
            id.like(containing(ORDER_ID_PREFIX, digits))
        });
    }
    wanted.add(found)
}

/// What escapes a wildcard. Not a backslash, which some databases' texts treat as special.
const ESCAPE: char = '!';

/// A pattern of the texts that start with `prefix` and have `part` in what follows.
fn containing(prefix: &str, part: &str) -> LikeExpr {
    LikeExpr::new(format!("{}%{}%", escaped(prefix), escaped(part))).escape(ESCAPE)
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '%' | '_' | ESCAPE) {
            escaped.push(ESCAPE);
        }
        escaped.push(c);
    }
    escaped
}

fn sorted(select: Select<order::Entity>, sort: OrderSort) -> Select<order::Entity> {
    let way = if sort.descending { Way::Desc } else { Way::Asc };
    let select = match sort.by {
        SortField::Number => select,
        SortField::Created => select.order_by(order::Column::CreatedAt, way.clone()),
        SortField::Updated => select.order_by(order::Column::UpdatedAt, way.clone()),
        SortField::Customer => select.order_by(customer::Column::NameFolded, way.clone()),
        SortField::Total => select.order_by(order::Column::TotalCents, way.clone()),
        SortField::Status => select.order_by(rank(), way.clone()),
    };
    select.order_by(order::Column::Number, way)
}

/// The place of an order's status in the life of an order.
fn rank() -> Expr {
    let statuses = OrderStatus::ALL.into_iter().zip(0_i32..);
    let rank = statuses.fold(CaseStatement::new(), |rank, (status, place)| {
        rank.case(order::Column::Status.eq(status.as_str()), place)
    });
    rank.into()
}
