//! The change log in the application's own database, whichever that is.
//!
//! Owns nothing but the choice, which the connection makes: an application that may run on either
//! has one type of log.

use highwater_core::{AsOf, Cursor, LiveEvent, MutationId};
use sea_orm::{ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr};

use super::{
    AccessChange, By, ChangeLog, History, LogError, Outcome, Page, PostgresLog, Retention,
    SqliteLog, Trimmed, sql,
};
use crate::server::Audience;

/// A change log in a SQLite or PostgreSQL database, on sea-orm's connection.
#[derive(Clone, Debug)]
pub enum DatabaseLog {
    /// On SQLite.
    Sqlite(SqliteLog),
    /// On PostgreSQL.
    Postgres(PostgresLog),
}

/// Asks the log that this is.
macro_rules! of {
    ($log:expr, $function:ident($($argument:expr),*)) => {
        match $log {
            Self::Sqlite(log) => log.$function($($argument),*).await,
            Self::Postgres(log) => log.$function($($argument),*).await,
        }
    };
}

/// Asks the log that the transaction is of.
macro_rules! within {
    ($backend:expr, $function:ident($($argument:expr),*)) => {
        match $backend {
            DbBackend::Postgres => PostgresLog::$function($($argument),*).await,
            _ => SqliteLog::$function($($argument),*).await,
        }
    };
}

impl DatabaseLog {
    /// Opens the log of a database that has its tables.
    ///
    /// # Errors
    /// [`LogError`] when they cannot be read, or when there is no log for databases of that kind.
    pub async fn open(db: DatabaseConnection) -> Result<Self, LogError> {
        match db.get_database_backend() {
            DbBackend::Sqlite => SqliteLog::open(db).await.map(Self::Sqlite),
            DbBackend::Postgres => PostgresLog::open(db).await.map(Self::Postgres),
            other => Err(no_log_on(other)),
        }
    }

    /// Makes the log's tables where they are missing: see [`SqliteLog::create_tables`] and
    /// [`PostgresLog::create_tables`].
    ///
    /// # Errors
    /// [`LogError::Database`] when a statement fails, or when there is no log for databases of that
    /// kind.
    pub async fn create_tables(conn: &impl ConnectionTrait) -> Result<(), LogError> {
        match conn.get_database_backend() {
            DbBackend::Sqlite => SqliteLog::create_tables(conn).await,
            DbBackend::Postgres => PostgresLog::create_tables(conn).await,
            other => Err(no_log_on(other)),
        }
    }

    /// Whether a statement failed because the database was busy: see [`SqliteLog::is_busy`] and
    /// [`PostgresLog::is_busy`].
    pub fn is_busy(error: &DbErr) -> bool {
        sql::is_busy(error)
    }
}

impl ChangeLog for DatabaseLog {
    type Tx = DatabaseTransaction;

    fn writers(&self) -> usize {
        match self {
            Self::Sqlite(log) => log.writers(),
            Self::Postgres(log) => log.writers(),
        }
    }

    async fn begin_write(&self) -> Result<DatabaseTransaction, LogError> {
        of!(self, begin_write())
    }

    async fn begin_read(&self) -> Result<DatabaseTransaction, LogError> {
        of!(self, begin_read())
    }

    async fn commit(tx: DatabaseTransaction) -> Result<(), LogError> {
        within!(tx.get_database_backend(), commit(tx))
    }

    async fn rollback(tx: DatabaseTransaction) -> Result<(), LogError> {
        within!(tx.get_database_backend(), rollback(tx))
    }

    async fn record<E: LiveEvent>(
        tx: &DatabaseTransaction,
        by: &By,
        to: &[Audience],
        event: &E,
    ) -> Result<Cursor, LogError> {
        within!(tx.get_database_backend(), record(tx, by, to, event))
    }

    async fn record_access(
        tx: &DatabaseTransaction,
        by: &By,
        change: &AccessChange,
    ) -> Result<Cursor, LogError> {
        within!(tx.get_database_backend(), record_access(tx, by, change))
    }

    async fn stamp(tx: &DatabaseTransaction) -> Result<AsOf, LogError> {
        within!(tx.get_database_backend(), stamp(tx))
    }

    async fn place(tx: &DatabaseTransaction) -> Result<(Cursor, AsOf), LogError> {
        within!(tx.get_database_backend(), place(tx))
    }

    async fn attribute(tx: &DatabaseTransaction, to: Option<&By>) -> Result<(), LogError> {
        within!(tx.get_database_backend(), attribute(tx, to))
    }

    async fn outcome(&self, actor: &str, id: MutationId) -> Result<Option<Outcome>, LogError> {
        of!(self, outcome(actor, id))
    }

    async fn remember(
        tx: &DatabaseTransaction,
        actor: &str,
        id: MutationId,
        outcome: &Outcome,
    ) -> Result<bool, LogError> {
        within!(tx.get_database_backend(), remember(tx, actor, id, outcome))
    }

    async fn after(&self, cursor: &Cursor, limit: u32) -> Result<Page, LogError> {
        of!(self, after(cursor, limit))
    }

    async fn history(
        tx: &DatabaseTransaction,
        about: &str,
        before: Option<&Cursor>,
        limit: u32,
    ) -> Result<History, LogError> {
        within!(tx.get_database_backend(), history(tx, about, before, limit))
    }

    async fn head(&self) -> Result<Cursor, LogError> {
        of!(self, head())
    }

    async fn listen(&self, ring: impl Fn() + Send + Sync) {
        of!(self, listen(ring))
    }

    async fn held_back_by(&self) -> Result<Option<String>, LogError> {
        of!(self, held_back_by())
    }

    async fn trim(&self, keep: Retention) -> Result<Trimmed, LogError> {
        of!(self, trim(keep))
    }
}

fn no_log_on(backend: DbBackend) -> LogError {
    LogError::Database(format!("there is no change log on {backend:?}").into())
}
