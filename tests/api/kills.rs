//! A server that is killed again and again, under the eyes of twenty tabs, while others write.
//!
//! The oracle is what was committed: each change that was answered with 200 is in the log once,
//! and in the end every tab shows what the database holds. What a tab checks at each step stands in
//! [`crate::tab`]. The times of the kills, and what is written, follow from a seed, which a failure
//! tells; `KILLS_SEED` sets it, and `KILLS_SECONDS` how long it goes on.

use std::{
    collections::{BTreeMap, HashSet},
    env,
    net::TcpListener,
    sync::Arc,
    time::Duration,
};

use highwater::{
    Cursor,
    server::{ChangeLog, DatabaseLog, Recorded},
};
use highwater_core::backoff::Jitter;
use reqwest::Method;
use serde_json::{Value, json};
use studio::{
    orders::model::OrderId,
    server::database::{WhenMissing, connect},
};
use tokio::{sync::watch, time::Instant};

use crate::{
    app::{ADMIN, OLE, OPS, northwind},
    client::Client,
    command_line::{Running, studio},
    database::{TestDatabase, newest_row, rows_after},
    tab::Tab,
};

const TABS: u64 = 20;
const WRITERS: u64 = 4;

/// Of the newest days, so that the first page of the list has them.
const ORDERS: std::ops::RangeInclusive<u32> = 11_066..=11_077;

/// How long until a request that the server did not answer is sent again.
const AGAIN: Duration = Duration::from_millis(25);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twenty_tabs_end_at_the_truth_whenever_the_server_is_killed() {
    let seed = number("KILLS_SEED").unwrap_or_else(|| u64::from(std::process::id()));
    let time = Duration::from_secs(number("KILLS_SECONDS").unwrap_or(60));
    println!("KILLS_SEED={seed}");
    let mut random = Jitter::new(seed);
    let database = northwind().await;
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let address = free.to_string();
    let ids: Vec<OrderId> = ORDERS.map(|number| format!("ord_{number}").parse().unwrap()).collect();
    let ids = Arc::new(ids);

    let mut server = serve(&database, &address, &[]);
    let mut clients = Vec::new();
    for email in [OPS, OLE, ADMIN] {
        let client = Client::new(&format!("http://{address}"));
        client.sign_in(email).await.expect_status(200);
        clients.push(client);
    }
    let db = connect(database.url(), WhenMissing::Refuse).await.unwrap();
    let log = DatabaseLog::open(db.clone()).await.unwrap();
    // What comes after this is for every tab.
    let start = newest_row(&db, &log).await;
    // `None` while it goes on; then the log's head when all was written.
    let (end, ended) = watch::channel(None::<Cursor>);
    let tabs: Vec<_> = (0..TABS)
        .map(|tab| {
            let client = clients[usize::try_from(tab).unwrap() % clients.len()].clone();
            let (ids, mut ended) = (ids.clone(), ended.clone());
            let seed = random.draw();
            tokio::spawn(async move {
                let mut tab = Tab::new(client, &ids[..6], seed);
                let head =
                    async move { ended.wait_for(Option::is_some).await.unwrap().clone().unwrap() };
                tab.run(head).await;
                tab
            })
        })
        .collect();
    let (stop, stopped) = watch::channel(false);
    let writers: Vec<_> = (0..WRITERS)
        .map(|writer| {
            let client = clients[usize::try_from(writer).unwrap() % clients.len()].clone();
            let random = Jitter::new(random.draw());
            tokio::spawn(write(client, writer, ids.clone(), random, stopped.clone()))
        })
        .collect();

    let (began, mut kills) = (Instant::now(), 0);
    while began.elapsed() < time {
        tokio::time::sleep(Duration::from_millis(random.draw() % 2500)).await;
        drop(server);
        kills += 1;
        tokio::time::sleep(Duration::from_millis(random.draw() % 700)).await;
        server = serve(&database, &address, &[]);
    }
    stop.send(true).unwrap();
    let mut committed = BTreeMap::new();
    for writer in writers {
        committed.extend(writer.await.unwrap());
    }
    let head = newest_row(&db, &log).await;
    end.send(Some(head.clone())).unwrap();

    let told = recorded(&log, &head).await;
    assert_eq!(told, committed, "what was answered is what was recorded, once each");
    let rows = rows_after(&db, &start).await;
    let mut connects = 0;
    for tab in tabs {
        let tab = tab.await.unwrap();
        tab.missed_none_of(&rows);
        assert_eq!(tab.resets, 0, "the log had everything all the time");
        connects += tab.connects;
        for id in &ids[..6] {
            let order = clients[0].order(id.as_str()).await;
            assert_eq!(serde_json::to_value(tab.order(id)).unwrap(), order);
        }
        let list = clients[0].get("/api/v1/orders").await.expect_status(200).json();
        assert_eq!(serde_json::to_value(tab.page()).unwrap(), list);
    }
    println!("{kills} kills, {} changes, {connects} connections", committed.len());
    assert!(kills > 0 && connects > u32::try_from(TABS).unwrap() && !committed.is_empty());
}

