//! The list's queries against the same list made in memory.

use sea_orm::ConnectionTrait;

use super::*;
use crate::orders::{model::Cents, testing::TestOrders};

/// Every order, as the list's pages bring them.
async fn everything(orders: &TestOrders) -> Vec<OrderRow> {
    all_pages(orders, OrderFilter::default()).await.1
}

/// The total and the rows of all pages.
async fn all_pages(orders: &TestOrders, filter: OrderFilter) -> (u64, Vec<OrderRow>) {
    let mut rows = Vec::new();
    let mut filter = OrderFilter { page: 1, ..filter };
    loop {
        let found = page(&orders.db, &filter).await.unwrap();
        rows.extend(found.rows);
        if filter.page >= found.pages {
            return (found.total, rows);
        }
        filter.page += 1;
    }
}

fn search(q: &str) -> OrderFilter {
    OrderFilter { q: q.to_owned(), ..OrderFilter::default() }
}

fn ids(rows: &[OrderRow]) -> Vec<&str> {
    rows.iter().map(|row| row.id.as_str()).collect()
}

#[tokio::test]
async fn every_sort_filter_and_page_is_as_in_memory() {
    let orders = TestOrders::with_northwind().await;
    let all = everything(&orders).await;
    assert_eq!(all.len(), 830);
    let statuses = OrderStatus::ALL.into_iter().map(Some).chain([None]);
    for status in statuses {
        for (by, descending) in SortField::ALL.into_iter().flat_map(|by| [(by, false), (by, true)])
        {
            let sort = OrderSort { by, descending };
            let filter = OrderFilter { status, q: String::new(), sort, page: 1 };
            let mut expected: Vec<OrderRow> = all.clone();
            expected.retain(|row| status.is_none_or(|wanted| wanted == row.status));
            expected.sort_by(|a, b| sort.compare(a, b));
            let (total, found) = all_pages(&orders, filter).await;
            assert_eq!(ids(&found), ids(&expected), "{status:?} by {sort}");
            assert_eq!(total, expected.len() as u64);
        }
    }
}

#[tokio::test]
async fn a_search_finds_numbers_and_customers_whatever_the_case() {
    let orders = TestOrders::with_northwind().await;
    let all = everything(&orders).await;
    for q in ["KÖNIGLICH", "vins et", "alfki", "rattc", "  Vins "] {
        let part = q.trim().to_lowercase();
        let mut expected = all.clone();
        expected.retain(|row| {
            row.customer_name.to_lowercase().contains(&part)
                || row.customer_id.as_str().to_lowercase().contains(&part)
        });
        assert!(!expected.is_empty(), "{q}");
        assert_eq!(ids(&all_pages(&orders, search(q)).await.1), ids(&expected), "{q}");
    }
    assert_eq!(ids(&all_pages(&orders, search("10248")).await.1), ["ord_10248"]);
    assert_eq!(ids(&all_pages(&orders, search("ORD_10248")).await.1), ["ord_10248"]);
    assert_eq!(
        ids(&all_pages(&orders, search("1024")).await.1),
        ["ord_11024", "ord_10249", "ord_10248"]
    );
    assert_eq!(all_pages(&orders, search("ord_1107")).await.0, 8);
    assert_eq!(all_pages(&orders, search("ord_248")).await.0, 0);
}

#[tokio::test]
async fn wildcards_in_a_search_are_letters() {
    let orders = TestOrders::with_northwind().await;
    for q in ["%", "_", "\\", "!", "a%a", "ord_%", "'"] {
        let with_it = |row: &OrderRow| row.customer_name.to_lowercase().contains(q);
        let expected = everything(&orders).await.iter().filter(|row| with_it(row)).count();
        assert_eq!(all_pages(&orders, search(q)).await.0, expected as u64, "{q}");
    }
}

#[tokio::test]
async fn a_page_beyond_the_last_is_empty() {
    let orders = TestOrders::with_northwind().await;
    let filter = OrderFilter { page: u32::MAX, ..OrderFilter::default() };
    let found = page(&orders.db, &filter).await.unwrap();
    assert_eq!((found.rows.len(), found.total, found.pages), (0, 830, 34));
}

#[tokio::test]
async fn a_row_and_its_order_say_the_same() {
    let orders = TestOrders::with_northwind().await;
    for row in page(&orders.db, &OrderFilter::default()).await.unwrap().rows {
        let order = find(&orders.db, &row.id).await.unwrap().unwrap();
        assert_eq!(OrderRow::from(&order), row);
        assert_eq!(order.lines.iter().map(|line| line.total).sum::<Cents>(), order.total);
        assert!(order.lines.is_sorted_by_key(|line| line.product_id));
    }
}

#[tokio::test]
async fn an_update_of_another_version_does_nothing() {
    let orders = TestOrders::with_northwind().await;
    let id = OrderId::new("ord_10248").unwrap();
    let mut order = find(&orders.db, &id).await.unwrap().unwrap();
    order.note = "ring twice".to_owned();
    order.version = 3;
    assert!(!update(&orders.db, &OrderRow::from(&order), 2).await.unwrap());
    assert_eq!(find(&orders.db, &id).await.unwrap().unwrap().version, 1);
    assert!(update(&orders.db, &OrderRow::from(&order), 1).await.unwrap());
    assert_eq!(find(&orders.db, &id).await.unwrap().unwrap(), order);
}

#[tokio::test]
async fn the_database_keeps_the_rules_of_a_row() {
    let orders = TestOrders::with_northwind().await;
    for wrong in [
        "UPDATE orders SET status = 'lost'",
        "UPDATE orders SET version = 0",
        "UPDATE orders SET customer_id = 'NOBODY'",
        "UPDATE orders SET number = 1",
        "UPDATE order_lines SET quantity = 0",
        "UPDATE order_lines SET discount_bp = 10001",
        "DELETE FROM customers",
    ] {
        assert!(orders.db.execute_unprepared(wrong).await.is_err(), "{wrong}");
    }
}

#[tokio::test]
async fn a_database_from_before_there_were_products_gets_those_that_were_ordered() {
    let orders = TestOrders::with_northwind().await;
    let before = "DROP TABLE products;
        DROP INDEX orders_by_customer_and_number;
        DROP INDEX orders_by_status_and_total;
        CREATE INDEX orders_by_customer ON orders (customer_id);
        DELETE FROM seaql_migrations WHERE version = 'orders_0002_products';";
    orders.db.execute_unprepared(before).await.unwrap();
    assert_eq!(crate::server::database::migrate(&orders.db).await.unwrap(), 1);

    let mut newest_first = everything(&orders).await;
    newest_first.sort_by_key(|row| -row.id.number());
    let mut prices = std::collections::HashMap::new();
    for row in newest_first {
        for line in find(&orders.db, &row.id).await.unwrap().unwrap().lines {
            prices.entry(line.product_id).or_insert((line.product_name, line.unit_price));
        }
    }
    let found = catalogue(&orders.db).await.unwrap().products;
    assert_eq!(found.len(), prices.len());
    for product in found {
        assert_eq!(prices[&product.id], (product.name, product.unit_price));
    }
}
