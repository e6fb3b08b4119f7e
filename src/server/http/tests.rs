//! What surrounds the routes, around routes that no site would have.

use std::{convert::Infallible, future::pending, time::Duration};

use axum::{
    body::{Body, to_bytes},
    http::{Request, StatusCode},
};
use tower::ServiceExt;

use super::*;
use crate::server::{
    configuration::Configuration,
    database::{testing::TestDatabase, tests::migrated},
};

async fn state() -> (AppState, TestDatabase) {
    let database = migrated().await;
    let mut configuration = Configuration::load(None, database.settings()).unwrap();
    // Whatever has to wait is too late.
    configuration.studio.limits.request = Duration::ZERO;
    (AppState::open(configuration).await.unwrap(), database)
}

async fn answer(routes: Router<AppState>, state: AppState) -> (Response, String) {
    let request = Request::get("/api/here").body(Body::empty()).unwrap();
    let response = surround(routes, state).oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let text = to_bytes(body, usize::MAX).await.unwrap();
    let text = String::from_utf8(text.to_vec()).unwrap();
    (Response::from_parts(parts, Body::empty()), text)
}

#[tokio::test]
async fn a_handler_that_panics_answers_500_and_keeps_its_words() {
    let (state, _database) = state().await;
    let routes = Router::new().route("/api/here", get(panics));
    let (response, text) = answer(routes, state).await;
    assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(response.headers()["content-type"], "application/problem+json");
    assert_eq!(response.headers()["x-content-type-options"], "nosniff");
    assert!(text.contains("\"code\":\"internal\"") && !text.contains("SELECT"), "{text}");
}

async fn panics() -> &'static str {
    panic!("SELECT secret FROM table");
}

#[tokio::test]
async fn an_answer_that_does_not_begin_in_time_is_503() {
    let (state, _database) = state().await;
    let routes = Router::new().route("/api/here", get(pending::<()>));
    let (response, text) = answer(routes, state).await;
    assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert!(text.contains("\"code\":\"unavailable\""), "{text}");
}

#[tokio::test]
async fn an_answer_that_has_begun_may_take_its_time() {
    let (state, _database) = state().await;
    let slowly = async || {
        let end = async {
            tokio::task::yield_now().await;
            Ok::<_, Infallible>("the end")
        };
        Body::from_stream(futures::stream::once(end))
    };
    let routes = Router::new().route("/api/here", get(slowly));
    let (response, text) = answer(routes, state).await;
    assert_eq!((response.status(), text.as_str()), (StatusCode::OK, "the end"));
}
