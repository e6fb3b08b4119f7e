//! `POST /api/v1/orders`: what is made, what is refused, and repeats.

use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    app::{ANA, CARLA, OLE, OPS, TestApp},
    client::{Answer, Client},
};

const PATH: &str = "/api/v1/orders";
const KEY: &str = "00112233445566778899aabbccddeeff";

fn new_order() -> Value {
    json!({
        "customerId": "VINET",
        "shipTo": {
            "name": "Vins et alcools Chevalier", "address": "59 rue de l'Abbaye",
            "city": "Reims", "postalCode": "51100", "country": "France",
        },
        "lines": [
            { "productId": 2, "quantity": 3, "discountBp": 1500 },
            { "productId": 1, "quantity": 2 },
        ],
        "note": "ring twice",
    })
}

/// The new order with a value in another place.
fn with(place: &str, value: Value) -> Value {
    let mut order = new_order();
    *order.pointer_mut(place).unwrap() = value;
    order
}

async fn post_as(client: &Client, key: &str, order: Value) -> Answer {
    client
        .send(Method::POST, PATH, |request| request.header("Idempotency-Key", key).json(&order))
        .await
}

#[tokio::test]
async fn a_new_order_is_answered_whole_and_found_where_the_answer_says() {
    let app = TestApp::start().await;
    let staff = app.sign_in(OPS).await;
    let mut stream = staff.open("/api/v1/stream/events").await;
    stream.connected().await;
    let answer = staff.post(PATH, new_order()).await.expect_status(201);
    assert_eq!(answer.header("location"), "/api/v1/orders/ord_11078");
    assert!(!answer.header("x-highwater-as-of").is_empty());
    let order = answer.json();
    assert_eq!((&order["status"], &order["version"]), (&json!("pending"), &json!(1)));
    assert_eq!(order["totalCents"], 2 * 1800 + 4845);
    assert_eq!(order["lines"][0]["productName"], "Chai");
    assert_eq!(staff.get(answer.header("location")).await.expect_status(200).json(), order);

    let heard = stream.event().await;
    assert_eq!((heard.kind(), &heard.data["id"]), ("order.created", &order["id"]));
    assert_eq!(heard.data["patch"]["totalCents"], order["totalCents"]);
    let heard = stream.next_said().await;
    let expected =
        json!({ "type": "metric.updated", "id": "orders", "patch": {}, "ts": heard.data["ts"] });
    assert_eq!(heard.data, expected);
    let found = staff.get("/api/v1/orders?q=11078").await.expect_status(200).json();
    assert_eq!(found["rows"][0]["lineCount"], 2);
}

#[tokio::test]
async fn what_cannot_be_ordered_is_refused_by_its_field_and_changes_nothing() {
    let app = TestApp::start().await;
    let staff = app.sign_in(OPS).await;
    let head = app.head().await;
    let line = |product: u32| json!({ "productId": product, "quantity": 1 });
    let long = "x".repeat(101);
    for (order, field) in [
        (with("/customerId", json!("NOBODY")), "customerId"),
        (with("/customerId", json!("")), "customerId"),
        (with("/customerId", json!(7)), "customerId"),
        (with("/shipTo/city", json!(" ")), "shipTo.city"),
        (with("/shipTo/postalCode", json!(long)), "shipTo.postalCode"),
        (with("/shipTo/name", json!("two\nlines")), "shipTo.name"),
        (with("/lines", json!([])), "lines"),
        (with("/lines", (1..=101).map(line).collect()), "lines"),
        (with("/lines", json!([line(1), line(2), line(1)])), "lines[2].productId"),
        (with("/lines/1/productId", json!(99)), "lines[1].productId"),
        (with("/lines/1/quantity", json!(0)), "lines[1].quantity"),
        (with("/lines/1/quantity", json!(10_001)), "lines[1].quantity"),
        (with("/lines/1/quantity", json!(-1)), "lines[1].quantity"),
        (with("/lines/0/discountBp", json!(10_001)), "lines[0].discountBp"),
        (with("/lines/0", json!({ "productId": 1, "quantity": 1, "total": 1 })), "lines[0].total"),
        (with("/note", json!("x".repeat(2001))), "note"),
    ] {
        let refused = staff.post(PATH, order.clone()).await;
        assert_eq!(refused.json()["field"], field, "{order}: {}", refused.text);
        refused.expect_refusal(422, "invalid", Some(field));
    }
    let send = |body: &'static str| {
        staff.send(Method::POST, PATH, move |request| {
            request.header("content-type", "application/json").body(body)
        })
    };
    send("{\"lines\":").await.expect_refusal(400, "malformed", None);
    send("[]").await.expect_refusal(422, "invalid", None);
    post_as(&staff, "1", new_order()).await.expect_refusal(422, "invalid", Some("Idempotency-Key"));
    assert_eq!(app.rows_since(&head).await, 0);
}

#[tokio::test]
async fn only_those_who_may_use_orders_make_any() {
    let app = TestApp::start().await;
    let (ana, carla) = (app.sign_in(ANA).await, app.sign_in(CARLA).await);
    let head = app.head().await;
    app.client().post(PATH, new_order()).await.expect_refusal(401, "unauthenticated", None);
    for client in [ana, carla] {
        client.post(PATH, new_order()).await.expect_refusal(403, "forbidden", None);
    }
    assert_eq!(app.rows_since(&head).await, 0);
}

#[tokio::test]
async fn a_repeat_is_answered_with_the_first_order() {
    let app = TestApp::start().await;
    let staff = app.sign_in(OPS).await;
    let first = post_as(&staff, KEY, new_order()).await.expect_status(201);
    let head = app.head().await;
    let again = post_as(&staff, KEY, new_order()).await.expect_status(201);
    assert_eq!((&again.text, again.header("location")), (&first.text, first.header("location")));
    assert_eq!(app.rows_since(&head).await, 0);
    let other = post_as(&app.sign_in(OLE).await, KEY, new_order()).await.expect_status(201);
    assert_ne!(other.json()["id"], first.json()["id"], "another user's key is another order");
}

#[tokio::test]
async fn orders_made_at_the_same_time_have_numbers_of_their_own() {
    let app = TestApp::start().await;
    let other_server = app.another().await;
    let staff = app.sign_in(OPS).await;
    let elsewhere = staff.at(&other_server);
    let clients = [&staff, &elsewhere];
    let answers = (0..12).map(|turn: usize| clients[turn % 2].post(PATH, new_order()));
    let answers = futures::future::join_all(answers).await;
    let ids: BTreeSet<String> = answers
        .into_iter()
        .map(|answer| answer.expect_status(201).json()["id"].as_str().unwrap().to_owned())
        .collect();
    let expected: BTreeSet<String> =
        (11_078..11_090).map(|number| format!("ord_{number}")).collect();
    assert_eq!(ids, expected);
}
