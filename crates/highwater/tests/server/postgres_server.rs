//! A private PostgreSQL server, from `script/postgres`.
//!
//! Owns the process, which ends with this one. Tests share one server and have a database each; a
//! test that stops it starts one of its own.

use std::{
    io::{BufRead, BufReader, Write},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    sync::{
        OnceLock,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use sea_orm::{
    ConnectionTrait, DatabaseConnection, SqlxPostgresConnector,
    sqlx::postgres::{PgConnectOptions, PgPoolOptions},
};

pub struct PostgresServer {
    process: Child,
    /// Ends the server when it is closed.
    commands: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
    pub url: String,
}

impl PostgresServer {
    pub fn start() -> Self {
        Self::start_with(&[])
    }

    /// One that has everything it acknowledged after a crash.
    pub fn start_durable() -> Self {
        Self::start_with(&["--durable"])
    }

    fn start_with(arguments: &[&str]) -> Self {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../../script/postgres");
        let process = Command::new(script)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn();
        let mut process = process.unwrap();
        let (commands, answers) = (process.stdin.take(), process.stdout.take().unwrap());
        let mut server =
            Self { process, commands, answers: BufReader::new(answers), url: String::new() };
        server.url = server.answer();
        server
    }

    /// Stops it as a power cut would, and starts it again.
    pub fn crash_and_start(&mut self) {
        assert_eq!(self.say("crash"), "stopped");
        assert_eq!(self.say("start"), self.url);
    }

    /// Stops it as a power cut would.
    pub fn crash(&mut self) {
        assert_eq!(self.say("crash"), "stopped");
    }

    /// Starts another one, which follows this one; answers its URL.
    pub fn standby(&mut self) -> String {
        self.say("standby")
    }

    /// Has the standby take over.
    pub fn promote(&mut self) {
        assert_eq!(self.say("promote"), "promoted");
    }

    /// Stops it in good order, and has it recover from its own files, as from a backup.
    pub fn stop_and_recover(&mut self, data_directory: &str) {
        assert_eq!(self.say("stop"), "stopped");
        std::fs::write(std::path::Path::new(data_directory).join("recovery.signal"), "").unwrap();
        assert_eq!(self.say("start"), self.url);
    }

    fn say(&mut self, command: &str) -> String {
        writeln!(self.commands.as_mut().unwrap(), "{command}").unwrap();
        self.answer()
    }

    fn answer(&mut self) -> String {
        let mut line = String::new();
        self.answers.read_line(&mut line).unwrap();
        assert!(!line.is_empty(), "script/postgres ended");
        line.trim_end().to_owned()
    }
}

impl Drop for PostgresServer {
    fn drop(&mut self) {
        drop(self.commands.take());
        self.process.wait().unwrap();
    }
}

/// The URL of the server that all tests share; it ends with the test process.
pub fn shared() -> &'static str {
    static SERVER: OnceLock<PostgresServer> = OnceLock::new();
    &SERVER.get_or_init(PostgresServer::start).url
}

/// Connects to a database of a server, with the patience of a test.
pub async fn connect(url: &str, database: &str, connections: u32) -> DatabaseConnection {
    let options: PgConnectOptions = url.parse().unwrap();
    let pool = PgPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(Duration::from_secs(60))
        .connect_with(options.database(database).application_name(database));
    SqlxPostgresConnector::from_sqlx_postgres_pool(pool.await.unwrap())
}

/// A new database of a server; answers its name.
pub async fn new_database(url: &str) -> String {
    static NUMBER: AtomicU32 = AtomicU32::new(1);
    let name = format!("desk_{}", NUMBER.fetch_add(1, Ordering::Relaxed));
    let server = connect(url, "postgres", 1).await;
    server.execute_unprepared(&format!("CREATE DATABASE {name}")).await.unwrap();
    server.close().await.unwrap();
    name
}
