//! Podcasts over HTTP: made of documents, written, spoken, edited, deleted; each its owner's alone.

pub mod speaking;

use futures::future;
use reqwest::Method;
use serde_json::{Value, json};

use self::speaking::{Program, SOUND};
use crate::{
    app::{ANA, CARLA, TestApp},
    client::{Answer, Client},
    stream::{Heard, Stream},
};

const PATH: &str = "/api/v1/podcasts";
const KEY: &str = "00112233445566778899aabbccddeeff";
const PAPER: &str = include_str!("../../demo/documents/federalist-10.txt");

async fn listening(client: &Client) -> Stream {
    let mut stream = client.open("/api/events").await;
    stream.connected().await;
    stream
}

/// What is said of content until an event of this type.
async fn until(stream: &mut Stream, kind: &str) -> Vec<Value> {
    let mut heard = Vec::new();
    loop {
        let said = stream.next_said().await;
        if of_content(&said) {
            heard.push(said.data.clone());
        }
        if said.kind() == kind {
            return heard;
        }
    }
}

fn of_content(heard: &Heard) -> bool {
    let kinds = ["entity_change", "activity_logged", "job_completion", "document_job_completion"];
    kinds.contains(&heard.kind())
}

/// Waits until a podcast's job has ended; what is said of that.
async fn ended(stream: &mut Stream) -> Value {
    until(stream, "job_completion").await.pop().unwrap()
}

/// Adds a document and waits until it was read; its address and its id.
async fn document(client: &Client, stream: &mut Stream, title: &str) -> (String, Value) {
    let new = json!({ "title": title, "body": PAPER });
    let added = client.post("/api/v1/documents", new).await.expect_status(201);
    until(stream, "document_job_completion").await;
    (added.header("location").to_owned(), added.json()["id"].clone())
}

/// A podcast made of one of the papers; its address.
async fn podcast(client: &Client, stream: &mut Stream) -> String {
    let (_, id) = document(client, stream, "The Tenth").await;
    let new = json!({ "title": "On factions", "documentIds": [id] });
    let made = client.post(PATH, new).await.expect_status(201);
    assert_eq!(made.json()["status"], "draft");
    made.header("location").to_owned()
}

async fn generate(client: &Client, address: &str, kind: &str) -> Answer {
    client.post(&format!("{address}/generate"), json!({ "jobType": kind })).await
}

async fn read(client: &Client, address: &str) -> Value {
    client.get(address).await.expect_status(200).json()
}

async fn delete(client: &Client, address: &str) -> Answer {
    client.send(Method::DELETE, address, |request| request).await
}

/// A podcast with a script; its address.
async fn written(client: &Client, stream: &mut Stream) -> String {
    let address = podcast(client, stream).await;
    generate(client, &address, "generate-script").await.expect_status(202);
    assert_eq!(ended(stream).await["status"], "completed");
    address
}

