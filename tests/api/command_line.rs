//! The `studio` binary, as its own process.

use std::{
    fs,
    io::{BufRead, BufReader, Write},
    process::{Child, Command, Output, Stdio},
    sync::mpsc,
    time::Duration,
};

use serde_json::{Value, json};

use crate::{
    app::{ADMIN, OPS, TestApp, northwind_directory, write_orders},
    database::{TestDatabase, on_postgres},
};

/// How long a line of a process's output may take.
const DEADLINE: Duration = Duration::from_secs(30);

/// The binary with nothing in its environment but where its data is, in that directory.
pub fn studio(data: &TestDatabase, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_studio"));
    command.args(arguments).current_dir(data.directory()).env_clear().envs(data.settings());
    command
}

fn run(data: &TestDatabase, arguments: &[&str]) -> Output {
    studio(data, arguments).stdin(Stdio::null()).output().unwrap()
}

/// What it says to this on its standard input.
fn output_of(mut command: Command, input: &str) -> Output {
    let child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = child.spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

fn out(output: &Output) -> &str {
    std::str::from_utf8(&output.stdout).unwrap()
}

fn err(output: &Output) -> &str {
    std::str::from_utf8(&output.stderr).unwrap()
}

#[track_caller]
fn succeeded(output: Output) -> Output {
    assert!(output.status.success(), "{}{}", out(&output), err(&output));
    output
}

/// A process whose output is read line by line; killed when dropped.
pub struct Running {
    pub child: Child,
    lines: mpsc::Receiver<String>,
}

impl Running {
    pub fn start(mut command: Command) -> Self {
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        let (sender, lines) = mpsc::channel();
        std::thread::spawn(move || {
            for line in output.lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    return;
                }
            }
        });
        Self { child, lines }
    }

    /// The next line of its output.
    pub fn line(&self) -> String {
        self.lines.recv_timeout(DEADLINE).unwrap()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It fails only if the process has ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[tokio::test]
async fn migrating_twice_is_once() {
    let data = TestDatabase::empty().await;
    let first = succeeded(run(&data, &["migrate"]));
    assert!(out(&first).starts_with("Applied "), "{}", out(&first));
    assert_eq!(data.directory().join("studio.db").is_file(), !on_postgres());
    let again = succeeded(run(&data, &["migrate"]));
    assert_eq!(out(&again), "The database was up to date.\n");
}

#[tokio::test]
async fn orders_are_imported_once() {
    let data = TestDatabase::empty().await;
    let directory = northwind_directory();
    let import = ["orders", "import", directory.to_str().unwrap()];
    let first = succeeded(run(&data, &import));
    assert_eq!(
        out(&first),
        "Imported 830 orders with 2155 lines, 91 customers and 77 products. \
         Orders that were there already: 0. Bad rows: 0.\n"
    );
    let again = succeeded(run(&data, &import));
    assert_eq!(
        out(&again),
        "Imported 0 orders with 0 lines, 0 customers and 0 products. \
         Orders that were there already: 830. Bad rows: 0.\n"
    );
}

#[tokio::test]
async fn bad_rows_are_reported_and_the_good_ones_load() {
    let data = TestDatabase::empty().await;
    let files = tempfile::tempdir().unwrap();
    write_orders(files.path(), 1..4);
    let append = |file: &str, rows: &str| {
        let path = files.path().join(file);
        fs::write(&path, fs::read_to_string(&path).unwrap() + rows).unwrap();
    };
    append(
        "orders.csv",
        "x,NEWCO,1999-01-01,NULL,N,A,C,NULL,NULL,UK\n4,NEWCO,soon,NULL,N,A,C,NULL,NULL,UK\n",
    );
    append("order_details.csv", "1,99,1.00,1,0\n");
    let import = ["orders", "import", files.path().to_str().unwrap()];
    let output = run(&data, &import);
    assert_eq!(output.status.code(), Some(1));
    let lines: Vec<&str> = out(&output).lines().collect();
    let [detail, number, date, summary] = lines.as_slice() else { panic!("{lines:?}") };
    for (line, place, reason) in [
        (detail, "order_details.csv:5: ", "99"),
        (number, "orders.csv:5: ", "orderID \"x\" is not a whole number"),
        (date, "orders.csv:6: ", "orderDate \"soon\" is not a date"),
    ] {
        assert!(line.starts_with(place) && line.contains(reason), "{line}");
    }
    assert!(summary.starts_with("Imported 3 orders with 3 lines"), "{summary}");
    assert!(summary.ends_with("Bad rows: 3."), "{summary}");

    fs::remove_file(files.path().join("products.csv")).unwrap();
    let output = run(&data, &import);
    assert_eq!((output.status.code(), out(&output)), (Some(1), ""));
    assert!(err(&output).contains("cannot read") && err(&output).contains("products.csv"));
}

#[tokio::test]
async fn an_import_by_another_process_is_heard_by_an_open_stream() {
    let app = TestApp::start().await;
    let staff = app.sign_in(OPS).await;
    let mut stream = staff.open("/api/v1/stream/events").await;
    stream.connected().await;
    let files = tempfile::tempdir().unwrap();
    write_orders(files.path(), 20_000..20_001);
    let path = files.path().display().to_string();
    succeeded(beside(&app, &["orders", "import", &path]).await);
    let heard = stream.event().await;
    assert_eq!(
        (&heard.data["type"], &heard.data["id"]),
        (&json!("order.created"), &json!("ord_20000"))
    );
}

#[tokio::test]
async fn an_added_account_can_sign_in() {
    let app = TestApp::start().await;
    let password = "a pass phrase";
    let add = async |email: &str, role: &str, password: &str| {
        let arguments = ["user", "add", email, "--name", "New One", "--role", role];
        let input = format!("{password}\n");
        let command = studio(app.database(), &arguments);
        tokio::task::spawn_blocking(move || output_of(command, &input)).await.unwrap()
    };
    let added = succeeded(add("New@Example.com", "staff", password).await);
    assert!(out(&added).starts_with("Added New@Example.com as staff, user "), "{}", out(&added));
    assert!(!out(&added).contains(password) && !err(&added).contains(password));

    let client = app.client();
    let body = json!({ "email": "new@example.com", "password": password });
    client.post("/api/v1/session", body).await.expect_status(200);
    client.get("/api/v1/orders").await.expect_status(200);

    for (email, role, password, code, reason) in [
        ("new@example.com", "staff", password, 1, "has an account already"),
        ("other@example.com", "staff", "short", 1, "characters"),
        ("other@example.com", "owner", password, 2, "is not a role"),
    ] {
        let refused = add(email, role, password).await;
        assert_eq!(refused.status.code(), Some(code), "{}", err(&refused));
        assert!(err(&refused).contains(reason), "{}", err(&refused));
    }
}

/// Runs it beside a running server, on the server's database.
async fn beside(app: &TestApp, arguments: &[&str]) -> Output {
    let mut command = studio(app.database(), arguments);
    let output = move || command.stdin(Stdio::null()).output().unwrap();
    tokio::task::spawn_blocking(output).await.unwrap()
}

#[tokio::test]
async fn a_token_made_on_the_command_line_works_until_it_is_revoked_there() {
    let app = TestApp::start().await;
    let create = ["token", "create", "--user", OPS, "--name", "nightly"];
    let made = succeeded(beside(&app, &create).await);
    let secret = out(&made).trim_end().to_owned();
    assert!(secret.starts_with("hw_") && !secret.contains(char::is_whitespace), "{secret}");
    assert!(err(&made).contains("“nightly” for ops@example.com"), "{}", err(&made));
    let program = app.with_token(&secret);
    let mut stream = program.open("/api/v1/stream/events").await;
    stream.connected().await;

    let listed = succeeded(beside(&app, &["token", "list"]).await);
    let row = out(&listed).lines().nth(1).unwrap();
    assert!(row.contains("nightly") && row.contains(OPS) && row.contains(&secret[..9]), "{row}");
    assert!(!out(&listed).contains(&secret));
    let none = succeeded(beside(&app, &["token", "list", "--user", "ana@example.com"]).await);
    assert_eq!(out(&none), "There are no API tokens.\n");

    let id = row.split_whitespace().next().unwrap();
    let revoked = succeeded(beside(&app, &["token", "revoke", id]).await);
    assert_eq!(out(&revoked), format!("Revoked token {id} “nightly” of {OPS}.\n"));
    stream.all_until_end().await;
    program.get("/api/v1/orders").await.expect_refusal(401, "invalid_token", None);

    for (arguments, reason) in [
        (&["token", "revoke", id][..], "There is no such API token."),
        (&["token", "create", "--user", "nobody@example.com"], "There is no such account."),
        (&["token", "create", "--user", OPS, "--name", ""], "Give the token a name."),
    ] {
        let refused = beside(&app, arguments).await;
        assert_eq!((refused.status.code(), out(&refused)), (Some(1), ""), "{arguments:?}");
        assert!(err(&refused).contains(reason), "{}", err(&refused));
    }
}

#[tokio::test]
async fn an_account_is_signed_out_everywhere() {
    let app = TestApp::start().await;
    let (one, other) = (app.sign_in(OPS).await, app.sign_in(OPS).await);
    let bystander = app.sign_in(ADMIN).await;
    let mut stream = one.open("/api/events").await;
    stream.connected().await;
    let ended = succeeded(beside(&app, &["user", "sign-out", "OPS@example.com"]).await);
    assert_eq!(out(&ended), "Ended 2 sessions of ops@example.com.\n");
    stream.all_until_end().await;
    for client in [one, other] {
        let refused = client.get("/api/v1/orders").await;
        refused.expect_refusal(401, "unauthenticated", None);
    }
    bystander.get("/api/v1/orders").await.expect_status(200);
    let told = app.sign_in(OPS).await;
    let mut stream = told.open("/api/events").await;
    stream.connected().await;
    let why = ["user", "sign-out", OPS, "--reason", "Shift over"];
    let ended = succeeded(beside(&app, &why).await);
    assert_eq!(out(&ended), "Ended 1 session of ops@example.com.\n");
    assert_eq!(stream.all_until_end().await[0].data["reason"], "Shift over");
    let again = succeeded(beside(&app, &["user", "sign-out", OPS]).await);
    assert_eq!(out(&again), "ops@example.com was signed in nowhere.\n");
}

#[tokio::test]
async fn a_role_changed_on_the_command_line_changes_what_an_open_stream_hears() {
    let app = TestApp::start().await;
    let (staff, other) = (app.sign_in(OPS).await, app.sign_in(ADMIN).await);
    let (mut own, mut orders) =
        (staff.open("/api/events").await, staff.open("/api/v1/stream/events").await);
    let start = own.connected().await;
    orders.connected().await;
    let role = async |role: &str| beside(&app, &["user", "role", OPS, role]).await;
    let note = |text: &'static str| other.patch_order("ord_10248", json!({ "note": text }));

    let changed = succeeded(role("member").await);
    assert_eq!(out(&changed), "ops@example.com is member now, and was staff.\n");
    note("not for members").await.expect_status(200);
    staff.get("/api/v1/orders").await.expect_refusal(403, "forbidden", None);
    let again = succeeded(role("member").await);
    assert_eq!(out(&again), "ops@example.com was member already.\n");
    succeeded(role("staff").await);
    note("for staff again").await.expect_status(200);
    staff.get("/api/v1/orders").await.expect_status(200);

    let every = json!([{ "orders": "every" }]);
    let kinds = |heard: &[crate::stream::Heard]| -> Vec<String> {
        heard.iter().map(|heard| heard.kind().to_owned()).collect()
    };
    let head = app.head().await;
    let heard = own.all_until(&head).await;
    let expected = ["access", "account.changed", "access", "account.changed", "order.updated"];
    assert_eq!(kinds(&heard), expected);
    assert_eq!((&heard[0].data["lost"], &heard[0].data["gained"]), (&every, &json!([])));
    assert_eq!(heard[1].data["user"]["role"], "member");
    assert_eq!((&heard[2].data["lost"], &heard[2].data["gained"]), (&json!([]), &every));
    assert_eq!(heard[4].data["patch"]["note"], "for staff again");
    assert_eq!(orders.event().await.data["patch"]["note"], "for staff again");

    // A resume from before it all hears what its user may hear today.
    succeeded(role("coach").await);
    let mut resumed = staff.resume("/api/events", &start.to_string()).await;
    resumed.connected().await;
    let head = app.head().await;
    let heard = kinds(&resumed.all_until(&head).await);
    assert!(!heard.iter().any(|kind| kind.starts_with("order.")), "{heard:?}");
    assert_eq!(heard.iter().filter(|kind| *kind == "access").count(), 3);
    staff.get("/api/v1/stream/events").await.expect_refusal(403, "forbidden", None);
}

#[tokio::test]
async fn a_setting_that_does_not_exist_is_a_clear_error() {
    let data = TestDatabase::empty().await;
    for (toml, told) in [
        (
            "[studio]\nheartbeet-seconds = 3\n",
            "Leptos.toml: [studio] heartbeet-seconds is not a setting; did you mean heartbeat-seconds?",
        ),
        (
            "[studio]\nheartbeat-seconds = 0\n",
            "Leptos.toml: [studio] heartbeat-seconds = 0: expected a whole number of seconds, 1 to 15",
        ),
        ("[studioo]\n", "Leptos.toml: [studioo] is not a setting; did you mean studio?"),
    ] {
        fs::write(data.directory().join("Leptos.toml"), toml).unwrap();
        let output = run(&data, &["migrate"]);
        assert_eq!(output.status.code(), Some(1));
        assert_eq!(err(&output).trim_end(), format!("studio: {told}"));
    }
    assert!(!data.directory().join("studio.db").exists(), "nothing was done");

    fs::remove_file(data.directory().join("Leptos.toml")).unwrap();
    let output = studio(&data, &["migrate"]).env("STUDIO_RING_EVENT", "1").output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(err(&output).contains("STUDIO_RING_EVENT is not a setting"), "{}", err(&output));
}

#[tokio::test]
async fn the_log_is_told_as_lines_of_json() {
    let app = TestApp::start().await;
    let staff = app.sign_in(OPS).await;
    let start = app.head().await;
    staff.patch_order("ord_10248", json!({ "note": "one" })).await.expect_status(200);
    let first = app.head().await;
    staff.sign_out().await.expect_status(204);

    let after = start.to_string();
    let tail = Running::start(studio(app.database(), &["log", "tail", "--after", &after]));
    let read = |line: String| -> Value { serde_json::from_str(&line).unwrap() };
    let row = read(tail.line());
    assert_eq!(row["cursor"], first.to_string());
    assert_eq!(row["audiences"], json!(["orders"]));
    assert_eq!(row["event"]["patch"]["note"], "one");
    let row = read(tail.line());
    assert_eq!(row["access"]["end"], true);
    assert_eq!(read(tail.line())["event"]["type"], "account.session_ended");
    // It follows what another process writes.
    let staff = app.sign_in(OPS).await;
    assert_eq!(read(tail.line())["event"]["type"], "account.session_started");
    staff.patch_order("ord_10248", json!({ "note": "two" })).await.expect_status(200);
    assert_eq!(read(tail.line())["event"]["patch"]["note"], "two");
    drop(tail);

    let output = run(app.database(), &["log", "tail", "--after", "another-log.1.0"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(err(&output).contains("is not a cursor of this log"), "{}", err(&output));
}

#[tokio::test]
async fn a_log_is_not_made_by_looking_at_it() {
    let data = TestDatabase::empty().await;
    let output = run(&data, &["log", "tail"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(!data.directory().join("studio.db").exists());
}

#[tokio::test]
async fn it_serves_the_demo_where_it_says() {
    let data = TestDatabase::empty().await;
    let mut command = studio(&data, &["serve", "--demo"]);
    command.env("LEPTOS_SITE_ADDR", "127.0.0.1:0");
    let server = Running::start(command);
    let line = server.line();
    let url = line.strip_prefix("The studio is at ").unwrap();
    assert!(server.line().contains("demo-password"));
    let client = crate::client::Client::new(url);
    let body = json!({ "email": OPS, "password": "demo-password" });
    client.post("/api/v1/session", body).await.expect_status(200);
    let page = client.get("/api/v1/orders").await.expect_status(200).json();
    assert_eq!(page["total"], 830);
}
