//! Databases for tests, each with its own: files of SQLite, or databases of PostgreSQL if
//! `STUDIO_TEST_DATABASE` says `postgres`.
//!
//! Owns the private server of PostgreSQL that a test process starts, and what tests ask of a log
//! that the engine has no need to tell. Unit tests and the tests of the whole server share it, so it
//! must know nothing of the studio and its tables.

use std::{
    env, fs,
    io::{BufRead, BufReader},
    mem,
    path::Path,
    process::{ChildStdin, Command, Stdio},
    sync::{
        Mutex, OnceLock,
        atomic::{AtomicU32, Ordering},
    },
    time::{Duration, Instant},
};

use highwater::{Cursor, server::ChangeLog};
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DbBackend, Statement,
    sqlx::{self, AssertSqlSafe, Connection, PgConnection, SqliteConnection},
};
use tempfile::TempDir;

/// How long a log may take to settle.
const DEADLINE: Duration = Duration::from_secs(20);

/// The server, once a test has needed it.
static SERVER: OnceLock<Server> = OnceLock::new();

/// What the next database is called.
static NUMBER: AtomicU32 = AtomicU32::new(0);

/// Databases that their tests are done with. A drop cannot wait; whoever makes the next database
/// removes them.
static DONE: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// Whether tests run on PostgreSQL.
pub fn on_postgres() -> bool {
    match env::var("STUDIO_TEST_DATABASE").as_deref() {
        Ok("postgres") => true,
        Ok("sqlite") | Err(env::VarError::NotPresent) => false,
        other => panic!("STUDIO_TEST_DATABASE is {other:?}, not sqlite or postgres"),
    }
}

/// The newest row that a log has or had. On PostgreSQL a row is read only once every
/// transaction that began before it has ended, also those of other tests: it waits for that.
pub async fn newest_row(db: &DatabaseConnection, log: &impl ChangeLog) -> Cursor {
    let head = log.head().await.unwrap();
    if db.get_database_backend() != DbBackend::Postgres {
        return head;
    }
    let sql = "SELECT xid, n FROM highwater_log
        UNION ALL SELECT floor_xid, floor_n FROM highwater_meta
        ORDER BY xid DESC, n DESC LIMIT 1";
    let row = db.query_one_raw(Statement::from_string(DbBackend::Postgres, sql)).await;
    let row = row.unwrap().unwrap();
    let (xid, n): (i64, i64) = (row.try_get("", "xid").unwrap(), row.try_get("", "n").unwrap());
    let newest = Cursor::new(head.epoch, u64::try_from(xid).unwrap(), u64::try_from(n).unwrap());
    let began = Instant::now();
    while !log.head().await.unwrap().reaches(&newest) {
        assert!(began.elapsed() < DEADLINE, "{newest} is not settled");
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    newest
}

/// How many rows a log has after a place.
pub async fn rows_after(db: &DatabaseConnection, place: &Cursor) -> u64 {
    let (major, minor) = (place.at.major, place.at.minor);
    let newer = match db.get_database_backend() {
        DbBackend::Postgres => format!("(xid, n) > ({major}, {minor})"),
        _ => format!("id > {major}"),
    };
    let sql = format!("SELECT COUNT(*) AS rows FROM highwater_log WHERE {newer}");
    let row = db.query_one_raw(Statement::from_string(db.get_database_backend(), sql)).await;
    let rows: i64 = row.unwrap().unwrap().try_get("", "rows").unwrap();
    u64::try_from(rows).unwrap()
}

/// A database of its own. It goes when this is dropped.
pub struct TestDatabase {
    url: String,
    place: Place,
}

enum Place {
    /// The directory of its file.
    File(TempDir),
    /// Its name on the server.
    Server(String),
}

/// What databases are copies of. Nobody has it open.
pub enum Template {
    /// The file's content.
    File(Vec<u8>),
    /// A database that takes no connections.
    Server(TestDatabase),
}

/// A server of PostgreSQL that ends with this process.
struct Server {
    url: String,
    _input: ChildStdin,
}

impl TestDatabase {
    /// One without any tables.
    pub async fn empty() -> Self {
        if on_postgres() { Self::on_server("template1").await } else { Self::in_file(None) }
    }

    /// A copy.
    pub async fn copy_of(template: &Template) -> Self {
        match template {
            Template::File(content) => Self::in_file(Some(content)),
            Template::Server(Self { place: Place::Server(name), .. }) => {
                Self::on_server(name).await
            }
            Template::Server(_) => unreachable!("a file is no database of a server"),
        }
    }

    /// Where it is.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Has others be copies of it as it is now.
    pub async fn into_template(self) -> Template {
        match &self.place {
            Place::File(directory) => {
                let copy = directory.path().join("copy.db");
                let mut conn = SqliteConnection::connect(&self.url).await.unwrap();
                let sql = format!("VACUUM INTO '{}'", copy.display());
                sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut conn).await.unwrap();
                Template::File(fs::read(copy).unwrap())
            }
            Place::Server(name) => {
                let close = format!("ALTER DATABASE {name} ALLOW_CONNECTIONS false");
                let end = format!(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
                );
                Server::run(&[close, end]).await;
                Template::Server(self)
            }
        }
    }

    fn in_file(content: Option<&[u8]>) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("studio.db");
        if let Some(content) = content {
            fs::write(&file, content).unwrap();
        }
        Self { url: format!("sqlite://{}", file.display()), place: Place::File(directory) }
    }

    async fn on_server(template: &str) -> Self {
        let name = format!("test_{}", NUMBER.fetch_add(1, Ordering::Relaxed));
        let done = mem::take(&mut *DONE.lock().unwrap());
        let drop = done.iter().map(|name| format!("DROP DATABASE {name} WITH (FORCE)"));
        let create = format!("CREATE DATABASE {name} TEMPLATE {template}");
        Server::run(&drop.chain([create]).collect::<Vec<_>>()).await;
        let (server, _) = Server::running().url.rsplit_once('/').unwrap();
        Self { url: format!("{server}/{name}"), place: Place::Server(name) }
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        if let Place::Server(name) = &self.place {
            DONE.lock().unwrap().push(name.clone());
        }
    }
}

impl Server {
    fn running() -> &'static Self {
        SERVER.get_or_init(|| {
            let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("script/postgres");
            let mut child =
                Command::new(script).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
            let mut url = String::new();
            BufReader::new(child.stdout.take().unwrap()).read_line(&mut url).unwrap();
            assert!(url.starts_with("postgres://"), "script/postgres said {url:?}");
            Self { url: url.trim().to_owned(), _input: child.stdin.take().unwrap() }
        })
    }

    async fn run(statements: &[String]) {
        let mut conn = PgConnection::connect(&Self::running().url).await.unwrap();
        for statement in statements {
            sqlx::raw_sql(AssertSqlSafe(statement.as_str())).execute(&mut conn).await.unwrap();
        }
        conn.close().await.unwrap();
    }
}
