//! The endpoints, the layer and the extractors, over real HTTP.

use axum::{Json, Router, middleware, routing::get};
use reqwest::{Client, Response, StatusCode, header::SET_COOKIE, redirect};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::Studio;
use crate::account::{
    http::{self, MaybeSession, SignedIn},
    model::CurrentUser,
};

/// Serves the slice's endpoints and two that show what the extractors find.
async fn serve(studio: &Studio) -> String {
    let layer = middleware::from_fn_with_state(studio.state.clone(), http::session_layer);
    let probes = Router::new()
        .route("/me", get(async |SignedIn(user): SignedIn| Json(user)))
        .route("/maybe", get(async |found: MaybeSession| found.0.is_some().to_string()));
    let (routes, _) = http::routes().split_for_parts();
    let app = routes.merge(probes).layer(layer).with_state(studio.state.clone());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, app).await });
    url
}

fn browser() -> Client {
    Client::builder().cookie_store(true).redirect(redirect::Policy::none()).build().unwrap()
}

async fn post_session(client: &Client, url: &str, body: Value) -> Response {
    let request = client.post(format!("{url}/api/v1/session"));
    request.header("content-type", "application/json").body(body.to_string()).send().await.unwrap()
}

async fn json_of(response: Response) -> Value {
    serde_json::from_str(&response.text().await.unwrap()).unwrap()
}

#[tokio::test]
async fn a_program_signs_in_is_recognised_and_signs_out() {
    let studio = Studio::with_ana().await;
    let (url, client) = (serve(&studio).await, browser());
    let me = || async { client.get(format!("{url}/me")).send().await.unwrap() };
    assert_eq!(me().await.status(), StatusCode::UNAUTHORIZED);

    let body = json!({"email": "ana@example.com", "password": "a long password"});
    let signed_in = post_session(&client, &url, body).await;
    assert_eq!(signed_in.status(), StatusCode::OK);
    let cookie = signed_in.headers()[SET_COOKIE].to_str().unwrap().to_owned();
    for part in ["studio_session=", "HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=1209600"] {
        assert!(cookie.contains(part), "{part} in {cookie}");
    }
    assert!(!cookie.contains("Secure"), "{cookie}");
    let user: CurrentUser = serde_json::from_value(json_of(signed_in).await).unwrap();
    let recognised: CurrentUser = serde_json::from_value(json_of(me().await).await).unwrap();
    assert_eq!(recognised, user);

    let gone = client.delete(format!("{url}/api/v1/session")).send().await.unwrap();
    assert_eq!(gone.status(), StatusCode::NO_CONTENT);
    assert!(gone.headers()[SET_COOKIE].to_str().unwrap().contains("Max-Age=0"));
    assert_eq!(me().await.status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn refusals_of_a_sign_in_are_json_with_their_status() {
    let studio = Studio::with_ana().await;
    let (url, client) = (serve(&studio).await, browser());
    let wrong = json!({"email": "ana@example.com", "password": "wrong"});
    for (body, status, code) in [
        (wrong, StatusCode::UNAUTHORIZED, "wrong_credentials"),
        (json!({"email": "", "password": "x"}), StatusCode::UNPROCESSABLE_ENTITY, "invalid"),
        (json!({"email": "x"}), StatusCode::UNPROCESSABLE_ENTITY, "invalid"),
    ] {
        let refused = post_session(&client, &url, body).await;
        assert_eq!(refused.status(), status);
        assert_eq!(refused.headers().get(SET_COOKIE), None);
        assert_eq!(json_of(refused).await["code"], code);
    }
}

#[tokio::test]
async fn the_form_signs_out_and_leads_to_the_login_page() {
    let studio = Studio::with_ana().await;
    let (url, client) = (serve(&studio).await, browser());
    let body = json!({"email": "ana@example.com", "password": "a long password"});
    post_session(&client, &url, body).await;

    // What a form on another site sends comes without the cookie, and takes nothing away.
    let foreign = browser().post(format!("{url}/logout")).send().await.unwrap();
    assert_eq!(foreign.headers().get(SET_COOKIE), None);

    let left = client.post(format!("{url}/logout")).send().await.unwrap();
    assert_eq!(left.status(), StatusCode::SEE_OTHER);
    assert_eq!(left.headers()["location"], "/login");
    let maybe = client.get(format!("{url}/maybe")).send().await.unwrap();
    assert_eq!(maybe.text().await.unwrap(), "false");
}

#[tokio::test]
async fn a_cookie_that_was_never_ours_is_nobody() {
    let studio = Studio::new().await;
    let url = serve(&studio).await;
    for value in ["", "x", &"0".repeat(64)] {
        let request = browser().get(format!("{url}/maybe"));
        let answer = request.header("cookie", format!("studio_session={value}")).send().await;
        assert_eq!(answer.unwrap().text().await.unwrap(), "false", "{value:?}");
    }
}
