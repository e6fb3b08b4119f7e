//! The servers that are measured: started as processes of their own on loopback, each with its
//! way to open a stream and to cause a message.
//!
//! Owns the processes and their files, which go when it is dropped. It must not measure.

use std::{
    fs::{self, File},
    net::SocketAddr,
    path::Path,
    process::Stdio,
};

use reqwest::{Client, header::COOKIE};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
};

use crate::{Failure, listener::unix_us};

/// The order that is changed over and over.
const ORDER: &str = "ord_10248";

/// How long a message is, in bytes of its JSON.
const MESSAGE: usize = 200;

/// A running server.
pub struct Server {
    /// What it is called in the table.
    pub name: String,
    /// Where it listens.
    pub address: SocketAddr,
    /// Where its streams are.
    pub path: &'static str,
    /// Header lines of a request for a stream.
    pub headers: String,
    /// How many requests at a time make it as busy as it gets. One, where messages keep their
    /// order only if they are sent one after another.
    pub writers: usize,
    /// The version of the last message there was.
    pub version: u64,
    /// The same for streams that hear none of the messages, if there are such.
    pub deaf: Option<(&'static str, String)>,
    publish: Publish,
    client: Client,
    process: Child,
    _files: TempDir,
}

/// How a message is caused.
enum Publish {
    /// By a change of an order.
    Order { cookie: String },
    /// By posting it.
    Post,
}

/// Which of the studio's streams.
#[derive(Clone, Copy)]
pub enum Stream {
    /// The orders' own, for other clients.
    Orders,
    /// The application's.
    App,
}

impl Server {
    /// The studio, with its demo data.
    pub async fn studio(program: &Path, stream: Stream) -> Result<Self, Failure> {
        let files = tempfile::tempdir()?;
        let mut command = Command::new(program);
        command
            .args(["serve", "--demo"])
            .env("STUDIO_DATA_DIR", files.path())
            .env("LEPTOS_SITE_ADDR", "127.0.0.1:0")
            .env("STUDIO_LOG", "warn")
            .env("STUDIO_STREAMS_PER_USER", "100000")
            .env("STUDIO_STREAMS", "100000");
        let (process, line) = start(command, "The studio is at http://", &files).await?;
        let address: SocketAddr = line.parse()?;
        let client = Client::builder().build()?;
        let cookie = sign_in(&client, address, "ops@example.com").await?;
        let member = sign_in(&client, address, "ana@example.com").await?;
        let order: Value = client
            .get(format!("http://{address}/api/v1/orders/{ORDER}"))
            .header(COOKIE, &cookie)
            .send()
            .await?
            .error_for_status()?
            .json()
            .await?;
        let (name, path) = match stream {
            Stream::Orders => ("studio, orders", "/api/v1/stream/events"),
            Stream::App => ("studio, app", "/api/events?collapse=1"),
        };
        Ok(Self {
            name: name.to_owned(),
            address,
            path,
            headers: format!("Cookie: {cookie}\r\n"),
            writers: 8,
            version: order["version"].as_u64().ok_or("an order without a version")?,
            deaf: Some(("/api/events?collapse=1", format!("Cookie: {member}\r\n"))),
            publish: Publish::Order { cookie },
            client,
            process,
            _files: files,
        })
    }

    /// nginx with the nchan module, one worker.
    pub async fn nchan() -> Result<Self, Failure> {
        let files = tempfile::tempdir()?;
        // nginx takes no port 0; this one was free a moment ago.
        let address = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let configuration = include_str!("../nchan.conf").replace("ADDRESS", &address.to_string());
        fs::write(files.path().join("nginx.conf"), configuration)?;
        let mut command = Command::new("nginx");
        command.arg("-p").arg(files.path()).args(["-c", "nginx.conf", "-e", "stderr"]);
        let process = command.spawn()?;
        let client = Client::builder().build()?;
        let mut server = Self::posting("nchan", address, client, process, files);
        server.answers().await?;
        Ok(server)
    }

