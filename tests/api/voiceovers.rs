//! Voiceovers over HTTP: made of a text, spoken by their job, changed, deleted; each its owner's
//! alone.

use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    app::{ANA, CARLA, TestApp},
    client::{Answer, Client},
    podcasts::speaking::{Program, SOUND, sounds_kept},
    stream::Stream,
};

const PATH: &str = "/api/v1/voiceovers";
const KEY: &str = "00112233445566778899aabbccddeeff";

async fn listening(client: &Client) -> Stream {
    let mut stream = client.open("/api/events").await;
    stream.connected().await;
    stream
}

/// What is said of voiceovers and of what happened, until a voiceover's job has ended.
async fn until_ended(stream: &mut Stream) -> Vec<Value> {
    let mut heard = Vec::new();
    loop {
        let said = stream.next_said().await;
        if ["entity_change", "activity_logged", "voiceover_job_completion"].contains(&said.kind()) {
            heard.push(said.data.clone());
        }
        if said.kind() == "voiceover_job_completion" {
            return heard;
        }
    }
}

/// Makes a voiceover; its address.
async fn make(client: &Client, new: Value) -> String {
    let made = client.post(PATH, new).await.expect_status(201);
    assert_eq!(made.json()["status"], "generating");
    made.header("location").to_owned()
}

async fn patch(client: &Client, address: &str, change: Value) -> Answer {
    client.send(Method::PATCH, address, |request| request.json(&change)).await
}

async fn generate(client: &Client, address: &str) -> Answer {
    client.post(&format!("{address}/generate"), json!({})).await
}

async fn read(client: &Client, address: &str) -> Value {
    client.get(address).await.expect_status(200).json()
}

async fn delete(client: &Client, address: &str) -> Answer {
    client.send(Method::DELETE, address, |request| request).await
}

#[tokio::test]
async fn a_text_is_spoken_and_told_to_its_owner_alone() {
    let program = Program::missing();
    program.install(SOUND);
    let app = program.app().await;
    let (ana, carla) = (app.sign_in(ANA).await, app.sign_in(CARLA).await);
    let (mut own, mut others) = (listening(&ana).await, listening(&carla).await);
    let new = json!({ "text": "Hello there.\n\nAnd more.", "voice": "en-gb+m3", "rate": 200 });
    let address = make(&ana, new).await;
    let id = address.strip_prefix(&format!("{PATH}/")).unwrap();
    let heard = until_ended(&mut own).await;
    let job = heard.last().unwrap()["jobId"].clone();
    let expected = [
        json!({ "type": "entity_change", "entityType": "voiceover", "changeType": "insert", "entityId": id }),
        json!({ "type": "activity_logged", "activityType": "voiceover_added" }),
        json!({ "type": "activity_logged", "activityType": "voiceover_ready" }),
        json!({ "type": "voiceover_job_completion", "jobId": job, "status": "completed", "voiceoverId": id }),
    ];
    assert_eq!(heard, expected);

    let made = read(&ana, &address).await;
    assert_eq!(made["title"], "Hello there. And more.");
    assert_eq!((&made["status"], &made["voice"]), (&json!("ready"), &json!("en-gb+m3")));
    assert_eq!((&made["rate"], &made["characters"]), (&json!(200), &json!(23)));
    // Two paragraphs, of a second and a little more each, and a breath between them.
    let length = made["durationMs"].as_u64().unwrap();
    assert!((2_400..3_000).contains(&length), "{length}");
    let list = read(&ana, PATH).await;
    assert_eq!((&list["total"], &list["rows"][0]["id"]), (&json!(1), &json!(id)));
    assert_eq!(list["rows"][0].get("text"), None, "the list does without the texts");

    let audio = format!("{address}/audio");
    let whole = ana.get(&audio).await.expect_status(200);
    assert_eq!(whole.header("content-type"), "audio/mpeg");
    assert_eq!(whole.header("cache-control"), "private, no-cache");
    assert!(whole.header("content-disposition").starts_with("inline; filename=\"Hello there."));
    let range = |request: reqwest::RequestBuilder| request.header("range", "bytes=10-19");
    let part = ana.send(Method::GET, &audio, range).await.expect_status(206);
    let size = made["audio"]["bytes"].as_u64().unwrap();
    assert_eq!(part.header("content-range"), format!("bytes 10-19/{size}"));

    // To everybody else it is not there, and they hear nothing of it.
    for path in [&address, &audio] {
        carla.get(path).await.expect_refusal(404, "not_found", None);
    }
    patch(&carla, &address, json!({ "title": "Mine" })).await.expect_refusal(
        404,
        "not_found",
        None,
    );
    generate(&carla, &address).await.expect_refusal(404, "not_found", None);
    delete(&carla, &address).await.expect_refusal(404, "not_found", None);
    assert_eq!(read(&carla, PATH).await["total"], 0);
    assert_eq!(others.all_until(&app.head().await).await, []);
    app.client().get(&audio).await.expect_refusal(401, "unauthenticated", None);
}

