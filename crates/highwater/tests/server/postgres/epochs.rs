//! What is another log: a dump that was restored, on whichever server, a copy, and a server that
//! was recovered into another past.

use std::process::{Command, Stdio};

use highwater::{
    Cursor,
    frame::Frame,
    server::{By, ChangeLog, PostgresLog, Retention, Subscribe},
};
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, Statement};

use super::{put, run, words};
use crate::{
    desk::{Desk, PostgresDesk},
    postgres_server::{PostgresServer, connect, new_database, shared},
    reader::{Reader, ask, ids, listen_anywhere, settings, start},
};

/// The log of a database that was filled in another way.
async fn open(url: &str, database: &str) -> PostgresLog {
    PostgresLog::open(connect(url, database, 6).await).await.unwrap()
}

/// A cursor of another log is a reset here, and what is written here is heard here.
async fn assert_starts_over(log: &PostgresLog, old: &Cursor) {
    let live = start(log, settings()).await;
    let head = live.head().await.unwrap();
    assert_ne!(head.epoch, old.epoch);
    assert!(!log.after(old, 10).await.unwrap().continues(old));
    let after = Some(Ok(old.clone()));
    let resumed = Subscribe { after, ..ask(&live, &["all"]).await };
    let mut resumed = Reader::open(live.hub(), resumed).await;
    assert!(matches!(resumed.next().await, Some(Frame::Reset { .. })));
    let mut reader = listen_anywhere(&live, &["all"]).await;
    let written = put(&live, By::nobody(), 77).await.unwrap();
    assert_eq!(ids(&reader.until(&written.cursor).await), [77]);
    let after = Some(Ok(written.cursor.clone()));
    let resumed = Subscribe { after, ..ask(&live, &["all"]).await };
    Reader::open(live.hub(), resumed).await.greeted(&written.cursor).await;
}

/// Three notes, of which the first was trimmed; answers the last one's place.
async fn fill(desk: &PostgresDesk) -> Cursor {
    let live = start(desk.log(), settings()).await;
    let mut last = None;
    for id in [1, 2, 2] {
        last = Some(put(&live, By::nobody(), id).await.unwrap().cursor);
    }
    let last = last.unwrap();
    desk.settled(&last).await;
    desk.log().trim(Retention { max_age_ms: 3_600_000, max_rows: 2 }).await.unwrap();
    last
}

async fn is(db: &DatabaseConnection, question: &str) -> bool {
    let asked = Statement::from_string(DbBackend::Postgres, question);
    db.query_one_raw(asked).await.unwrap().unwrap().try_get("", "it").unwrap()
}

