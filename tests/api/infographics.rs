//! Infographics over HTTP: drawn from a document by their job, drawn again, deleted; each its
//! owner's alone.

use std::{fs, time::Duration};

use reqwest::Method;
use serde_json::{Value, json};
use studio::content::files;

use crate::{
    app::{ANA, CARLA, TestApp},
    client::{Answer, Client},
    stream::Stream,
};

const PATH: &str = "/api/v1/infographics";
const PAPER: &str = include_str!("../../demo/documents/federalist-10.txt");

async fn listening(client: &Client) -> Stream {
    let mut stream = client.open("/api/events").await;
    stream.connected().await;
    stream
}

/// What is said of content until an event of this type.
async fn until(stream: &mut Stream, kind: &str) -> Vec<Value> {
    let kinds = ["entity_change", "activity_logged", "document_job_completion"];
    let mut heard = Vec::new();
    loop {
        let said = stream.next_said().await;
        if said.kind() == kind || kinds.contains(&said.kind()) {
            heard.push(said.data.clone());
        }
        if said.kind() == kind {
            return heard;
        }
    }
}

async fn until_drawn(stream: &mut Stream) -> Vec<Value> {
    until(stream, "infographic_job_completion").await
}

/// Adds a document and waits until it was read; its address and its id.
async fn document(client: &Client, stream: &mut Stream, body: &str) -> (String, Value) {
    let new = json!({ "title": "The <Tenth> & last", "body": body });
    let added = client.post("/api/v1/documents", new).await.expect_status(201);
    until(stream, "document_job_completion").await;
    (added.header("location").to_owned(), added.json()["id"].clone())
}

async fn make(client: &Client, document: &Value) -> Answer {
    client.post(PATH, json!({ "documentId": document })).await
}

async fn generate(client: &Client, address: &str) -> Answer {
    client.post(&format!("{address}/generate"), json!({})).await
}

async fn delete(client: &Client, address: &str) -> Answer {
    client.send(Method::DELETE, address, |request| request).await
}

/// Collects what nothing refers to, as in two hours, and counts the pictures that are left.
async fn pictures_kept(app: &TestApp) -> usize {
    let hours = app.state.now() + Duration::from_secs(7_200);
    files::collect(&app.state.files, &app.state.live, hours).await.unwrap();
    let directories = fs::read_dir(app.data_dir().join("files")).unwrap();
    let files = directories.flat_map(|directory| fs::read_dir(directory.unwrap().path()).unwrap());
    let contents = files.map(|file| fs::read(file.unwrap().path()).unwrap());
    contents.filter(|content| content.starts_with(b"<svg")).count()
}

#[tokio::test]
async fn a_document_is_drawn_and_the_picture_told_to_its_owner_alone() {
    let app = TestApp::start().await;
    let (ana, carla) = (app.sign_in(ANA).await, app.sign_in(CARLA).await);
    let mut own = listening(&ana).await;
    let (_, document) = document(&ana, &mut own, PAPER).await;
    let mut others = listening(&carla).await;
    let made = make(&ana, &document).await.expect_status(201);
    let (address, id) = (made.header("location").to_owned(), made.json()["id"].clone());
    assert_eq!(made.json()["status"], "generating");
    let heard = until_drawn(&mut own).await;
    let job = heard.last().unwrap()["jobId"].clone();
    let expected = [
        json!({ "type": "entity_change", "entityType": "infographic", "changeType": "insert", "entityId": id }),
        json!({ "type": "activity_logged", "activityType": "infographic_added" }),
        json!({ "type": "activity_logged", "activityType": "infographic_ready" }),
        json!({ "type": "infographic_job_completion", "jobId": job, "status": "completed", "infographicId": id }),
    ];
    assert_eq!(heard, expected);

    let drawn = ana.get(&address).await.expect_status(200).json();
    assert_eq!((&drawn["status"], &drawn["documentId"]), (&json!("ready"), &document));
    let file = format!("{address}/file");
    let picture = ana.get(&file).await.expect_status(200);
    assert_eq!(picture.header("content-type"), "image/svg+xml");
    assert_eq!(picture.header("x-content-type-options"), "nosniff");
    let policy = picture.header("content-security-policy");
    assert!(policy.contains("default-src 'none'") && policy.contains("sandbox"), "{policy}");
    assert!(!policy.contains("script-src") && !policy.contains("allow-"), "{policy}");
    assert!(picture.header("content-disposition").starts_with("inline; filename=\"The <Tenth>"));
    assert!(picture.text.starts_with("<svg") && picture.text.contains("faction"));
    assert!(picture.text.contains("The &lt;Tenth&gt; &amp; last"), "a title is text");
    let range = |request: reqwest::RequestBuilder| request.header("range", "bytes=0-3");
    let part = ana.send(Method::GET, &file, range).await.expect_status(206);
    assert_eq!((part.text.as_str(), part.header("content-type")), ("<svg", "image/svg+xml"));
    let etag = picture.header("etag").to_owned();
    let known = |request: reqwest::RequestBuilder| request.header("if-none-match", etag);
    ana.send(Method::GET, &file, known).await.expect_status(304);

    for path in [&address, &file] {
        carla.get(path).await.expect_refusal(404, "not_found", None);
    }
    make(&carla, &document).await.expect_refusal(422, "invalid", Some("documentId"));
    generate(&carla, &address).await.expect_refusal(404, "not_found", None);
    delete(&carla, &address).await.expect_refusal(404, "not_found", None);
    assert_eq!(carla.get(PATH).await.json()["total"], 0);
    assert_eq!(others.all_until(&app.head().await).await, []);
    app.client().get(&file).await.expect_refusal(401, "unauthenticated", None);
}

