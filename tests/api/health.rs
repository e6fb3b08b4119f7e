//! Whether the server lives, and whether it is to be sent requests.

use std::time::Duration;

use serde_json::json;

use crate::app::TestApp;

#[tokio::test]
async fn health_is_told_to_everybody() {
    let app = TestApp::start().await;
    let answer = app.client().get("/healthz").await.expect_status(200);
    assert_eq!(answer.json(), json!({ "status": "ok" }));
    let answer = app.client().get("/readyz").await.expect_status(200);
    assert_eq!(answer.json(), json!({ "status": "ready" }));
}

#[tokio::test]
async fn a_server_that_drains_lives_but_is_not_ready() {
    let app = TestApp::start().await;
    app.state.live.hub().drain(Duration::from_secs(1)).await;
    app.client().get("/readyz").await.expect_refusal(503, "unavailable", None);
    app.client().get("/healthz").await.expect_status(200);
}

#[tokio::test]
async fn a_server_without_its_database_lives_but_is_not_ready() {
    let app = TestApp::start().await;
    app.state.db.clone().close().await.unwrap();
    app.client().get("/readyz").await.expect_refusal(503, "unavailable", None);
    app.client().get("/healthz").await.expect_status(200);
}
