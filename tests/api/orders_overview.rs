//! `GET /api/v1/orders/metrics` and `/catalogue`.

use serde_json::json;

use crate::app::{ANA, CARLA, OPS, TestApp};

#[tokio::test]
async fn metrics_follow_the_orders() {
    let app = TestApp::start().await;
    let staff = app.sign_in(OPS).await;
    let path = "/api/v1/orders/metrics";
    let answer = staff.get(path).await.expect_status(200);
    assert!(!answer.header("x-highwater-as-of").is_empty());
    let before = answer.json();
    assert_eq!(before["orders"], 830);
    let statuses: Vec<_> =
        before["byStatus"].as_array().unwrap().iter().map(|count| &count["status"]).collect();
    assert_eq!(statuses, ["pending", "confirmed", "packed", "shipped", "delivered", "cancelled"]);
    let days = before["perDay"].as_array().unwrap();
    assert_eq!((days.len(), &days[89]["day"]), (90, &json!("1998-05-06")));

    staff.patch_order("ord_11077", json!({ "note": "x" })).await.expect_status(200);
    assert_eq!(staff.get(path).await.json(), before, "a note counts for nothing");
    let order = staff.patch_order("ord_11077", json!({ "status": "cancelled" })).await.json();
    let after = staff.get(path).await.json();
    let lost = before["revenueCents"].as_i64().unwrap() - after["revenueCents"].as_i64().unwrap();
    assert_eq!(lost, order["totalCents"].as_i64().unwrap());
    assert_eq!(after["byStatus"][5]["orders"], 1);
}

#[tokio::test]
async fn a_note_is_no_reason_to_count_again() {
    let app = TestApp::start().await;
    let staff = app.sign_in(OPS).await;
    let head = app.head().await;
    staff.patch_order("ord_11077", json!({ "note": "x" })).await.expect_status(200);
    assert_eq!(app.rows_since(&head).await, 1);
    staff.patch_order("ord_11077", json!({ "status": "confirmed" })).await.expect_status(200);
    assert_eq!(app.rows_since(&head).await, 3);
}

#[tokio::test]
async fn the_catalogue_has_everything_to_order_with() {
    let app = TestApp::start().await;
    let staff = app.sign_in(OPS).await;
    let catalogue = staff.get("/api/v1/orders/catalogue").await.expect_status(200).json();
    assert_eq!(catalogue["customers"].as_array().unwrap().len(), 91);
    let chai = json!({ "id": 1, "name": "Chai", "unitPriceCents": 1800 });
    assert!(catalogue["products"].as_array().unwrap().contains(&chai), "{catalogue}");
    let customers = catalogue["customers"].as_array().unwrap();
    let vinet = customers.iter().find(|customer| customer["id"] == "VINET").unwrap();
    let latest = staff.order(vinet["latestOrder"].as_str().unwrap()).await;
    assert_eq!((&latest["customerId"], &latest["shipTo"]), (&json!("VINET"), &vinet["shipTo"]));
}

#[tokio::test]
async fn only_those_who_may_use_orders_read_them() {
    let app = TestApp::start().await;
    for path in ["/api/v1/orders/metrics", "/api/v1/orders/catalogue"] {
        app.client().get(path).await.expect_refusal(401, "unauthenticated", None);
        for email in [ANA, CARLA] {
            app.sign_in(email).await.get(path).await.expect_refusal(403, "forbidden", None);
        }
    }
}