#[tokio::test]
async fn a_script_is_written_spoken_and_told_to_its_owner_alone() {
    let program = Program::new(SOUND);
    let app = program.app().await;
    let (ana, carla) = (app.sign_in(ANA).await, app.sign_in(CARLA).await);
    let (mut own, mut others) = (listening(&ana).await, listening(&carla).await);
    let address = podcast(&ana, &mut own).await;
    let id = address.strip_prefix(&format!("{PATH}/")).unwrap();

    let job = generate(&ana, &address, "generate-script").await.expect_status(202).json();
    let changed = |how: &str| json!({ "type": "entity_change", "entityType": "podcast", "changeType": how, "entityId": id });
    let logged = |what: &str| json!({ "type": "activity_logged", "activityType": what });
    let expected = [
        changed("insert"),
        logged("podcast_created"),
        changed("update"),
        logged("script_written"),
        json!({
            "type": "job_completion", "jobId": job["jobId"], "jobType": "generate-script",
            "status": "completed", "podcastId": id,
        }),
    ];
    assert_eq!(until(&mut own, "job_completion").await, expected);
    let written = read(&ana, &address).await;
    assert_eq!((&written["status"], &written["audio"]), (&json!("script_ready"), &Value::Null));
    let segments = written["script"]["segments"].as_array().unwrap();
    assert!(segments.len() > 1);
    let said = written["script"].to_string();
    assert!(said.contains("faction"), "it is about its document");
    ana.get(&format!("{address}/audio")).await.expect_refusal(404, "not_found", None);

    generate(&ana, &address, "generate-audio").await.expect_status(202);
    let expected = [changed("update"), logged("podcast_ready")];
    assert_eq!(until(&mut own, "job_completion").await[..2], expected);
    let spoken = read(&ana, &address).await;
    assert_eq!(spoken["status"], "ready");
    let audio = &spoken["audio"];
    let starts = audio["startsMs"].as_array().unwrap();
    assert_eq!((starts.len(), &starts[0]), (segments.len(), &json!(0)));
    assert_eq!(audio["durationMs"], spoken["durationMs"]);
    assert!(audio["durationMs"].as_u64().unwrap() >= 1_000);
    let range = |request: reqwest::RequestBuilder| request.header("range", "bytes=0-99");
    let part = ana.send(Method::GET, &format!("{address}/audio"), range).await.expect_status(206);
    assert_eq!(part.header("content-type"), "audio/mpeg");
    assert_eq!(part.header("content-range"), format!("bytes 0-99/{}", audio["bytes"]));
    assert!(part.header("content-disposition").starts_with("inline; filename=\"On factions.mp3\""));

    // To everybody else it is not there, and they hear nothing of it.
    for path in [&address, &format!("{address}/audio")] {
        carla.get(path).await.expect_refusal(404, "not_found", None);
    }
    generate(&carla, &address, "generate-audio").await.expect_refusal(404, "not_found", None);
    delete(&carla, &address).await.expect_refusal(404, "not_found", None);
    let theirs = json!({ "title": "Theirs", "documentIds": [spoken["sources"][0]["documentId"]] });
    carla.post(PATH, theirs).await.expect_refusal(422, "invalid", Some("documentIds"));
    assert_eq!(carla.get(PATH).await.json()["total"], 0);
    assert_eq!(others.all_until(&app.head().await).await, []);
    app.client().get(&format!("{address}/audio")).await.expect_refusal(
        401,
        "unauthenticated",
        None,
    );
}

#[tokio::test]
async fn an_edited_script_takes_its_sound_away_and_is_guarded_by_the_version() {
    let program = Program::new(SOUND);
    let app = program.app().await;
    let ana = app.sign_in(ANA).await;
    let mut own = listening(&ana).await;
    let address = podcast(&ana, &mut own).await;
    // Without a word, both are made.
    let path = format!("{address}/generate");
    ana.send(Method::POST, &path, |request| request).await.expect_status(202);
    assert_eq!(ended(&mut own).await["jobType"], "generate-podcast");
    let spoken = read(&ana, &address).await;
    assert_eq!(spoken["status"], "ready");
    let patch =
        async |body: Value| ana.send(Method::PATCH, &address, |request| request.json(&body)).await;
    let turns = json!([{ "host": "a", "text": " Only this. " }, { "host": "b", "text": "" }]);
    let script = json!({ "title": "T", "segments": [{ "title": "One", "turns": turns }] });
    let version = spoken["version"].as_u64().unwrap();
    let old = patch(json!({ "script": script, "version": version - 1 })).await;
    old.expect_refusal(409, "version_conflict", None);
    let silent = json!({ "title": "T", "segments": [] });
    patch(json!({ "script": silent })).await.expect_refusal(422, "invalid", Some("script"));
    let edited = patch(json!({ "script": script, "version": version })).await.expect_status(200);
    let edited = edited.json();
    assert_eq!((&edited["status"], &edited["audio"]), (&json!("script_ready"), &Value::Null));
    let left = json!([{ "host": "a", "text": "Only this." }]);
    assert_eq!(edited["script"]["segments"][0]["turns"], left);
    assert_eq!(read(&ana, &address).await, edited, "the answer is what a read answers");
    ana.get(&format!("{address}/audio")).await.expect_refusal(404, "not_found", None);

    generate(&ana, &address, "generate-audio").await.expect_status(202);
    ended(&mut own).await;
    let again = read(&ana, &address).await;
    assert_eq!(again["audio"]["startsMs"], json!([0]));
    assert_ne!(again["audio"]["tag"], spoken["audio"]["tag"]);
    assert_eq!(speaking::sounds_kept(&app).await, 1, "the sound before it is collected");
}

