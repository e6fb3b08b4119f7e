//! The database: opening it, and bringing its tables up to date.
//!
//! Owns how SQLite is set up and the order of all migrations. It must not know what the tables
//! hold; each slice defines its own.

#[cfg(test)]
mod tests;

use std::{
    fs, io,
    path::{Path, PathBuf},
    time::Duration,
};

use highwater::server::{LogError, SqliteLog};
use sea_orm::{
    DatabaseConnection, SqlxSqliteConnector,
    sqlx::{
        self,
        sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
    },
};
use sea_orm_migration::prelude::*;

/// How long a writer waits for another one: SQLite has one at a time.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// How many connections there are. Each is a thread; reads run side by side in them.
const CONNECTIONS: u32 = 8;

/// How long a request waits for one of them.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(10);

/// What to do about a database that is not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhenMissing {
    /// Make it, and the directory that it is in.
    Create,
    /// Fail.
    Refuse,
}

/// The database cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum DatabaseError {
    /// A URL of another kind of database. Only the scheme is told: the rest may hold a password.
    #[error("{scheme}: databases are not supported; use a URL such as sqlite://data/studio.db")]
    Scheme {
        /// What the URL starts with.
        scheme: String,
    },
    /// The URL is of SQLite, but means nothing to it.
    #[error("the database URL is not valid")]
    Url(#[source] sqlx::Error),
    /// The directory of the database is missing and cannot be made.
    #[error("cannot make the directory {}", directory.display())]
    Directory {
        /// Which.
        directory: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// There is no such file, and it was not to be made.
    #[error("there is no database {}; run `studio migrate` first", .0.display())]
    Missing(PathBuf),
    /// The file cannot be opened.
    #[error("cannot open the database {}", file.display())]
    Open {
        /// Which.
        file: PathBuf,
        /// Why.
        source: sqlx::Error,
    },
    /// A migration failed; it left nothing behind.
    #[error("cannot bring the database up to date")]
    Migrate(#[source] DbErr),
    /// The database lacks migrations that this binary has.
    #[error("the database is not up to date; run `studio migrate` first")]
    Outdated,
    /// The directory of files beside it cannot be made.
    #[error("cannot make the directory of files")]
    Files(#[source] io::Error),
    /// The change log in it cannot be read.
    #[error("cannot read the change log")]
    Log(#[source] LogError),
}

/// Every migration, in order.
pub struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        let mut all: Vec<Box<dyn MigrationTrait>> =
            vec![Box::new(ChangeLog), Box::new(crate::account::migration::UsersAndSessions)];
        all.extend(crate::orders::migration::migrations());
        all.push(Box::new(ChangeLogHistory));
        all.push(Box::new(crate::account::migration::ApiTokens));
        all.push(Box::new(crate::jobs::migration::Jobs));
        all.extend(crate::content::migration::migrations());
        all.push(Box::new(crate::account::migration::SignedOut));
        all.extend(crate::coaching::migration::migrations());
        all.extend(crate::labs::migration::migrations());
        all
    }
}

/// Opens the database of a `sqlite:` URL.
///
/// # Errors
/// [`DatabaseError`], which never quotes the URL.
pub async fn connect(url: &str, missing: WhenMissing) -> Result<DatabaseConnection, DatabaseError> {
    let scheme = url.split_once(':').map_or("", |(scheme, _)| scheme);
    if scheme != "sqlite" {
        return Err(DatabaseError::Scheme { scheme: scheme.to_owned() });
    }
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
        .busy_timeout(BUSY_TIMEOUT)
        .foreign_keys(true);
    let pool = pool(in_memory).connect_with(options).await;
    let pool = pool.map_err(|source| DatabaseError::Open { file, source })?;
    Ok(SqlxSqliteConnector::from_sqlx_sqlite_pool(pool))
}

/// Applies the migrations that are missing; says how many those were.
///
/// # Errors
/// [`DatabaseError::Migrate`]; the migrations before the one that failed stay applied.
pub async fn migrate(db: &DatabaseConnection) -> Result<usize, DatabaseError> {
    let pending = pending(db).await?;
    if pending > 0 {
        Migrator::up(db, None).await.map_err(DatabaseError::Migrate)?;
    }
    Ok(pending)
}

/// Checks that nothing is left to [`migrate`].
///
/// # Errors
/// [`DatabaseError::Outdated`] if there is.
pub async fn check(db: &DatabaseConnection) -> Result<(), DatabaseError> {
    match pending(db).await? {
        0 => Ok(()),
        _ => Err(DatabaseError::Outdated),
    }
}

async fn pending(db: &DatabaseConnection) -> Result<usize, DatabaseError> {
    let pending = Migrator::get_pending_migrations_read_only(db).await;
    Ok(pending.map_err(DatabaseError::Migrate)?.len())
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

/// The tables of the engine.
struct ChangeLog;

/// Who caused a row and what it is about, in a database whose log did not say so.
struct ChangeLogHistory;

impl MigrationName for ChangeLog {
    fn name(&self) -> &str {
        "highwater_0001_change_log"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for ChangeLog {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        bring_up_to_date(manager).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

impl MigrationName for ChangeLogHistory {
    fn name(&self) -> &str {
        "highwater_0002_history"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for ChangeLogHistory {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        bring_up_to_date(manager).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

/// The engine knows by itself what its tables lack.
async fn bring_up_to_date(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    SqliteLog::create_tables(manager.get_connection())
        .await
        .map_err(|error| DbErr::Migration(super::failure::with_causes(&error)))
}