#[tokio::test]
async fn what_cannot_be_spoken_is_refused_at_its_field() {
    let app = TestApp::start().await;
    let ana = app.sign_in(ANA).await;
    let head = app.head().await;
    let refused = async |body: Value, field: &str| {
        ana.post(PATH, body).await.expect_refusal(422, "invalid", Some(field));
    };
    refused(json!({ "text": " … " }), "text").await;
    refused(json!({ "text": "a".repeat(20_001) }), "text").await;
    refused(json!({ "title": "T" }), "text").await;
    refused(json!({ "text": "Hi.", "title": "two\nlines" }), "title").await;
    refused(json!({ "text": "Hi.", "voice": "--help" }), "voice").await;
    refused(json!({ "text": "Hi.", "rate": 20 }), "rate").await;
    ana.get(&format!("{PATH}?page=0")).await.expect_refusal(422, "invalid", Some("page"));
    for id in ["voc_0123456789abcdef", "x"] {
        ana.get(&format!("{PATH}/{id}")).await.expect_refusal(404, "not_found", None);
    }
    assert_eq!(app.rows_since(&head).await, 0);
}

#[tokio::test]
async fn a_change_is_guarded_and_what_is_spoken_is_spoken_again() {
    let program = Program::missing();
    program.install(SOUND);
    let app = program.app().await;
    let ana = app.sign_in(ANA).await;
    let mut stream = listening(&ana).await;
    let address = make(&ana, json!({ "text": "Hello." })).await;
    until_ended(&mut stream).await;
    let before = read(&ana, &address).await;

    let renamed =
        patch(&ana, &address, json!({ "title": "Named" })).await.expect_status(200).json();
    assert_eq!((&renamed["title"], &renamed["audio"]), (&json!("Named"), &before["audio"]));
    let old = json!({ "title": "Other", "version": before["version"] });
    patch(&ana, &address, old).await.expect_refusal(409, "version_conflict", None);
    let head = app.head().await;
    patch(&ana, &address, json!({ "title": "Named", "rate": 160 })).await.expect_status(200);
    assert_eq!(app.rows_since(&head).await, 0, "nothing is new in it");

    program.shut();
    let change = json!({ "text": "Hello you.", "version": renamed["version"] });
    let edited = patch(&ana, &address, change).await.expect_status(200).json();
    assert_eq!((&edited["status"], &edited["audio"]), (&json!("generating"), &Value::Null));
    ana.get(&format!("{address}/audio")).await.expect_refusal(404, "not_found", None);
    patch(&ana, &address, json!({ "rate": 100 })).await.expect_refusal(409, "conflict", None);
    generate(&ana, &address).await.expect_refusal(409, "conflict", None);
    patch(&ana, &address, json!({ "title": "Meanwhile" })).await.expect_status(200);
    program.open();
    until_ended(&mut stream).await;
    let spoken = read(&ana, &address).await;
    assert_eq!((&spoken["status"], &spoken["title"]), (&json!("ready"), &json!("Meanwhile")));
    assert_ne!(spoken["audio"]["tag"], before["audio"]["tag"]);
    assert_eq!(sounds_kept(&app).await, 1, "the sound before is collected");
}

