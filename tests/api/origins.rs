//! Pages of other origins: what they cannot send, and who may be let in.

use reqwest::{Method, RequestBuilder};
use serde_json::json;

use crate::{
    app::{OPS, TestApp},
    client::{Answer, Client},
};

const FRIEND: &str = "https://app.example.com";
const STRANGER: &str = "https://evil.example";

fn with(headers: Vec<(&'static str, String)>) -> impl FnOnce(RequestBuilder) -> RequestBuilder {
    move |request| {
        headers.iter().fold(request, |request, (name, value)| request.header(*name, value))
    }
}

/// Every kind of request that changes something.
async fn changes(client: &Client, headers: Vec<(&'static str, String)>) -> Vec<Answer> {
    let note = json!({ "note": "from elsewhere" });
    let json = |body: serde_json::Value| {
        let with = with(headers.clone());
        move |request| with(request).json(&body)
    };
    let form = |fields: &'static str| {
        let with = with(headers.clone());
        move |request| {
            with(request).header("content-type", "application/x-www-form-urlencoded").body(fields)
        }
    };
    let key = "0123456789abcdef0123456789abcdef";
    vec![
        client.send(Method::PATCH, "/api/v1/orders/ord_10248", json(note.clone())).await,
        client
            .send(
                Method::POST,
                "/api/fn/update_order",
                json(json!({ "id": "ord_10248", "change": note, "mutation": key })),
            )
            .await,
        client
            .send(Method::POST, "/login", form("email=ana%40example.com&password=a+long+password"))
            .await,
        client.send(Method::DELETE, "/api/v1/session", with(headers.clone())).await,
        client.send(Method::POST, "/logout", form("")).await,
    ]
}

#[tokio::test]
async fn a_page_of_another_origin_changes_nothing() {
    let app =
        TestApp::start_with(|studio| studio.cors_origins = vec![FRIEND.parse().unwrap()]).await;
    let staff = app.sign_in(OPS).await;
    let head = app.head().await;
    for headers in [
        vec![("sec-fetch-site", "cross-site".to_owned()), ("origin", STRANGER.to_owned())],
        vec![("sec-fetch-site", "same-site".to_owned())],
        vec![("origin", STRANGER.to_owned())],
        vec![("origin", "null".to_owned())],
        // The page's own host, but the browser says otherwise.
        vec![("sec-fetch-site", "cross-site".to_owned()), ("origin", app.url().to_owned())],
    ] {
        for answer in changes(&staff, headers.clone()).await {
            answer.expect_refusal(403, "forbidden", None);
            assert_eq!(answer.header("set-cookie"), "");
        }
    }
    assert_eq!(app.rows_since(&head).await, 0);
    let user = staff.get("/api/v1/session").await.expect_status(200).json();
    assert_eq!(user["email"], OPS, "still signed in, as the same user");
}

#[tokio::test]
async fn our_own_pages_and_programs_do_change_things() {
    let app = TestApp::start().await;
    for headers in [
        vec![],
        vec![("sec-fetch-site", "same-origin".to_owned())],
        vec![("sec-fetch-site", "none".to_owned())],
        vec![("origin", app.url().to_owned())],
    ] {
        let staff = app.sign_in(OPS).await;
        for answer in changes(&staff, headers.clone()).await {
            assert!(answer.status.as_u16() < 400, "{headers:?}: {answer:?}");
        }
    }
}

#[tokio::test]
async fn configured_origins_may_use_rest_and_streams_and_nothing_else() {
    let app =
        TestApp::start_with(|studio| studio.cors_origins = vec![FRIEND.parse().unwrap()]).await;
    let staff = app.sign_in(OPS).await;
    let from = |origin: &str| {
        with(vec![("origin", origin.to_owned()), ("sec-fetch-site", "cross-site".to_owned())])
    };
    let read = staff.send(Method::GET, "/api/v1/orders", from(FRIEND)).await.expect_status(200);
    assert_eq!(read.header("access-control-allow-origin"), FRIEND);
    assert_eq!(read.header("access-control-allow-credentials"), "true");
    let exposed = read.header("access-control-expose-headers");
    assert_eq!(exposed, "x-highwater-as-of,retry-after,x-request-id");
    let varies = |value: &reqwest::header::HeaderValue| value.as_bytes().starts_with(b"origin");
    assert!(read.headers.get_all("vary").iter().any(varies), "{read:?}");

    let stream = staff.open_with("/api/events", from(FRIEND)).await;
    assert_eq!(stream.header("access-control-allow-origin"), FRIEND);

    let patch = |request| from(FRIEND)(request).json(&json!({ "note": "from a friend" }));
    let changed = staff.send(Method::PATCH, "/api/v1/orders/ord_10248", patch).await;
    assert_eq!(changed.expect_status(200).header("access-control-allow-origin"), FRIEND);
    // A refusal is for the page to read as well.
    let refused = staff.send(Method::GET, "/api/v1/orders?page=0", from(FRIEND)).await;
    refused.expect_refusal(422, "invalid", Some("page"));
    assert_eq!(refused.header("access-control-allow-origin"), FRIEND);

    for (origin, path) in [
        (FRIEND, "/"),
        (FRIEND, "/login"),
        (FRIEND, "/orders"),
        (FRIEND, "/healthz"),
        (STRANGER, "/api/v1/orders"),
        (STRANGER, "/api/events?none"),
    ] {
        let answer = staff.open_with(path, from(origin)).await;
        assert_no_cors(&answer.headers, path);
    }
    let function = |request| from(FRIEND)(request).json(&json!({ "filter": {}, "min": null }));
    let refused = staff.send(Method::POST, "/api/fn/list_orders", function).await;
    refused.expect_refusal(403, "forbidden", None);
    assert_no_cors(&refused.headers, "/api/fn/list_orders");
}

#[tokio::test]
async fn a_browser_asks_first_and_learns_what_it_may_send() {
    let app =
        TestApp::start_with(|studio| studio.cors_origins = vec![FRIEND.parse().unwrap()]).await;
    let ask = |origin: &str| {
        with(vec![
            ("origin", origin.to_owned()),
            ("access-control-request-method", "PATCH".to_owned()),
            ("access-control-request-headers", "content-type,idempotency-key".to_owned()),
        ])
    };
    let path = "/api/v1/orders/ord_10248";
    let told = app.client().send(Method::OPTIONS, path, ask(FRIEND)).await.expect_status(200);
    assert_eq!(told.header("access-control-allow-origin"), FRIEND);
    assert_eq!(told.header("access-control-allow-methods"), "GET,POST,PUT,PATCH,DELETE");
    assert_eq!(
        told.header("access-control-allow-headers"),
        "authorization,content-type,idempotency-key,last-event-id"
    );
    let refused = app.client().send(Method::OPTIONS, path, ask(STRANGER)).await;
    assert_eq!(refused.status, 405);
    assert_no_cors(&refused.headers, path);
}

#[track_caller]
fn assert_no_cors(headers: &reqwest::header::HeaderMap, path: &str) {
    let told = headers.keys().find(|name| name.as_str().starts_with("access-control-"));
    assert_eq!(told, None, "{path}");
}
