//! How large requests may be, how long they may take, and how often one may try to sign in.

use std::{num::NonZeroU32, time::Duration};

use reqwest::Method;
use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::app::{ANA, OPS, PASSWORD, TestApp};

const SESSION: &str = "/api/v1/session";

#[tokio::test]
async fn a_body_that_is_too_large_is_refused_everywhere_and_changes_nothing() {
    let app = TestApp::start_with(|studio| studio.limits.body_bytes = 4096).await;
    let staff = app.sign_in(OPS).await;
    let head = app.head().await;
    let large = "x".repeat(5000);
    let key = "0123456789abcdef0123456789abcdef";
    for (method, path, body) in [
        (Method::POST, SESSION, json!({ "email": large, "password": "x" })),
        (Method::PATCH, "/api/v1/orders/ord_10248", json!({ "note": large })),
        (Method::POST, "/api/fn/list_orders", json!({ "filter": { "q": large }, "min": null })),
        (Method::POST, "/api/fn/get_order", json!({ "id": large, "min": null })),
        (
            Method::POST,
            "/api/fn/update_order",
            json!({ "id": "ord_10248", "change": { "note": large }, "mutation": key }),
        ),
    ] {
        let refused = staff.send(method, path, |request| request.json(&body)).await;
        refused.expect_refusal(413, "too_large", None);
    }
    let form = format!("email={large}&password=x");
    staff.post_form("/login", &form).await.expect_refusal(413, "too_large", None);
    assert_eq!(app.rows_since(&head).await, 0);
    let note = "x".repeat(2000);
    staff.patch_order("ord_10248", json!({ "note": note })).await.expect_status(200);
}

#[tokio::test]
async fn an_address_or_a_head_that_is_too_large_is_refused() {
    let app = TestApp::start().await;
    let staff = app.sign_in(OPS).await;
    let long = format!("/api/v1/orders?q={}", "x".repeat(8192));
    staff.get(&long).await.expect_refusal(414, "address_too_long", None);
    let with_header = async |bytes: usize| {
        let header =
            |request: reqwest::RequestBuilder| request.header("x-large", "x".repeat(bytes));
        staff.send(Method::GET, SESSION, header).await
    };
    with_header(33_000).await.expect_refusal(431, "headers_too_large", None);
    with_header(30_000).await.expect_status(200);
    // Beyond what is read at all, nobody is left to write a problem.
    assert_eq!(with_header(200_000).await.status, 431);
}

#[tokio::test]
async fn a_client_that_does_not_finish_its_request_is_let_go() {
    let app =
        TestApp::start_with(|studio| studio.limits.request = Duration::from_millis(300)).await;
    let address = app.url().strip_prefix("http://").unwrap().to_owned();
    let mut slow = TcpStream::connect(&address).await.unwrap();
    slow.write_all(b"GET /healthz HTTP/1.1\r\nHost: studio\r\n").await.unwrap();
    let mut rest = Vec::new();
    let ended = tokio::time::timeout(Duration::from_secs(30), slow.read_to_end(&mut rest)).await;
    ended.expect("the server ends the connection").unwrap();

    let mut slow = TcpStream::connect(&address).await.unwrap();
    let head = "POST /api/v1/session HTTP/1.1\r\nHost: studio\r\nContent-Type: application/json\r\n\
                Content-Length: 100\r\n\r\n{";
    slow.write_all(head.as_bytes()).await.unwrap();
    let mut answer = [0; 12];
    let read = tokio::time::timeout(Duration::from_secs(30), slow.read_exact(&mut answer)).await;
    read.expect("the server answers").unwrap();
    assert_eq!(&answer, b"HTTP/1.1 503");
}

fn attempts(
    app_attempts: u32,
    per_client: u32,
) -> impl Fn(&mut studio::server::configuration::Studio) {
    move |studio| {
        studio.limits.sign_in_attempts = NonZeroU32::new(app_attempts).unwrap();
        studio.limits.sign_in_attempts_per_client = NonZeroU32::new(per_client).unwrap();
    }
}

#[tokio::test]
async fn who_tries_to_sign_in_too_often_has_to_wait() {
    let app = TestApp::start_with(attempts(3, 100)).await;
    let client = app.client();
    for _ in 0..3 {
        let wrong = json!({ "email": OPS, "password": "wrong" });
        client.post(SESSION, wrong).await.expect_refusal(401, "wrong_credentials", None);
    }
    // Not even the right password is looked at.
    let refused = client.sign_in(OPS).await;
    refused.expect_refusal(429, "too_many_requests", None);
    let wait: u32 = refused.header("retry-after").parse().unwrap();
    assert!((1..=100).contains(&wait), "{wait}");
    assert_eq!(refused.header("set-cookie"), "");

    let form = format!("email=ops%40example.com&password={}", PASSWORD.replace(' ', "+"));
    let page = client.post_form("/login?next=%2Forders", &form).await.expect_status(429);
    assert!(page.header("content-type").starts_with("text/html"));
    assert!(!page.header("retry-after").is_empty());
    for part in [
        "There were too many attempts to sign in.",
        "value=\"ops@example.com\"",
        "action=\"/login?next=%2Forders\"",
    ] {
        assert!(page.text.contains(part), "{part} in {}", page.text);
    }
    // Another account is another matter.
    client.sign_in(ANA).await.expect_status(200);
}

#[tokio::test]
async fn nobody_is_locked_out_from_elsewhere() {
    let app = TestApp::start_with(|studio| {
        attempts(2, 3)(studio);
        studio.trusted_proxy = true;
    })
    .await;
    let client = app.client();
    let from = async |address: &str, email: &str, password: &str| {
        let body = json!({ "email": email, "password": password });
        let request = |request: reqwest::RequestBuilder| {
            request.header("x-forwarded-for", address).json(&body)
        };
        client.send(Method::POST, SESSION, request).await.status.as_u16()
    };
    let attacker = "203.0.113.9";
    for status in [401, 401, 429] {
        assert_eq!(from(attacker, OPS, "guess").await, status);
    }
    // What comes before the proxy's own entry is the client's invention.
    assert_eq!(from("198.51.100.1, 203.0.113.9", OPS, "guess").await, 429);
    assert_eq!(from(attacker, ANA, PASSWORD).await, 429, "nor any other account");
    assert_eq!(from("198.51.100.1", OPS, PASSWORD).await, 200);
}

#[tokio::test]
async fn without_a_trusted_proxy_its_header_means_nothing() {
    let app = TestApp::start_with(attempts(1, 100)).await;
    let client = app.client();
    for (address, status) in [("198.51.100.1", 401), ("198.51.100.2", 429)] {
        let body = json!({ "email": OPS, "password": "guess" });
        let request = |request: reqwest::RequestBuilder| {
            request.header("x-forwarded-for", address).json(&body)
        };
        let answer = client.send(Method::POST, SESSION, request).await;
        assert_eq!(answer.status.as_u16(), status);
    }
}