#[tokio::test]
async fn a_document_has_one_infographic_which_is_made_again_under_its_new_title() {
    let app = TestApp::start().await;
    let ana = app.sign_in(ANA).await;
    let mut stream = listening(&ana).await;
    let (paper, document) = document(&ana, &mut stream, PAPER).await;
    let ask = json!({ "min": null });
    let sources = async || {
        let answer = ana.post("/api/fn/list_infographic_sources", ask.clone()).await.json();
        answer["value"]["Ok"].as_array().unwrap().len()
    };
    assert_eq!(sources().await, 1);
    let address = make(&ana, &document).await.expect_status(201).header("location").to_owned();
    until_drawn(&mut stream).await;
    assert_eq!(sources().await, 0, "it has one");
    make(&ana, &document).await.expect_refusal(409, "conflict", None);

    let rename = json!({ "title": "Renamed" });
    ana.send(Method::PATCH, &paper, |request| request.json(&rename)).await.expect_status(200);
    let begun = generate(&ana, &address).await.expect_status(202).json();
    let end = until_drawn(&mut stream).await.pop().unwrap();
    assert_eq!((&end["status"], &end["jobId"]), (&json!("completed"), &begun["jobId"]));
    assert_eq!(ana.get(&address).await.json()["title"], "Renamed");
    assert!(ana.get(&format!("{address}/file")).await.text.contains("Renamed"));
    assert_eq!(pictures_kept(&app).await, 1, "the one before is collected");

    // It outlives its document, as it is.
    delete(&ana, &paper).await.expect_status(204);
    let left = ana.get(&address).await.expect_status(200).json();
    assert_eq!((&left["documentId"], &left["status"]), (&Value::Null, &json!("ready")));
    generate(&ana, &address).await.expect_refusal(409, "conflict", None);
    delete(&ana, &address).await.expect_status(204);
    ana.get(&address).await.expect_refusal(404, "not_found", None);
    assert_eq!(pictures_kept(&app).await, 0);
}

#[tokio::test]
async fn what_was_not_read_is_not_drawn() {
    let app = TestApp::start().await;
    let ana = app.sign_in(ANA).await;
    let mut stream = listening(&ana).await;
    let unreadable = json!({ "title": "Broken", "body": "\u{0}\u{1}\u{2}\u{0}\u{1}\u{2}" });
    let broken = ana.post("/api/v1/documents", unreadable).await.expect_status(201).json();
    until(&mut stream, "document_job_completion").await;
    let head = app.head().await;
    let refused = [broken["id"].clone(), json!("doc_0123456789abcdef"), json!("x")];
    for id in refused {
        make(&ana, &id).await.expect_refusal(422, "invalid", Some("documentId"));
    }
    ana.get(&format!("{PATH}?page=0")).await.expect_refusal(422, "invalid", Some("page"));
    assert_eq!(app.rows_since(&head).await, 0);
}
