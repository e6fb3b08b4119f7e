//! `GET /api/events`: the application's own stream.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::app::{OPS, TestApp};

const PATH: &str = "/api/events";
const PENDING: &str = "ord_11077";
const KEY: &str = "00112233445566778899aabbccddeeff";

#[tokio::test]
async fn it_says_who_listens_and_which_build_speaks() {
    let app = TestApp::start().await;
    let client = app.client();
    let user = client.sign_in(OPS).await.expect_status(200).json();
    app.settled().await;
    let mut stream = client.open(PATH).await;
    for (name, value) in [
        ("content-type", "text/event-stream"),
        ("cache-control", "no-store"),
        ("x-accel-buffering", "no"),
    ] {
        assert_eq!(stream.headers.get(name).unwrap(), value, "{name}");
    }
    let connected = stream.next().await;
    assert_eq!(connected.event, "message");
    assert!(app.is_head(&connected.id.unwrap()).await);
    let build = studio::live::build();
    let expected = json!({ "type": "connected", "userId": user["id"], "build": build });
    assert_eq!(connected.data, expected);
}

#[tokio::test]
async fn an_event_names_the_mutation_that_caused_it() {
    let app = TestApp::start().await;
    let staff = app.sign_in(OPS).await;
    let (mut own, mut documented) =
        (staff.open(PATH).await, staff.open("/api/v1/stream/events").await);
    own.connected().await;
    documented.connected().await;

    let confirm = json!({ "status": "confirmed" });
    staff.patch_order_as(KEY, PENDING, confirm).await.expect_status(200);
    let (heard, same) = (own.event().await, documented.event().await);
    assert_eq!(heard.event, "message");
    assert_eq!(heard.data["by"], KEY);
    assert_eq!(same.data.get("by"), None, "the documented shape has no such field");
    assert_eq!(heard.id, same.id);
    assert_eq!(heard.data["patch"], same.data["patch"]);

    staff.patch_order(PENDING, json!({ "note": "x" })).await.expect_status(200);
    assert_eq!(own.event().await.data.get("by"), None, "nobody named that one");
}

#[tokio::test]
async fn a_ping_says_what_is_complete() {
    let app = TestApp::start().await;
    let staff = app.sign_in(OPS).await;
    let mut stream = staff.open(PATH).await;
    let start = stream.connected().await;
    let ping = stream.next().await;
    assert_eq!(ping.event, "message");
    assert_eq!(ping.data["type"], "ping");
    assert_eq!(ping.data["upto"], ping.position());
    let upto = ping.id.unwrap();
    assert!(upto.reaches(&start) && app.is_head(&upto).await);
    assert!(ping.data["checked_at"].as_u64().is_some());
    assert_eq!(ping.data.as_object().unwrap().len(), 3);

    staff.patch_order(PENDING, json!({ "note": "x" })).await.expect_status(200);
    let head = app.head().await;
    let heard = stream.all_until(&head).await;
    assert_eq!(heard.len(), 1, "the event came before the ping that includes it: {heard:?}");
}

#[tokio::test]
async fn a_burst_past_the_queue_collapses_into_what_went_stale() {
    let app = TestApp::start_with(|studio| studio.queue_events = 1).await;
    let staff = app.sign_in(OPS).await;
    // Their customer and product, which are a transaction of their own.
    app.import_orders(19_999..20_000).await;
    let mut stream = staff.open("/api/events?collapse=1").await;
    stream.connected().await;
    let start = app.head().await;
    stream.all_until(&start).await;
    // One transaction, so that the hub routes all of it before the stream's writer runs.
    app.import_orders(20_000..20_003).await;
    let head = app.head().await;
    let heard = stream.all_until(&head).await;
    let [stale] = heard.as_slice() else { panic!("{heard:?}") };
    let rows = app.rows_after(&start).await;
    let row = |place: usize| rows[place - 1].to_string();
    let expected = json!({
        "type": "stale",
        "tags": [
            [{ "orders": "list" }, row(3)],
            [{ "orders": { "one": "ord_20000" } }, row(1)],
            [{ "orders": { "one": "ord_20001" } }, row(2)],
            [{ "orders": { "one": "ord_20002" } }, row(3)],
            [{ "orders": "metrics" }, row(4)],
            [{ "orders": "catalogue" }, row(3)],
        ],
        "upto": row(4),
    });
    assert_eq!(stale.data, expected);
    assert_eq!(stale.id, Some(head));

    staff.patch_order("ord_20000", json!({ "note": "x" })).await.expect_status(200);
    assert_eq!(stream.event().await.data["id"], "ord_20000", "then it goes on as before");
}

#[tokio::test]
async fn a_stream_hears_the_types_it_asks_for() {
    let app = TestApp::start().await;
    let staff = app.sign_in(OPS).await;
    for path in [PATH, "/api/v1/stream/events"] {
        let mut created = staff.open(&format!("{path}?types=order.created")).await;
        let mut both = staff.open(&format!("{path}?types=order.updated,%20order.created")).await;
        let start = created.connected().await;
        both.connected().await;
        let number = 20_000 + u32::try_from(start.at.major).unwrap();
        staff.patch_order(PENDING, json!({ "note": path })).await.expect_status(200);
        app.import_orders(number..number + 1).await;
        let head = app.head().await;
        let kinds = |heard: Vec<crate::stream::Heard>| {
            heard.iter().map(|heard| heard.kind().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(kinds(created.all_until(&head).await), ["order.created"], "{path}");
        assert_eq!(kinds(both.all_until(&head).await), ["order.updated", "order.created"]);

        // A replay is no different.
        let resumed = format!("{path}?types=order.created");
        let mut resumed = staff.resume(&resumed, &start.to_string()).await;
        resumed.connected().await;
        assert_eq!(kinds(resumed.all_until(&head).await), ["order.created"], "{path}");
    }
}

#[tokio::test]
async fn a_type_that_does_not_exist_is_refused_with_those_that_do() {
    let app = TestApp::start().await;
    let staff = app.sign_in(OPS).await;
    for path in [PATH, "/api/v1/stream/events"] {
        for (types, named) in [("order.burnt", "order.burnt"), ("order.created,", ""), ("", "")] {
            let answer = staff.get(&format!("{path}?types={types}")).await;
            assert_eq!(answer.status, 422, "{path} {types}");
            assert!(answer.text.contains(&format!(r#"\"{named}\""#)), "{}", answer.text);
            for known in studio::live::EVENT_TYPES {
                assert!(answer.text.contains(known), "{}", answer.text);
            }
        }
    }
}

#[tokio::test]
async fn a_gzip_client_hears_an_event_at_once() {
    // No ping comes that could push it out.
    let app = TestApp::start_with(|studio| studio.heartbeat = Duration::from_secs(15)).await;
    let staff = app.sign_in(OPS).await;
    for path in [PATH, "/api/v1/stream/events"] {
        let mut stream = staff.open_gzip(path).await;
        assert_eq!(stream.headers.get("content-encoding").unwrap(), "gzip");
        assert_eq!(stream.headers.get_all("content-encoding").iter().count(), 1);
        let vary = stream.headers.get_all("vary").iter();
        assert!(vary.flat_map(|value| value.to_str()).any(|value| value == "accept-encoding"));
        stream.connected().await;
        for note in ["one", "two"] {
            let written = Instant::now();
            let change = json!({ "note": format!("{path} {note}") });
            staff.patch_order(PENDING, change.clone()).await.expect_status(200);
            assert_eq!(stream.event().await.data["patch"]["note"], change["note"]);
            assert!(written.elapsed() < Duration::from_secs(10), "not with the next ping");
        }
    }
}
