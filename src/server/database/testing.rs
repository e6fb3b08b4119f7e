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
    process::{Child, ChildStdin, Command, Stdio},
    sync::{
        Mutex, OnceLock,
        atomic::{AtomicU32, Ordering},
    },
    time::{Duration, Instant},
};

use highwater::{Cursor, server::ChangeLog};
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DbBackend, QueryResult, Statement,
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

/// The rows that a log has after a place, settled or not.
pub async fn rows_after(db: &DatabaseConnection, place: &Cursor) -> Vec<Cursor> {
    let (major, minor) = (place.at.major, place.at.minor);
    let sql = match db.get_database_backend() {
        DbBackend::Postgres => format!(
            "SELECT xid AS major, n AS minor FROM highwater_log WHERE (xid, n) > ({major}, {minor})
                ORDER BY xid, n"
        ),
        _ => format!(
            "SELECT id AS major, 0 AS minor FROM highwater_log WHERE id > {major} ORDER BY id"
        ),
    };
    let found = db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await;
    let row = |row: QueryResult| {
        let number = |column| u64::try_from(row.try_get::<i64>("", column).unwrap()).unwrap();
        Cursor::new(place.epoch.clone(), number("major"), number("minor"))
    };
    found.unwrap().into_iter().map(row).collect()
}

/// Where a test's server keeps what it stores: a directory, and a database, which on SQLite is a file
/// in it. Both go when this is dropped.
pub struct TestDatabase {
    directory: TempDir,
    url: String,
    /// What it is called on the server.
    name: Option<String>,
}

/// What databases are copies of. Nobody has it open.
pub enum Template {
    /// The file's content.
    File(Vec<u8>),
    /// A database that takes no connections.
    Server(String),
}

/// A server of PostgreSQL that ends with this process.
struct Server {
    url: String,
    /// It ends when this is closed.
    _input: ChildStdin,
    _script: Child,
}

impl TestDatabase {
    /// One without any tables.
    pub async fn empty() -> Self {
        match on_postgres() {
            true => Self::on_server("template1").await,
            false => Self::in_file(None),
        }
    }

    /// A copy.
    pub async fn copy_of(template: &Template) -> Self {
        match template {
            Template::File(content) => Self::in_file(Some(content)),
            Template::Server(name) => Self::on_server(name).await,
        }
    }

    /// Where it is.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The directory.
    pub fn directory(&self) -> &Path {
        self.directory.path()
    }

    /// What a server is told in its environment. A file is found without being named.
    pub fn settings(&self) -> Vec<(String, String)> {
        let directory = self.directory().display().to_string();
        let url = self.name.is_some().then(|| ("DATABASE_URL".to_owned(), self.url.clone()));
        [("STUDIO_DATA_DIR".to_owned(), directory)].into_iter().chain(url).collect()
    }

    /// Has others be copies of the database as it is now.
    pub async fn into_template(mut self) -> Template {
        let Some(name) = self.name.take() else {
            let copy = self.directory().join("copy.db");
            let mut conn = SqliteConnection::connect(&self.url).await.unwrap();
            let sql = format!("VACUUM INTO '{}'", copy.display());
            sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut conn).await.unwrap();
            return Template::File(fs::read(copy).unwrap());
        };
        let close = format!("ALTER DATABASE {name} ALLOW_CONNECTIONS false");
        let end = format!(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
        );
        Server::run(&[close, end]).await;
        Template::Server(name)
    }

    fn in_file(content: Option<&[u8]>) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("studio.db");
        if let Some(content) = content {
            fs::write(&file, content).unwrap();
        }
        Self { directory, url: format!("sqlite://{}", file.display()), name: None }
    }

    async fn on_server(template: &str) -> Self {
        let name = format!("test_{}", NUMBER.fetch_add(1, Ordering::Relaxed));
        let done = mem::take(&mut *DONE.lock().unwrap());
        let drop = done.iter().map(|name| format!("DROP DATABASE {name} WITH (FORCE)"));
        let create = format!("CREATE DATABASE {name} TEMPLATE {template}");
        Server::run(&drop.chain([create]).collect::<Vec<_>>()).await;
        let (server, _) = Server::running().url.rsplit_once('/').unwrap();
        let url = format!("{server}/{name}");
        Self { directory: tempfile::tempdir().unwrap(), url, name: Some(name) }
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        DONE.lock().unwrap().extend(self.name.take());
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
            let _input = child.stdin.take().unwrap();
            Self { url: url.trim().to_owned(), _input, _script: child }
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
