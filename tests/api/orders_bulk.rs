//! `POST /api/v1/orders/status`: a status for many orders at once.

use reqwest::Method;
use serde_json::{Value, json};

use crate::app::{ANA, CARLA, OPS, TestApp};

const PATH: &str = "/api/v1/orders/status";
const KEY: &str = "00112233445566778899aabbccddeeff";
/// Of the newest day, so pending.
const PENDING: [&str; 2] = ["ord_11076", "ord_11077"];
/// Final.
const DELIVERED: &str = "ord_10248";

fn confirm(ids: &[&str]) -> Value {
    json!({ "ids": ids, "status": "confirmed" })
}

#[tokio::test]
async fn each_order_is_told_of_and_heard_of() {
    let app = TestApp::start().await;
    let staff = app.sign_in(OPS).await;
    let mut stream = staff.open("/api/v1/stream/events").await;
    stream.connected().await;
    let asked = confirm(&[PENDING[0], DELIVERED, "ord_1", PENDING[1]]);
    let answer = staff.post(PATH, asked).await.expect_status(200);
    assert!(!answer.header("x-highwater-as-of").is_empty());
    let told = answer.json();
    let changed: Vec<_> =
        told["changed"].as_array().unwrap().iter().map(|row| &row["id"]).collect();
    assert_eq!(changed, PENDING);
    assert_eq!(told["changed"][0]["status"], "confirmed");
    assert_eq!(told["unchanged"], json!([]));
    let refused = json!([
        { "id": DELIVERED, "reason": "An order that is delivered cannot become confirmed." },
        { "id": "ord_1", "reason": "There is no such order." },
    ]);
    assert_eq!(told["refused"], refused);
    for id in PENDING {
        let heard = stream.event().await;
        assert_eq!((&heard.data["id"], &heard.data["patch"]["version"]), (&json!(id), &json!(2)));
        assert_eq!(staff.order(id).await["status"], "confirmed");
    }
    assert_eq!(stream.next_said().await.kind(), "metric.updated");
    assert_eq!(staff.order(DELIVERED).await["version"], 1);
}

#[tokio::test]
async fn a_repeat_changes_nothing_more() {
    let app = TestApp::start().await;
    let staff = app.sign_in(OPS).await;
    let head = app.head().await;
    let send = || {
        staff.send(Method::POST, PATH, |request| {
            request.header("Idempotency-Key", KEY).json(&confirm(&PENDING))
        })
    };
    let first = send().await.expect_status(200);
    assert_eq!(send().await.expect_status(200).text, first.text);
    assert_eq!(app.rows_since(&head).await, 3, "one for each order, one for the metrics");
    // Without the key it is another change, to what is so already.
    let again = staff.post(PATH, confirm(&PENDING)).await.expect_status(200).json();
    assert_eq!((&again["unchanged"], &again["changed"]), (&json!(PENDING), &json!([])));
    assert_eq!(app.rows_since(&head).await, 3);
}

#[tokio::test]
async fn what_cannot_be_asked_is_refused_and_changes_nothing() {
    let app = TestApp::start().await;
    let staff = app.sign_in(OPS).await;
    let (ana, carla) = (app.sign_in(ANA).await, app.sign_in(CARLA).await);
    let head = app.head().await;
    let many: Vec<String> = (1..=201).map(|number| format!("ord_{number}")).collect();
    for (asked, field) in [
        (confirm(&[]), "ids"),
        (confirm(&[PENDING[0], PENDING[0]]), "ids"),
        (json!({ "ids": many, "status": "confirmed" }), "ids"),
        (confirm(&["11077"]), "ids[0]"),
        (json!({ "ids": PENDING, "status": "lost" }), "status"),
        (json!({ "ids": PENDING }), "status"),
        (json!({ "ids": PENDING, "status": "confirmed", "note": "x" }), "note"),
    ] {
        staff.post(PATH, asked).await.expect_refusal(422, "invalid", Some(field));
    }
    app.client().post(PATH, confirm(&PENDING)).await.expect_refusal(401, "unauthenticated", None);
    for client in [ana, carla] {
        client.post(PATH, confirm(&PENDING)).await.expect_refusal(403, "forbidden", None);
    }
    assert_eq!(app.rows_since(&head).await, 0);
}
