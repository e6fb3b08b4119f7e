//! What the server tells of itself: its log and its metrics, and no secret in either.

use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use crate::{
    app::{ADMIN, ANA, OPS, PASSWORD, TestApp},
    client::Client,
    process::Process,
};

const ID: &str = "given-by-the-client.1";

/// Signs in by program and by form, wrongly and rightly, makes and uses a token, searches, and
/// opens and leaves streams. Returns what must not be told.
async fn secrets_of_a_visit(client: &Client) -> Vec<String> {
    let with_id = |request: RequestBuilder| request.header("x-request-id", ID);
    let wrong = "a wrong password";
    client.post("/api/v1/session", json!({ "email": OPS, "password": wrong })).await;
    client
        .post_form("/login?next=%2Forders%3Fq%3Dwhat-was-typed", "email=x&password=typed-secret")
        .await;
    let signed_in = client.sign_in(OPS).await.expect_status(200);
    let cookie = signed_in.header("set-cookie").split(';').next().unwrap().to_owned();
    let made = client.post("/api/v1/tokens", json!({ "name": "test" })).await;
    let token = made.json()["secret"].as_str().expect("a token").to_owned();
    let bearer = |request: RequestBuilder| with_id(request).bearer_auth(&token);
    client.send(Method::GET, "/api/v1/orders?q=what-was-typed", bearer).await.expect_status(200);
    client.send(Method::GET, "/api/v1/orders?q=what-was-typed&page=0", bearer).await;
    let mut stream = client.open("/api/events?after=0123456789abcdef.12345.0").await;
    stream.reset().await;
    drop(stream);
    client.get_page("/orders?q=what-was-typed").await.expect_status(200);
    // What opens nothing may be a secret elsewhere: a letter too many, or another site's.
    let (wrong_token, wrong_cookie) = (format!("hw_{}", "5ec4e7".repeat(11)), "c0ffee".repeat(11));
    let wrongly = |request: RequestBuilder| request.bearer_auth(&wrong_token);
    for path in ["/api/v1/orders", "/api/events", "/metrics"] {
        let refused = client.send(Method::GET, path, wrongly).await;
        refused.expect_refusal(401, "invalid_token", None);
    }
    let header = format!("studio_session={wrong_cookie}; other=an-other-cookie");
    let other_cookies = |request: RequestBuilder| {
        request.header("cookie", header).basic_auth("proxy", Some("basic-secret"))
    };
    client.send(Method::GET, "/api/v1/session", other_cookies).await.expect_status(401);
    let made = client.post("/api/fn/create_token", json!({ "name": "by function" })).await;
    let of_function = made.json()["value"]["secret"].as_str().expect("a token").to_owned();
    client.sign_out().await.expect_status(204);
    vec![
        wrong_token,
        wrong_cookie,
        "an-other-cookie".to_owned(),
        "basic-secret".to_owned(),
        of_function,
        wrong.to_owned(),
        PASSWORD.to_owned(),
        "typed-secret".to_owned(),
        cookie.split_once('=').unwrap().1.to_owned(),
        token,
        "what-was-typed".to_owned(),
        "0123456789abcdef".to_owned(),
    ]
}

#[tokio::test]
async fn the_log_tells_of_every_request_and_no_secret() {
    // Somebody who looks for a fault lets everything through.
    for (format, filter) in [("text", "info,studio=debug"), ("json", "trace")] {
        let settings = [
            ("STUDIO_LOG_FORMAT", format),
            ("STUDIO_LOG", filter),
            ("STUDIO_HEARTBEAT_SECONDS", "1"),
        ];
        let process = Process::start(&settings).await;
        let secrets = secrets_of_a_visit(&process.client()).await;
        process.logged(&["stream closed", "/api/events"]).await;
        let refused = process.logged(&[ID, "/api/v1/orders", "422", "answered"]).await;
        process.logged(&["/api/v1/session", "401", "POST"]).await;
        process.logged(&["stream opened", "/api/events"]).await;
        let log = process.log();
        for secret in secrets {
            assert!(!log.contains(&secret), "{secret} in\n{log}");
        }
        if format == "json" {
            for line in log.lines() {
                let _: Value = serde_json::from_str(line).unwrap_or_else(|_| panic!("{line}"));
            }
            let line: Value = serde_json::from_str(&refused).unwrap();
            assert_eq!(line["status"], 422, "{line}");
            assert!(line["ms"].is_u64(), "{line}");
            let span = &line["span"];
            assert_eq!((&span["id"], &span["path"]), (&json!(ID), &json!("/api/v1/orders")));
            assert!(span["user"].is_i64(), "{line}");
        }
    }
}

