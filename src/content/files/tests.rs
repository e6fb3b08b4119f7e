//! The agreement between uploads and collection.

use std::time::Duration;

use highwater::server::By;
use sea_orm::{DatabaseConnection, DbBackend, Statement};
use time::OffsetDateTime;

use super::*;
use crate::server::{
    configuration::Configuration,
    database::{testing::TestDatabase, tests::migrated},
    state::{AppState, Live},
};

async fn state() -> (AppState, TestDatabase) {
    let database = migrated().await;
    let configuration = Configuration::load(None, database.settings()).unwrap();
    (AppState::open(configuration).await.unwrap(), database)
}

async fn keep(live: &Live, files: &Arc<Files>, content: &[u8], now: OffsetDateTime) -> FileHash {
    let (written, files) = (files.write(content).await.unwrap(), files.clone());
    let kept = live.write::<FileHash, AppError>(By::nobody(), move |write| {
        Box::pin(async move { files.keep(write.tx(), written, now).await })
    });
    kept.await.unwrap().value
}

#[tokio::test]
async fn the_same_content_is_kept_once_under_its_hash() {
    let (AppState { live, files, .. }, _database) = state().await;
    let now = OffsetDateTime::UNIX_EPOCH;
    let one = keep(&live, &files, b"the same", now).await;
    let other = keep(&live, &files, b"the same", now).await;
    assert_eq!(one, other);
    assert_eq!(one.as_str(), hex::encode(Sha256::digest(b"the same")));
    assert_eq!(files.read(&one).await.unwrap(), b"the same");
    assert_eq!(fs::read_dir(files.root.join(INCOMING)).unwrap().count(), 0);
}

#[tokio::test]
async fn what_nothing_refers_to_is_collected_after_an_hour() {
    let (AppState { live, files, .. }, _database) = state().await;
    let now = OffsetDateTime::UNIX_EPOCH;
    let hash = keep(&live, &files, b"left", now).await;
    let minutes = |minutes: u64| now + Duration::from_secs(minutes * 60);
    assert_eq!(collect(&files, &live, minutes(59)).await, Ok(0));
    assert!(files.path(&hash).exists());
    // Whoever brings the same content again needs it again.
    keep(&live, &files, b"left", minutes(59)).await;
    assert_eq!(collect(&files, &live, minutes(61)).await, Ok(0));
    assert_eq!(collect(&files, &live, minutes(120)).await, Ok(1));
    assert!(!files.path(&hash).exists());
}

#[tokio::test]
async fn a_file_whose_row_was_never_committed_is_collected() {
    let (AppState { live, files, .. }, _database) = state().await;
    let (now, written) = (OffsetDateTime::UNIX_EPOCH, files.write(b"half").await.unwrap());
    let of_work = files.clone();
    let refused = live.write::<(), AppError>(By::nobody(), move |write| {
        Box::pin(async move {
            of_work.keep(write.tx(), written, now).await?;
            Err(AppError::Internal)
        })
    });
    refused.await.unwrap_err();
    assert_eq!(collect(&files, &live, now).await, Ok(1));
}

#[tokio::test]
async fn a_collection_waits_for_whoever_keeps_a_file() {
    let (AppState { db, live, files, .. }, _database) = state().await;
    let now = OffsetDateTime::UNIX_EPOCH;
    let (written, of_work) = (files.write(b"new").await.unwrap(), files.clone());
    let (kept, go) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (is_kept, may_go) = (kept.clone(), go.clone());
    let keeping = live.write::<FileHash, AppError>(By::nobody(), move |write| {
        Box::pin(async move {
            let hash = of_work.keep(write.tx(), written, now).await?;
            is_kept.notify_one();
            may_go.notified().await;
            Ok(hash)
        })
    });
    let collecting = async {
        kept.notified().await;
        collect(&files, &live, now).await
    };
    let going = async {
        // Elsewhere it waits for its turn.
        if db.get_database_backend() == DbBackend::Postgres {
            is_waiting(&db).await;
        }
        go.notify_one();
    };
    let (kept, collected, ()) = tokio::join!(keeping, collecting, going);
    assert_eq!(collected, Ok(0));
    assert!(files.path(&kept.unwrap().value).exists());
}

/// Waits until somebody waits for the table of the files.
async fn is_waiting(db: &DatabaseConnection) {
    let sql = "SELECT 1 FROM pg_locks WHERE NOT granted AND relation = 'files'::regclass";
    let sql = || Statement::from_string(DbBackend::Postgres, sql);
    let waits = async { while db.query_one_raw(sql()).await.unwrap().is_none() {} };
    tokio::time::timeout(Duration::from_secs(20), waits).await.unwrap();
}

#[tokio::test]
async fn a_file_that_is_not_kept_is_gone() {
    let (AppState { files, .. }, _database) = state().await;
    let mut writing = files.begin().unwrap();
    writing.add(b"some").await.unwrap();
    assert_eq!(writing.bytes(), 4);
    drop(writing);
    drop(files.write(b"whole").await.unwrap());
    assert_eq!(fs::read_dir(files.root.join(INCOMING)).unwrap().count(), 0);
}
