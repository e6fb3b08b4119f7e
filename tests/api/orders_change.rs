//! `PATCH /api/v1/orders/{id}`: what is changed, what is refused, and repeats.

use reqwest::Method;
use sea_orm::{ConnectionTrait, sqlx};
use serde_json::json;
use studio::server::database::{self, WhenMissing};

use crate::{
    app::{OLE, OPS, TestApp},
    database::on_postgres,
};

/// Delivered, which is final.
const DELIVERED: &str = "ord_10248";
/// Of the newest day, so pending.
const PENDING: &str = "ord_11077";

const KEY: &str = "00112233445566778899aabbccddeeff";

#[tokio::test]
async fn a_change_is_answered_with_the_order_as_it_is_then() {
    let app = TestApp::start().await;
    let staff = app.sign_in(OPS).await;
    let before = staff.order(PENDING).await;
    let head = app.head().await;
    let change = json!({ "status": "confirmed", "note": "Call first", "version": 1 });
    let answer = staff.patch_order(PENDING, change).await.expect_status(200);
    assert!(!answer.header("x-highwater-as-of").is_empty());

    let mut expected = before.clone();
    let changed = answer.json();
    expected["status"] = json!("confirmed");
    expected["note"] = json!("Call first");
    expected["version"] = json!(2);
    expected["updatedAt"] = changed["updatedAt"].clone();
    assert_ne!(changed["updatedAt"], before["updatedAt"]);
    assert_eq!(changed, expected);
    assert_eq!(staff.order(PENDING).await, expected);
    assert_eq!(app.rows_since(&head).await, 2, "the order's, and the metrics'");
}

#[tokio::test]
async fn a_refused_change_leaves_everything_as_it_was() {
    let app = TestApp::start().await;
    let staff = app.sign_in(OPS).await;
    let (delivered, pending) = (staff.order(DELIVERED).await, staff.order(PENDING).await);
    let head = app.head().await;
    let long = "x".repeat(2001);
    for (id, change, status, code, field) in [
        (DELIVERED, json!({ "status": "pending", "note": "no" }), 409, "conflict", None),
        (PENDING, json!({ "status": "delivered" }), 409, "conflict", None),
        (PENDING, json!({ "note": "late", "version": 2 }), 409, "version_conflict", None),
        (PENDING, json!({}), 422, "invalid", None),
        (PENDING, json!({ "status": "lost" }), 422, "invalid", Some("status")),
        (PENDING, json!({ "note": long }), 422, "invalid", Some("note")),
        (PENDING, json!({ "note": "x", "totalCents": 1 }), 422, "invalid", Some("totalCents")),
        ("ord_1", json!({ "note": "x" }), 404, "not_found", None),
        ("11077", json!({ "note": "x" }), 404, "not_found", None),
    ] {
        let refused = staff.patch_order(id, change.clone()).await;
        assert_eq!(refused.status.as_u16(), status, "{change}");
        refused.expect_refusal(status, code, field);
    }
    assert_eq!(staff.order(DELIVERED).await, delivered);
    assert_eq!(staff.order(PENDING).await, pending);
    assert_eq!(app.rows_since(&head).await, 0);
}

#[tokio::test]
async fn what_is_so_already_is_not_recorded() {
    let app = TestApp::start().await;
    let staff = app.sign_in(OPS).await;
    let before = staff.order(DELIVERED).await;
    let head = app.head().await;
    let same = json!({ "status": "delivered", "note": "", "version": 1 });
    let answer = staff.patch_order(DELIVERED, same).await.expect_status(200);
    assert_eq!(answer.json(), before);
    assert_eq!(app.rows_since(&head).await, 0);
}

#[tokio::test]
async fn a_repeat_is_answered_with_the_first_outcome() {
    let app = TestApp::start().await;
    let staff = app.sign_in(OPS).await;
    let head = app.head().await;
    let confirm = json!({ "status": "confirmed", "version": 1 });
    let first = staff.patch_order_as(KEY, PENDING, confirm.clone()).await.expect_status(200);
    staff.patch_order(PENDING, json!({ "note": "meanwhile" })).await.expect_status(200);

    let again = staff.patch_order_as(KEY, PENDING, confirm.clone()).await.expect_status(200);
    assert_eq!(again.text, first.text);
    assert_eq!(again.header("x-highwater-as-of"), first.header("x-highwater-as-of"));
    let upper_case = KEY.to_uppercase();
    let again = staff.patch_order_as(&upper_case, PENDING, confirm.clone()).await;
    assert_eq!(again.text, first.text);
    assert_eq!(app.rows_since(&head).await, 3, "two for the status, one for the note");

    let app = app.restart().await;
    let again = staff.at(&app).patch_order_as(KEY, PENDING, confirm.clone()).await;
    assert_eq!(again.text, first.text, "also after the server was killed");

    // Another user's key is another mutation.
    let other = app.sign_in(OLE).await;
    let refused = other.patch_order_as(KEY, PENDING, confirm).await;
    refused.expect_refusal(409, "version_conflict", None);
}

