//! Documents over HTTP: added, read by their job, listed, renamed, deleted; each its owner's alone.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};
use studio::content::{files, model::DOCUMENT_MAX_BYTES, service};

use crate::{
    app::{ANA, CARLA, OPS, TestApp},
    client::{Client, Field},
    job_kills::files_below,
    stream::{Heard, Stream},
};

const PATH: &str = "/api/v1/documents";
const KEY: &str = "00112233445566778899aabbccddeeff";

/// Adds a file; its address.
async fn upload(client: &Client, name: &str, content: &[u8]) -> String {
    let added = client.post_files(PATH, &[("file", Some(name), content)]).await.expect_status(201);
    assert_eq!(added.json()["status"], "processing");
    added.header("location").to_owned()
}

async fn listening(client: &Client) -> Stream {
    let mut stream = client.open("/api/events").await;
    stream.connected().await;
    stream
}

/// What is said of content until a document's job has ended.
async fn until_read(stream: &mut Stream) -> Vec<Value> {
    let mut heard = Vec::new();
    loop {
        let said = stream.next_said().await;
        if of_content(&said) {
            heard.push(said.data.clone());
        }
        if said.kind() == "document_job_completion" {
            return heard;
        }
    }
}

fn of_content(heard: &Heard) -> bool {
    ["entity_change", "activity_logged", "document_job_completion"].contains(&heard.kind())
}

/// The document at an address once its job has ended.
async fn read(client: &Client, stream: &mut Stream, address: &str) -> Value {
    until_read(stream).await;
    client.get(address).await.expect_status(200).json()
}

#[tokio::test]
async fn a_document_is_added_read_and_told_to_its_owner_alone() {
    let app = TestApp::start().await;
    let (ana, carla) = (app.sign_in(ANA).await, app.sign_in(CARLA).await);
    let (mut own, mut others) = (listening(&ana).await, listening(&carla).await);
    let text = "# On rivers\n\nA river runs to the sea.\n\n## Floods\n\nIt may rise.\n";
    let address = upload(&ana, "on_rivers.md", text.as_bytes()).await;
    let id = address.strip_prefix(&format!("{PATH}/")).unwrap();
    let heard = until_read(&mut own).await;
    let job = heard.last().unwrap()["jobId"].clone();
    assert!(job.as_str().unwrap().starts_with("job_"), "{job}");
    let expected = [
        json!({ "type": "entity_change", "entityType": "document", "changeType": "insert", "entityId": id }),
        json!({ "type": "activity_logged", "activityType": "document_added" }),
        json!({ "type": "activity_logged", "activityType": "document_ready" }),
        json!({ "type": "document_job_completion", "jobId": job, "status": "completed", "documentId": id }),
    ];
    assert_eq!(heard, expected);

    let document = ana.get(&address).await.expect_status(200).json();
    assert_eq!(document["title"], "on rivers");
    assert_eq!((&document["format"], &document["status"]), (&json!("markdown"), &json!("ready")));
    assert_eq!(document["words"], 12);
    assert_eq!(document["bytes"], text.len());
    assert_eq!(document["direction"], "leftToRight");
    let titles: Vec<_> =
        document["outline"].as_array().unwrap().iter().map(|h| &h["title"]).collect();
    assert_eq!(titles, ["On rivers", "Floods"]);
    let list = ana.get(PATH).await.expect_status(200).json();
    assert_eq!((&list["total"], &list["rows"][0]["id"]), (&json!(1), &json!(id)));
    assert_eq!(ana.get(&format!("{address}/source")).await.text, text);
    let asked = json!({ "id": id, "part": 1, "min": null });
    let part = ana.post("/api/fn/get_document_text", asked).await.expect_status(200).json();
    let part = &part["value"]["Ok"];
    assert_eq!((&part["parts"], &part["start"]), (&json!(1), &json!(0)));
    assert!(part["text"].as_str().unwrap().contains("A river runs to the sea."));

    // To everybody else it is not there, and they hear nothing of it.
    for path in [&address, &format!("{address}/source"), &format!("{address}/text")] {
        carla.get(path).await.expect_refusal(404, "not_found", None);
    }
    let rename = |request: reqwest::RequestBuilder| request.json(&json!({ "title": "Mine" }));
    carla.send(Method::PATCH, &address, rename).await.expect_refusal(404, "not_found", None);
    carla.send(Method::DELETE, &address, |r| r).await.expect_refusal(404, "not_found", None);
    assert_eq!(carla.get(PATH).await.json()["total"], 0);
    assert_eq!(others.all_until(&app.head().await).await, []);
    app.client().get(&address).await.expect_refusal(401, "unauthenticated", None);
}

#[tokio::test]
async fn text_is_added_as_json_and_a_repeat_adds_nothing() {
    let app = TestApp::start().await;
    let ops = app.sign_in(OPS).await;
    let typed = json!({ "title": " Notes ", "body": "Some words." });
    let add = async || {
        ops.send(Method::POST, PATH, |request| request.header("Idempotency-Key", KEY).json(&typed))
            .await
            .expect_status(201)
    };
    let (first, again) = (add().await, add().await);
    assert_eq!(first.text, again.text);
    assert_eq!(first.json()["title"], "Notes");
    assert_eq!(ops.get(PATH).await.json()["total"], 1);
}

