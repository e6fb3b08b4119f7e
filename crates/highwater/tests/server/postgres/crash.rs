//! What a crash takes back: numbers of transactions that left nothing on the disk are given again.

use highwater::{
    Cursor,
    server::{By, ChangeLog, Live, PostgresLog, Subscribe},
};
use sea_orm::{ConnectionTrait, DbBackend, Statement};

use super::{put, run, session, words};
use crate::{
    desk::{Desk, PostgresDesk},
    notes::Noted,
    postgres_server::PostgresServer,
    reader::{Reader, ask, ids, settings, start},
};

const GIVEN_UP: u32 = 12;

/// The number that the next transaction gets.
async fn next_number(desk: &PostgresDesk) -> u64 {
    let sql = "SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint AS next";
    let row = desk.db.query_one_raw(Statement::from_string(DbBackend::Postgres, sql)).await;
    row.unwrap().unwrap().try_get::<i64>("", "next").unwrap().unsigned_abs()
}

/// Writes that are given up, of which a crash may leave no trace.
async fn give_up(desk: &PostgresDesk) {
    let session = session(desk).await;
    for _ in 0..GIVEN_UP {
        run(&session, &["BEGIN", &super::insert_note(1000), "ROLLBACK"]).await;
    }
}

/// The server, its desk, and a hub on it after a crash.
async fn crash(
    server: PostgresServer,
    desk: &PostgresDesk,
) -> (PostgresServer, Live<PostgresLog, Noted>) {
    let mut server = server;
    let server = tokio::task::spawn_blocking(move || {
        server.crash_and_start();
        server
    });
    let server = server.await.unwrap();
    (server, start(&desk.another().await, settings()).await)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn numbers_that_are_given_again_after_a_crash_were_told_to_nobody() {
    let mut server = PostgresServer::start_durable();
    let desk = PostgresDesk::open_on(&server.url).await;
    // What writes to the disk in between is to do so seldom.
    run(&desk.db, &["ALTER SYSTEM SET wal_writer_delay = '10s'"]).await;
    run(&desk.db, &["SELECT pg_reload_conf()"]).await;
    let mut live = start(desk.log(), settings()).await;
    for round in 1..=10 {
        let kept = put(&live, By::nobody(), 0).await.unwrap();
        give_up(&desk).await;
        let (head, read, next) =
            (live.head().await.unwrap(), words(&live).await, next_number(&desk).await);
        assert!(read.as_of.covers(&kept.cursor) && read.as_of.bound() == head);
        // A write that records nothing is one of those whose numbers may be given again.
        let quiet = live.write::<(), crate::notes::Refused>(By::nobody(), |write| {
            Box::pin(async move {
                let number = "SELECT pg_current_xact_id()";
                Ok(write.tx().execute_unprepared(number).await.map(drop)?)
            })
        });
        let quiet = quiet.await.unwrap();
        (server, live) = crash(server, &desk).await;
        let mut written = Vec::new();
        for id in 1..=GIVEN_UP {
            written.push(put(&live, By::nobody(), id).await.unwrap().cursor);
        }
        for cursor in &written {
            assert!(!read.as_of.covers(cursor), "{} covers {cursor}", read.as_of);
            assert!(!quiet.as_of.covers(cursor), "{} covers {cursor}", quiet.as_of);
        }
        let resumed = Subscribe { after: Some(Ok(head.clone())), ..ask(&live, &["all"]).await };
        let mut resumed = Reader::open(live.hub(), resumed).await.greeted(&head).await;
        let heard = ids(&resumed.until(&written[written.len() - 1]).await);
        assert_eq!(heard, (1..=GIVEN_UP).collect::<Vec<_>>());
        // Whoever asks for what was read before gets it.
        let asked = live
            .read::<_, crate::notes::Refused>(Some(&quiet.as_of), |_| Box::pin(async { Ok(()) }));
        asked.await.unwrap();
        if written[0].at.major < next {
            return;
        }
        assert!(round < 10, "no crash took anything back");
    }
}

/// What a stamp asks for must not depend on anybody writing again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_answered_can_be_asked_for_at_once() {
    let server = PostgresServer::start_durable();
    let desk = PostgresDesk::open_on(&server.url).await;
    let live = start(desk.log(), settings()).await;
    for recorded in [false, true] {
        if recorded {
            put(&live, By::nobody(), 1).await.unwrap();
        }
        let quiet = live.write::<(), crate::notes::Refused>(By::nobody(), |write| {
            Box::pin(async move {
                PostgresDesk::put(write.tx(), "quiet").await;
                Ok(())
            })
        });
        let quiet = quiet.await.unwrap();
        give_up(&desk).await;
        let read = words(&live).await;
        assert!(read.as_of.includes(&quiet.as_of), "{} lacks {}", read.as_of, quiet.as_of);
        let head: Cursor = live.head().await.unwrap();
        assert!(head.reaches(&quiet.cursor));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_heard_is_there_after_a_crash_whatever_its_writer_waits_for() {
    let mut server = PostgresServer::start_durable();
    let desk = PostgresDesk::open_on(&server.url).await;
    run(&desk.db, &["ALTER SYSTEM SET wal_writer_delay = '10s'"]).await;
    run(&desk.db, &["SELECT pg_reload_conf()"]).await;
    let mut live = start(desk.log(), settings()).await;
    let start = live.head().await.unwrap();
    for id in 0..5 {
        let hasty = session(&desk).await;
        run(&hasty, &["SET synchronous_commit = off", &super::insert_note(id)]).await;
        (server, live) = crash(server, &desk).await;
        let rows = live.log().after(&start, 10).await.unwrap().rows;
        assert_eq!(rows.len() as u32, id + 1);
    }
}
