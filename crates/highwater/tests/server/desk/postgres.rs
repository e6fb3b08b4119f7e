//! A desk on PostgreSQL: a database of its own on the server that the tests share.

use std::{ops::Range, time::Duration};

use highwater::{
    Cursor,
    server::{ChangeLog, PostgresLog},
};
use sea_orm::{ConnectionTrait, DatabaseConnection, DatabaseTransaction, Statement};
use tokio::time::Instant;

use super::{Desk, age, put, remove, words};
use crate::postgres_server::{connect, new_database, shared};

/// Transactions of other tests hold the log back for a moment; not for so long.
const DEADLINE: Duration = Duration::from_secs(60);

pub struct PostgresDesk {
    log: PostgresLog,
    pub db: DatabaseConnection,
    url: String,
    /// The name of its database.
    pub database: String,
}

impl PostgresDesk {
    /// A desk on another server than the shared one.
    pub async fn open_on(url: &str) -> Self {
        let database = new_database(url).await;
        let db = connect(url, &database, 6).await;
        PostgresLog::create_tables(&db).await.unwrap();
        let words = "CREATE TABLE words (id serial PRIMARY KEY,
            xid bigint DEFAULT pg_current_xact_id()::text::bigint, word text NOT NULL)";
        db.execute_unprepared(words).await.unwrap();
        let log = PostgresLog::open(db.clone()).await.unwrap();
        Self { log, db, url: url.to_owned(), database }
    }

    pub async fn connect(&self) -> DatabaseConnection {
        connect(&self.url, &self.database, 6).await
    }

    pub fn url(&self) -> &str {
        &self.url
    }
}

impl Desk for PostgresDesk {
    type Log = PostgresLog;

    async fn open() -> Self {
        Self::open_on(shared()).await
    }

    fn log(&self) -> &PostgresLog {
        &self.log
    }

    async fn another(&self) -> PostgresLog {
        PostgresLog::open(self.connect().await).await.unwrap()
    }

    async fn settled(&self, at: &Cursor) -> Cursor {
        let asked = Instant::now();
        loop {
            let head = self.log.head().await.unwrap();
            if head.reaches(at) {
                return head;
            }
            assert!(asked.elapsed() < DEADLINE, "{head} was to reach {at}");
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }

    async fn assert_same_place(&self, one: &Cursor, other: &Cursor) {
        let (first, second) = if one.at <= other.at { (one, other) } else { (other, one) };
        let page = self.log.after(first, 1).await.unwrap();
        assert!(page.continues(first), "{first} is not in the log");
        assert!(page.rows.iter().all(|row| row.at.at > second.at), "{page:?} before {second}");
    }

    fn beyond(head: &Cursor) -> Cursor {
        // Transactions of other tests come meanwhile; not as many.
        Cursor::new(head.epoch.clone(), head.at.major + 1_000_000_000, 0)
    }

    async fn put(tx: &DatabaseTransaction, word: &str) {
        put(tx, word).await;
    }

    async fn words(tx: &DatabaseTransaction) -> Vec<String> {
        words(tx, "xid, id").await
    }

    async fn insert(&self, audience: &str, json: &str) {
        let sql = "INSERT INTO highwater_log (kind, audiences, body)
            VALUES ('event', json_build_array($1::text)::text, $2) RETURNING xid";
        let foreign = self.connect().await;
        let values = [audience.into(), json.into()];
        let statement = Statement::from_sql_and_values(foreign.get_database_backend(), sql, values);
        let row = foreign.query_one_raw(statement).await.unwrap().unwrap();
        let xid: i64 = row.try_get("", "xid").unwrap();
        let epoch = self.log.head().await.unwrap().epoch;
        self.settled(&Cursor::new(epoch, xid.unsigned_abs() + 1, 0)).await;
    }

    async fn remove(&self, notes: Range<u32>) {
        remove(&self.db, notes).await;
    }

    async fn age(&self) {
        age(&self.db).await;
    }
}