fn number(variable: &str) -> Option<u64> {
    env::var(variable).ok().map(|text| text.parse().unwrap())
}

/// Starts the server as a process of its own, with these settings, and waits until it listens.
/// Dropping it kills it, as it is (SIGKILL).
pub fn serve(database: &TestDatabase, address: &str, settings: &[(&str, &str)]) -> Running {
    let mut command = studio(database, &["serve"]);
    command.env("LEPTOS_SITE_ADDR", address).env("STUDIO_HEARTBEAT_SECONDS", "1");
    command.envs(settings.iter().copied());
    let server = Running::start(command);
    let line = tokio::task::block_in_place(|| server.line());
    assert_eq!(line, format!("The studio is at http://{address}"));
    server
}

/// Changes orders one after another until it is to stop; each change is sent again under its key
/// until it is answered. Says what was committed: the note, of which order and its version then.
async fn write(
    client: Client,
    writer: u64,
    ids: Arc<Vec<OrderId>>,
    mut random: Jitter,
    stopped: watch::Receiver<bool>,
) -> BTreeMap<String, (String, u64)> {
    let mut committed = BTreeMap::new();
    for change in 0.. {
        if *stopped.borrow() {
            break;
        }
        let id = &ids[usize::try_from(random.draw()).unwrap() % ids.len()];
        let key = format!("{writer:016x}{change:016x}");
        let note = format!("writer {writer}, change {change}");
        let answer = loop {
            let path = format!("/api/v1/orders/{id}");
            let body = json!({ "note": note });
            let sent = client.attempt(Method::PATCH, &path, |request| {
                request.header("Idempotency-Key", &key).json(&body)
            });
            match sent.await {
                Ok(answer) if answer.status == 200 => break answer.json(),
                Ok(answer) => assert!(answer.status.is_server_error(), "{answer:?}"),
                Err(_) => {}
            }
            tokio::time::sleep(AGAIN).await;
        };
        assert_eq!(answer["note"], note, "a repeat gets the first answer");
        committed.insert(note, (id.to_string(), answer["version"].as_u64().unwrap()));
        tokio::time::sleep(Duration::from_millis(random.draw() % 150)).await;
    }
    committed
}

/// The changes in the log: each note, of which order and its version then.
async fn recorded(log: &DatabaseLog, head: &Cursor) -> BTreeMap<String, (String, u64)> {
    let (mut changes, mut versions) = (BTreeMap::new(), HashSet::new());
    let mut after = Cursor::new(head.epoch.clone(), 0, 0);
    while !after.reaches(head) {
        let page = log.after(&after, 1000).await.unwrap();
        assert!(page.continues(&after));
        for row in page.rows {
            let Recorded::Event { json, .. } = row.what else { continue };
            let event: Value = serde_json::from_str(&json).unwrap();
            if event["type"] != "order.updated" {
                continue;
            }
            let note = event["patch"]["note"].as_str().unwrap().to_owned();
            let id = event["id"].as_str().unwrap().to_owned();
            let version = event["patch"]["version"].as_u64().unwrap();
            assert!(versions.insert((id.clone(), version)), "{id} has version {version} twice");
            assert_eq!(changes.insert(note.clone(), (id, version)), None, "{note} twice");
        }
        after = page.upto;
    }
    changes
}
