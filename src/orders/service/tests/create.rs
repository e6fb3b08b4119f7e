//! Making orders.

use super::*;
use crate::orders::model::{Cents, CustomerId, NewLine, NewOrder, ProductId, ShipTo};

/// Chai at $18.00 and Chang at $19.00, as the catalogue has them.
pub(super) fn new_order() -> NewOrder {
    let line = |product, quantity, discount_bp| NewLine {
        product_id: ProductId(product),
        quantity,
        discount_bp,
    };
    NewOrder {
        customer_id: CustomerId("VINET".to_owned()),
        ship_to: ShipTo {
            name: " Vins et alcools ".to_owned(),
            address: "59 rue de l'Abbaye".to_owned(),
            city: "Reims".to_owned(),
            region: Some("  ".to_owned()),
            postal_code: Some("51100".to_owned()),
            country: "France".to_owned(),
        },
        lines: vec![line(2, 3, 1500), line(1, 2, 0)],
        note: "ring twice".to_owned(),
    }
}

#[tokio::test]
async fn a_new_order_takes_the_next_number_and_todays_prices() {
    let orders = TestOrders::with_northwind().await;
    let before = orders.head().await;
    let done = create(&orders.live, &staff(), new_order(), None, now()).await.unwrap();

    let order = &done.value;
    assert_eq!((order.id.as_str(), order.version), ("ord_11078", 1));
    assert_eq!((order.status, order.total), (OrderStatus::Pending, Cents(3600 + 4845)));
    assert_eq!((order.created_at, order.updated_at), (whole_millis(now()), whole_millis(now())));
    assert_eq!(order.customer_name, "Vins et alcools Chevalier");
    assert_eq!((order.ship_to.name.as_str(), &order.ship_to.region), ("Vins et alcools", &None));
    let lines: Vec<_> =
        order.lines.iter().map(|line| (line.product_name.as_str(), line.total)).collect();
    assert_eq!(lines, [("Chai", Cents(3600)), ("Chang", Cents(4845))]);

    let events = orders.events_after(&before).await;
    let row = serde_json::to_value(OrderRow::from(order)).unwrap();
    assert_eq!(events.len(), 2);
    assert_eq!(events[0].1["type"], "order.created");
    let mut patch = events[0].1["patch"].clone();
    patch["id"] = events[0].1["id"].clone();
    assert_eq!(patch, row, "the whole row");
    assert_eq!(events[1].1["type"], "metric.updated");

    let read = get(&orders.live, &staff(), order.id.clone(), None).await.unwrap();
    assert_eq!(read.value.as_ref(), Ok(order));
    assert!(read.as_of.covers(&done.cursor) && done.as_of.covers(&done.cursor));
    let next = create(&orders.live, &staff(), new_order(), None, now()).await.unwrap();
    assert_eq!(next.value.id.as_str(), "ord_11079");
}

#[tokio::test]
async fn a_repeat_makes_no_second_order() {
    let orders = TestOrders::with_northwind().await;
    let by = Some(MutationId::new(5));
    let first = create(&orders.live, &staff(), new_order(), by, now()).await.unwrap();
    let head = orders.head().await;
    assert_eq!(create(&orders.live, &staff(), new_order(), by, now()).await.unwrap(), first);
    assert_eq!(orders.head().await, head);
}

#[tokio::test]
async fn what_cannot_be_ordered_is_refused_by_its_field() {
    let orders = TestOrders::with_northwind().await;
    let before = orders.head().await;
    let refused = async |role, change: &dyn Fn(&mut NewOrder)| {
        let mut new = new_order();
        change(&mut new);
        create(&orders.live, &user(role), new, None, now()).await.unwrap_err()
    };
    let field = |error: AppError| match error {
        AppError::Invalid { field, .. } => field.unwrap(),
        other => panic!("{other:?}"),
    };
    let nobody =
        refused(Role::Staff, &|new| new.customer_id = CustomerId("NOBODY".to_owned())).await;
    assert_eq!(field(nobody), "customerId");
    let nothing = refused(Role::Staff, &|new| new.lines[1].product_id = ProductId(99)).await;
    assert_eq!(field(nothing), "lines[1].productId");
    let none = refused(Role::Staff, &|new| new.lines[0].quantity = 0).await;
    assert_eq!(field(none), "lines[0].quantity");
    for role in [Role::Member, Role::Coach] {
        assert_eq!(refused(role, &|_| {}).await.status(), 403);
    }
    assert_eq!(orders.head().await, before);
}

#[tokio::test]
async fn the_first_order_of_all_is_number_one() {
    let orders = TestOrders::new().await;
    let sql = [
        "INSERT INTO customers (id, name, name_folded) VALUES ('VINET', 'Vins', 'vins')",
        "INSERT INTO products (id, name, unit_price_cents) VALUES (1, 'Chai', 1), (2, 'Chang', 2)",
    ];
    for sql in sql {
        sea_orm::ConnectionTrait::execute_unprepared(&orders.db, sql).await.unwrap();
    }
    let done = create(&orders.live, &staff(), new_order(), None, now()).await.unwrap();
    assert_eq!(done.value.id.as_str(), "ord_1");
}