#[tokio::test]
async fn what_cannot_be_a_document_is_refused_at_its_field() {
    let app = TestApp::start().await;
    let ana = app.sign_in(ANA).await;
    let head = app.head().await;
    let json = async |body: Value| ana.post(PATH, body).await;
    json(json!({ "title": "", "body": "x" })).await.expect_refusal(422, "invalid", Some("title"));
    json(json!({ "title": "T", "body": " " })).await.expect_refusal(422, "invalid", Some("body"));
    json(json!({ "title": "T" })).await.expect_refusal(422, "invalid", Some("body"));
    let large = "a".repeat(DOCUMENT_MAX_BYTES + 1);
    json(json!({ "title": "T", "body": large })).await.expect_refusal(413, "too_large", None);
    let form = async |fields: &[Field<'_>]| ana.post_files(PATH, fields).await;
    form(&[("file", Some("l.txt"), large.as_bytes())]).await.expect_refusal(413, "too_large", None);
    form(&[]).await.expect_refusal(422, "invalid", Some("file"));
    form(&[("file", Some("x"), b"1"), ("body", None, b"2")]).await.expect_refusal(
        422,
        "invalid",
        Some("file"),
    );
    form(&[("body", None, b"1")]).await.expect_refusal(422, "invalid", Some("title"));
    form(&[("format", None, b"pdf")]).await.expect_refusal(422, "invalid", Some("format"));
    form(&[("other", None, b"1")]).await.expect_refusal(422, "invalid", None);
    ana.get(&format!("{PATH}?page=0")).await.expect_refusal(422, "invalid", Some("page"));
    for id in ["doc_0123456789abcdef", "x"] {
        ana.get(&format!("{PATH}/{id}")).await.expect_refusal(404, "not_found", None);
    }
    assert_eq!(app.rows_since(&head).await, 0);
    let incoming = app.data_dir().join("files/incoming");
    assert_eq!(std::fs::read_dir(incoming).unwrap().count(), 0, "nothing half is left");
    let largest = "a".repeat(DOCUMENT_MAX_BYTES);
    form(&[("file", Some("l.txt"), largest.as_bytes())]).await.expect_status(201);
}

#[tokio::test]
async fn a_document_without_readable_text_fails_and_says_why() {
    let app = TestApp::start().await;
    let ana = app.sign_in(ANA).await;
    let mut stream = listening(&ana).await;
    for (name, content, why) in [
        ("empty.txt", &b""[..], "empty"),
        ("image.txt", &b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"[..], "not text"),
        ("latin.txt", &b"caf\xe9 au lait"[..], "UTF-8"),
    ] {
        let address = upload(&ana, name, content).await;
        let document = read(&ana, &mut stream, &address).await;
        assert_eq!(document["status"], "failed", "{name}");
        let error = document["error"].as_str().unwrap();
        assert!(error.contains(why), "{name}: {error}");
        ana.get(&format!("{address}/text")).await.expect_refusal(404, "not_found", None);
    }
}

#[tokio::test]
async fn a_line_of_two_megabytes_and_a_text_from_right_to_left_are_read() {
    let app = TestApp::start().await;
    let ana = app.sign_in(ANA).await;
    let mut stream = listening(&ana).await;
    let line = "endless words ".repeat(150_000);
    let address = upload(&ana, "line.txt", line.as_bytes()).await;
    let document = read(&ana, &mut stream, &address).await;
    assert_eq!((&document["status"], &document["words"]), (&json!("ready"), &json!(300_000)));
    let parts = document["parts"].as_u64().unwrap();
    assert!(parts > 30, "{parts}");
    let last = json!({ "id": document["id"], "part": parts, "min": null });
    let last = ana.post("/api/fn/get_document_text", last).await.json();
    assert!(last["value"]["Ok"]["text"].as_str().unwrap().ends_with("words"), "{last}");
    let past = json!({ "id": document["id"], "part": parts + 1, "min": null });
    let past = ana.post("/api/fn/get_document_text", past).await.json();
    assert_eq!(past["value"]["Err"]["code"], "not_found");
    let page = ana.get_page(&format!("/documents/{}", document["id"].as_str().unwrap())).await;
    assert!(page.text.len() < 500_000, "the page carries one part: {}", page.text.len());

    let address = upload(&ana, "hebrew.txt", "שלום עולם, זה מסמך.".as_bytes()).await;
    let document = read(&ana, &mut stream, &address).await;
    assert_eq!(document["direction"], "rightToLeft");
}

#[tokio::test]
async fn a_rename_is_guarded_by_the_version_and_told() {
    let app = TestApp::start().await;
    let ana = app.sign_in(ANA).await;
    let mut stream = listening(&ana).await;
    let address = upload(&ana, "old.txt", b"Some words.").await;
    let document = read(&ana, &mut stream, &address).await;
    let version = document["version"].as_u64().unwrap();
    let patch =
        async |body: Value| ana.send(Method::PATCH, &address, |request| request.json(&body)).await;
    let renamed = patch(json!({ "title": "New", "version": version })).await.expect_status(200);
    assert_eq!(renamed.json()["title"], "New");
    assert_eq!(renamed.json()["version"], version + 1);
    assert_eq!(renamed.json()["words"], 2, "the answer is the whole document");
    let told = stream.next_said().await.data;
    assert_eq!((&told["type"], &told["changeType"]), (&json!("entity_change"), &json!("update")));
    let logged = stream.next_said().await.data;
    assert_eq!(logged, json!({ "type": "activity_logged", "activityType": "document_renamed" }));

    let head = app.head().await;
    patch(json!({ "title": "Other", "version": version })).await.expect_refusal(
        409,
        "version_conflict",
        None,
    );
    patch(json!({ "title": "New" })).await.expect_status(200);
    patch(json!({ "title": "two\nlines" })).await.expect_refusal(422, "invalid", Some("title"));
    assert_eq!(app.rows_since(&head).await, 0);
}

#[tokio::test]
async fn a_deleted_document_is_gone_and_its_files_are_collected() {
    let app = TestApp::start().await;
    let ana = app.sign_in(ANA).await;
    let mut stream = listening(&ana).await;
    let address = upload(&ana, "one.txt", b"The same words.").await;
    read(&ana, &mut stream, &address).await;
    let twin = upload(&ana, "two.txt", b"The same words.").await;
    read(&ana, &mut stream, &twin).await;
    let collect = async || {
        let hours = app.state.now() + Duration::from_secs(7_200);
        files::collect(&app.state.files, &app.state.live, hours).await.unwrap()
    };
    ana.send(Method::DELETE, &address, |request| request).await.expect_status(204);
    let told = stream.next_said().await.data;
    assert_eq!((&told["type"], &told["changeType"]), (&json!("entity_change"), &json!("delete")));
    ana.get(&address).await.expect_refusal(404, "not_found", None);
    assert_eq!(collect().await, 0, "its twin has the same files");
    ana.send(Method::DELETE, &twin, |request| request).await.expect_status(204);
    let kept = || files_below(&app.data_dir().join("files"));
    assert!(kept() > 0);
    // The server looks by itself as well, and may be the faster one.
    collect().await;
    assert_eq!(kept(), 0);
    ana.send(Method::DELETE, &twin, |request| request).await.expect_refusal(404, "not_found", None);
}

#[tokio::test]
async fn files_are_sent_in_ranges_and_not_again_when_nothing_changed() {
    let app = TestApp::start().await;
    let ana = app.sign_in(ANA).await;
    let address = upload(&ana, "No. 10 (ü).txt", b"0123456789").await;
    let source = format!("{address}/source");
    let whole = ana.get(&source).await.expect_status(200);
    assert_eq!((whole.text.as_str(), whole.header("accept-ranges")), ("0123456789", "bytes"));
    assert_eq!(whole.header("content-type"), "text/plain; charset=utf-8");
    assert_eq!(whole.header("cache-control"), "private, no-cache");
    assert!(
        whole
            .header("content-disposition")
            .contains("filename*=UTF-8''No.%2010%20%28%C3%BC%29.txt")
    );
    let ask = async |name: &'static str, value: &str| {
        ana.send(Method::GET, &source, |request| request.header(name, value)).await
    };
    let part = ask("range", "bytes=2-4").await.expect_status(206);
    assert_eq!((part.text.as_str(), part.header("content-range")), ("234", "bytes 2-4/10"));
    ask("range", "bytes=20-").await.expect_status(416);
    ask("if-none-match", whole.header("etag")).await.expect_status(304);
}

#[tokio::test]
async fn publishing_never_fails_its_caller_and_is_counted_when_it_does() {
    use sea_orm::ConnectionTrait;
    use studio::content::{live::ContentEvent, model::ActivityType};
    let app = TestApp::start().await;
    let ana = app.sign_in(ANA).await;
    let mut stream = listening(&ana).await;
    let user = studio::account::service::find(&app.state, ANA).await.unwrap().id;
    let event = ContentEvent::ActivityLogged { activity_type: ActivityType::DocumentAdded };
    service::publish(&app.state, user, event.clone()).await;
    let heard = stream.next_said().await.data;
    assert_eq!(heard, json!({ "type": "activity_logged", "activityType": "document_added" }));

    let metrics = || app.state.metrics.text(&app.state.db).unwrap();
    assert!(metrics().contains("events_unpublished_total 0"));
    app.state.db.execute_unprepared("ALTER TABLE highwater_log RENAME TO elsewhere").await.unwrap();
    service::publish(&app.state, user, event).await;
    assert!(metrics().contains("events_unpublished_total 1"));
}
