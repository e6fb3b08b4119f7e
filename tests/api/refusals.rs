//! What no endpoint takes: each refusal has its status and code, and changes nothing.

use reqwest::Method;
use serde_json::json;

use crate::{
    app::{ANA, OPS, TestApp},
    client::{Answer, Client},
};

const KEY: &str = "0123456789abcdef0123456789abcdef";

/// Every endpoint with a JSON body, a field of its input and input that it takes.
fn endpoints() -> [(Method, &'static str, &'static str, String); 10] {
    let of_function = |change: &str| {
        format!("{{\"id\":\"ord_10248\",\"change\":{change},\"mutation\":\"{KEY}\"}}")
    };
    let order = json!({
        "customerId": "VINET",
        "shipTo": { "name": "V", "address": "1 Quay", "city": "Reims", "country": "France" },
        "lines": [{ "productId": 1, "quantity": 1 }],
        "note": "changed",
    });
    let bulk = json!({ "ids": ["ord_11077"], "status": "confirmed" });
    [
        (
            Method::POST,
            "/api/v1/session",
            "email",
            json!({ "email": "nobody@example.com", "password": "x" }).to_string(),
        ),
        (
            Method::PATCH,
            "/api/v1/orders/ord_10248",
            "note",
            json!({ "note": "changed" }).to_string(),
        ),
        (
            Method::POST,
            "/api/fn/list_orders",
            "filter.q",
            json!({ "filter": { "q": "" }, "min": null }).to_string(),
        ),
        (
            Method::POST,
            "/api/fn/get_order",
            "id",
            json!({ "id": "ord_10248", "min": null }).to_string(),
        ),
        (
            Method::POST,
            "/api/fn/update_order",
            "change.note",
            of_function("{\"note\":\"changed\"}"),
        ),
        (Method::POST, "/api/v1/orders", "note", order.to_string()),
        (Method::POST, "/api/v1/orders/status", "status", bulk.to_string()),
        (
            Method::POST,
            "/api/fn/create_order",
            "order.note",
            json!({ "order": order, "mutation": KEY }).to_string(),
        ),
        (
            Method::POST,
            "/api/fn/change_orders",
            "change.status",
            json!({ "change": bulk, "mutation": KEY }).to_string(),
        ),
        (
            Method::POST,
            "/api/fn/order_history",
            "id",
            json!({ "id": "ord_10248", "min": null }).to_string(),
        ),
    ]
}

async fn send(client: &Client, to: (&Method, &str), kind: &str, body: Vec<u8>) -> Answer {
    client.send(to.0.clone(), to.1, |request| request.header("content-type", kind).body(body)).await
}

/// The input with another value for the field, which is the last part of the path.
fn with_value(input: &str, field: &str, value: &str) -> String {
    let name = field.rsplit('.').next().unwrap();
    let start = input.find(&format!("\"{name}\":")).unwrap() + name.len() + 3;
    let end = start + input[start + 1..].find('"').unwrap() + 2;
    format!("{}{value}{}", &input[..start], &input[end..])
}

#[tokio::test]
async fn a_body_that_cannot_be_read_is_refused_everywhere_and_changes_nothing() {
    let app = TestApp::start().await;
    let staff = app.sign_in(OPS).await;
    let (head, before) = (app.head().await, staff.order("ord_10248").await);
    for (method, path, field, input) in endpoints() {
        let to = (&method, path);
        let json = "application/json";
        let cut = input.as_bytes()[..input.len() - 1].to_vec();
        for body in [Vec::new(), b"note=x".to_vec(), cut, format!("{input}}}").into_bytes()] {
            send(&staff, to, json, body).await.expect_refusal(400, "malformed", None);
        }
        let mut bytes = with_value(&input, field, "\"?\"").into_bytes();
        let question = bytes.iter().position(|byte| *byte == b'?').unwrap();
        bytes[question] = 0xff;
        send(&staff, to, json, bytes).await.expect_refusal(400, "malformed", None);

        let array = format!("[{input}]").into_bytes();
        send(&staff, to, json, array).await.expect_refusal(422, "invalid", None);
        let typed = with_value(&input, field, "{}").into_bytes();
        send(&staff, to, json, typed).await.expect_refusal(422, "invalid", Some(field));
        let more = input.replacen('{', "{\"admin\":true,", 1).into_bytes();
        send(&staff, to, json, more).await.expect_refusal(422, "invalid", Some("admin"));

        for kind in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"] {
            let refused = send(&staff, to, kind, input.clone().into_bytes()).await;
            refused.expect_refusal(415, "unsupported_media_type", None);
        }
    }
    assert_eq!(staff.order("ord_10248").await, before);
    assert_eq!(app.rows_since(&head).await, 0);
}

