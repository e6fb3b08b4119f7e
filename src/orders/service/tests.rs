//! Reading and changing orders against a real database and log.

mod bulk;
mod create;
mod history;
mod overview;

use highwater::{
    MutationId,
    server::{ChangeLog, DatabaseLog},
};
use serde_json::json;

use super::*;
use crate::orders::{
    model::OrderStatus,
    testing::{TestOrders, now, user},
};

fn staff() -> CurrentUser {
    user(Role::Staff)
}

fn id(text: &str) -> OrderId {
    text.parse().unwrap()
}

fn status(status: OrderStatus) -> OrderChange {
    OrderChange { status: Some(status), ..OrderChange::default() }
}

#[tokio::test]
async fn a_change_is_written_and_recorded_together() {
    let orders = TestOrders::with_northwind().await;
    let before = orders.head().await;
    let asked =
        OrderChange { note: Some("ring twice".to_owned()), ..status(OrderStatus::Confirmed) };
    let done = change(&orders.live, &staff(), id("ord_11077"), asked, None, now()).await.unwrap();

    assert_eq!((done.value.status, done.value.version), (OrderStatus::Confirmed, 2));
    assert!(done.as_of.covers(&done.cursor));
    let expected = json!({
        "type": "order.updated",
        "id": "ord_11077",
        "patch": {
            "status": "confirmed",
            "note": "ring twice",
            "updatedAt": "1997-05-19T00:00:01.234Z",
            "version": 2,
        },
        "ts": 864_000_001_234_i64,
    });
    let metrics =
        json!({ "type": "metric.updated", "id": "orders", "patch": {}, "ts": 864_000_001_234_i64 });
    let to = || vec!["orders".to_owned()];
    assert_eq!(orders.events_after(&before).await, [(to(), expected), (to(), metrics)]);

    let tx = orders.live.log().begin_read().await.unwrap();
    let history = DatabaseLog::history(&tx, &live::about(&id("ord_11077")), None, 1).await.unwrap();
    assert!(done.as_of.covers(&history.rows[0].at) && history.rows[0].at.at > before.at);
    assert_eq!(history.rows[0].actor.as_deref(), Some("7"));
    drop(tx);

    let min = orders.all().await;
    let read = get(&orders.live, &staff(), id("ord_11077"), Some(&min)).await.unwrap();
    assert!(read.as_of.covers(&done.cursor));
    assert_eq!(read.value, Ok(done.value));
}

#[tokio::test]
async fn a_change_to_what_is_already_so_records_nothing() {
    let orders = TestOrders::with_northwind().await;
    let before = orders.head().await;
    let asked = status(OrderStatus::Delivered);
    let done = change(&orders.live, &staff(), id("ord_10248"), asked, None, now()).await.unwrap();
    assert_eq!((done.value.status, done.value.version), (OrderStatus::Delivered, 1));
    assert_eq!(orders.head().await, before);
}

#[tokio::test]
async fn a_refused_change_writes_nothing() {
    let orders = TestOrders::with_northwind().await;
    let before = orders.head().await;
    let unasked = |role, text, asked| {
        let (live, user) = (orders.live.clone(), user(role));
        async move { change(&live, &user, id(text), asked, None, now()).await.unwrap_err() }
    };
    let outdated = OrderChange { version: Some(9), ..status(OrderStatus::Confirmed) };
    let refusals = [
        unasked(Role::Staff, "ord_10248", status(OrderStatus::Pending)).await,
        unasked(Role::Staff, "ord_11077", outdated).await,
        unasked(Role::Staff, "ord_1", status(OrderStatus::Packed)).await,
        unasked(Role::Staff, "ord_11077", OrderChange::default()).await,
        unasked(Role::Member, "ord_11077", status(OrderStatus::Confirmed)).await,
        unasked(Role::Coach, "ord_1", status(OrderStatus::Confirmed)).await,
    ];
    let statuses: Vec<u16> = refusals.iter().map(AppError::status).collect();
    assert_eq!(statuses, [409, 409, 404, 422, 403, 403]);
    assert_eq!(orders.head().await, before);
    let untouched = get(&orders.live, &staff(), id("ord_11077"), None).await.unwrap();
    assert_eq!(untouched.value.unwrap().version, 1);
}

#[tokio::test]
async fn a_repeated_mutation_is_answered_with_its_first_outcome() {
    let orders = TestOrders::with_northwind().await;
    let before = orders.head().await;
    let send = |mutation, asked| {
        let by = Some(MutationId::new(mutation));
        let live = orders.live.clone();
        async move { change(&live, &staff(), id("ord_11077"), asked, by, now()).await }
    };
    let first = send(1, status(OrderStatus::Confirmed)).await.unwrap();
    assert_eq!(send(2, status(OrderStatus::Packed)).await.unwrap().value.version, 3);
    assert_eq!(send(1, status(OrderStatus::Confirmed)).await.unwrap(), first);
    let refused = send(3, status(OrderStatus::Pending)).await.unwrap_err();
    assert_eq!(send(3, status(OrderStatus::Pending)).await.unwrap_err(), refused);
    assert_eq!(orders.events_after(&before).await.len(), 4, "the order's and the metrics', twice");
}

#[tokio::test]
async fn refusals_to_read_are_stamped_answers() {
    let orders = TestOrders::with_northwind().await;
    let head = orders.all().await;
    let (live, some) = (&orders.live, OrderFilter::default());
    for role in [Role::Member, Role::Coach] {
        let answer = list(live, &user(role), some.clone(), None).await.unwrap();
        assert_eq!(answer.value.unwrap_err().status(), 403, "{role}");
        let answer = get(live, &user(role), id("ord_10248"), None).await.unwrap();
        assert_eq!(answer.value.unwrap_err().status(), 403, "{role}");
        assert!(audiences_of(role).is_empty(), "{role}");
    }
    for role in [Role::Staff, Role::Admin] {
        let answer = list(live, &user(role), some.clone(), Some(&head)).await.unwrap();
        assert!(answer.as_of.includes(&head));
        assert_eq!(answer.value.unwrap().total, 830, "{role}");
        assert_eq!(audiences_of(role), [audience()], "{role}");
    }
    let missing = get(live, &staff(), id("ord_1"), None).await.unwrap();
    assert_eq!(missing.value, Err(AppError::NotFound { what: "order".to_owned() }));
    let beyond = OrderFilter { page: 0, ..some };
    assert_eq!(list(live, &staff(), beyond, None).await.unwrap().value.unwrap_err().status(), 422);
}