#[tokio::test]
async fn a_repeat_of_a_refusal_stays_refused() {
    let app = TestApp::start().await;
    let staff = app.sign_in(OPS).await;
    let pack = json!({ "status": "packed" });
    let refused = staff.patch_order_as(KEY, PENDING, pack.clone()).await;
    refused.expect_refusal(409, "conflict", None);
    staff.patch_order(PENDING, json!({ "status": "confirmed" })).await.expect_status(200);
    let head = app.head().await;

    // Now it could be done, but its author was told that it was not.
    let again = staff.patch_order_as(KEY, PENDING, pack.clone()).await;
    assert_eq!((again.status, again.text), (refused.status, refused.text));
    assert_eq!(app.rows_since(&head).await, 0);
    let other_key = KEY.replace('0', "1");
    staff.patch_order_as(&other_key, PENDING, pack).await.expect_status(200);
}

#[tokio::test]
async fn repeats_at_the_same_time_are_one_change() {
    let app = TestApp::start().await;
    let staff = app.sign_in(OPS).await;
    let head = app.head().await;
    let send = || staff.patch_order_as(KEY, PENDING, json!({ "status": "confirmed" }));
    let answers = futures::future::join_all((0..8).map(|_| send())).await;
    for answer in &answers {
        assert_eq!(answer.status.as_u16(), 200, "{}", answer.text);
        assert_eq!(answer.text, answers[0].text);
    }
    assert_eq!(app.rows_since(&head).await, 2);
}

#[tokio::test]
async fn of_two_changes_to_one_version_one_is_refused() {
    let app = TestApp::start().await;
    let staff = app.sign_in(OPS).await;
    let note = |text: &str| json!({ "note": text, "version": 1 });
    let (one, two) = tokio::join!(
        staff.patch_order(PENDING, note("one")),
        staff.patch_order(PENDING, note("two")),
    );
    let mut statuses = [one.status.as_u16(), two.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409]);
    let (kept, refused) = if one.status.is_success() { (one, two) } else { (two, one) };
    refused.expect_refusal(409, "version_conflict", None);
    assert_eq!(refused.json()["current"], 2, "the version to look at");
    assert_eq!(staff.order(PENDING).await, kept.json());
}

#[tokio::test]
async fn a_request_that_cannot_be_read_is_refused() {
    let app = TestApp::start().await;
    let staff = app.sign_in(OPS).await;
    let path = format!("/api/v1/orders/{PENDING}");
    let sent = |kind: &'static str, body: &'static str| {
        staff.send(Method::PATCH, &path, move |request| {
            request.header("content-type", kind).body(body)
        })
    };
    sent("application/json", "{\"note\":").await.expect_refusal(400, "malformed", None);
    sent("application/json", "[]").await.expect_refusal(422, "invalid", None);
    let refused = sent("text/plain", "{\"note\":\"x\"}").await;
    refused.expect_refusal(415, "unsupported_media_type", None);
    for key in ["", "1", "zz112233445566778899aabbccddeeff"] {
        let refused = staff.patch_order_as(key, PENDING, json!({ "note": "x" })).await;
        refused.expect_refusal(422, "invalid", Some("Idempotency-Key"));
    }
    assert_eq!(staff.order(PENDING).await["version"], 1);
}

#[tokio::test]
async fn a_change_while_another_program_holds_the_database_is_refused_for_now() {
    let app = TestApp::start().await;
    let staff = app.sign_in(OPS).await;
    impatient(&app).await;
    let url = &app.state.configuration.studio.database_url;
    let other = database::connect(url, WhenMissing::Refuse).await.unwrap();
    let hold = match on_postgres() {
        true => "BEGIN; LOCK TABLE orders IN EXCLUSIVE MODE",
        false => "BEGIN IMMEDIATE",
    };
    other.execute_unprepared(hold).await.unwrap();
    let change = json!({ "note": "later" });
    let refused = staff.patch_order_as(KEY, PENDING, change.clone()).await;
    assert_eq!(refused.status, 503, "{}", refused.text);
    // Who reads does not wait for who writes.
    assert_eq!(staff.order(PENDING).await["version"], 1);
    other.close().await.unwrap();
    let done = staff.patch_order_as(KEY, PENDING, change).await.expect_status(200);
    assert_eq!(done.json()["version"], 2);
}

/// No connection of the server waits for a lock.
async fn impatient(app: &TestApp) {
    if on_postgres() {
        let pool = app.state.db.get_postgres_connection_pool();
        set_in_all(pool, "SET lock_timeout = '1ms'").await;
    } else {
        let pool = app.state.db.get_sqlite_connection_pool();
        set_in_all(pool, "PRAGMA busy_timeout = 1").await;
    }
}

async fn set_in_all<D: sqlx::Database>(pool: &sqlx::Pool<D>, setting: &'static str)
where
    for<'c> &'c mut D::Connection: sqlx::Executor<'c, Database = D>,
{
    let mut all = Vec::new();
    for _ in 0..pool.options().get_max_connections() {
        let mut connection = pool.acquire().await.unwrap();
        sqlx::Executor::execute(&mut *connection, setting).await.unwrap();
        all.push(connection);
    }
}