#[tokio::test]
async fn a_query_that_cannot_be_read_is_refused() {
    let app = TestApp::start().await;
    let staff = app.sign_in(OPS).await;
    for (query, status, code, field) in [
        ("q=%ff", 400, "malformed", None),
        ("q=%", 400, "malformed", None),
        ("q=%zz", 400, "malformed", None),
        ("size=1000", 422, "invalid", Some("size")),
        ("page=1&page=2", 422, "invalid", None),
        ("page=0", 422, "invalid", Some("page")),
        ("page=-1", 422, "invalid", Some("page")),
        ("page=99999999999999999999999", 422, "invalid", Some("page")),
        ("status=lost", 422, "invalid", Some("status")),
        ("sort=password", 422, "invalid", Some("sort")),
    ] {
        let refused = staff.get(&format!("/api/v1/orders?{query}")).await;
        refused.expect_refusal(status, code, field);
    }
    // The last page that can be asked for is no more work than the first.
    let far = staff.get(&format!("/api/v1/orders?page={}", u32::MAX)).await.expect_status(200);
    assert_eq!(far.json()["rows"], json!([]));
    staff.get("/api/v1/orders/%ff").await.expect_refusal(400, "malformed", None);
}

#[tokio::test]
async fn a_stream_is_not_opened_by_a_query_that_cannot_be_read() {
    let app = TestApp::start().await;
    let (staff, head) = (app.sign_in(OPS).await, app.head().await);
    for path in ["/api/events", "/api/v1/stream/events"] {
        for (query, status, code, field) in [
            ("types=%ff", 400, "malformed", None),
            ("types=order.created&after=%", 400, "malformed", None),
            ("after=%zz", 400, "malformed", None),
            ("collapse=1&after=%C3", 400, "malformed", None),
            ("types=order.created&types=order.updated", 422, "invalid", None),
            (&format!("after={head}&after={head}"), 422, "invalid", None),
            ("type=order.created", 422, "invalid", Some("type")),
            ("types=order.burnt", 422, "invalid", Some("types")),
        ] {
            let refused = staff.get(&format!("{path}?{query}")).await;
            refused.expect_refusal(status, code, field);
            // Strangers are told that they are, and nothing of what they asked.
            let stranger = app.client().get(&format!("{path}?{query}")).await;
            stranger.expect_refusal(401, "unauthenticated", None);
        }
        // A position that can be read and means nothing is no error.
        for after in ["nonsense", "%C3%BC", "a.b.c"] {
            staff.open(&format!("{path}?types=order.created&after={after}")).await.reset().await;
        }
        staff.open(&format!("{path}?")).await.connected().await;
    }
}

#[tokio::test]
async fn addresses_and_methods_that_do_not_exist_are_problems() {
    let app = TestApp::start().await;
    let staff = app.sign_in(OPS).await;
    for client in [app.client(), staff] {
        for path in ["/api", "/api/", "/api/v1/order", "/api/v2/orders", "/api/fn/drop_tables"] {
            client.get(path).await.expect_refusal(404, "not_found", None);
            client.post(path, json!({})).await.expect_refusal(404, "not_found", None);
        }
        for (method, path, allowed) in [
            (Method::PUT, "/api/v1/orders/ord_10248", "GET,HEAD,PATCH"),
            (Method::POST, "/api/events", "GET,HEAD"),
            (Method::GET, "/api/fn/list_orders", "POST"),
            (Method::GET, "/logout", "POST"),
            (Method::POST, "/healthz", "GET,HEAD"),
        ] {
            let refused = client.send(method, path, |request| request).await;
            refused.expect_refusal(405, "method_not_allowed", None);
            assert_eq!(refused.header("allow"), allowed, "{path}");
        }
    }
}

#[tokio::test]
async fn one_user_has_so_many_streams_and_no_more() {
    let app = TestApp::start_with(|studio| studio.streams_per_user = 2).await;
    let staff = app.sign_in(OPS).await;
    let path = "/api/events";
    let (mut one, mut two) = (staff.open(path).await, staff.open(path).await);
    one.connected().await;
    two.connected().await;
    let refused = staff.get(path).await;
    refused.expect_refusal(429, "too_many_requests", None);
    assert!(refused.header("retry-after").parse::<u32>().is_ok_and(|seconds| seconds > 0));
    app.sign_in(ANA).await.open(path).await.connected().await;
}

#[tokio::test]
async fn one_server_has_so_many_streams_and_no_more() {
    let app = TestApp::start_with(|studio| studio.streams = 1).await;
    let staff = app.sign_in(OPS).await;
    let mut one = staff.open("/api/events").await;
    one.connected().await;
    let refused = app.sign_in(ANA).await.get("/api/events").await;
    refused.expect_refusal(503, "unavailable", None);
    assert!(refused.header("retry-after").parse::<u32>().is_ok_and(|seconds| seconds > 0));
}

#[tokio::test]
async fn a_character_that_cannot_be_stored_is_no_fault_of_the_server() {
    let app = TestApp::start().await;
    let staff = app.sign_in(OPS).await;
    let credentials = json!({ "email": "a\0@example.com", "password": "x" });
    for answer in [
        staff.get("/api/v1/orders?q=%00").await,
        staff.get("/orders?q=%00").await,
        staff.get("/api/v1/orders/ord_%00").await,
        staff.post("/api/v1/session", credentials).await,
        staff.patch_order("ord_10248", json!({ "note": "a\0b" })).await,
        staff.post("/api/v1/documents", json!({ "title": "a\0b", "body": "a\0b" })).await,
        staff.post("/api/v1/voiceovers", json!({ "text": "a\0b" })).await,
        staff.post("/api/v1/tokens", json!({ "name": "a\0b" })).await,
    ] {
        assert!(!answer.status.is_server_error(), "{answer:?}");
    }
}
