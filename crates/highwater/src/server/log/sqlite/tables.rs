//! The tables `highwater_log`, `highwater_meta` and `highwater_outcomes`.
//!
//! Owns their definition, and how those of an older version are brought up to date. A column that
//! was released is never changed: what is new is added to it.

use sea_orm::ConnectionTrait;

use super::{LogError, SqliteLog, with};

/// The tables; each statement may run again on a database that has them. The head follows by
/// trigger, so that a row inserted by any program counts.
const TABLES: [&str; 5] = [
    "CREATE TABLE IF NOT EXISTS highwater_log (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        recorded_ms INTEGER NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000 AS INTEGER)),
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
const LATER_COLUMNS: [(&str, &str); 2] = [
    ("actor", "ALTER TABLE highwater_log ADD COLUMN actor TEXT"),
    ("about", "ALTER TABLE highwater_log ADD COLUMN about TEXT"),
];

/// For histories, which rows about nothing are not in, and for the trimming of outcomes.
const INDEXES: [&str; 2] = [
    "CREATE INDEX IF NOT EXISTS highwater_log_by_about
        ON highwater_log (about, id) WHERE about IS NOT NULL",
    "CREATE INDEX IF NOT EXISTS highwater_outcomes_by_age ON highwater_outcomes (recorded_ms)",
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
        for (column, statement) in LATER_COLUMNS {
            let sql = "SELECT 1 FROM pragma_table_info('highwater_log') WHERE name = ?";
            if conn.query_one_raw(with(sql, [column.into()])).await?.is_none() {
                conn.execute_unprepared(statement).await?;
            }
        }
        for statement in INDEXES {
            conn.execute_unprepared(statement).await?;
        }
        Ok(())
    }
}