#[tokio::test]
async fn a_podcast_outlives_its_documents_and_remembers_what_they_were_called() {
    let program = Program::new(SOUND);
    let app = program.app().await;
    let ana = app.sign_in(ANA).await;
    let mut own = listening(&ana).await;
    let (first, first_id) = document(&ana, &mut own, "First").await;
    let (second, second_id) = document(&ana, &mut own, "Second").await;
    let new = json!({ "title": "Both", "documentIds": [first_id, second_id] });
    let made = ana.post(PATH, new).await.expect_status(201);
    let (address, id) = (made.header("location").to_owned(), made.json()["id"].clone());

    delete(&ana, &first).await.expect_status(204);
    let told = json!({ "type": "entity_change", "entityType": "podcast", "changeType": "update", "entityId": id });
    let heard = until(&mut own, "activity_logged").await;
    let rest = until(&mut own, "activity_logged").await;
    assert!(heard.iter().chain(&rest).any(|said| *said == told), "{heard:?} {rest:?}");
    let sources = json!([
        { "documentId": null, "title": "First" },
        { "documentId": second_id, "title": "Second" },
    ]);
    assert_eq!(read(&ana, &address).await["sources"], sources);
    generate(&ana, &address, "generate-script").await.expect_status(202);
    ended(&mut own).await;
    let script = read(&ana, &address).await["script"].to_string();
    assert!(script.contains("Second") && !script.contains("First"), "{script}");

    delete(&ana, &second).await.expect_status(204);
    generate(&ana, &address, "generate-script").await.expect_refusal(409, "conflict", None);
    generate(&ana, &address, "generate-audio").await.expect_status(202);
    assert_eq!(ended(&mut own).await["status"], "completed");
}

#[tokio::test]
async fn two_who_generate_at_once_begin_one_job_and_a_repeat_begins_none() {
    let program = Program::new(SOUND);
    let app = program.app().await;
    let (ana, also) = (app.sign_in(ANA).await, app.sign_in(ANA).await);
    let mut own = listening(&ana).await;
    let address = podcast(&ana, &mut own).await;
    generate(&ana, &address, "generate-audio").await.expect_refusal(409, "conflict", None);

    program.shut();
    let kind = "generate-podcast";
    let both = future::join(generate(&ana, &address, kind), generate(&also, &address, kind)).await;
    let mut answers = [both.0, both.1];
    answers.sort_by_key(|answer| answer.status);
    let [begun, refused] = answers;
    refused.expect_refusal(409, "conflict", None);
    let begun = begun.expect_status(202).json()["jobId"].clone();
    assert_eq!(read(&ana, &address).await["status"], "drafting");
    program.open();
    assert_eq!(ended(&mut own).await["jobId"], begun);

    let path = format!("{address}/generate");
    let press = async || {
        ana.send(Method::POST, &path, |request| request.header("Idempotency-Key", KEY))
            .await
            .expect_status(202)
            .json()
    };
    let first = press().await;
    assert_ne!(first["jobId"], begun);
    assert_eq!(press().await, first);
    ended(&mut own).await;
    assert_eq!(press().await, first);
    let jobs = ana.get("/api/v1/jobs").await.json();
    let kinds = jobs["finished"].as_array().unwrap().iter().map(|job| &job["kind"]);
    assert_eq!(kinds.filter(|kind| **kind != json!("document")).count(), 2, "{jobs}");
}

#[tokio::test]
async fn what_cannot_be_a_podcast_is_refused_at_its_field() {
    let app = TestApp::start().await;
    let ana = app.sign_in(ANA).await;
    let mut own = listening(&ana).await;
    let address = podcast(&ana, &mut own).await;
    let id = read(&ana, &address).await["sources"][0]["documentId"].clone();
    let head = app.head().await;
    let refused = async |title: &str, ids: Value, field: &str| {
        let answer = ana.post(PATH, json!({ "title": title, "documentIds": ids })).await;
        answer.expect_refusal(422, "invalid", Some(field));
    };
    refused("", json!([id]), "title").await;
    for ids in [json!([]), json!([id, id]), json!(["doc_0123456789abcdef"])] {
        refused("T", ids, "documentIds").await;
    }
    let many: Vec<String> = (0..11).map(|number| format!("doc_{number:016x}")).collect();
    refused("T", json!(many), "documentIds").await;
    generate(&ana, &address, "everything").await.expect_refusal(422, "invalid", Some("jobType"));
    ana.get(&format!("{PATH}?page=0")).await.expect_refusal(422, "invalid", Some("page"));
    ana.get(&format!("{PATH}/x")).await.expect_refusal(404, "not_found", None);
    assert_eq!(app.rows_since(&head).await, 0);
}
