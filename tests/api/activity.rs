//! The feed of what happened: told as it happens, by page, and to its owner alone.

use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    app::{ANA, CARLA, TestApp},
    client::Client,
    stream::Stream,
};

const PATH: &str = "/api/v1/activity";

async fn add_document(client: &Client, title: &str) -> String {
    let typed = json!({ "title": title, "body": "Some words." });
    let added = client.post("/api/v1/documents", typed).await.expect_status(201).json();
    added["id"].as_str().unwrap().to_owned()
}

/// What happened to which title, and whether it leads anywhere; the newest first.
async fn feed(client: &Client) -> Vec<(Value, Value, bool)> {
    let page = client.get(PATH).await.expect_status(200).json();
    let rows = page["rows"].as_array().unwrap().iter();
    rows.map(|row| (row["activityType"].clone(), row["title"].clone(), row["link"].is_string()))
        .collect()
}

async fn until(stream: &mut Stream, activity: &str) {
    while stream.next_said().await.data["activityType"] != activity {}
}

#[tokio::test]
async fn what_happens_is_told_and_leads_to_what_there_still_is() {
    let app = TestApp::start().await;
    let (ana, carla) = (app.sign_in(ANA).await, app.sign_in(CARLA).await);
    let mut stream = ana.open("/api/events").await;
    stream.connected().await;
    let id = add_document(&ana, "First").await;
    until(&mut stream, "document_ready").await;
    let address = format!("/api/v1/documents/{id}");
    // By another clock, so that what comes later is later.
    app.set_clock_ahead(time::Duration::SECOND);
    let rename = json!({ "title": "Second" });
    ana.send(Method::PATCH, &address, |request| request.json(&rename)).await.expect_status(200);
    let told = feed(&ana).await;
    let renamed = (json!("document_renamed"), json!("Second"), true);
    assert_eq!((told.len(), &told[0]), (3, &renamed));
    assert!(told.contains(&(json!("document_added"), json!("First"), true)), "{told:?}");
    let page = ana.get(PATH).await.json();
    assert_eq!(page["rows"][0]["link"], format!("/documents/{id}"));

    app.set_clock_ahead(2 * time::Duration::SECOND);
    ana.send(Method::DELETE, &address, |request| request).await.expect_status(204);
    until(&mut stream, "document_deleted").await;
    let told = feed(&ana).await;
    assert_eq!(told[0], (json!("document_deleted"), json!("Second"), false));
    assert!(told.iter().all(|(.., leads)| !leads), "it is gone: {told:?}");

    assert_eq!(feed(&carla).await, [], "nobody else's");
    app.client().get(PATH).await.expect_refusal(401, "unauthenticated", None);
}

#[tokio::test]
async fn a_long_feed_is_told_by_pages() {
    let app = TestApp::start().await;
    let ana = app.sign_in(ANA).await;
    let mut stream = ana.open("/api/events").await;
    stream.connected().await;
    for number in 0..15 {
        add_document(&ana, &format!("Document {number}")).await;
        until(&mut stream, "document_ready").await;
    }
    let ask = async |page: u32| ana.get(&format!("{PATH}?page={page}")).await;
    let (first, second, past) = (ask(1).await.json(), ask(2).await.json(), ask(3).await.json());
    assert_eq!((&first["total"], &first["pages"]), (&json!(30), &json!(2)));
    let rows = |page: &Value| page["rows"].as_array().unwrap().clone();
    assert_eq!((rows(&first).len(), rows(&second).len(), rows(&past).len()), (25, 5, 0));
    let times: Vec<String> = [rows(&first), rows(&second)]
        .concat()
        .iter()
        .map(|row| row["createdAt"].as_str().unwrap().to_owned())
        .collect();
    let moment = |text: &String| {
        time::OffsetDateTime::parse(text, &time::format_description::well_known::Rfc3339).unwrap()
    };
    assert!(times.windows(2).all(|pair| moment(&pair[0]) >= moment(&pair[1])), "newest first");
    ask(0).await.expect_refusal(422, "invalid", Some("page"));
}
