//! The doorbell between processes: it makes rows come soon, and losing it loses none.

use std::time::Duration;

use highwater::{
    Cursor,
    server::{By, ChangeLog, HubSettings, Live, PostgresLog},
};
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use tokio::time::Instant;

use super::{insert_note, put, run, session};
use crate::{
    desk::{Desk, PostgresDesk},
    network::Network,
    notes::Noted,
    postgres_server::connect,
    reader::{Reader, ids, listen_anywhere, settings, start},
};

/// A hub that does not read by the clock as long as a test takes, and a reader of it.
async fn open() -> (PostgresDesk, Live<PostgresLog, Noted>, Reader) {
    let desk = PostgresDesk::open().await;
    let never = Duration::from_secs(3600);
    let live = start(desk.log(), HubSettings { poll: never, ..settings() }).await;
    let reader = listen_anywhere(&live, &["all"]).await;
    (desk, live, reader)
}

/// The last of so many rows after a position, once they have settled.
async fn recorded(desk: &PostgresDesk, after: &Cursor, count: usize) -> Cursor {
    let deadline = Instant::now() + Duration::from_secs(60);
    loop {
        let rows = desk.log().after(after, 10).await.unwrap().rows;
        if rows.len() == count {
            return rows.last().unwrap().at.clone();
        }
        assert!(Instant::now() < deadline, "{rows:?} are not {count}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_others_record_rings() {
    let (desk, _live, mut reader) = open().await;
    let there = start(&desk.another().await, settings()).await;
    for id in 1..=3 {
        let written = put(&there, By::nobody(), id).await.unwrap();
        assert_eq!(ids(&reader.until(&written.cursor).await), [id]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_that_did_not_ring_because_another_one_would_is_found() {
    // Whichever of them commits first.
    for ringer_first in [true, false] {
        let (desk, live, mut reader) = open().await;
        let start = live.head().await.unwrap();
        let (ringer, silent) = (session(&desk).await, session(&desk).await);
        run(&ringer, &["BEGIN", &insert_note(1)]).await;
        run(&silent, &["BEGIN", &insert_note(2)]).await;
        let order = if ringer_first { [&ringer, &silent] } else { [&silent, &ringer] };
        for session in order {
            run(session, &["COMMIT"]).await;
        }
        let last = recorded(&desk, &start, 2).await;
        assert_eq!(ids(&reader.until(&last).await), [1, 2]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_listener_that_was_cut_off_comes_back() {
    let (desk, _live, mut reader) = open().await;
    let there = start(&desk.another().await, settings()).await;
    let first = put(&there, By::nobody(), 1).await.unwrap();
    assert_eq!(ids(&reader.until(&first.cursor).await), [1]);
    let cut_off = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND query LIKE 'LISTEN%'";
    let cut_off = Statement::from_string(DbBackend::Postgres, cut_off);
    assert_eq!(desk.db.query_all_raw(cut_off).await.unwrap().len(), 2, "one for each hub");
    let second = put(&there, By::nobody(), 2).await.unwrap();
    assert_eq!(ids(&reader.until(&second.cursor).await), [2]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_does_not_ring_is_found_by_the_clock() {
    let desk = PostgresDesk::open().await;
    let live = start(desk.log(), settings()).await;
    let mut reader = listen_anywhere(&live, &["all"]).await;
    let silent = session(&desk).await;
    let start = live.head().await.unwrap();
    run(&silent, &["SET highwater.ring = off", &insert_note(1)]).await;
    let last = recorded(&desk, &start, 1).await;
    assert_eq!(ids(&reader.until(&last).await), [1]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_listener_ends_with_its_hub() {
    let (desk, live, reader) = open().await;
    drop((live, reader));
    let listening = "SELECT 1 FROM pg_stat_activity
        WHERE datname = current_database() AND query LIKE 'LISTEN%'";
    let deadline = Instant::now() + Duration::from_secs(60);
    loop {
        let listening = Statement::from_string(DbBackend::Postgres, listening);
        if desk.db.query_all_raw(listening).await.unwrap().is_empty() {
            return;
        }
        assert!(Instant::now() < deadline, "it still listens");
    }
}

/// The process of the server that listens, if there is one.
async fn listening(desk: &PostgresDesk) -> Vec<i32> {
    let sql = "SELECT pid FROM pg_stat_activity
        WHERE datname = current_database() AND query IN ('LISTEN \"highwater\"', 'SELECT 1')";
    let rows = desk.db.query_all_raw(Statement::from_string(DbBackend::Postgres, sql)).await;
    rows.unwrap().iter().map(|row| row.try_get("", "pid").unwrap()).collect()
}

// On one thread, where time can be paused.
#[tokio::test]
async fn a_connection_that_died_without_a_word_is_noticed() {
    let desk = PostgresDesk::open().await;
    let network = Network::before(desk.url()).await;
    let there = PostgresLog::open(connect(&network.url, &desk.database, 2).await).await.unwrap();
    let (rang, mut rings) = tokio::sync::mpsc::unbounded_channel();
    let bell = tokio::spawn(async move { there.listen(|| rang.send(()).unwrap()).await });
    rings.recv().await.unwrap();
    let first = listening(&desk).await;
    assert_eq!(first.len(), 1);
    // Silence alone is no reason to leave one that answers.
    tokio::time::pause();
    tokio::time::advance(Duration::from_secs(31)).await;
    tokio::time::resume();
    run(&session(&desk).await, &[&insert_note(1)]).await;
    rings.recv().await.unwrap();
    assert_eq!(listening(&desk).await, first);

    let patience = Duration::from_secs(60);
    network.swallow();
    tokio::time::pause();
    tokio::time::advance(Duration::from_secs(31)).await;
    // It asks, and waits for an answer.
    for _ in 0..10 {
        tokio::task::yield_now().await;
    }
    tokio::time::advance(Duration::from_secs(6)).await;
    tokio::time::resume();
    tokio::time::timeout(patience, rings.recv()).await.expect("it comes back").unwrap();
    bell.abort();
}
