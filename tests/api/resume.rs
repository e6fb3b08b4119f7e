//! Coming back to a stream: by `Last-Event-ID` or `?after=`, and when that cannot be.

use highwater::{Cursor, server::Retention};
use serde_json::json;

use crate::{
    app::{OPS, TestApp},
    client::Client,
};

const PATHS: [&str; 2] = ["/api/v1/stream/events", "/api/events"];

/// Changes an order so many times.
async fn change(client: &Client, times: u32, word: &str) {
    for time in 0..times {
        let note = json!({ "note": format!("{word} {time}") });
        client.patch_order("ord_10248", note).await.expect_status(200);
    }
}

/// What a stream says to a client that comes back: the notes of every event until the head.
async fn notes_since(client: &Client, app: &TestApp, path: &str, at: &Cursor) -> Vec<String> {
    let mut stream = client.resume(path, &at.to_string()).await;
    assert_eq!(&stream.connected().await, at, "`connected` carries the resume position");
    let heard = stream.all_until(&app.head().await).await;
    let rows: Vec<&Cursor> = heard.iter().filter_map(|heard| heard.id.as_ref()).collect();
    let expected = app.rows_after(at).await;
    assert_eq!(rows, expected.iter().collect::<Vec<_>>(), "each row once, in order");
    heard.iter().map(|heard| heard.data["patch"]["note"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn what_was_missed_is_replayed_and_goes_over_into_what_comes() {
    let app = TestApp::start().await;
    let staff = app.sign_in(OPS).await;
    for path in PATHS {
        let mut stream = staff.open(path).await;
        stream.connected().await;
        change(&staff, 1, "heard").await;
        let left = stream.event().await;
        drop(stream);
        change(&staff, 3, "missed").await;

        let mut stream = staff.resume(path, &left.position()).await;
        assert_eq!(Some(stream.connected().await), left.id);
        change(&staff, 2, "live").await;
        let heard = stream.all_until(&app.head().await).await;
        let notes: Vec<&str> =
            heard.iter().map(|heard| heard.data["patch"]["note"].as_str().unwrap()).collect();
        assert_eq!(notes, ["missed 0", "missed 1", "missed 2", "live 0", "live 1"], "{path}");
    }
}

#[tokio::test]
async fn a_replay_meets_writes_under_way_without_gap_or_duplicate() {
    let app = TestApp::start_with(|studio| studio.ring_events = 4).await;
    let staff = app.sign_in(OPS).await;
    let start = app.head().await;
    change(&staff, 20, "before").await;
    // The replay is longer than the ring, so it reads the log while the log grows.
    let (notes, ()) = tokio::join!(
        async {
            let mut stream = staff.resume(PATHS[0], &start.to_string()).await;
            stream.connected().await;
            let mut notes = Vec::new();
            while notes.len() < 40 {
                let heard = stream.event().await;
                notes.push(heard.data["patch"]["note"].as_str().unwrap().to_owned());
            }
            notes
        },
        change(&staff, 20, "during"),
    );
    let words = |word: &'static str| (0..20).map(move |time| format!("{word} {time}"));
    let expected: Vec<String> = words("before").chain(words("during")).collect();
    assert_eq!(notes, expected);
}

#[tokio::test]
async fn nothing_is_lost_when_the_server_is_killed() {
    let app = TestApp::start().await;
    let staff = app.sign_in(OPS).await;
    let mut stream = staff.open(PATHS[0]).await;
    stream.connected().await;
    change(&staff, 1, "heard").await;
    let left = stream.event().await.id.unwrap();
    change(&staff, 2, "missed").await;

    let app = app.restart().await;
    let staff = staff.at(&app);
    change(&staff, 2, "afterwards").await;
    for path in PATHS {
        let notes = notes_since(&staff, &app, path, &left).await;
        assert_eq!(notes, ["missed 0", "missed 1", "afterwards 0", "afterwards 1"], "{path}");
    }
}

#[tokio::test]
async fn the_position_may_stand_in_the_address_and_the_header_wins() {
    let app = TestApp::start().await;
    let staff = app.sign_in(OPS).await;
    let first = app.head().await;
    change(&staff, 1, "one").await;
    let second = app.head().await;
    change(&staff, 1, "two").await;
    for path in PATHS {
        let mut stream = staff.open(&format!("{path}?after={first}")).await;
        assert_eq!(stream.connected().await, first);
        assert_eq!(stream.event().await.data["patch"]["note"], "one 0");
        let mut stream = staff.resume(&format!("{path}?after={first}"), &second.to_string()).await;
        assert_eq!(stream.connected().await, second);
        assert_eq!(stream.event().await.data["patch"]["note"], "two 0");
    }
}

#[tokio::test]
async fn a_position_that_means_nothing_here_is_a_reset_and_never_an_error() {
    let app = TestApp::start().await;
    let staff = app.sign_in(OPS).await;
    let head = app.head().await;
    // Other programs of the same database's server may be at work.
    let beyond = app.state.live.head().await.unwrap().at.major + 1_000_000;
    let beyond = Cursor::new(head.epoch.clone(), beyond, 0).to_string();
    let foreign = format!("another-log.{}", head.at);
    for path in PATHS {
        for position in
            [beyond.as_str(), &foreign, "17", "x", "a.b.c", "e.99999999999999999999.0", "ü"]
        {
            let mut stream = staff.resume(path, position).await;
            let at = stream.reset().await;
            assert!(app.is_head(&at).await, "{path} {position}: {at}");
            assert_eq!(stream.all_until(&head).await, [], "nothing is replayed");
        }
        let mut stream = staff.open(&format!("{path}?after=nonsense")).await;
        assert!(app.is_head(&stream.reset().await).await);
    }
    // What comes after a reset is heard.
    let mut stream = staff.resume(PATHS[0], "x").await;
    stream.reset().await;
    change(&staff, 1, "new").await;
    assert_eq!(stream.event().await.data["patch"]["note"], "new 0");
}

#[tokio::test]
async fn a_position_that_the_log_no_longer_continues_is_a_reset() {
    let app = TestApp::start().await;
    let staff = app.sign_in(OPS).await;
    let old = app.head().await;
    change(&staff, 3, "gone").await;
    // What is not settled is not trimmed.
    app.head().await;
    let keep = Retention { max_age_ms: u64::MAX, max_rows: 1 };
    let floor = app.state.live.trim(keep).await.unwrap().floor;
    let app = app.restart().await;
    let staff = staff.at(&app);
    for path in PATHS {
        let mut stream = staff.resume(path, &old.to_string()).await;
        assert!(app.is_head(&stream.reset().await).await);
        // From the floor on, everything is still there.
        assert_eq!(notes_since(&staff, &app, path, &floor).await, ["gone 2"], "{path}");
    }
}
