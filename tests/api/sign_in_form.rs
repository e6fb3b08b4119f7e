//! The sign-in form, as a browser without JavaScript uses it.

use crate::app::{OPS, TestApp};

const RIGHT: &str = "email=ops%40example.com&password=a+long+password";

#[tokio::test]
async fn the_form_leads_to_where_one_wanted_to_go() {
    let app = TestApp::start().await;
    for (path, next) in [
        ("/login", "/"),
        ("/login?next=%2Forders%3Fstatus%3Dpending", "/orders?status=pending"),
        ("/login?next=", "/"),
    ] {
        let client = app.client();
        let answer = client.post_form(path, RIGHT).await.expect_status(303);
        assert_eq!(answer.header("location"), next, "{path}");
        let user = client.get("/api/v1/session").await.expect_status(200).json();
        assert_eq!(user["email"], OPS);
    }
}

#[tokio::test]
async fn the_form_never_leads_to_another_site() {
    let app = TestApp::start().await;
    for next in [
        "https%3A%2F%2Fevil.example",
        "%2F%2Fevil.example",
        "%2F%5Cevil.example",
        "evil.example",
        "%2F%09%2Fevil.example",
        "%2F%0A%2Fevil.example",
    ] {
        let path = format!("/login?next={next}");
        let answer = app.client().post_form(&path, RIGHT).await.expect_status(303);
        assert_eq!(answer.header("location"), "/", "{next}");
    }
}

#[tokio::test]
async fn a_failure_is_the_form_again_with_the_address_kept() {
    let app = TestApp::start().await;
    let client = app.client();
    let fields = "email=ops%40example.com%22%3E%3Cb&password=wrong+password";
    let answer = client.post_form("/login?next=%2Forders", fields).await.expect_status(401);
    assert!(answer.header("content-type").starts_with("text/html"));
    assert_eq!(answer.header("set-cookie"), "");
    for part in [
        "The email or the password is wrong.",
        "role=\"alert\"",
        "value=\"ops@example.com&quot;&gt;&lt;b\"",
        "action=\"/login?next=%2Forders\"",
    ] {
        assert!(answer.text.contains(part), "{part} in {}", answer.text);
    }
    assert!(!answer.text.contains("wrong password\""), "the password is not sent back");

    client.post_form("/login", "email=&password=").await.expect_status(422);
    client.get("/api/v1/session").await.expect_status(401);
}

#[tokio::test]
async fn the_form_signs_out() {
    let app = TestApp::start().await;
    let client = app.sign_in(OPS).await;
    let answer = client.post_form("/logout", "").await.expect_status(303);
    assert_eq!(answer.header("location"), "/login");
    client.get("/api/v1/session").await.expect_status(401);
}