    /// A Hono server on Node, whose packages are installed in `directory`.
    pub async fn hono(directory: &Path) -> Result<Self, Failure> {
        let files = tempfile::tempdir()?;
        let mut command = Command::new("node");
        command.arg(directory.join("server.mjs"));
        let (process, port) = start(command, "", &files).await?;
        let address = SocketAddr::from(([127, 0, 0, 1], port.parse()?));
        let client = Client::builder().build()?;
        Ok(Self::posting("hono", address, client, process, files))
    }

    fn posting(
        name: &str,
        address: SocketAddr,
        client: Client,
        process: Child,
        files: TempDir,
    ) -> Self {
        Self {
            name: name.to_owned(),
            address,
            path: "/events",
            headers: String::new(),
            writers: 1,
            version: 0,
            deaf: None,
            publish: Publish::Post,
            client,
            process,
            _files: files,
        }
    }

    /// Waits until it takes connections.
    async fn answers(&mut self) -> Result<(), Failure> {
        for _ in 0..100 {
            if let Some(status) = self.process.try_wait()? {
                return Err(format!("{} ended at once: {status}", self.name).into());
            }
            if tokio::net::TcpStream::connect(self.address).await.is_ok() {
                return Ok(());
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        Err(format!("{} does not listen", self.name).into())
    }

    /// Its process.
    pub fn pid(&self) -> Result<u32, Failure> {
        Ok(self.process.id().ok_or("the server has ended")?)
    }

    /// Causes the message `version`, and waits until the server has taken it.
    pub async fn publish(&self, version: u64) -> Result<(), Failure> {
        let request = match &self.publish {
            Publish::Order { cookie } => {
                let url = format!("http://{}/api/v1/orders/{ORDER}", self.address);
                // The rest of its message: type, id, patch, ts and their names.
                let note = format!("{version:0>width$}", width = MESSAGE - 138);
                self.client.patch(url).header(COOKIE, cookie).json(&json!({ "note": note }))
            }
            Publish::Post => {
                let url = format!("http://{}/publish", self.address);
                self.client.post(url).body(message(version))
            }
        };
        request.send().await?.error_for_status()?;
        Ok(())
    }

    /// Asks it to end, and waits until it has.
    pub async fn stop(mut self) -> Result<(), Failure> {
        self.terminate();
        self.process.wait().await?;
        Ok(())
    }

    /// A signal that reaches nginx's workers through their master, which being killed would not.
    fn terminate(&self) {
        if let Some(pid) = self.process.id() {
            let _ = std::process::Command::new("kill").arg(pid.to_string()).status();
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.terminate();
    }
}

/// Starts a server and waits for the line in which it says where it listens.
async fn start(
    mut command: Command,
    before: &str,
    files: &TempDir,
) -> Result<(Child, String), Failure> {
    let said = files.path().join("standard-error");
    command.stdout(Stdio::piped()).stderr(File::create(&said)?);
    let mut process = command.spawn()?;
    let stdout = process.stdout.take().ok_or("no standard output")?;
    let mut lines = BufReader::new(stdout).lines();
    while let Some(line) = lines.next_line().await? {
        if let Some(rest) = line.strip_prefix(before) {
            let rest = rest.to_owned();
            // Nobody reads what it says further, but a closed pipe would disturb it.
            tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
            return Ok((process, rest));
        }
    }
    let said = fs::read_to_string(said)?;
    Err(format!("the server ended before it listened: {}", said.trim()).into())
}

async fn sign_in(client: &Client, server: SocketAddr, email: &str) -> Result<String, Failure> {
    let answer = client
        .post(format!("http://{server}/api/v1/session"))
        .json(&json!({ "email": email, "password": "demo-password" }))
        .send()
        .await?
        .error_for_status()?;
    let cookie = answer.headers().get("set-cookie").ok_or("no cookie")?.to_str()?;
    Ok(cookie.split(';').next().unwrap_or_default().to_owned())
}

/// A message as the studio would write it.
fn message(version: u64) -> String {
    let write = |note: &str| {
        json!({
            "type": "order.updated",
            "id": ORDER,
            "patch": { "note": note, "version": version },
            "ts": unix_us() / 1000,
        })
        .to_string()
    };
    let room = MESSAGE.saturating_sub(write("").len());
    write(&"x".repeat(room))
}
