//! Sessions for programs: `POST`, `GET` and `DELETE /api/v1/session`.

use std::time::Duration;

use reqwest::Method;
use serde_json::json;

use crate::app::{ADMIN, ANA, CARLA, OPS, TestApp};

const PATH: &str = "/api/v1/session";
const TWO_DAYS: Duration = Duration::from_secs(48 * 3600);

#[tokio::test]
async fn signing_in_sets_a_cookie_that_scripts_and_other_sites_cannot_use() {
    let app = TestApp::start().await;
    let client = app.client();
    let signed_in = client.sign_in(OPS).await.expect_status(200);
    let cookie = signed_in.header("set-cookie");
    let mut parts: Vec<_> = cookie.split("; ").collect();
    let value = parts.remove(0).strip_prefix("studio_session=").unwrap();
    assert_eq!(value.len(), 64, "{value}");
    parts.sort_unstable();
    assert_eq!(parts, ["HttpOnly", "Max-Age=1209600", "Path=/", "SameSite=Lax"]);

    let user = signed_in.json();
    assert_eq!((&user["email"], &user["role"]), (&json!(OPS), &json!("staff")));
    assert!(!signed_in.text.contains(value) && !signed_in.text.contains("password"));
    assert_eq!(client.get(PATH).await.expect_status(200).json(), user);
}

#[tokio::test]
async fn beyond_loopback_the_cookie_is_secure() {
    let app = TestApp::start_with(|studio| studio.secure_cookies = true).await;
    let signed_in = app.client().sign_in(OPS).await.expect_status(200);
    assert!(signed_in.header("set-cookie").split("; ").any(|part| part == "Secure"));
}

#[tokio::test]
async fn signing_out_ends_this_session_and_no_other() {
    let app = TestApp::start().await;
    let (one, other) = (app.sign_in(OPS).await, app.sign_in(OPS).await);
    let gone = one.sign_out().await.expect_status(204);
    assert!(gone.header("set-cookie").contains("Max-Age=0"), "{gone:?}");
    one.get(PATH).await.expect_refusal(401, "unauthenticated", None);
    other.get(PATH).await.expect_status(200);
    // Who has no session may say so again.
    one.sign_out().await.expect_status(204);
}

#[tokio::test]
async fn a_copied_cookie_is_worthless_after_signing_out() {
    let app = TestApp::start().await;
    let client = app.client();
    let signed_in = client.sign_in(OPS).await;
    let cookie = signed_in.header("set-cookie").split(';').next().unwrap().to_owned();
    let thief = app.client();
    let stolen =
        || thief.send(Method::GET, PATH, |request| request.header("cookie", cookie.clone()));
    stolen().await.expect_status(200);
    client.sign_out().await;
    stolen().await.expect_refusal(401, "unauthenticated", None);
}

#[tokio::test]
async fn a_session_ends_by_itself() {
    let app = TestApp::start_with(|studio| studio.session_lifetime = TWO_DAYS).await;
    let client = app.sign_in(OPS).await;
    app.set_clock_ahead(time::Duration::hours(47));
    client.get(PATH).await.expect_status(200);
    app.set_clock_ahead(time::Duration::hours(48));
    client.get(PATH).await.expect_refusal(401, "unauthenticated", None);
}

#[tokio::test]
async fn wrong_credentials_do_not_say_which_was_wrong() {
    let app = TestApp::start().await;
    let client = app.client();
    let wrong_password = json!({ "email": OPS, "password": "not this one" });
    let nobody = json!({ "email": "nobody@example.com", "password": "a long password" });
    let mut texts = Vec::new();
    for body in [wrong_password, nobody] {
        let refused = client.post(PATH, body).await;
        refused.expect_refusal(401, "wrong_credentials", None);
        assert_eq!(refused.header("set-cookie"), "");
        texts.push(refused.text);
    }
    assert_eq!(texts[0], texts[1]);
    client.get(PATH).await.expect_refusal(401, "unauthenticated", None);
}

#[tokio::test]
async fn what_is_no_sign_in_is_refused_as_such() {
    let app = TestApp::start().await;
    let client = app.client();
    client.post(PATH, json!({ "email": "", "password": "x" })).await.expect_refusal(
        422,
        "invalid",
        Some("email"),
    );
    let incomplete = client.post(PATH, json!({ "email": OPS })).await;
    incomplete.expect_refusal(422, "invalid", Some("password"));
    let malformed = client
        .send(Method::POST, PATH, |request| {
            request.header("content-type", "application/json").body("{\"email\":")
        })
        .await;
    malformed.expect_refusal(400, "malformed", None);
    // A form on another site can send this type without asking; it must not sign anybody in.
    let body = json!({ "email": OPS, "password": "a long password" }).to_string();
    let as_text = client
        .send(Method::POST, PATH, |request| request.header("content-type", "text/plain").body(body))
        .await;
    as_text.expect_refusal(415, "unsupported_media_type", None);
}

#[tokio::test]
async fn every_role_is_told_and_only_two_may_use_orders() {
    let app = TestApp::start().await;
    for (email, role, status) in
        [(OPS, "staff", 200), (ADMIN, "admin", 200), (ANA, "member", 403), (CARLA, "coach", 403)]
    {
        let client = app.sign_in(email).await;
        assert_eq!(client.get(PATH).await.json()["role"], role);
        client.get("/api/v1/orders").await.expect_status(status);
    }
}
