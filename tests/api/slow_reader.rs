//! A reader on a real socket that does not read, while a process of its own serves it.

use std::{fs, time::Duration};

use sea_orm::ConnectionTrait;

use crate::{
    app::{OPS, TestApp},
    client::Client,
    command_line::{Running, studio},
    database::TestDatabase,
};

const EVENTS: u64 = 20_000;
/// Each event has about so many bytes: 80 MB in all, far more than any buffer on the way.
const EVENT_BYTES: usize = 4_000;
/// What the server may grow by meanwhile, however many events there are: what it reads at a time,
/// and 2 MB of pages that each of its connections to the database keeps. One copy of all events
/// would be twice as much.
const GROWTH: u64 = 40 << 20;

/// The memory of a process that is in use, in bytes.
fn resident(process: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() * 1024
}

/// What inserts so many changes of a note, as any program may.
pub fn notes(events: u64, note: &str) -> String {
    format!(
        "WITH RECURSIVE numbers (number) AS
            (SELECT 1 UNION ALL SELECT number + 1 FROM numbers WHERE number < {events})
        INSERT INTO highwater_log (kind, audiences, body)
        SELECT 'event', '[\"orders\"]', '{{\"type\":\"order.updated\",\"id\":\"ord_' || number
            || '\",\"patch\":{{\"note\":\"{note}\"}},\"ts\":' || number || '}}'
        FROM numbers"
    )
}

fn serve(database: &TestDatabase) -> Running {
    let mut command = studio(database, &["serve"]);
    command.env("LEPTOS_SITE_ADDR", "127.0.0.1:0").env("STUDIO_HEARTBEAT_SECONDS", "1");
    command.env("STUDIO_RING_EVENTS", "64");
    Running::start(command)
}

#[tokio::test]
async fn a_reader_that_does_not_read_takes_no_memory_and_ends_right() {
    // The application only makes the database, and writes to it as another process.
    let app = TestApp::start().await;
    let server = serve(app.database());
    let line = server.line();
    let client = Client::new(line.strip_prefix("The studio is at ").unwrap());
    client.sign_in(OPS).await.expect_status(200);
    let mut each = client.open("/api/v1/stream/events").await;
    let mut collapsing = client.open("/api/events?collapse=1").await;
    let start = each.connected().await;
    collapsing.connected().await;
    // It tells when the server has routed everything.
    let mut quiet = client.open("/api/events?types=order.created").await;
    quiet.connected().await;
    quiet.all_until(&start).await;
    let before = resident(server.child.id());

    let note = "x".repeat(EVENT_BYTES);
    let from = app.head().await;
    app.state.db.execute_unprepared(&notes(EVENTS, &note)).await.unwrap();
    let head = app.head().await;
    assert_eq!(quiet.all_until(&head).await, []);
    let grown = resident(server.child.id()).saturating_sub(before);
    assert!(grown < GROWTH, "{} MB more", grown >> 20);

    let heard = tokio::time::timeout(Duration::from_secs(60), each.all_until(&head)).await.unwrap();
    let rows: Vec<_> = heard.into_iter().filter_map(|heard| heard.id).collect();
    assert_eq!(rows.len() as u64, EVENTS);
    assert!(rows == app.rows_after(&from).await, "each event once and in order");
    let told = collapsing.all_until(&head).await;
    let last = told.last().unwrap();
    assert!(matches!(last.kind(), "stale" | "reset"), "{}", last.kind());
    assert_eq!(last.id.as_ref(), Some(&head));
}
