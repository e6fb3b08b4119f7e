//! [`Process`]: the `studio` binary serving, as a process of its own, with its log in a file.

use std::{
    fs::{self, File},
    io::{BufRead, BufReader},
    process::{Child, Command, ExitStatus, Stdio},
    time::{Duration, Instant},
};

use crate::{app::northwind, client::Client, database::TestDatabase};

/// How long anything may take.
const DEADLINE: Duration = Duration::from_secs(30);

/// How soon to look again at what a process has done.
const LOOK_AGAIN: Duration = Duration::from_millis(20);

/// The binary.
const STUDIO: &str = env!("CARGO_BIN_EXE_studio");

/// A running server; killed when dropped.
pub struct Process {
    child: Child,
    url: String,
    database: TestDatabase,
}

impl Process {
    /// Serves a database of its own, with these settings.
    pub async fn start(settings: &[(&str, &str)]) -> Self {
        Self::start_by(Command::new(STUDIO), settings).await
    }

    /// As [`start`](Self::start), in a shell that lets it have no more files open until it asks for
    /// more, and never more than `most`.
    pub async fn start_with_files(at_first: u32, most: u32, settings: &[(&str, &str)]) -> Self {
        let script = format!("ulimit -S -n {at_first}; ulimit -H -n {most}; exec \"$0\" \"$@\"");
        let mut shell = Command::new("/bin/sh");
        shell.args(["-c", &script, STUDIO]);
        Self::start_by(shell, settings).await
    }

    async fn start_by(mut command: Command, settings: &[(&str, &str)]) -> Self {
        let database = northwind().await;
        let mut child = command
            .arg("serve")
            .current_dir(database.directory())
            .env_clear()
            .envs(database.settings())
            .env("LEPTOS_SITE_ADDR", "127.0.0.1:0")
            .envs(settings.iter().copied())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(File::create(database.directory().join("log.txt")).unwrap())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let url = line.trim().rsplit(' ').next().unwrap().to_owned();
        assert!(url.starts_with("http://"), "{line}");
        Self { child, url, database }
    }

    pub fn client(&self) -> Client {
        Client::new(&self.url)
    }

    /// Where it listens, without the scheme.
    pub fn address(&self) -> &str {
        self.url.strip_prefix("http://").unwrap()
    }

    /// Where it keeps what it stores.
    pub fn database(&self) -> &TestDatabase {
        &self.database
    }

    /// What it has logged so far.
    pub fn log(&self) -> String {
        fs::read_to_string(self.database.directory().join("log.txt")).unwrap()
    }

    /// Waits until the log has a line with all of these.
    pub async fn logged(&self, parts: &[&str]) -> String {
        let began = Instant::now();
        loop {
            let log = self.log();
            if let Some(line) =
                log.lines().find(|line| parts.iter().all(|part| line.contains(part)))
            {
                return line.to_owned();
            }
            assert!(began.elapsed() < DEADLINE, "no line with {parts:?} in\n{log}");
            tokio::time::sleep(LOOK_AGAIN).await;
        }
    }

    /// Sends it a signal, such as `TERM`.
    pub fn signal(&self, name: &str) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-s", name, &pid]).status().unwrap().success());
    }

    /// Waits until it has ended by itself.
    pub async fn ended(&mut self) -> ExitStatus {
        let began = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(began.elapsed() < DEADLINE, "it still runs\n{}", self.log());
            tokio::time::sleep(LOOK_AGAIN).await;
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It fails only if the process has ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
