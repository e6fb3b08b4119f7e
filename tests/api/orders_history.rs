//! `GET /api/v1/orders/{id}/history`: who changed what, newest first.

use serde_json::{Value, json};

use crate::app::{ADMIN, ANA, CARLA, OPS, TestApp};

const PENDING: &str = "ord_11077";

fn path(id: &str) -> String {
    format!("/api/v1/orders/{id}/history")
}

#[tokio::test]
async fn a_history_tells_who_changed_what() {
    let app = TestApp::start().await;
    let (staff, admin) = (app.sign_in(OPS).await, app.sign_in(ADMIN).await);
    let confirm = json!({ "status": "confirmed", "note": "ring twice" });
    let confirmed = staff.patch_order(PENDING, confirm).await.expect_status(200).json();
    staff.patch_order(PENDING, json!({ "note": "" })).await.expect_status(200);
    admin.patch_order(PENDING, json!({ "status": "packed" })).await.expect_status(200);

    let answer = staff.get(&path(PENDING)).await.expect_status(200);
    assert!(!answer.header("x-highwater-as-of").is_empty());
    let history = answer.json();
    let entries = history["entries"].as_array().unwrap();
    let told: Vec<(&Value, &Value, &Value)> =
        entries.iter().map(|entry| (&entry["version"], &entry["actor"], &entry["what"])).collect();
    let both = json!([
        { "type": "status", "from": "pending", "to": "confirmed" },
        { "type": "note", "note": "ring twice" },
    ]);
    let expected = [
        (
            &json!(4),
            &json!("Some admin"),
            &json!([{ "type": "status", "from": "confirmed", "to": "packed" }]),
        ),
        (&json!(3), &json!("Some staff"), &json!([{ "type": "note", "note": "" }])),
        (&json!(2), &json!("Some staff"), &both),
        (&json!(1), &Value::Null, &json!([{ "type": "imported" }])),
    ];
    assert_eq!(told, expected);
    assert_eq!(entries[2]["at"], confirmed["updatedAt"]);
    assert_eq!(history["keptSince"], Value::Null);

    let asked = json!({ "id": PENDING, "min": null });
    let found = staff.post("/api/fn/order_history", asked).await.expect_status(200).json();
    assert_eq!(found["value"]["Ok"], history);
}

#[tokio::test]
async fn only_those_who_may_use_orders_read_it() {
    let app = TestApp::start().await;
    app.client().get(&path(PENDING)).await.expect_refusal(401, "unauthenticated", None);
    for email in [ANA, CARLA] {
        app.sign_in(email).await.get(&path(PENDING)).await.expect_refusal(403, "forbidden", None);
    }
    let staff = app.sign_in(OPS).await;
    for id in ["ord_1", "11077"] {
        staff.get(&path(id)).await.expect_refusal(404, "not_found", None);
    }
}
