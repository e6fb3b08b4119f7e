//! Logged commits: a row of data, its event and the outcome of its mutation, by one writer and by 16,
//! on either database. PostgreSQL is a private one (`script/postgres --durable`), whose commits are on the
//! disk; SQLite's are in its write-ahead log, as the studio has it.

#![expect(clippy::unwrap_used, reason = "a benchmark stops at anything unexpected")]
#![expect(dead_code, reason = "tests do more with the server")]

#[path = "../tests/server/postgres_server.rs"]
mod postgres_server;

use std::sync::atomic::{AtomicU64, Ordering};

use divan::{Bencher, counter::ItemsCount};
use futures::future::join_all;
use highwater::{
    LiveEvent, MutationId, Refusal,
    server::{Audience, By, DatabaseLog, HubSettings, Live, LogError},
};
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DbErr, SqlxSqliteConnector,
    sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use serde::{Deserialize, Serialize};
use tokio::runtime::{Builder, Runtime};

use crate::postgres_server::{PostgresServer, connect};

/// How many commits each writer makes in one sample.
const EACH: usize = 32;

fn main() {
    divan::main();
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Noted;

impl LiveEvent for Noted {
    type Tag = u32;

    fn tags(&self) -> Vec<u32> {
        vec![1]
    }
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Failed {
    busy: bool,
}

impl Refusal for Failed {
    fn is_final(&self) -> bool {
        false
    }

    fn is_busy(&self) -> bool {
        self.busy
    }
}

impl From<LogError> for Failed {
    fn from(error: LogError) -> Self {
        Self { busy: matches!(error, LogError::Busy(_)) }
    }
}

impl From<DbErr> for Failed {
    fn from(error: DbErr) -> Self {
        LogError::from(error).into()
    }
}

async fn live_on(db: DatabaseConnection) -> Live<DatabaseLog, Noted> {
    DatabaseLog::create_tables(&db).await.unwrap();
    db.execute_unprepared("CREATE TABLE words (word text NOT NULL)").await.unwrap();
    Live::start(DatabaseLog::open(db).await.unwrap(), HubSettings::default()).await.unwrap()
}

async fn commit(live: &Live<DatabaseLog, Noted>) {
    static NUMBER: AtomicU64 = AtomicU64::new(1);
    let id = MutationId::new(NUMBER.fetch_add(1, Ordering::Relaxed).into());
    let work = live.write::<(), Failed>(By::actor("ann").under(id), |write| {
        Box::pin(async move {
            write.tx().execute_unprepared("INSERT INTO words VALUES ('word')").await?;
            write.record(&[Audience::new("all")], &Noted).await?;
            Ok(())
        })
    });
    work.await.unwrap();
}

fn runtime() -> Runtime {
    Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}

fn bench(bencher: Bencher, runtime: &Runtime, live: &Live<DatabaseLog, Noted>, writers: usize) {
    bencher.counter(ItemsCount::new(writers * EACH)).bench_local(|| {
        let writers = (0..writers).map(|_| async {
            for _ in 0..EACH {
                commit(live).await;
            }
        });
        runtime.block_on(join_all(writers));
    });
}

#[divan::bench(args = [1, 16], sample_count = 20)]
fn on_sqlite(bencher: Bencher, writers: usize) {
    let (runtime, directory) = (runtime(), tempfile::tempdir().unwrap());
    let live = runtime.block_on(async {
        let options = SqliteConnectOptions::new()
            .filename(directory.path().join("words.db"))
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Normal);
        let pool = SqlitePoolOptions::new().max_connections(8).connect_with(options);
        live_on(SqlxSqliteConnector::from_sqlx_sqlite_pool(pool.await.unwrap())).await
    });
    bench(bencher, &runtime, &live, writers);
}

#[divan::bench(args = [1, 16], sample_count = 20)]
fn on_postgresql(bencher: Bencher, writers: usize) {
    let (runtime, server) = (runtime(), PostgresServer::start_durable());
    let live = runtime.block_on(async { live_on(connect(&server.url, "postgres", 8).await).await });
    bench(bencher, &runtime, &live, writers);
}
