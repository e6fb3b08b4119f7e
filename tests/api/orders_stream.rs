//! `GET /api/v1/stream/events`: the documented shape of every message.

use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::json;

use crate::app::{OPS, TestApp};

const PATH: &str = "/api/v1/stream/events";
const PENDING: &str = "ord_11077";

fn unix_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    i64::try_from(since.as_millis()).unwrap()
}

#[tokio::test]
async fn a_stream_opens_with_a_named_connected_at_the_head() {
    let app = TestApp::start().await;
    let staff = app.sign_in(OPS).await;
    let mut stream = staff.open(PATH).await;
    for (name, value) in [
        ("content-type", "text/event-stream"),
        ("cache-control", "no-store"),
        ("x-accel-buffering", "no"),
    ] {
        assert_eq!(stream.headers.get(name).unwrap(), value, "{name}");
    }
    assert!(stream.headers.get("content-encoding").is_none());
    let connected = stream.next().await;
    assert_eq!(connected.event, "connected");
    let head = connected.id.clone().unwrap();
    assert!(app.is_head(&head).await);
    assert_eq!(connected.data, json!({ "message": "Connected to event stream" }));
    let start = format!("event: connected\nid: {head}\ndata: {{\"message\":");
    assert!(stream.text.starts_with(&start), "{}", stream.text);
}

#[tokio::test]
async fn a_change_is_an_unnamed_message_with_only_what_changed() {
    let app = TestApp::start().await;
    let staff = app.sign_in(OPS).await;
    let mut stream = staff.open(PATH).await;
    let start = stream.connected().await;

    let before = unix_ms();
    let confirmed = staff.patch_order(PENDING, json!({ "status": "confirmed" })).await.json();
    let heard = stream.event().await;
    let after = unix_ms();
    assert_eq!(heard.id.as_ref(), app.rows_after(&start).await.first());
    let ts = heard.data["ts"].as_i64().unwrap();
    assert!((before..=after).contains(&ts), "{before} {ts} {after}");
    let patch = json!({
        "status": "confirmed", "updatedAt": confirmed["updatedAt"], "version": 2,
    });
    let expected = json!({ "type": "order.updated", "id": PENDING, "patch": patch, "ts": ts });
    assert_eq!(heard.data, expected);
    let text = stream.text.split("\n\n").find(|text| text.contains("order.updated")).unwrap();
    let lines: Vec<&str> = text.lines().map(|line| line.split(':').next().unwrap()).collect();
    assert_eq!(lines, ["id", "data"], "unnamed, in one line: {text}");

    let note = json!({ "note": "two\nlines", "status": "confirmed" });
    let noted = staff.patch_order(PENDING, note).await.json();
    let heard = stream.event().await;
    let patch = json!({ "note": "two\nlines", "updatedAt": noted["updatedAt"], "version": 3 });
    assert_eq!(heard.data["patch"], patch, "the status was so already");
}

#[tokio::test]
async fn a_new_order_comes_with_its_whole_row() {
    let app = TestApp::start().await;
    let staff = app.sign_in(OPS).await;
    let mut stream = staff.open(PATH).await;
    stream.connected().await;
    app.import_orders(20_000..20_001).await;
    let heard = stream.event().await;
    assert_eq!(
        (&heard.data["type"], &heard.data["id"]),
        (&json!("order.created"), &json!("ord_20000"))
    );
    let mut row = staff.order("ord_20000").await;
    let fields = row.as_object_mut().unwrap();
    fields.remove("id");
    let lines = fields.remove("lines").unwrap();
    fields.insert("lineCount".to_owned(), json!(lines.as_array().unwrap().len()));
    assert_eq!(heard.data["patch"], row);
}

#[tokio::test]
async fn an_idle_stream_pings_by_name_with_the_time() {
    let app = TestApp::start().await;
    let staff = app.sign_in(OPS).await;
    let before = unix_ms();
    let mut stream = staff.open(PATH).await;
    let head = stream.connected().await;
    for _ in 0..2 {
        let ping = stream.next().await;
        assert_eq!(ping.event, "ping");
        let upto = ping.id.unwrap();
        assert!(upto.reaches(&head) && app.is_head(&upto).await);
        let ts = ping.data["ts"].as_i64().unwrap();
        // The head may have been read last just before the stream was opened.
        assert!((before - 5_000..=unix_ms()).contains(&ts), "{before} {ts}");
        assert_eq!(ping.data, json!({ "ts": ts }));
    }
}

#[tokio::test]
async fn a_burst_past_the_queue_loses_nothing_here() {
    let app = TestApp::start_with(|studio| studio.queue_events = 1).await;
    let staff = app.sign_in(OPS).await;
    let mut stream = staff.open(PATH).await;
    let start = stream.connected().await;
    app.import_orders(20_000..20_040).await;
    let head = app.head().await;
    let heard = stream.all_until(&head).await;
    let ids: Vec<&str> = heard.iter().map(|heard| heard.data["id"].as_str().unwrap()).collect();
    let made: Vec<String> = (20_000..20_040).map(|number| format!("ord_{number}")).collect();
    let made = made.iter().map(String::as_str);
    let expected: Vec<&str> = ["orders"].into_iter().chain(made).chain(["orders"]).collect();
    assert_eq!(ids, expected, "the catalogue, every order, the metrics");
    let rows: Vec<_> = heard.into_iter().filter_map(|heard| heard.id).collect();
    assert_eq!(rows, app.rows_after(&start).await);
}
