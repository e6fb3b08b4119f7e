//! Pages as the server renders them: whole, and only for those who may see them.

use std::sync::mpsc;

use serde_json::json;
use studio::server::http;

use crate::app::{ANA, OPS, TestApp};

#[tokio::test]
async fn the_list_comes_whole_from_the_server() {
    let app = TestApp::start().await;
    let staff = app.sign_in(OPS).await;
    let page = staff.get_page("/orders").await.expect_status(200);
    assert!(page.header("content-type").starts_with("text/html"));
    let rows = page.text.matches("href=\"/orders/ord_").count();
    assert_eq!(rows, 25, "a page of rows");
    assert!(page.text.contains("href=\"/orders/ord_11077\""), "the newest order");
    assert!(page.text.contains("Rattlesnake Canyon Grocery"));

    let found = staff.get_page("/orders?q=10248&sort=number").await.expect_status(200);
    assert_eq!(found.text.matches("href=\"/orders/ord_").count(), 1);
    assert!(found.text.contains("href=\"/orders/ord_10248\""));
}

#[tokio::test]
async fn a_detail_shows_what_was_just_changed() {
    let app = TestApp::start().await;
    let staff = app.sign_in(OPS).await;
    let note = json!({ "note": "Ring </textarea><script>twice & wait" });
    staff.patch_order("ord_10248", note).await.expect_status(200);
    let page = staff.get_page("/orders/ord_10248").await.expect_status(200);
    assert!(page.text.contains("Vins et alcools Chevalier"));
    assert!(page.text.contains("Queso Cabrales"), "its lines");
    assert!(page.text.contains("Ring &lt;/textarea>&lt;script>twice &amp; wait"), "its note");
    assert!(!page.text.contains("Ring <"), "a note is never markup");
}

#[tokio::test]
async fn whoever_is_not_signed_in_is_led_to_the_form_and_back() {
    let app = TestApp::start().await;
    for path in ["/", "/orders", "/orders?status=pending&q=a%26b", "/orders/ord_10248"] {
        let client = app.client();
        let answer = client.get_page(path).await.expect_status(302);
        let form = answer.header("location");
        assert!(form.starts_with("/login"), "{form}");
        assert!(!answer.text.contains("Vins et alcools"), "nothing is told to strangers");
        let page = client.get_page(form).await.expect_status(200);
        assert!(page.text.contains("name=\"password\""));
        let fields = "email=ops%40example.com&password=a+long+password";
        let back = client.post_form(form, fields).await.expect_status(303);
        assert_eq!(back.header("location"), path);
    }
}

#[tokio::test]
async fn a_member_finds_no_orders_on_any_page() {
    let app = TestApp::start().await;
    let member = app.sign_in(ANA).await;
    for path in ["/orders", "/orders/ord_10248"] {
        let page = member.get_page(path).await.expect_status(403);
        assert!(page.text.contains("Only staff may see orders."), "{}", page.text);
        assert!(!page.text.contains("Vins et alcools"));
    }
    let home = member.get_page("/").await.expect_status(200);
    assert!(!home.text.contains("href=\"/orders\""));
}

#[tokio::test]
async fn what_is_not_there_is_said_with_404() {
    let app = TestApp::start().await;
    let staff = app.sign_in(OPS).await;
    for client in [app.client(), staff.clone()] {
        let page = client.get_page("/no/such/page").await.expect_status(404);
        assert!(page.text.contains("Page not found"), "{}", page.text);
    }
    let page = staff.get_page("/orders/ord_1").await.expect_status(404);
    assert!(page.text.contains("Page not found"), "{}", page.text);
}

#[tokio::test]
async fn a_page_comes_whole_while_another_server_starts_in_the_same_process() {
    let app = TestApp::start().await;
    let staff = app.sign_in(OPS).await;
    let state = app.state.clone();
    let (stop, stopped) = mpsc::channel::<()>();
    let starting = tokio::task::spawn_blocking(move || {
        let mut servers = 0;
        while stopped.try_recv() == Err(mpsc::TryRecvError::Empty) {
            let _ = http::router(state.clone());
            servers += 1;
        }
        servers
    });
    for _ in 0..20 {
        let page = staff.get_page("/orders").await.expect_status(200);
        assert_eq!(page.text.matches("href=\"/orders/ord_").count(), 25, "a page of rows");
    }
    stop.send(()).unwrap();
    assert!(starting.await.unwrap() > 0);
}