#[tokio::test]
async fn every_answer_has_the_id_of_its_request() {
    let app = TestApp::start().await;
    let client = app.client();
    let with = |id: &'static str| {
        let header = move |request: RequestBuilder| request.header("x-request-id", id);
        client.send(Method::GET, "/api/v1/session", header)
    };
    assert_eq!(with(ID).await.header("x-request-id"), ID);
    let replaced = with("not plain").await;
    assert_eq!(replaced.header("x-request-id").len(), 32);
    for path in ["/login", "/healthz", "/api/nothing", "/pkg/nothing.js"] {
        assert_eq!(client.get(path).await.header("x-request-id").len(), 32, "{path}");
    }
}

/// A program that acts for one of the accounts.
async fn program_of(app: &TestApp, email: &str) -> Client {
    let session = app.sign_in(email).await;
    let made = session.post("/api/v1/tokens", json!({ "name": "prometheus" })).await;
    app.with_token(made.json()["secret"].as_str().expect("a token"))
}

#[tokio::test]
async fn a_token_opens_metrics_for_admins_alone_and_readiness_asks_for_none() {
    let app = TestApp::start().await;
    let wrong = app.with_token(&format!("hw_{}", "0".repeat(64)));
    let refused = wrong.get("/metrics").await;
    refused.expect_refusal(401, "invalid_token", None);
    assert_eq!(refused.header("www-authenticate"), "Bearer error=\"invalid_token\"");
    let strangers = app.client().get("/metrics").await;
    strangers.expect_refusal(401, "unauthenticated", None);
    assert_eq!(strangers.header("www-authenticate"), "Bearer");

    let (of_admin, of_staff) = (program_of(&app, ADMIN).await, program_of(&app, OPS).await);
    of_staff.get("/metrics").await.expect_refusal(403, "forbidden", None);
    let metrics = of_admin.get("/metrics").await.expect_status(200);
    assert!(metrics.text.contains("highwater_streams 0"), "{}", metrics.text);
    // Who looks after the server has no account, and a token that opens nothing is no obstacle.
    for program in [app.client(), wrong, of_staff, of_admin] {
        let ready = program.get("/readyz").await.expect_status(200);
        assert_eq!(ready.json(), json!({ "status": "ready" }));
    }
}

#[tokio::test]
async fn metrics_are_for_admins_and_hold_no_secret() {
    let app = TestApp::start().await;
    app.client().get("/metrics").await.expect_refusal(401, "unauthenticated", None);
    for email in [OPS, ANA] {
        app.sign_in(email).await.get("/metrics").await.expect_refusal(403, "forbidden", None);
    }
    let secrets = secrets_of_a_visit(&app.client()).await;
    let admin = app.sign_in(ADMIN).await;
    admin.get("/api/v1/orders/ord_10248").await.expect_status(200);
    admin.get("/no/such/page").await.expect_status(404);
    let metrics = admin.get("/metrics").await.expect_status(200);
    assert!(metrics.header("content-type").starts_with("application/openmetrics-text"));
    for line in [
        "http_requests_total{method=\"GET\",route=\"/api/v1/orders/{id}\",status=\"2xx\"} 1",
        "http_requests_total{method=\"GET\",route=\"none\",status=\"4xx\"} 1",
        "http_requests_total{method=\"GET\",route=\"/metrics\",status=\"4xx\"} 4",
        "http_request_duration_seconds_count{method=\"GET\",route=\"/api/v1/orders/{id}\"} 1",
        "sign_ins_refused_total{reason=\"credentials\"} 2",
        "# TYPE highwater_streams gauge",
        "# TYPE database_connections gauge",
        "# TYPE process_start_time_seconds gauge",
        "studio_build_info{version=",
        "# EOF",
    ] {
        assert!(metrics.text.contains(line), "{line} in\n{}", metrics.text);
    }
    for secret in secrets {
        assert!(!metrics.text.contains(&secret), "{secret}");
    }
}