#[tokio::test]
async fn a_missing_program_is_told_at_once_and_the_voiceover_is_spoken_when_it_is_there() {
    let program = Program::missing();
    let app = program.app().await;
    let ana = app.sign_in(ANA).await;
    let mut stream = listening(&ana).await;
    let address = make(&ana, json!({ "text": "Hello." })).await;
    let heard = until_ended(&mut stream).await;
    assert_eq!(heard.last().unwrap()["status"], "failed");
    assert!(
        heard.contains(&json!({ "type": "activity_logged", "activityType": "voiceover_failed" }))
    );
    let failed = read(&ana, &address).await;
    assert_eq!(failed["status"], "failed");
    assert!(failed["error"].as_str().unwrap().contains("apt install espeak-ng"), "{failed}");
    let job = ana.get("/api/v1/jobs").await.json()["finished"][0].clone();
    assert_eq!((&job["status"], &job["attempts"]), (&json!("failed"), &json!(1)));

    program.install(SOUND);
    let begun = generate(&ana, &address).await.expect_status(202).json();
    let heard = until_ended(&mut stream).await;
    let end = heard.last().unwrap();
    assert_eq!((&end["status"], &end["jobId"]), (&json!("completed"), &begun["jobId"]));
    let made = read(&ana, &address).await;
    assert_eq!((&made["status"], &made["error"]), (&json!("ready"), &Value::Null));
}

#[tokio::test]
async fn a_cancelled_job_leaves_a_draft_and_can_be_retried() {
    let program = Program::missing();
    program.install(SOUND);
    program.shut();
    let app = program.app().await;
    let ana = app.sign_in(ANA).await;
    let mut stream = listening(&ana).await;
    let address = make(&ana, json!({ "text": "Hello." })).await;
    let jobs = ana.get("/api/v1/jobs").await.json();
    let job = jobs["running"].as_array().unwrap().iter().chain(jobs["queued"].as_array().unwrap());
    let job = job.map(|job| job["id"].as_str().unwrap().to_owned()).next().unwrap();
    let ask = async |what: &str| ana.post(&format!("/api/v1/jobs/{job}/{what}"), json!({})).await;
    ask("cancel").await.expect_status(200);
    assert_eq!(until_ended(&mut stream).await.last().unwrap()["status"], "failed");
    assert_eq!(read(&ana, &address).await["status"], "draft");
    program.open();
    ask("retry").await.expect_status(200);
    assert_eq!(until_ended(&mut stream).await.last().unwrap()["status"], "completed");
    assert_eq!(read(&ana, &address).await["status"], "ready");
}

#[tokio::test]
async fn deletion_cancels_the_job_and_leaves_no_file() {
    let program = Program::missing();
    program.install(SOUND);
    let app = program.app().await;
    let ana = app.sign_in(ANA).await;
    let mut stream = listening(&ana).await;
    let spoken = make(&ana, json!({ "text": "Hello." })).await;
    until_ended(&mut stream).await;
    assert_eq!(sounds_kept(&app).await, 1);
    program.shut();
    let running = make(&ana, json!({ "text": "Hello you." })).await;
    for address in [&spoken, &running] {
        delete(&ana, address).await.expect_status(204);
        delete(&ana, address).await.expect_refusal(404, "not_found", None);
    }
    let jobs = ana.get("/api/v1/jobs").await.json();
    assert_eq!((&jobs["runningTotal"], &jobs["queuedTotal"]), (&json!(0), &json!(0)), "{jobs}");
    program.open();
    // One after another: the job of this one runs after whatever was left of the deleted one.
    make(&ana, json!({ "text": "Last." })).await;
    until_ended(&mut stream).await;
    assert_eq!(sounds_kept(&app).await, 1, "of the last one alone");
}

#[tokio::test]
async fn a_repeat_makes_nothing() {
    let app = TestApp::start().await;
    let ana = app.sign_in(ANA).await;
    let new = json!({ "text": "Hello." });
    let make = async || {
        let key =
            |request: reqwest::RequestBuilder| request.header("Idempotency-Key", KEY).json(&new);
        ana.send(Method::POST, PATH, key).await.expect_status(201).text
    };
    assert_eq!(make().await, make().await);
    assert_eq!(read(&ana, PATH).await["total"], 1);
}
