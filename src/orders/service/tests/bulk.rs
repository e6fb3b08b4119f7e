//! Giving many orders a status.

use super::*;
use crate::orders::model::BulkChange;

fn to(status: OrderStatus, ids: &[&str]) -> BulkChange {
    BulkChange { ids: ids.iter().map(|text| id(text)).collect(), status }
}

#[tokio::test]
async fn each_order_changes_by_its_own_rules() {
    let orders = TestOrders::with_northwind().await;
    let confirm = status(OrderStatus::Confirmed);
    change(&orders.live, &staff(), id("ord_11076"), confirm, None, now()).await.unwrap();
    let before = orders.head().await;
    let asked = to(OrderStatus::Confirmed, &["ord_11077", "ord_10248", "ord_11076", "ord_7"]);
    let done = change_many(&orders.live, &staff(), asked, None, now()).await.unwrap();

    let changed: Vec<_> =
        done.value.changed.iter().map(|row| (row.id.as_str(), row.status, row.version)).collect();
    assert_eq!(changed, [("ord_11077", OrderStatus::Confirmed, 2)]);
    assert_eq!(done.value.unchanged, [id("ord_11076")]);
    let refused: Vec<_> =
        done.value.refused.iter().map(|no| (no.id.as_str(), no.reason.as_str())).collect();
    let expected = [
        ("ord_10248", "An order that is delivered cannot become confirmed."),
        ("ord_7", "There is no such order."),
    ];
    assert_eq!(refused, expected);
    let events = orders.events_after(&before).await;
    let types: Vec<_> = events.iter().map(|(_, event)| event["type"].clone()).collect();
    assert_eq!(types, ["order.updated", "metric.updated"]);
    let read = get(&orders.live, &staff(), id("ord_11077"), None).await.unwrap().value.unwrap();
    assert_eq!(OrderRow::from(&read), done.value.changed[0]);
}

#[tokio::test]
async fn many_orders_are_one_transaction_with_one_event_each() {
    let orders = TestOrders::with_northwind().await;
    let filter = OrderFilter { status: Some(OrderStatus::Pending), ..OrderFilter::default() };
    let pending = list(&orders.live, &staff(), filter, None).await.unwrap().value.unwrap().rows;
    assert!(pending.len() > 1);
    let ids: Vec<_> = pending.iter().map(|row| row.id.as_str()).collect();
    let before = orders.head().await;
    let by = Some(MutationId::new(9));
    let asked = to(OrderStatus::Cancelled, &ids);
    let done = change_many(&orders.live, &staff(), asked.clone(), by, now()).await.unwrap();
    assert_eq!(done.value.changed.len(), ids.len());
    let events = orders.events_after(&before).await;
    assert_eq!(events.len(), ids.len() + 1, "one each, and one of the metrics");
    assert_eq!(done.cursor, orders.head().await);

    let again = change_many(&orders.live, &staff(), asked, by, now()).await.unwrap();
    assert_eq!(again, done);
    assert_eq!(done.cursor, orders.head().await);
}

#[tokio::test]
async fn when_none_can_change_nothing_is_recorded() {
    let orders = TestOrders::with_northwind().await;
    let before = orders.head().await;
    let asked = to(OrderStatus::Pending, &["ord_10248", "ord_11077"]);
    let done = change_many(&orders.live, &staff(), asked, None, now()).await.unwrap();
    assert!(done.value.changed.is_empty());
    assert_eq!((done.value.unchanged.len(), done.value.refused.len()), (1, 1));
    assert_eq!(orders.head().await, before);
}

#[tokio::test]
async fn what_cannot_be_asked_is_refused_whole() {
    let orders = TestOrders::with_northwind().await;
    let many: Vec<String> = (1..=201).map(|number| format!("ord_{number}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    for ids in [&[][..], &["ord_11077", "ord_11077"], &many] {
        let asked = to(OrderStatus::Confirmed, ids);
        let refused = change_many(&orders.live, &staff(), asked, None, now()).await.unwrap_err();
        assert!(matches!(refused, AppError::Invalid { field: Some(field), .. } if field == "ids"));
    }
    let asked = to(OrderStatus::Confirmed, &["ord_11077"]);
    for role in [Role::Member, Role::Coach] {
        let refused = change_many(&orders.live, &user(role), asked.clone(), None, now()).await;
        assert_eq!(refused.unwrap_err().status(), 403);
    }
}
