//! A new database with the log and rows of an application, and the change of one.
//!
//! Owns how both databases are opened. It must not measure anything but where a commit begins.

use std::{
    fmt,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use highwater::server::{By, DatabaseLog, HubSettings, Live};
use sea_orm::{
    ConnectionTrait, DatabaseConnection, SqlxSqliteConnector, Statement,
    sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use tempfile::TempDir;

use crate::{
    notes::{Noted, Refused, audiences},
    postgres_server::{connect, new_database},
    turns::Turns,
};

/// How many rows there are. As many as make PostgreSQL look for one by its index: a look through
/// the whole table would have every transaction lose against every other one.
pub const ROWS: u32 = 10_000;

/// Changes a row; all of them make the row's version the number of the change.
const CHANGE: &str = "UPDATE notes SET version = $1 WHERE id = $2";

/// Records each change of a row, whoever makes it.
const ON_SQLITE: &str = r#"CREATE TRIGGER note_written AFTER UPDATE ON notes BEGIN
    INSERT INTO highwater_log (kind, audiences, about, body)
    VALUES ('event', '["all"]', 'note:' || new.version,
        '{"type":"note.written","id":' || new.version || '}');
END"#;

const ON_POSTGRES: &str = r#"CREATE FUNCTION note_written() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO highwater_log (kind, audiences, about, body)
        VALUES ('event', '["all"]', 'note:' || NEW.version,
            '{"type":"note.written","id":' || NEW.version || '}');
        RETURN NULL;
    END $$;
CREATE TRIGGER note_written AFTER UPDATE ON notes FOR EACH ROW EXECUTE FUNCTION note_written()"#;

/// Which database.
#[derive(Clone, Copy)]
pub enum Kind<'s> {
    Sqlite,
    /// Of the server with this URL.
    Postgres(&'s str),
}

impl fmt::Display for Kind<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Sqlite => "SQLite",
            Self::Postgres(_) => "PostgreSQL",
        })
    }
}

/// A database that nobody has written to.
pub struct Database<'s> {
    kind: Kind<'s>,
    /// Where the file of SQLite is.
    directory: TempDir,
    /// The name of the one of PostgreSQL.
    name: String,
}

impl<'s> Database<'s> {
    pub async fn new(kind: Kind<'s>) -> Self {
        let name = match kind {
            Kind::Sqlite => String::new(),
            Kind::Postgres(url) => new_database(url).await,
        };
        let database = Self { kind, directory: TempDir::new().unwrap(), name };
        let db = database.connect(1).await;
        DatabaseLog::create_tables(&db).await.unwrap();
        let rows = format!(
            "INSERT INTO notes (id, version) WITH RECURSIVE numbers (n) AS
                (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n + 1 < {ROWS})
            SELECT n, 0 FROM numbers"
        );
        let table = "CREATE TABLE notes (id INTEGER PRIMARY KEY, version INTEGER NOT NULL)";
        for statement in [table, &rows, "ANALYZE notes"] {
            db.execute_unprepared(statement).await.unwrap();
        }
        db.close().await.unwrap();
        database
    }

    /// Connections of a program, set up as the studio's are.
    pub async fn connect(&self, connections: u32) -> DatabaseConnection {
        if let Kind::Postgres(url) = self.kind {
            return connect(url, &self.name, connections).await;
        }
        let options = SqliteConnectOptions::new()
            .filename(self.directory.path().join("notes.db"))
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Normal)
            .busy_timeout(Duration::from_secs(5))
            .foreign_keys(true);
        let pool = SqlitePoolOptions::new().max_connections(connections);
        SqlxSqliteConnector::from_sqlx_sqlite_pool(pool.connect_with(options).await.unwrap())
    }

    /// An application with a hub of default settings, with as many connections as the studio has.
    pub async fn live(&self, turns: Option<usize>) -> Live<Turns, Noted> {
        let connections = match self.kind {
            Kind::Sqlite => 8,
            Kind::Postgres(_) => 16,
        };
        let log = DatabaseLog::open(self.connect(connections).await).await.unwrap();
        Live::start(Turns::new(log, turns), HubSettings::default()).await.unwrap()
    }

    /// Has every change recorded by a trigger.
    pub async fn record_by_trigger(&self) {
        let trigger = match self.kind {
            Kind::Sqlite => ON_SQLITE,
            Kind::Postgres(_) => ON_POSTGRES,
        };
        self.connect(1).await.execute_unprepared(trigger).await.unwrap();
    }
}

/// When the commit of a change began, and when it was done.
#[derive(Clone, Copy)]
pub struct Commit {
    pub begun: Instant,
    pub done: Instant,
}

/// Changes a row and records that. The commit begins where the application's own work has ended: it
/// is the engine's last query and `COMMIT`. `None` when it was given up, because others were first
/// again and again.
pub async fn change(live: &Live<Turns, Noted>, row: u32, number: u32) -> Option<Commit> {
    let begun = Arc::new(Mutex::new(Instant::now()));
    let worked = begun.clone();
    let written = live.write::<(), Refused>(By::nobody(), move |write| {
        Box::pin(async move {
            write_row(write.tx(), row, number).await?;
            write.record(&audiences(&["all"]), &Noted::Written { id: number }).await?;
            *worked.lock().unwrap() = Instant::now();
            Ok(())
        })
    });
    match written.await {
        Ok(_) => Some(Commit { begun: *begun.lock().unwrap(), done: Instant::now() }),
        Err(Refused::Busy(_)) => None,
        Err(other) => panic!("{other:?}"),
    }
}

/// Changes a row as a program does that does not know the engine: one statement, which commits
/// itself.
pub async fn change_foreign(db: &DatabaseConnection, row: u32, number: u32) -> Commit {
    let begun = Instant::now();
    write_row(db, row, number).await.unwrap();
    Commit { begun, done: Instant::now() }
}

async fn write_row(
    conn: &impl ConnectionTrait,
    row: u32,
    number: u32,
) -> Result<(), sea_orm::DbErr> {
    let values = [number.cast_signed().into(), row.cast_signed().into()];
    let change = Statement::from_sql_and_values(conn.get_database_backend(), CHANGE, values);
    conn.execute_raw(change).await.map(drop)
}
