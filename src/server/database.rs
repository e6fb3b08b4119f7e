//! The database: opening it, and bringing its tables up to date.
//!
//! Owns which databases there are, how migrations are run, and the order of all of them. It must not
//! know what the tables hold; each slice defines its own.

mod postgres;
mod sqlite;
pub mod step;
pub mod column;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
pub(crate) mod tests;

use std::{io, path::PathBuf, time::Duration};

use highwater::server::{DatabaseLog, LogError};
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, IsolationLevel,
    SqliteTransactionMode, TransactionOptions, TransactionTrait, sqlx,
};
use sea_orm_migration::prelude::*;

pub use self::step::Step;

/// How long one waits for what another one holds: the write lock of SQLite, a row of PostgreSQL.
const LOCK_TIMEOUT: Duration = Duration::from_secs(5);

/// How long a request waits for a connection.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(10);

/// The advisory lock of whoever migrates, the same for every server on a database of PostgreSQL.
const MIGRATION_LOCK: i64 = i64::from_be_bytes(*b"studio-m");

/// What to do about a file that is not there.
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
    #[error(
        "{scheme}: databases are not supported; use a URL such as sqlite://data/studio.db or \
         postgres://studio@localhost/studio"
    )]
    Scheme {
        /// What the URL starts with.
        scheme: String,
    },
    /// The URL means nothing to the database that it is of.
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
    /// The server of PostgreSQL has no such database, and the studio makes none there.
    #[error("there is no database {0:?} on that server; make it with `createdb {0}`")]
    NoDatabase(String),
    /// Nothing takes connections where the server of PostgreSQL should be.
    #[error("the database's server takes no connections")]
    NoServer,
    /// The server of PostgreSQL does not let the studio in.
    #[error("cannot connect to the database")]
    Connect(#[source] sqlx::Error),
    /// A migration failed. Nothing was changed.
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
        let mut all: Vec<Box<dyn MigrationTrait>> = vec![
            Box::new(ChangeLog("highwater_0001_change_log")),
            Box::new(crate::account::migration::USERS_AND_SESSIONS),
        ];
        all.extend(crate::orders::migration::migrations());
        all.push(Box::new(ChangeLog("highwater_0002_history")));
        all.push(Box::new(crate::account::migration::API_TOKENS));
        all.push(Box::new(crate::jobs::migration::JOBS));
        all.extend(crate::content::migration::migrations());
        all.push(Box::new(crate::account::migration::SIGNED_OUT));
        all.extend(crate::coaching::migration::migrations());
        all.push(Box::new(ChangeLog("highwater_0003_attribution")));
        all.extend(crate::labs::migration::migrations());
        all.push(Box::new(ChangeLog("highwater_0004_order_of_access")));
        all
    }
}

/// Opens the database of a `sqlite:` or `postgres:` URL.
///
/// # Errors
/// [`DatabaseError`], which never quotes the URL.
pub async fn connect(url: &str, missing: WhenMissing) -> Result<DatabaseConnection, DatabaseError> {
    match url.split_once(':').map_or("", |(scheme, _)| scheme) {
        "sqlite" => sqlite::connect(url, missing).await,
        "postgres" | "postgresql" => postgres::connect(url).await,
        scheme => Err(DatabaseError::Scheme { scheme: scheme.to_owned() }),
    }
}

/// Applies the migrations that are missing, all or none; says how many those were. Servers that do
/// so at the same time take turns, and the later ones find nothing left to do.
///
/// # Errors
/// [`DatabaseError::Migrate`].
pub async fn migrate(db: &DatabaseConnection) -> Result<usize, DatabaseError> {
    if pending(db).await? == 0 {
        return Ok(0);
    }
    let alone = begin_alone(db).await.map_err(DatabaseError::Migrate)?;
    let pending = pending(&alone).await?;
    Migrator::up(&alone, None).await.map_err(DatabaseError::Migrate)?;
    alone.commit().await.map_err(DatabaseError::Migrate)?;
    Ok(pending)
}

/// Begins a transaction that no other one like it is beside. Its end, whatever it is, lets the next
/// one begin.
async fn begin_alone(db: &DatabaseConnection) -> Result<DatabaseTransaction, DbErr> {
    if db.get_database_backend() != DbBackend::Postgres {
        let immediate = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        return db.begin_with_options(immediate).await;
    }
    // Statement by statement, whatever the database's default is: what is pending is asked after the
    // wait, and a snapshot from before it would not show what the one before has done.
    let tx = db.begin_with_config(Some(IsolationLevel::ReadCommitted), None).await?;
    // The one before may take its time.
    tx.execute_unprepared("SET LOCAL lock_timeout = 0").await?;
    tx.execute_unprepared(&format!("SELECT pg_advisory_xact_lock({MIGRATION_LOCK})")).await?;
    Ok(tx)
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

async fn pending(db: &impl ConnectionTrait) -> Result<usize, DatabaseError> {
    let pending = Migrator::get_pending_migrations_read_only(db).await;
    Ok(pending.map_err(DatabaseError::Migrate)?.len())
}

/// What the engine's tables lack, by the name of the version that came with it.
struct ChangeLog(&'static str);

impl MigrationName for ChangeLog {
    fn name(&self) -> &str {
        self.0
    }
}

#[async_trait::async_trait]
impl MigrationTrait for ChangeLog {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // The engine knows by itself what that is.
        DatabaseLog::create_tables(manager.get_connection())
            .await
            .map_err(|error| DbErr::Migration(super::failure::with_causes(&error)))
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
