//! Opening a database that is a file of SQLite.
//!
//! Owns how SQLite is set up.

use std::{
    fs,
    path::Path,
    time::{Duration, Instant},
};

use sea_orm::{
    DatabaseConnection, SqlxSqliteConnector,
    sqlx::{
        self, SqlitePool,
        sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
    },
};

use super::{ACQUIRE_TIMEOUT, DatabaseError, LOCK_TIMEOUT, WhenMissing};

/// How many connections there are. Each is a thread; reads run side by side in them.
const CONNECTIONS: u32 = 8;

/// How soon a file that somebody else holds is tried again.
const LOOK_AGAIN: Duration = Duration::from_millis(20);

/// The result code of SQLite for a file that is held (<https://sqlite.org/rescode.html>).
const BUSY: &str = "5";

pub(super) async fn connect(
    url: &str,
    missing: WhenMissing,
) -> Result<DatabaseConnection, DatabaseError> {
    let options: SqliteConnectOptions = url.parse().map_err(DatabaseError::Url)?;
    let in_memory = url.starts_with("sqlite::memory:") || url.contains("mode=memory");
    let file = options.get_filename().to_owned();
    if !in_memory {
        match missing {
            WhenMissing::Create => make_directory_of(&file)?,
            WhenMissing::Refuse if !file.exists() => return Err(DatabaseError::Missing(file)),
            WhenMissing::Refuse => {}
        }
    }
    let options = options
        .create_if_missing(missing == WhenMissing::Create)
        // Readers and the writer do not wait for each other.
        .journal_mode(SqliteJournalMode::Wal)
        // With WAL, a power cut may take the last commits but never leaves half of one.
        .synchronous(SqliteSynchronous::Normal)
        .busy_timeout(LOCK_TIMEOUT)
        .foreign_keys(true);
    let pool = open(pool(in_memory), options).await;
    let pool = pool.map_err(|source| DatabaseError::Open { file, source })?;
    Ok(SqlxSqliteConnector::from_sqlx_sqlite_pool(pool))
}

/// Opens the file. Of those that open a new one at the same time one alone can switch it to WAL, and
/// SQLite has the others fail at once, whatever the timeout.
async fn open(
    pool: SqlitePoolOptions,
    options: SqliteConnectOptions,
) -> Result<SqlitePool, sqlx::Error> {
    let began = Instant::now();
    loop {
        match pool.clone().connect_with(options.clone()).await {
            Err(sqlx::Error::Database(held))
                if held.code().as_deref() == Some(BUSY) && began.elapsed() < LOCK_TIMEOUT =>
            {
                tokio::time::sleep(LOOK_AGAIN).await;
            }
            opened => return opened,
        }
    }
}

fn make_directory_of(file: &Path) -> Result<(), DatabaseError> {
    let Some(directory) = file.parent() else {
        return Ok(());
    };
    fs::create_dir_all(directory)
        .map_err(|source| DatabaseError::Directory { directory: directory.to_owned(), source })
}

fn pool(in_memory: bool) -> SqlitePoolOptions {
    let options = SqlitePoolOptions::new().acquire_timeout(ACQUIRE_TIMEOUT);
    if in_memory {
        // It lives as long as its connection, and connections that share one lock each other out.
        options.max_connections(1).min_connections(1).idle_timeout(None).max_lifetime(None)
    } else {
        options.max_connections(CONNECTIONS)
    }
}
