//! Being signed out by an admin: what streams, requests and pages learn of it.

use highwater::server::By;
use studio::account::{service, session};

use crate::{
    app::{ADMIN, OPS, TestApp},
    client::Client,
};

const REASON: &str = "Lost laptop <b>&\"50%\"";

async fn force_out(app: &TestApp, email: &str) {
    let user = service::find(&app.state, email).await.unwrap();
    session::force_out(&app.state, By::nobody(), user.id, REASON).await.unwrap();
}

/// Where a page leads.
async fn led_to(client: &Client, path: &str) -> String {
    client.get_page(path).await.expect_status(302).header("location").to_owned()
}

#[tokio::test]
async fn every_stream_hears_why_and_ends_and_requests_are_refused() {
    let app = TestApp::start().await;
    let (one, other) = (app.sign_in(OPS).await, app.sign_in(OPS).await);
    let bystander = app.sign_in(ADMIN).await;
    let mut streams = [one.open("/api/events").await, other.open("/api/events").await];
    let mut orders = one.open("/api/v1/stream/events").await;
    let mut unconcerned = bystander.open("/api/events").await;
    for stream in streams.iter_mut().chain([&mut orders, &mut unconcerned]) {
        stream.connected().await;
    }
    force_out(&app, OPS).await;
    for stream in &mut streams {
        let heard = stream.all_until_end().await;
        let kinds: Vec<_> = heard.iter().map(|heard| heard.kind()).collect();
        assert_eq!(kinds, ["force_logout", "end"]);
        assert_eq!(heard[0].data["reason"], REASON);
    }
    assert_eq!(orders.all_until_end().await, [], "no event of orders");
    let head = app.head().await;
    assert_eq!(unconcerned.all_until(&head).await, []);
    for client in [one, other] {
        client.get("/api/v1/session").await.expect_refusal(401, "unauthenticated", None);
        client.get("/api/events").await.expect_refusal(401, "unauthenticated", None);
    }
    bystander.get("/api/v1/session").await.expect_status(200);
}

#[tokio::test]
async fn a_page_that_was_away_is_told_why_and_led_back() {
    let app = TestApp::start().await;
    let client = app.sign_in(OPS).await;
    force_out(&app, OPS).await;
    let claim = "reason=forced_logout&message=Lost%20laptop%20%3Cb%3E%26%2250%25%22";
    let back = format!("/login?{claim}&next=%2Forders%3Fstatus%3Dpending");
    assert_eq!(led_to(&client, "/orders?status=pending").await, back);
    assert_eq!(led_to(&client, "/login?next=%2Forders%3Fstatus%3Dpending").await, back);
    assert_eq!(led_to(&client, "/").await, format!("/login?{claim}"));

    let page = client.get_page(&back).await.expect_status(200).text;
    assert!(page.contains("An admin signed you out, and gave this reason:"), "{page}");
    assert!(page.contains(">Lost laptop &lt;b&gt;&amp;\"50%\"<"), "{page}");
    // Signing in leads on, and nothing of it stays.
    let fields = "email=ops%40example.com&password=a+long+password";
    let on = client.post_form("/login?next=%2Forders", fields).await.expect_status(303);
    assert_eq!(on.header("location"), "/orders");
    assert_eq!(led_to(&client, "/login").await, "/");
}

#[tokio::test]
async fn a_link_that_anybody_wrote_is_quoted_as_such_and_no_more() {
    let app = TestApp::start().await;
    let client = app.client();
    let claim = "/login?reason=forced_logout&message=%3Cimg%20src%3Dx%3E%0ACall%20555";
    let page = client.get_page(claim).await.expect_status(200).text;
    assert!(page.contains("The link that you followed says"), "{page}");
    assert!(page.contains(">&lt;img src=x&gt; Call 555<"), "{page}");
    let long = format!("/login?reason=forced_logout&message={}", "a".repeat(500));
    let page = client.get_page(&long).await.expect_status(200).text;
    assert!(page.contains(&format!(">{}<", "a".repeat(200))), "{page}");
    for path in
        ["/login?message=Call", "/login?reason=other&message=Call", "/login?reason=forced_logout"]
    {
        let page = client.get_page(path).await.expect_status(200).text;
        assert!(!page.contains("blockquote"), "{path}: {page}");
    }
}

#[tokio::test]
async fn signing_out_by_oneself_gives_no_reason() {
    let app = TestApp::start().await;
    let (client, other) = (app.sign_in(OPS).await, app.sign_in(OPS).await);
    let user = service::find(&app.state, OPS).await.unwrap();
    session::end_all(&app.state, user.id).await.unwrap();
    assert_eq!(led_to(&client, "/orders").await, "/login?next=%2Forders");
    other.get_page("/login").await.expect_status(200);
}
