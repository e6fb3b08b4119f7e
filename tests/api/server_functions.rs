//! Server functions, each a public endpoint of its own: `POST /api/fn/…`.

use highwater::AsOf;
use serde_json::{Value, json};

use crate::app::{ADMIN, ANA, CARLA, OPS, TestApp};

const KEY: &str = "0123456789abcdef0123456789abcdef";

/// Every function with arguments that it takes.
fn calls() -> [(&'static str, Value); 9] {
    let order = json!({
        "customerId": "VINET",
        "shipTo": { "name": "V", "address": "1 Quay", "city": "Reims", "country": "France" },
        "lines": [{ "productId": 1, "quantity": 1 }],
    });
    let bulk = json!({ "ids": ["ord_11077"], "status": "confirmed" });
    [
        ("/api/fn/list_orders", json!({ "filter": { "q": "10248" }, "min": null })),
        ("/api/fn/get_order", json!({ "id": "ord_10248", "min": null })),
        (
            "/api/fn/update_order",
            json!({ "id": "ord_10248", "change": { "note": "x" }, "mutation": KEY }),
        ),
        ("/api/fn/create_order", json!({ "order": order, "mutation": KEY })),
        ("/api/fn/change_orders", json!({ "change": bulk, "mutation": KEY })),
        ("/api/fn/order_metrics", json!({ "min": null })),
        ("/api/fn/order_catalogue", json!({ "min": null })),
        ("/api/fn/order_history", json!({ "id": "ord_10248", "min": null })),
        ("/api/fn/get_import", json!({ "id": "imp_0123456789abcdef", "min": null })),
    ]
}

const WRITES: [&str; 3] = ["/api/fn/update_order", "/api/fn/create_order", "/api/fn/change_orders"];

#[tokio::test]
async fn every_function_needs_a_session() {
    let app = TestApp::start().await;
    for (path, arguments) in calls() {
        let refused = app.client().post(path, arguments).await;
        refused.expect_refusal(401, "unauthenticated", None);
    }
}

#[tokio::test]
async fn every_function_needs_a_role() {
    let app = TestApp::start().await;
    for email in [ANA, CARLA] {
        let member = app.sign_in(email).await;
        for (path, arguments) in calls() {
            let answer = member.post(path, arguments).await;
            assert!(!answer.text.contains("Vins et alcools"), "{path}");
            // A read's refusal is an answer with a stamp; a write's has the status of its kind.
            let refusal = if WRITES.contains(&path) {
                answer.expect_status(403).json()
            } else {
                let answer = answer.expect_status(200).json();
                assert!(answer["as_of"].is_string(), "{answer}");
                answer["value"]["Err"].clone()
            };
            assert_eq!(refusal["code"], "forbidden", "{path}");
        }
    }
    let staff = app.sign_in(OPS).await;
    assert_eq!(staff.order("ord_10248").await["version"], 1);
    assert_eq!(staff.get("/api/v1/orders").await.json()["total"], 830);
}

#[tokio::test]
async fn a_write_that_is_sent_again_is_done_once() {
    let app = TestApp::start().await;
    let staff = app.sign_in(OPS).await;
    for (number, path) in WRITES.into_iter().enumerate() {
        let (_, mut arguments) = calls().into_iter().find(|(of, _)| *of == path).unwrap();
        arguments["mutation"] = json!(format!("{number:032x}"));
        let first = staff.post(path, arguments.clone()).await.expect_status(200);
        assert!(first.json()["as_of"].is_string(), "{path}");
        let head = app.head().await;
        assert_eq!(staff.post(path, arguments).await.expect_status(200).text, first.text);
        assert_eq!(app.rows_since(&head).await, 0, "{path}");
    }
}

#[tokio::test]
async fn they_answer_what_they_read_with_its_stamp() {
    let app = TestApp::start().await;
    let admin = app.sign_in(ADMIN).await;
    let [(list, of_list), (get, of_get), (update, of_update), ..] = calls();
    let answer = admin.post(list, of_list).await.expect_status(200).json();
    assert_eq!(answer["value"]["Ok"]["total"], 1);
    assert_eq!(answer["value"]["Ok"]["rows"][0]["id"], "ord_10248");

    let first = admin.post(update, of_update.clone()).await.expect_status(200).json();
    assert_eq!((&first["value"]["note"], &first["value"]["version"]), (&json!("x"), &json!(2)));
    assert_eq!(first["cursor"], app.head().await.to_string());
    assert_eq!(admin.post(update, of_update).await.expect_status(200).json(), first);

    // Asked for at least what the write included, a read includes it.
    let min = first["as_of"].clone();
    let mut of_get = of_get;
    of_get["min"] = min.clone();
    let answer = admin.post(get, of_get).await.expect_status(200).json();
    assert_eq!(answer["value"]["Ok"], first["value"]);
    let as_of = |json: Value| serde_json::from_value::<AsOf>(json).unwrap();
    assert!(as_of(answer["as_of"].clone()).includes(&as_of(min)));
}

#[tokio::test]
async fn what_they_cannot_do_has_its_status() {
    let app = TestApp::start().await;
    let staff = app.sign_in(OPS).await;
    let update = "/api/fn/update_order";
    let changed = |change: Value| {
        let key = format!("{:032x}", change.to_string().len());
        json!({ "id": "ord_10248", "change": change, "mutation": key })
    };
    let refused = staff.post(update, changed(json!({ "status": "pending" }))).await;
    assert_eq!(refused.expect_status(409).json()["code"], "conflict");
    let refused = staff.post(update, changed(json!({}))).await;
    assert_eq!(refused.expect_status(422).json()["code"], "invalid");
    let page_0 = json!({ "filter": { "page": 0 }, "min": null });
    let answer = staff.post("/api/fn/list_orders", page_0).await.expect_status(200).json();
    assert_eq!(answer["value"]["Err"]["field"], "page");
    let no_such = json!({ "id": "ord_1", "min": null });
    let answer = staff.post("/api/fn/get_order", no_such).await.expect_status(200).json();
    assert_eq!(answer["value"]["Err"]["code"], "not_found");
    assert!(answer["as_of"].is_string());
}
