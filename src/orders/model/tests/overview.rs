//! Days, counts, bulk changes and ids of imports.

use super::*;

#[test]
fn a_day_is_written_as_iso_has_it() {
    let day: Day = "1998-05-06".parse().unwrap();
    assert_eq!(
        (day.to_string().as_str(), day.start().unix_timestamp()),
        ("1998-05-06", 894_412_800)
    );
    assert_eq!(serde_json::to_string(&day).unwrap(), "\"1998-05-06\"");
    for wrong in ["", "1998-5", "98-05-06", "1998-13-01", "1998-02-30", "1998-05-06T00", "x"] {
        assert!(wrong.parse::<Day>().is_err(), "{wrong}");
    }
}

#[test]
fn cancelled_orders_are_no_revenue() {
    let count = |status, orders, total| StatusCount { status, orders, total: Cents(total) };
    let counted = vec![
        count(OrderStatus::Cancelled, 2, 500),
        count(OrderStatus::Delivered, 3, 700),
        count(OrderStatus::Pending, 1, 50),
    ];
    let metrics = OrderMetrics::new(counted, Vec::new());
    assert_eq!((metrics.orders, metrics.revenue), (6, Cents(750)));
    let statuses: Vec<OrderStatus> = metrics.by_status.iter().map(|count| count.status).collect();
    assert_eq!(statuses, OrderStatus::ALL);
    assert_eq!(metrics.orders_of(OrderStatus::Cancelled), 2);
    assert_eq!(metrics.orders_of(OrderStatus::Packed), 0);
}

#[test]
fn a_bulk_change_names_each_order_once() {
    let of = |numbers: Vec<u64>| BulkChange {
        ids: numbers.into_iter().map(|number| OrderId::of_number(number).unwrap()).collect(),
        status: OrderStatus::Packed,
    };
    assert!(of((1..=BULK_MAX as u64).collect()).validate().is_ok());
    for wrong in [vec![], vec![1, 2, 1], (0..=BULK_MAX as u64).collect()] {
        let refused = of(wrong).validate().unwrap_err();
        assert!(matches!(refused, AppError::Invalid { field: Some(field), .. } if field == "ids"));
    }
}

#[test]
fn ids_of_imports_are_checked() {
    let id = ImportId::of_bits(0xf1e2);
    assert_eq!(id.as_str(), "imp_000000000000f1e2");
    assert_eq!("imp_000000000000f1e2".parse::<ImportId>(), Ok(id));
    for wrong in ["", "imp_", "imp_000000000000F1E2", "000000000000f1e2", "imp_0000000000000f1e2"] {
        assert!(wrong.parse::<ImportId>().is_err(), "{wrong}");
    }
}

#[test]
fn a_bad_row_says_where_it_is() {
    let bad = BadRow {
        file: "orders.csv".to_owned(),
        line: 7,
        column: Some("orderID".to_owned()),
        reason: "orderID is missing".to_owned(),
    };
    assert_eq!(bad.to_string(), "orders.csv:7: orderID is missing");
}
