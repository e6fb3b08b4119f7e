//! Metrics and catalogue against the orders that they are made of.

use std::collections::BTreeMap;

use super::*;
use crate::orders::model::{Catalogue, Cents, CustomerId, Day, OrderMetrics, ProductId};

/// Every order, as the pages of the list bring them.
async fn all(orders: &TestOrders) -> Vec<OrderRow> {
    let mut rows = Vec::new();
    for page in 1.. {
        let filter = OrderFilter { page, ..OrderFilter::default() };
        let found = list(&orders.live, &staff(), filter, None).await.unwrap().value.unwrap();
        rows.extend(found.rows);
        if page >= found.pages {
            break;
        }
    }
    rows
}

async fn read_metrics(orders: &TestOrders) -> OrderMetrics {
    metrics(&orders.live, &staff(), None).await.unwrap().value.unwrap()
}

async fn read_catalogue(orders: &TestOrders) -> Catalogue {
    catalogue(&orders.live, &staff(), None).await.unwrap().value.unwrap()
}

/// Orders, revenue, orders by status, and day by day.
type Counted = (u64, Cents, Vec<u64>, Vec<(Day, u64, Cents)>);

/// What the metrics must be, from the orders themselves.
fn counted(rows: &[OrderRow]) -> Counted {
    let paid = |row: &OrderRow| match row.status {
        OrderStatus::Cancelled => Cents(0),
        _ => row.total,
    };
    let mut days: BTreeMap<Day, (u64, Cents)> = BTreeMap::new();
    for row in rows {
        let day = days.entry(Day(row.created_at.date())).or_default();
        *day = (day.0 + 1, Cents(day.1.0 + paid(row).0));
    }
    let older = days.len().saturating_sub(OrderMetrics::DAYS as usize);
    let per_day = days.into_iter().skip(older).map(|(day, (orders, sum))| (day, orders, sum));
    let of_status =
        |status| rows.iter().filter(|row| row.status == status).count().try_into().unwrap();
    let by_status = OrderStatus::ALL.map(of_status).to_vec();
    (rows.len() as u64, rows.iter().map(paid).sum(), by_status, per_day.collect())
}

fn told(metrics: &OrderMetrics) -> Counted {
    let by_status = metrics.by_status.iter().map(|count| count.orders).collect();
    let per_day = metrics.per_day.iter().map(|count| (count.day, count.orders, count.revenue));
    (metrics.orders, metrics.revenue, by_status, per_day.collect())
}

#[tokio::test]
async fn metrics_are_what_the_orders_amount_to() {
    let orders = TestOrders::with_northwind().await;
    let before = read_metrics(&orders).await;
    assert_eq!(told(&before), counted(&all(&orders).await));
    assert_eq!(before.per_day.len(), 90, "the demo's data fills the chart");
    assert_eq!(before.per_day[89].day.to_string(), "1998-05-06");

    let cancel = status(OrderStatus::Cancelled);
    change(&orders.live, &staff(), id("ord_11077"), cancel, None, now()).await.unwrap();
    let after = read_metrics(&orders).await;
    assert_eq!(told(&after), counted(&all(&orders).await));
    assert!(after.revenue < before.revenue && after.orders == before.orders);
}

#[tokio::test]
async fn days_before_1970_are_days_as_well() {
    let orders = TestOrders::with_northwind().await;
    let sql = "UPDATE orders SET created_at = -1 - created_at WHERE number < 10300";
    sea_orm::ConnectionTrait::execute_unprepared(&orders.db, sql).await.unwrap();
    let sql = "DELETE FROM orders WHERE number > 10310";
    sea_orm::ConnectionTrait::execute_unprepared(&orders.db, sql).await.unwrap();
    assert_eq!(told(&read_metrics(&orders).await), counted(&all(&orders).await));
}

#[tokio::test]
async fn without_orders_everything_is_nothing() {
    let orders = TestOrders::new().await;
    let none = read_metrics(&orders).await;
    assert_eq!(told(&none), counted(&[]));
    assert_eq!(none.by_status.len(), OrderStatus::ALL.len());
    assert_eq!(read_catalogue(&orders).await, Catalogue::default());
}

#[tokio::test]
async fn a_catalogue_knows_prices_and_where_the_latest_orders_went() {
    let orders = TestOrders::with_northwind().await;
    let found = read_catalogue(&orders).await;
    assert_eq!((found.customers.len(), found.products.len()), (91, 77));
    let folded: Vec<String> = found.products.iter().map(|one| one.name.to_lowercase()).collect();
    assert!(folded.is_sorted());
    let chai = found.product(ProductId(1)).unwrap();
    assert_eq!((chai.name.as_str(), chai.unit_price), ("Chai", Cents(1800)));
    for row in all(&orders).await {
        let customer = found.customer(&row.customer_id).unwrap();
        let latest = customer.latest_order.as_ref().unwrap();
        assert!(latest.number() >= row.id.number());
        if *latest == row.id {
            assert_eq!(customer.ship_to.as_ref(), Some(&row.ship_to));
        }
    }
    let without_orders = found.customer(&CustomerId("PARIS".to_owned())).unwrap();
    assert_eq!((&without_orders.latest_order, &without_orders.ship_to), (&None, &None));
}

#[tokio::test]
async fn only_those_who_may_use_orders_read_them() {
    let orders = TestOrders::new().await;
    for role in [Role::Member, Role::Coach] {
        let answer = metrics(&orders.live, &user(role), None).await.unwrap();
        assert_eq!(answer.value.unwrap_err().status(), 403);
        let answer = catalogue(&orders.live, &user(role), None).await.unwrap();
        assert_eq!(answer.value.unwrap_err().status(), 403);
    }
}
