//! What every response forbids the browser.

use crate::app::{OPS, TestApp};

const DATA: &str = "default-src 'none'; frame-ancestors 'none'";

#[tokio::test]
async fn every_response_says_what_is_forbidden() {
    let app = TestApp::start().await;
    let staff = app.sign_in(OPS).await;
    for path in [
        "/",
        "/login",
        "/orders",
        "/no/such/page",
        "/api/v1/orders",
        "/api/v1/nothing",
        "/healthz",
        "/pkg/nothing.js",
        "/favicon.svg",
    ] {
        let answer = staff.get_page(path).await;
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "same-origin"),
            ("cross-origin-opener-policy", "same-origin"),
            ("strict-transport-security", ""),
        ] {
            assert_eq!(answer.header(name), value, "{path}");
        }
        assert!(answer.header("permissions-policy").contains("camera=()"), "{path}");
        assert!(answer.header("content-security-policy").contains("frame-ancestors 'none'"));
    }
    let data = staff.get("/api/v1/session").await;
    assert_eq!(data.header("content-security-policy"), DATA);
    assert_eq!(data.header("cache-control"), "no-store");
}

#[tokio::test]
async fn every_inline_script_of_a_page_has_the_nonce_of_its_answer() {
    let app = TestApp::start().await;
    let staff = app.sign_in(OPS).await;
    let mut nonces = Vec::new();
    for (client, path) in [
        (&staff, "/"),
        (&staff, "/orders"),
        (&staff, "/orders/ord_10248"),
        (&staff, "/orders/ord_1"),
        (&staff, "/no/such/page"),
        (&app.client(), "/login"),
    ] {
        let page = client.get_page(path).await;
        let policy = page.header("content-security-policy").to_owned();
        let nonce = policy.split_once("'nonce-").unwrap().1.split('\'').next().unwrap().to_owned();
        assert!(!policy.contains("unsafe-inline"), "{policy}");
        let scripts: Vec<_> = page.text.match_indices("<script").collect();
        assert!(!scripts.is_empty(), "{path}");
        for (start, _) in scripts {
            let tag = page.text[start..].split_once('>').unwrap().0;
            assert!(tag.contains(&format!("nonce=\"{nonce}\"")), "{path}: {tag}");
        }
        assert!(!page.text.contains(" style=\""), "{path}: an inline style would be dropped");
        assert!(!page.text.contains(" onclick="), "{path}");
        assert_eq!(page.header("cache-control"), "private, no-cache", "{path}");
        nonces.push(nonce);
    }
    let failed = app.client().post_form("/login", "email=x&password=x").await.expect_status(401);
    assert!(failed.header("content-security-policy").contains("'nonce-"));
    nonces.sort();
    nonces.dedup();
    assert_eq!(nonces.len(), 6, "each answer has its own");
}

#[tokio::test]
async fn beyond_loopback_browsers_are_told_to_come_by_tls() {
    let app = TestApp::start_with(|studio| studio.secure_cookies = true).await;
    for path in ["/login", "/api/v1/session"] {
        let answer = app.client().get(path).await;
        assert_eq!(answer.header("strict-transport-security"), "max-age=31536000", "{path}");
    }
}

#[tokio::test]
async fn signing_out_takes_the_pages_out_of_the_browser() {
    let app = TestApp::start().await;
    let left = app.sign_in(OPS).await.post_form("/logout", "").await.expect_status(303);
    assert_eq!(left.header("clear-site-data"), "\"cache\"");
}
