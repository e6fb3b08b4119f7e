//! Histories, also where the log has forgotten part of them.

use highwater::server::Retention;
use time::Duration;

use super::*;
use crate::orders::model::{HistoryStep, OrderHistory};

async fn read(orders: &TestOrders, order: &str) -> OrderHistory {
    history(&orders.live, &staff(), id(order), None).await.unwrap().value.unwrap()
}

async fn note(orders: &TestOrders, text: &str, minutes: i64) {
    let asked = OrderChange { note: Some(text.to_owned()), ..OrderChange::default() };
    let at = now() + Duration::minutes(minutes);
    change(&orders.live, &staff(), id("ord_11077"), asked, None, at).await.unwrap();
}

/// Keeps only the newest rows of the log.
async fn keep(orders: &TestOrders, rows: u64) {
    // What is not settled is not trimmed.
    orders.head().await;
    let keep = Retention { max_age_ms: u64::MAX, max_rows: rows };
    orders.live.trim(keep).await.unwrap();
}

fn steps(history: &OrderHistory) -> Vec<(u64, &[HistoryStep])> {
    history.entries.iter().map(|entry| (entry.version, entry.what.as_slice())).collect()
}

#[tokio::test]
async fn what_the_log_has_forgotten_is_said_to_be_missing() {
    let orders = TestOrders::with_northwind().await;
    let placed = get(&orders.live, &staff(), id("ord_11077"), None).await.unwrap().value.unwrap();
    for (minutes, text) in [(1, "one"), (2, "two"), (3, "three")] {
        note(&orders, text, minutes).await;
    }
    let whole = read(&orders, "ord_11077").await;
    assert_eq!((whole.entries.len(), whole.kept_since), (4, None));
    assert_eq!(whole.entries[3].what, [HistoryStep::Imported]);
    assert!(whole.entries[0].at > whole.entries[1].at, "newest first");

    keep(&orders, 2).await;
    let kept = read(&orders, "ord_11077").await;
    let note_of = |text: &str| [HistoryStep::Note { note: text.to_owned() }];
    let expected: [(u64, &[HistoryStep]); 3] =
        [(4, &note_of("three")), (3, &note_of("two")), (1, &[HistoryStep::Created])];
    assert_eq!(steps(&kept), expected);
    assert_eq!(kept.entries[2].at, placed.created_at);
    assert_eq!(kept.kept_since, Some(kept.entries[1].at));

    let confirm = status(OrderStatus::Confirmed);
    change(&orders.live, &staff(), id("ord_11077"), confirm, None, now()).await.unwrap();
    keep(&orders, 2).await;
    let kept = read(&orders, "ord_11077").await;
    let to = OrderStatus::Confirmed;
    assert_eq!(kept.entries[0].what, [HistoryStep::Status { from: None, to }]);

    keep(&orders, 0).await;
    let kept = read(&orders, "ord_11077").await;
    assert_eq!(steps(&kept), [(1, &[HistoryStep::Created][..])]);
    assert!(kept.kept_since.is_some());
    let unchanged = read(&orders, "ord_10248").await;
    assert_eq!((unchanged.entries.len(), unchanged.kept_since), (1, None));
}

#[tokio::test]
async fn an_order_made_here_was_created_by_its_author() {
    let orders = TestOrders::with_northwind().await;
    let sql = "INSERT INTO users (id, email, name, role, password_hash, created_at)
        VALUES (7, 'ops@example.com', 'Olivia Ops', 'staff', '', 0)";
    sea_orm::ConnectionTrait::execute_unprepared(&orders.db, sql).await.unwrap();
    let made = create(&orders.live, &staff(), create::new_order(), None, now()).await.unwrap();
    let history = read(&orders, made.value.id.as_str()).await;
    let [entry] = history.entries.as_slice() else { panic!("{history:?}") };
    assert_eq!((entry.what.as_slice(), entry.version), ([HistoryStep::Created].as_slice(), 1));
    assert_eq!(entry.actor.as_deref(), Some("Olivia Ops"));
    assert_eq!(entry.at, made.value.created_at);
}

#[tokio::test]
async fn a_long_history_tells_the_newest_changes() {
    let orders = TestOrders::with_northwind().await;
    for change in 0..=i64::from(OrderHistory::CHANGES) {
        note(&orders, &change.to_string(), change).await;
    }
    let long = read(&orders, "ord_11077").await;
    assert_eq!(long.entries.len(), OrderHistory::CHANGES as usize + 1);
    assert_eq!(long.entries[0].version, u64::from(OrderHistory::CHANGES) + 2);
    assert!(long.kept_since.is_some());
}