fn restore(from: (&str, &str), to: (&str, &str)) {
    let at = |(url, database): (&str, &str)| {
        let (server, _) = url.rsplit_once('/').unwrap();
        format!("{server}/{database}")
    };
    let dump = Command::new("pg_dump").arg(at(from)).stdout(Stdio::piped()).spawn();
    let mut dump = dump.unwrap();
    let restored = Command::new("psql")
        .args(["--quiet", "--set=ON_ERROR_STOP=1", "--output=/dev/null", &at(to)])
        .stdin(dump.stdout.take().unwrap())
        .status();
    assert!(restored.unwrap().success() && dump.wait().unwrap().success());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dump_restored_on_the_same_server_is_another_log() {
    let desk = PostgresDesk::open().await;
    let old = fill(&desk).await;
    let database = new_database(shared()).await;
    restore((shared(), &desk.database), (shared(), &database));
    assert_starts_over(&open(shared(), &database).await, &old).await;
    // And one that takes the place of what it was dumped from.
    run(&desk.db, &["DROP TABLE highwater_log, highwater_meta, highwater_outcomes, words"]).await;
    run(&desk.db, &["DROP FUNCTION highwater_recorded, highwater_access"]).await;
    restore((shared(), &database), (shared(), &desk.database));
    assert_starts_over(&open(shared(), &desk.database).await, &old).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_of_a_database_is_another_log() {
    let desk = PostgresDesk::open().await;
    let old = fill(&desk).await;
    let (template, copy) = (&desk.database, format!("{}_copy", desk.database));
    desk.db.close_by_ref().await.unwrap();
    let server = connect(shared(), "postgres", 1).await;
    let create = format!("CREATE DATABASE {copy} TEMPLATE {template}");
    // Connections that were closed may still be under way.
    let deadline = tokio::time::Instant::now() + std::time::Duration::from_secs(60);
    while server.execute_unprepared(&create).await.is_err() {
        assert!(tokio::time::Instant::now() < deadline, "{template} is in use");
    }
    assert_starts_over(&open(shared(), &copy).await, &old).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dump_from_a_server_with_more_transactions_comes_before_what_is_new() {
    let desk = PostgresDesk::open().await;
    // The other server has had fewer of them than this.
    let busy = "DO $$ BEGIN
            FOR i IN 1..5000 LOOP PERFORM pg_current_xact_id(); COMMIT; END LOOP;
        END $$";
    run(&desk.db, &[busy]).await;
    let old = fill(&desk).await;
    let server = PostgresServer::start();
    let database = new_database(&server.url).await;
    restore((shared(), &desk.database), (&server.url, &database));
    let log = open(&server.url, &database).await;
    let head = log.head().await.unwrap();
    assert!(head.at.major < old.at.major, "{head} is before {old}");
    assert_starts_over(&log, &old).await;
    let live = start(&log, settings()).await;
    put(&live, By::nobody(), 2).await.unwrap();
    let tx = log.begin_read().await.unwrap();
    let history = PostgresLog::history(&tx, "note:2", None, 10).await.unwrap();
    assert_eq!(history.rows.len(), 3);
    assert!(history.rows[0].recorded_ms >= history.rows[1].recorded_ms, "newest first");
    assert!(history.rows.is_sorted_by(|newer, older| newer.at.at > older.at.at));
    // And it still says that something was trimmed.
    assert!(history.floor.at.major > 0 && history.floor.at < history.rows[2].at.at);
    assert_eq!(words(&live).await.value.len(), 5);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_was_recovered_is_another_log_and_one_that_was_restarted_is_not() {
    let mut server = PostgresServer::start_durable();
    let desk = PostgresDesk::open_on(&server.url).await;
    let old = fill(&desk).await;
    let asked = Statement::from_string(DbBackend::Postgres, "SHOW data_directory");
    let row = desk.db.query_one_raw(asked).await.unwrap().unwrap();
    let data_directory: String = row.try_get("", "data_directory").unwrap();
    // Without a backup to restore from, it goes on from its own files, on another timeline.
    run(&desk.db, &["ALTER SYSTEM SET restore_command = 'false'"]).await;
    desk.db.close_by_ref().await.unwrap();
    server.crash_and_start();
    let log = open(&server.url, &desk.database).await;
    assert!(log.after(&old, 10).await.unwrap().continues(&old));
    server.stop_and_recover(&data_directory);
    let db = connect(&server.url, "postgres", 1).await;
    let recovering = "SELECT pg_is_in_recovery() AS it";
    let deadline = tokio::time::Instant::now() + std::time::Duration::from_secs(60);
    while is(&db, recovering).await {
        assert!(tokio::time::Instant::now() < deadline, "it is still in recovery");
    }
    assert_starts_over(&open(&server.url, &desk.database).await, &old).await;
}

/// Puts rows into the log as a dump of another server brings them, which had more transactions.
async fn restore_rows(desk: &PostgresDesk) {
    let insert = r#"INSERT INTO highwater_log (xid, kind, audiences, body) VALUES
        (4000000000, 'event', '["all"]', '{"type":"note.written","id":5}')"#;
    run(&desk.db, &[insert]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rows_that_are_renumbered_make_another_log_once() {
    let desk = PostgresDesk::open().await;
    let old = fill(&desk).await;
    restore_rows(&desk).await;
    let again = || async { desk.another().await.head().await.unwrap().epoch };
    let (one, other) = futures::join!(again(), again());
    assert_eq!(one, other);
    assert_ne!(one, old.epoch);
    assert_eq!(again().await, one);
    assert_starts_over(&desk.another().await, &old).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_table_that_was_emptied_and_filled_again_is_another_log() {
    let desk = PostgresDesk::open().await;
    let old = fill(&desk).await;
    let live = start(desk.log(), settings()).await;
    let mut reader = listen_anywhere(&live, &["all"]).await;
    run(&desk.db, &["TRUNCATE highwater_log"]).await;
    let insert = r#"INSERT INTO highwater_log (xid, kind, audiences, body) VALUES
        (5, 'event', '["all"]', '{"type":"note.written","id":5}')"#;
    run(&desk.db, &[insert]).await;
    // Whoever is listening is told to start over.
    assert!(matches!(&reader.rest().await[..], [.., Frame::Reset { .. }]));
    assert_starts_over(&desk.another().await, &old).await;
    // An index that is made anew, or a column that is added, loses nothing.
    let epoch = desk.log().head().await.unwrap().epoch;
    run(&desk.db, &["REINDEX TABLE highwater_log", "VACUUM highwater_log"]).await;
    run(&desk.db, &["ALTER TABLE highwater_log ADD COLUMN more text"]).await;
    assert_eq!(desk.log().head().await.unwrap().epoch, epoch);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_standby_that_takes_over_is_another_log() {
    let mut server = PostgresServer::start_durable();
    let desk = PostgresDesk::open_on(&server.url).await;
    let old = fill(&desk).await;
    let standby = server.standby();
    let live = start(desk.log(), settings()).await;
    let copied = put(&live, By::nobody(), 3).await.unwrap().cursor;
    let there = connect(&standby, &desk.database, 2).await;
    let deadline = tokio::time::Instant::now() + std::time::Duration::from_secs(60);
    let note = "SELECT EXISTS (SELECT 1 FROM highwater_log WHERE about = 'note:3') AS it";
    while !is(&there, note).await {
        assert!(tokio::time::Instant::now() < deadline, "it is not copied");
    }
    server.crash();
    server.promote();
    let log = open(&standby, &desk.database).await;
    for cursor in [&old, &copied] {
        assert_starts_over(&log, cursor).await;
    }
    // It has all that was copied.
    let live = start(&log, settings()).await;
    assert!(words(&live).await.value.contains(&"3".to_owned()));
}
