//! API tokens over HTTP: what they open, and until when.

use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    app::{ANA, OPS, TestApp},
    client::{Answer, Client},
};

const PATH: &str = "/api/v1/tokens";
const OWN: &str = "/api/events";
const ORDERS: &str = "/api/v1/stream/events";

/// A token made over HTTP: its JSON and its secret.
async fn issued(client: &Client, name: &str) -> (Value, String) {
    let made = client.post(PATH, json!({ "name": name })).await.expect_status(201);
    assert_eq!(made.header("cache-control"), "no-store");
    let made = made.json();
    (made["token"].clone(), made["secret"].as_str().unwrap().to_owned())
}

async fn revoke(client: &Client, token: &Value) -> Answer {
    client.send(Method::DELETE, &format!("{PATH}/{}", token["id"]), |request| request).await
}

/// That an answer refuses a token, and says so in HTTP's own way.
#[track_caller]
fn expect_invalid_token(answer: &Answer) {
    answer.expect_refusal(401, "invalid_token", None);
    assert_eq!(answer.header("www-authenticate"), "Bearer error=\"invalid_token\"");
}

#[tokio::test]
async fn a_token_is_told_once_and_listed_without_its_secret() {
    let app = TestApp::start().await;
    let staff = app.sign_in(OPS).await;
    let (token, secret) = issued(&staff, "backup").await;
    assert!(secret.starts_with(token["prefix"].as_str().unwrap()) && secret.len() == 67);
    assert_eq!((&token["name"], &token["lastUsedAt"]), (&json!("backup"), &Value::Null));
    let (second, _) = issued(&staff, "second").await;
    let listed = staff.get(PATH).await.expect_status(200);
    assert_eq!(listed.json(), json!([second, token]), "the newest first");
    assert!(!listed.text.contains(&secret));
    assert_eq!(app.sign_in(ANA).await.get(PATH).await.json(), json!([]), "of nobody else");
}

#[tokio::test]
async fn a_token_works_wherever_a_session_does() {
    let app = TestApp::start().await;
    let (_, secret) = issued(&app.sign_in(OPS).await, "x").await;
    let program = app.with_token(&secret);
    let user = program.get("/api/v1/session").await.expect_status(200).json();
    assert_eq!(user["email"], OPS);
    program.get("/api/v1/orders").await.expect_status(200);
    program.patch_order("ord_10248", json!({ "note": "by a program" })).await.expect_status(200);
    let arguments = json!({ "id": "ord_10248", "min": null });
    let answer = program.post("/api/fn/get_order", arguments).await.expect_status(200).json();
    assert_eq!(answer["value"]["Ok"]["note"], "by a program");
    program.get_page("/orders").await.expect_status(200);
    for path in [OWN, ORDERS] {
        program.open(path).await.connected().await;
    }
    // As a list tells, about when.
    let used = || async { program.get(PATH).await.json()[0]["lastUsedAt"].clone() };
    while used().await.is_null() {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_token_may_do_what_its_owner_may_and_no_more() {
    let app = TestApp::start().await;
    let (_, secret) = issued(&app.sign_in(ANA).await, "x").await;
    let program = app.with_token(&secret);
    program.get("/api/v1/orders").await.expect_refusal(403, "forbidden", None);
    program.get(ORDERS).await.expect_refusal(403, "forbidden", None);
    program.open(OWN).await.connected().await;
}

#[tokio::test]
async fn revoking_a_token_ends_its_streams_and_no_others() {
    let app = TestApp::start().await;
    let staff = app.sign_in(OPS).await;
    let ((token, secret), (_, other)) = (issued(&staff, "one").await, issued(&staff, "two").await);
    let (program, other) = (app.with_token(&secret), app.with_token(&other));
    let (mut own, mut orders) = (program.open(OWN).await, program.open(ORDERS).await);
    let (mut of_session, mut of_other) = (staff.open(ORDERS).await, other.open(ORDERS).await);
    for stream in [&mut own, &mut orders, &mut of_session, &mut of_other] {
        stream.connected().await;
    }
    revoke(&staff, &token).await.expect_status(204);
    staff.patch_order("ord_10248", json!({ "note": "after" })).await.expect_status(200);
    for stream in [&mut own, &mut orders] {
        let heard = stream.all_until_end().await;
        assert!(!heard.iter().any(|heard| heard.kind().starts_with("order.")), "{heard:?}");
    }
    for stream in [&mut of_session, &mut of_other] {
        assert_eq!(stream.event().await.data["patch"]["note"], "after");
    }
    for path in ["/api/v1/orders", ORDERS, OWN] {
        expect_invalid_token(&program.get(path).await);
    }
    revoke(&staff, &token).await.expect_refusal(404, "not_found", None);
    other.get("/api/v1/orders").await.expect_status(200);
}

#[tokio::test]
async fn a_wrong_token_is_refused_also_beside_a_session() {
    let app = TestApp::start().await;
    let staff = app.sign_in(OPS).await;
    let (_, secret) = issued(&staff, "x").await;
    let with = |value: String| {
        let staff = staff.clone();
        async move {
            let request = |request: reqwest::RequestBuilder| request.header("authorization", value);
            staff.send(Method::GET, "/api/v1/orders", request).await
        }
    };
    for wrong in [
        "Bearer".to_owned(),
        "Bearer ".to_owned(),
        "Bearer hw_x".to_owned(),
        format!("bearer {secret}0"),
        format!("BEARER hw_{}", "0".repeat(64)),
    ] {
        expect_invalid_token(&with(wrong).await);
    }
    with(format!("bEaReR  {secret}")).await.expect_status(200);
    // Another scheme is another's affair, and the cookie's session holds.
    with("Basic b3BzOnNlY3JldA==".to_owned()).await.expect_status(200);
    with("Bearerish x".to_owned()).await.expect_status(200);
    let nobody = app.client().get("/api/v1/orders").await;
    nobody.expect_refusal(401, "unauthenticated", None);
    assert_eq!(nobody.header("www-authenticate"), "Bearer");
}

#[tokio::test]
async fn a_token_manages_no_tokens_and_has_no_session_to_end() {
    let app = TestApp::start().await;
    let (token, secret) = issued(&app.sign_in(OPS).await, "x").await;
    let program = app.with_token(&secret);
    let made = program.post(PATH, json!({ "name": "y" })).await;
    made.expect_refusal(403, "forbidden", None);
    revoke(&program, &token).await.expect_refusal(403, "forbidden", None);
    program.sign_out().await.expect_refusal(403, "forbidden", None);
    assert_eq!(program.get(PATH).await.json().as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn what_is_no_token_to_be_is_refused() {
    let app = TestApp::start().await;
    let staff = app.sign_in(OPS).await;
    let long = "x".repeat(61);
    for name in ["", "  ", &long, "a\nb"] {
        let refused = staff.post(PATH, json!({ "name": name })).await;
        refused.expect_refusal(422, "invalid", Some("name"));
    }
    for body in [json!({}), json!({ "name": 7 }), json!({ "name": "x", "role": "admin" })] {
        let refused = staff.post(PATH, body).await.expect_status(422).json();
        assert_eq!(refused["code"], "invalid", "{refused}");
    }
    for id in ["0", "x", "99999999999999999999"] {
        let path = format!("{PATH}/{id}");
        let refused = staff.send(Method::DELETE, &path, |request| request).await;
        refused.expect_refusal(404, "not_found", None);
    }
    assert_eq!(staff.get(PATH).await.json(), json!([]));
}
