//! The tables `highwater_log`, `highwater_meta` and `highwater_outcomes`.
//!
//! Owns their definition, and how those of an older version are brought up to date. A column that
//! was released is never changed: what is new is added to it.

use sea_orm::ConnectionTrait;

use super::{SqliteLog, with};
use crate::server::LogError;

/// What the clock says, in milliseconds since the Unix epoch, in words that every SQLite knows.
pub(super) const NOW_MS: &str = "CAST(round((julianday('now') - 2440587.5) * 86400000) AS INTEGER)";

/// The tables; each statement may run again on a database that has them. The head follows by
/// trigger, so that a row inserted by any program counts. The default of `recorded_ms` is one that
/// every SQLite knows; that of tables which an older version made needs 3.42, and a program that
/// brings an older SQLite says the time itself.
const TABLES: [&str; 5] = [
    "CREATE TABLE IF NOT EXISTS highwater_log (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        recorded_ms INTEGER NOT NULL DEFAULT
            (CAST(round((julianday('now') - 2440587.5) * 86400000) AS INTEGER)),
        kind TEXT NOT NULL CONSTRAINT highwater_log_kind CHECK (kind IN ('event', 'access')),
        audiences TEXT NOT NULL DEFAULT '[]',
        mutation TEXT,
        body TEXT NOT NULL
    ) STRICT",
    "CREATE TABLE IF NOT EXISTS highwater_meta (
        id INTEGER PRIMARY KEY CONSTRAINT highwater_meta_single CHECK (id = 1),
        epoch TEXT NOT NULL,
        head INTEGER NOT NULL,
        floor INTEGER NOT NULL
    ) STRICT",
    "CREATE TABLE IF NOT EXISTS highwater_outcomes (
        actor TEXT NOT NULL,
        mutation TEXT NOT NULL,
        recorded_ms INTEGER NOT NULL,
        body TEXT NOT NULL,
        PRIMARY KEY (actor, mutation)
    ) STRICT, WITHOUT ROWID",
    "INSERT OR IGNORE INTO highwater_meta (id, epoch, head, floor)
        VALUES (1, lower(hex(randomblob(8))), 0, 0)",
    "CREATE TRIGGER IF NOT EXISTS highwater_head AFTER INSERT ON highwater_log
        BEGIN UPDATE highwater_meta SET head = new.id WHERE id = 1; END",
];

/// Columns that the log of an older version lacks. `ADD COLUMN` cannot be told to leave those that
/// are there.
const LATER_COLUMNS: [(&str, &str); 4] = [
    ("highwater_log", "actor"),
    ("highwater_log", "about"),
    // Who causes what triggers record: set within a transaction, and cleared before its end.
    ("highwater_meta", "actor"),
    ("highwater_meta", "mutation"),
];

/// Indexes for histories, which rows about nothing are not in, and for the trimming of outcomes; and
/// the trigger that signs what other triggers record.
const AFTERWARDS: [&str; 3] = [
    "CREATE INDEX IF NOT EXISTS highwater_log_by_about
        ON highwater_log (about, id) WHERE about IS NOT NULL",
    "CREATE INDEX IF NOT EXISTS highwater_outcomes_by_age ON highwater_outcomes (recorded_ms)",
    "CREATE TRIGGER IF NOT EXISTS highwater_attribution AFTER INSERT ON highwater_log
        WHEN new.actor IS NULL AND new.mutation IS NULL AND EXISTS
            (SELECT 1 FROM highwater_meta WHERE actor IS NOT NULL OR mutation IS NOT NULL)
        BEGIN
            UPDATE highwater_log SET (actor, mutation) =
                (SELECT actor, mutation FROM highwater_meta WHERE id = 1)
            WHERE id = new.id;
        END",
];

impl SqliteLog {
    /// Makes the log's tables where they are missing, and adds to those of an older version what
    /// they lack. Call it from the application's first migration, and from another one whenever a
    /// newer version of the engine says so in its change log; what is up to date stays as it is.
    ///
    /// # Errors
    /// [`LogError::Database`] when a statement fails.
    pub async fn create_tables(conn: &impl ConnectionTrait) -> Result<(), LogError> {
        for statement in TABLES {
            conn.execute_unprepared(statement).await?;
        }
        for (table, column) in LATER_COLUMNS {
            let sql = "SELECT 1 FROM pragma_table_info($1) WHERE name = $2";
            let asked = with(conn, sql, [table.into(), column.into()]);
            if conn.query_one_raw(asked).await?.is_none() {
                let add = format!("ALTER TABLE {table} ADD COLUMN {column} TEXT");
                conn.execute_unprepared(&add).await?;
            }
        }
        for statement in AFTERWARDS {
            conn.execute_unprepared(statement).await?;
        }
        Ok(())
    }
}
