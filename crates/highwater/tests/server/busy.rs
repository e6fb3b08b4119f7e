//! A database that somebody else holds: what is asked for fails soon, as busy, and can be done later.

use std::{sync::Arc, time::Duration};

use highwater::server::{By, ChangeLog, Live, LogError, SqliteLog};
use sea_orm::{
    ConnectionTrait, DatabaseConnection, SqlxSqliteConnector,
    sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions},
};
use tempfile::TempDir;
use tokio::sync::Notify;

use crate::{
    fake_log::FakeLog,
    notes::{Noted, Refused, audiences, note},
    reader::{settings, start},
};

/// Long enough to open a connection on a machine that has much else to do; it passes whole only
/// where no connection gets free.
const ACQUIRE: Duration = Duration::from_secs(2);

/// Connects with little patience for a lock.
async fn connect(directory: &TempDir, connections: u32) -> DatabaseConnection {
    let options = SqliteConnectOptions::new()
        .filename(directory.path().join("notes.db"))
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .busy_timeout(Duration::from_millis(20));
    let pool = SqlitePoolOptions::new().max_connections(connections).acquire_timeout(ACQUIRE);
    SqlxSqliteConnector::from_sqlx_sqlite_pool(pool.connect_with(options).await.unwrap())
}

async fn open(connections: u32) -> (TempDir, SqliteLog) {
    let directory = TempDir::new().unwrap();
    let db = connect(&directory, connections).await;
    SqliteLog::create_tables(&db).await.unwrap();
    (directory, SqliteLog::open(db).await.unwrap())
}

#[tokio::test]
async fn a_write_while_another_connection_holds_the_lock_is_busy_and_works_later() {
    let (directory, log) = open(2).await;
    let other = connect(&directory, 1).await;
    other.execute_unprepared("BEGIN IMMEDIATE").await.unwrap();
    assert!(matches!(log.begin_write().await, Err(LogError::Busy(_))));
    // Readers and the writer do not wait for each other.
    let head = log.head().await.unwrap();
    other.execute_unprepared("ROLLBACK").await.unwrap();
    let live: Live<SqliteLog, Noted> = start(&log, settings()).await;
    assert!(note(&live, &["all"], 1).await.reaches(&head));
}

#[tokio::test]
async fn a_reader_that_turns_writer_too_late_is_busy() {
    let (directory, log) = open(2).await;
    let other = connect(&directory, 1).await;
    let tx = log.begin_read().await.unwrap();
    SqliteLog::stamp(&tx).await.unwrap();
    other
        .execute_unprepared("INSERT INTO highwater_log (kind, body) VALUES ('event', '{}')")
        .await
        .unwrap();
    // Its snapshot is not the newest any more (SQLITE_BUSY_SNAPSHOT).
    let (event, to) = (Noted::Written { id: 1 }, audiences(&["all"]));
    let late = SqliteLog::record(&tx, &By::nobody(), &to, &event).await;
    assert!(matches!(late, Err(LogError::Busy(_))));
}

#[tokio::test]
async fn no_free_connection_is_busy() {
    let (_directory, log) = open(1).await;
    let held = log.begin_read().await.unwrap();
    assert!(matches!(log.head().await, Err(LogError::Busy(_))));
    assert!(matches!(log.begin_write().await, Err(LogError::Busy(_))));
    drop(held);
    log.head().await.unwrap();
}

#[tokio::test]
async fn what_is_broken_is_not_busy() {
    let (directory, log) = open(2).await;
    let other = connect(&directory, 1).await;
    let broken = other.execute_unprepared("SELECT * FROM nothing").await.unwrap_err();
    assert!(!SqliteLog::is_busy(&broken));
    other.execute_unprepared("DROP TABLE highwater_meta").await.unwrap();
    assert!(matches!(log.head().await, Err(LogError::Database(_))));
}

#[tokio::test(start_paused = true)]
async fn a_writer_waits_for_its_turn_but_not_for_ever() {
    let live = start(&FakeLog::new(), settings()).await;
    let done = Arc::new(Notify::new());
    let wait = done.clone();
    let slow = live.write::<_, Refused>(By::nobody(), |_| {
        Box::pin(async move {
            wait.notified().await;
            Ok(())
        })
    });
    let hurried = async {
        let asked = tokio::time::Instant::now();
        let written = live.write::<_, Refused>(By::nobody(), |_| Box::pin(async { Ok(()) })).await;
        done.notify_one();
        (written.map(|written| written.value), asked.elapsed())
    };
    let (slow, (refused, waited)) = futures::join!(slow, hurried);
    slow.unwrap();
    assert!(matches!(refused, Err(Refused::Busy(_))));
    assert!(waited < Duration::from_secs(30), "{waited:?}");
}
