//! Desks: a change log with the data of its application beside it, for the contract suite.
//!
//! A new log joins the suite by a desk of its own. It must not test anything itself.

mod postgres;

use std::{ops::Range, path::PathBuf};

use highwater::{
    Cursor,
    server::{ChangeLog, MAX_EVENT_BYTES, Recorded, SqliteLog},
};
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, SqlxSqliteConnector, Statement,
    sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions},
};
use tempfile::TempDir;

pub use self::postgres::PostgresDesk;
use crate::fake_log::{FakeLog, FakeTx};

/// A new log, and what the suite needs besides the trait.
pub trait Desk: Sized {
    type Log: ChangeLog;

    /// A log nobody has written to.
    async fn open() -> Self;

    fn log(&self) -> &Self::Log;

    /// The same log through connections of its own, as another process has it.
    async fn another(&self) -> Self::Log;

    /// The head, which has what was committed up to `at`: at once where one writes at a time, else
    /// as soon as the transactions that are older have ended.
    async fn settled(&self, at: &Cursor) -> Cursor {
        let head = self.log().head().await.unwrap();
        assert!(head.reaches(at), "{head} was to reach {at}");
        head
    }

    /// No row is between these two, in whatever order they are: where rows are numbered one by one,
    /// they are equal.
    async fn assert_same_place(&self, one: &Cursor, other: &Cursor) {
        assert_eq!(one, other);
    }

    /// A position that the log does not reach during the test.
    fn beyond(head: &Cursor) -> Cursor {
        Cursor::new(head.epoch.clone(), head.at.major + 1, 0)
    }

    /// Writes a word of application data.
    async fn put(tx: &<Self::Log as ChangeLog>::Tx, word: &str);

    /// All its words, in the order in which the log has their writers.
    async fn words(tx: &<Self::Log as ChangeLog>::Tx) -> Vec<String>;

    /// A program that does not know the engine inserts an event, with the database's own means; it
    /// has settled then.
    async fn insert(&self, audience: &str, json: &str);

    /// Somebody removes the rows of notes, as triggers do that replace rows by newer ones.
    async fn remove(&self, notes: Range<u32>);

    /// Makes everything in the log one hour old.
    async fn age(&self);
}

pub struct SqliteDesk {
    log: SqliteLog,
    pub db: DatabaseConnection,
    directory: TempDir,
}

impl SqliteDesk {
    pub async fn connect(&self) -> DatabaseConnection {
        connect(&self.directory).await
    }

    /// The database's file.
    pub fn file(&self) -> PathBuf {
        self.directory.path().join("notes.db")
    }
}

async fn connect(directory: &TempDir) -> DatabaseConnection {
    let options = SqliteConnectOptions::new()
        .filename(directory.path().join("notes.db"))
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .busy_timeout(std::time::Duration::from_secs(20));
    let pool = SqlitePoolOptions::new().max_connections(6);
    SqlxSqliteConnector::from_sqlx_sqlite_pool(pool.connect_with(options).await.unwrap())
}

impl Desk for SqliteDesk {
    type Log = SqliteLog;

    async fn open() -> Self {
        let directory = TempDir::new().unwrap();
        let db = connect(&directory).await;
        SqliteLog::create_tables(&db).await.unwrap();
        let words = "CREATE TABLE words (id INTEGER PRIMARY KEY, word TEXT NOT NULL)";
        db.execute_unprepared(words).await.unwrap();
        Self { log: SqliteLog::open(db.clone()).await.unwrap(), db, directory }
    }

    fn log(&self) -> &SqliteLog {
        &self.log
    }

    async fn another(&self) -> SqliteLog {
        SqliteLog::open(self.connect().await).await.unwrap()
    }

    async fn put(tx: &DatabaseTransaction, word: &str) {
        put(tx, word).await;
    }

    async fn words(tx: &DatabaseTransaction) -> Vec<String> {
        words(tx, "id").await
    }

    async fn insert(&self, audience: &str, json: &str) {
        let sql = "INSERT INTO highwater_log (kind, audiences, body)
            VALUES ('event', json_array(?), ?)";
        let values = [audience.into(), json.into()];
        let foreign = self.connect().await;
        let statement = Statement::from_sql_and_values(foreign.get_database_backend(), sql, values);
        foreign.execute_raw(statement).await.unwrap();
    }

    async fn remove(&self, notes: Range<u32>) {
        remove(&self.db, notes).await;
    }

    async fn age(&self) {
        age(&self.db).await;
    }
}

async fn remove(db: &DatabaseConnection, notes: Range<u32>) {
    for id in notes {
        let sql = format!("DELETE FROM highwater_log WHERE about = 'note:{id}'");
        db.execute_unprepared(&sql).await.unwrap();
    }
}

async fn put(tx: &DatabaseTransaction, word: &str) {
    let (sql, values) = ("INSERT INTO words (word) VALUES ($1)", [word.into()]);
    let statement = Statement::from_sql_and_values(tx.get_database_backend(), sql, values);
    tx.execute_raw(statement).await.unwrap();
}

async fn words(tx: &DatabaseTransaction, order: &str) -> Vec<String> {
    let sql = format!("SELECT word FROM words ORDER BY {order}");
    let statement = Statement::from_string(tx.get_database_backend(), sql);
    let rows = tx.query_all_raw(statement).await.unwrap();
    rows.iter().map(|row| row.try_get("", "word").unwrap()).collect()
}

async fn age(db: &DatabaseConnection) {
    for table in ["highwater_log", "highwater_outcomes"] {
        let sql = format!("UPDATE {table} SET recorded_ms = recorded_ms - 3600000");
        db.execute_unprepared(&sql).await.unwrap();
    }
}

pub struct FakeDesk(FakeLog);

impl Desk for FakeDesk {
    type Log = FakeLog;

    async fn open() -> Self {
        Self(FakeLog::new())
    }

    fn log(&self) -> &FakeLog {
        &self.0
    }

    async fn another(&self) -> FakeLog {
        self.0.clone()
    }

    async fn put(tx: &FakeTx, word: &str) {
        tx.copy().words.push(word.to_owned());
    }

    async fn words(tx: &FakeTx) -> Vec<String> {
        tx.copy().words.clone()
    }

    async fn insert(&self, audience: &str, json: &str) {
        let (to, mut book) = (crate::notes::audiences(&[audience]), self.0.book());
        let at = book.append(Recorded::Event { to, json: json.to_owned() });
        if json.len() > MAX_EVENT_BYTES {
            // Whoever reads past it has missed it.
            book.floor = at.at.major;
        }
    }

    async fn remove(&self, notes: Range<u32>) {
        let gone: Vec<_> = notes.map(|id| Some(format!("note:{id}"))).collect();
        self.0.book().rows.retain(|row| !gone.contains(&row.about));
    }

    async fn age(&self) {
        self.0.book().age();
    }
}
