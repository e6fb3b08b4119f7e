//! Counting orders in the database.

use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Statement};

use crate::{
    orders::model::{Cents, Day, DayCount, OrderStatus, StatusCount},
    server::database::column::{from_millis, unreadable},
};

/// Milliseconds in a day.
const DAY_MS: i64 = 86_400_000;

#[derive(FromQueryResult)]
struct ByStatus {
    status: String,
    orders: i64,
    total: i64,
}

#[derive(FromQueryResult)]
struct ByDay {
    start: i64,
    orders: i64,
    revenue: i64,
}

/// The orders by status; statuses that no order has are missing. Reads one index.
pub(in crate::orders) async fn by_status(
    conn: &impl ConnectionTrait,
) -> Result<Vec<StatusCount>, DbErr> {
    let sql = "SELECT status, COUNT(*) AS orders, CAST(SUM(total_cents) AS BIGINT) AS total
        FROM orders GROUP BY status";
    let statement = Statement::from_string(conn.get_database_backend(), sql);
    let counted = ByStatus::find_by_statement(statement).all(conn).await?.into_iter();
    let count = |row: ByStatus| {
        Ok(StatusCount {
            status: row.status.parse::<OrderStatus>().map_err(unreadable)?,
            orders: row.orders.try_into().map_err(unreadable)?,
            total: Cents(row.total),
        })
    };
    counted.map(count).collect()
}

/// The newest `days` days on which anything was ordered, oldest first. It steps from one such day
/// to the one before in an index, so it reads no more orders than those of these days.
pub(in crate::orders) async fn per_day(
    conn: &impl ConnectionTrait,
    days: u32,
) -> Result<Vec<DayCount>, DbErr> {
    // The remainder of a time before 1970 is negative.
    let start_of = |time: &str| format!("{time} - ({time} % {DAY_MS} + {DAY_MS}) % {DAY_MS}");
    let newest = start_of("MAX(created_at)");
    let sql = format!(
        "WITH RECURSIVE days (start, place) AS (
            SELECT {newest}, 1 FROM orders
            UNION ALL
            SELECT (SELECT {newest} FROM orders WHERE created_at < start), place + 1
            FROM days WHERE start IS NOT NULL AND place < {days}
        )
        SELECT days.start AS start, COUNT(*) AS orders,
            CAST(SUM(CASE WHEN status = 'cancelled' THEN 0 ELSE total_cents END) AS BIGINT)
                AS revenue
        FROM days JOIN orders ON created_at >= days.start AND created_at < days.start + {DAY_MS}
        GROUP BY days.start ORDER BY days.start"
    );
    let statement = Statement::from_string(conn.get_database_backend(), sql);
    let counted = ByDay::find_by_statement(statement).all(conn).await?.into_iter();
    let count = |row: ByDay| {
        Ok(DayCount {
            day: Day(from_millis(row.start)?.date()),
            orders: row.orders.try_into().map_err(unreadable)?,
            revenue: Cents(row.revenue),
        })
    };
    counted.map(count).collect()
}
