//! A server that is killed in the middle of a job, and started again.

use std::{
    fs,
    net::TcpListener,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use crate::{
    app::{ANA, OPS, northwind},
    client::Client,
    command_line::Running,
    database::TestDatabase,
    kills::serve,
    orders_import::{files, upload},
    stream::Stream,
};
use serde_json::{Value, json};

const DEADLINE: Duration = Duration::from_secs(30);
const LOOK_AGAIN: Duration = Duration::from_millis(20);

/// Speaks a second of silence, in the form that eSpeak NG writes, once there is a file `go` beside
/// it. It says that it was begun in a file `begun`.
const SPEAK: &str = r#"#!/bin/sh
cat > /dev/null
here=$(dirname "$0")
: > "$here/begun"
while [ ! -e "$here/go" ]; do sleep 0.05; done
printf 'RIFF\044\254\000\000WAVEfmt \020\000\000\000\001\000\001\000\042\126\000\000\104\254\000\000\002\000\020\000data\104\254\000\000'
head -c 44100 /dev/zero
"#;

/// A server that can be killed and started again on the same data.
struct Killable {
    database: TestDatabase,
    address: String,
    server: Option<Running>,
}

impl Killable {
    async fn start() -> Self {
        let database = northwind().await;
        let program = database.directory().join("speak");
        fs::write(&program, SPEAK).unwrap();
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
        let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let mut server = Self { database, address: free.to_string(), server: None };
        server.serve();
        server
    }

    fn serve(&mut self) {
        let program = self.path("speak").display().to_string();
        let settings =
            [("STUDIO_SPEECH_PROGRAM", program.as_str()), ("STUDIO_JOB_LEASE_SECONDS", "5")];
        self.server = Some(serve(&self.database, &self.address, &settings));
    }

    fn kill_and_start(&mut self) {
        self.server = None;
        self.serve();
    }

    async fn sign_in(&self, email: &str) -> Client {
        let client = Client::new(&format!("http://{}", self.address));
        client.sign_in(email).await.expect_status(200);
        client
    }

    fn path(&self, name: &str) -> PathBuf {
        self.database.directory().join(name)
    }
}

/// All that is told until the completion of a podcast's job, that included.
async fn until_completed(stream: &mut Stream) -> Vec<Value> {
    let mut told = Vec::new();
    loop {
        let heard = stream.next_said().await;
        let kind = heard.kind().to_owned();
        told.push(heard.data);
        if kind == "job_completion" {
            return told;
        }
    }
}

/// The files that have a name, below a directory.
pub fn files_below(directory: &Path) -> usize {
    let entries = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path());
    entries.map(|path| if path.is_dir() { files_below(&path) } else { 1 }).sum()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_job_whose_server_is_killed_is_taken_up_again_and_done_once() {
    let mut server = Killable::start().await;
    let ana = server.sign_in(ANA).await;
    let mut stream = ana.open("/api/events").await;
    let start = stream.connected().await;
    let text = include_str!("../../demo/documents/federalist-10.txt");
    let document = json!({ "title": "The Tenth", "body": text });
    let document = ana.post("/api/v1/documents", document).await.expect_status(201).json();
    while stream.next_said().await.kind() != "document_job_completion" {}
    let podcast = json!({ "title": "On factions", "documentIds": [document["id"]] });
    let podcast = ana.post("/api/v1/podcasts", podcast).await.expect_status(201);
    let podcast = podcast.header("location").to_owned();
    let job = ana.post(&format!("{podcast}/generate"), json!({})).await.expect_status(202).json();
    let job = format!("/api/v1/jobs/{}", job["jobId"].as_str().unwrap());

    let began = Instant::now();
    while !server.path("begun").exists() {
        assert!(began.elapsed() < DEADLINE, "nothing is spoken: {}", ana.get(&job).await.text);
        tokio::time::sleep(LOOK_AGAIN).await;
    }
    server.server = None;
    fs::write(server.path("go"), "").unwrap();
    server.serve();

    let mut stream = ana.resume("/api/events", &start.to_string()).await;
    stream.connected().await;
    let mut told = until_completed(&mut stream).await;
    let done = ana.get(&job).await.expect_status(200).json();
    assert_eq!((&done["status"], &done["attempts"]), (&json!("completed"), &json!(2)));
    // Something that is told after whatever the job tells.
    ana.post("/api/v1/podcasts", json!({ "title": "Next", "documentIds": [document["id"]] })).await;
    while told.last().unwrap()["changeType"] != "insert" {
        told.push(stream.next_said().await.data);
    }
    let completions = told.iter().filter(|event| event["type"] == "job_completion").count();
    assert_eq!(completions, 1, "{told:?}");
    let podcast = ana.get(&podcast).await.expect_status(200).json();
    assert_eq!(podcast["status"], "ready");
    // What was uploaded, its text, and the sound.
    assert_eq!(files_below(&server.path("files")), 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_import_whose_server_is_killed_goes_on_and_counts_each_order_once() {
    const ORDERS: u64 = 6_000;
    let mut server = Killable::start().await;
    let staff = server.sign_in(OPS).await;
    let mut stream = staff.open("/api/events?types=job.changed,job.progress").await;
    stream.connected().await;
    let begun = upload(&staff, &files(20_000..26_000)).await.expect_status(202).json();
    while stream.next_said().await.data["progress"]["current"].as_u64().is_none_or(|at| at == 0) {}
    server.kill_and_start();

    let mut stream = staff.open("/api/events?types=job.changed").await;
    stream.connected().await;
    let job = loop {
        let heard = stream.next_said().await.data;
        if heard["job"]["finishedAt"].is_string() {
            break heard["job"].clone();
        }
    };
    assert_eq!((&job["status"], &job["attempts"]), (&json!("completed"), &json!(2)));
    let import = format!("/api/v1/orders/imports/{}", begun["id"].as_str().unwrap());
    let import = staff.get(&import).await.expect_status(200).json();
    for (field, count) in [("done", ORDERS), ("orders", ORDERS), ("lines", ORDERS), ("skipped", 0)]
    {
        assert_eq!(import[field], count, "{field}: {import}");
    }
}
