//! Resuming: replay and live meet without gap or duplicate, or there is a reset.

use std::time::Duration;

use highwater::{
    Cursor, Epoch,
    frame::Frame,
    server::{
        ChangeLog, HubSettings, Live, Recorded, Resume, Retention, Subscribe, SubscribeError,
    },
};

use crate::{
    fake_log::{FakeLog, Mood},
    notes::{Noted, audiences, note, say_all},
    reader::{Reader, ask, notes, settings, settle, start},
};

async fn resume(live: &Live<FakeLog, Noted>, audience: &str, after: &Cursor) -> Subscribe {
    Subscribe { after: Some(Ok(after.clone())), ..ask(live, &[audience]).await }
}

/// The greeting of a stream whose position cannot be continued.
async fn assert_reset(live: &Live<FakeLog, Noted>, ask: Subscribe) -> Reader {
    settle(live).await;
    let head = live.head().await.unwrap();
    let mut reader = Reader::open(live.hub(), ask).await;
    assert_eq!(reader.next().await, Some(Frame::Reset { at: head.clone() }));
    reader.greeted(&head).await
}

#[tokio::test(start_paused = true)]
async fn the_ring_or_the_log_replays_what_was_missed() {
    for ring in [0, 1, 5, 100] {
        let live = start(&FakeLog::new(), HubSettings { ring, ..settings() }).await;
        let start = note(&live, &["all"], 0).await;
        for id in 1..=10 {
            note(&live, &[if id % 2 == 0 { "all" } else { "others" }], id).await;
        }
        let ask = resume(&live, "all", &start).await;
        let mut reader = Reader::open(live.hub(), ask).await.greeted(&start).await;
        let head = note(&live, &["all"], 11).await;
        let heard = notes(&reader.until(&head).await);
        assert_eq!(heard, [(3, 2), (5, 4), (7, 6), (9, 8), (11, 10), (12, 11)], "ring {ring}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_replay_longer_than_a_page_is_whole() {
    for ring in [10, 4096] {
        let live = start(&FakeLog::new(), HubSettings { ring, ..settings() }).await;
        let start = live.head().await.unwrap();
        let events = (0..1000).map(|id| (audiences(&["all"]), Noted::Written { id }));
        let head = say_all(&live, events.collect()).await;
        let ask = resume(&live, "all", &start).await;
        let heard =
            notes(&Reader::open(live.hub(), ask).await.greeted(&start).await.until(&head).await);
        assert_eq!(heard, (0..1000).map(|id| (u64::from(id) + 1, id)).collect::<Vec<_>>());
    }
}

#[tokio::test(start_paused = true)]
async fn a_restarted_hub_replays_from_the_log() {
    let log = FakeLog::new();
    let first = start(&log, settings()).await;
    let at = note(&first, &["all"], 1).await;
    let head = note(&first, &["all"], 2).await;
    drop(first);
    let second = start(&log, settings()).await;
    let ask = resume(&second, "all", &at).await;
    let mut reader = Reader::open(second.hub(), ask).await.greeted(&at).await;
    assert_eq!(notes(&reader.until(&head).await), [(2, 2)]);
}

#[tokio::test(start_paused = true)]
async fn a_position_that_nobody_knows_is_a_reset_before_connected() {
    let live = start(&FakeLog::new(), settings()).await;
    let head = note(&live, &["all"], 1).await;
    let positions = [
        "nonsense".parse(),
        Ok(Cursor::new(Epoch::new("another").unwrap(), 1, 0)),
        Ok(Cursor::new(head.epoch.clone(), head.at.major + 100, 0)),
    ];
    for after in positions {
        let ask = Subscribe { after: Some(after), ..ask(&live, &["all"]).await };
        let mut reader = assert_reset(&live, ask).await;
        let next = note(&live, &["all"], 2).await;
        assert_eq!(notes(&reader.until(&next).await), [(next.at.major, 2)]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_trimmed_position_is_a_reset() {
    let log = FakeLog::new();
    let live = start(&log, HubSettings { ring: 1, ..settings() }).await;
    let old = note(&live, &["all"], 1).await;
    for id in 2..6 {
        note(&live, &["all"], id).await;
    }
    settle(&live).await;
    let floor = log.trim(Retention { max_age_ms: 3_600_000, max_rows: 2 }).await.unwrap().floor;
    assert_reset(&live, resume(&live, "all", &old).await).await;
    let ask = resume(&live, "all", &floor).await;
    let mut reader = Reader::open(live.hub(), ask).await.greeted(&floor).await;
    let head = live.head().await.unwrap();
    assert_eq!(notes(&reader.until(&head).await), [(4, 4), (5, 5)]);
}

#[tokio::test(start_paused = true)]
async fn a_replay_that_is_trimmed_midway_ends_in_a_reset() {
    let log = FakeLog::new();
    let live = start(&log, HubSettings { ring: 1, ..settings() }).await;
    let start = live.head().await.unwrap();
    let events = (0..1000).map(|id| (audiences(&["all"]), Noted::Written { id }));
    let head = say_all(&live, events.collect()).await;
    let ask = resume(&live, "all", &start).await;
    let mut reader = Reader::open(live.hub(), ask).await.greeted(&start).await;
    assert_eq!(notes(&[reader.next().await.unwrap()]), [(1, 0)]);
    log.trim(Retention { max_age_ms: 3_600_000, max_rows: 0 }).await.unwrap();
    let frames = reader.until(&head).await;
    let (last, replayed) = frames.split_last().unwrap();
    assert_eq!(*last, Frame::Reset { at: head });
    let heard: Vec<_> = notes(replayed).iter().map(|(_, id)| *id).collect();
    assert_eq!(heard, (1..=u32::try_from(heard.len()).unwrap()).collect::<Vec<_>>());
    assert!(heard.len() < 999);
}

#[tokio::test(start_paused = true)]
async fn what_another_process_wrote_is_resumed_after_before_this_hub_has_read_it() {
    let log = FakeLog::new();
    let live = start(&log, HubSettings { poll: Duration::from_secs(3600), ..settings() }).await;
    let event = |id| Recorded::Event {
        to: audiences(&["all"]),
        json: serde_json::to_string(&Noted::Written { id }).unwrap(),
    };
    let seen = log.book().append(event(1));
    let head = log.book().append(event(2));
    let ask = resume(&live, "all", &seen).await;
    let mut reader = Reader::open(live.hub(), ask).await.greeted(&seen).await;
    assert_eq!(notes(&reader.until(&head).await), [(2, 2)]);
}

#[tokio::test(start_paused = true)]
async fn a_position_that_cannot_be_looked_up_is_not_guessed() {
    let log = FakeLog::new();
    let live = start(&log, HubSettings { ring: 0, ..settings() }).await;
    let old = note(&live, &["all"], 1).await;
    note(&live, &["all"], 2).await;
    settle(&live).await;
    let ask = resume(&live, "all", &old).await;
    log.set(Mood::Failing);
    let refused = live.hub().subscribe(ask).await.err();
    assert_eq!(refused, Some(SubscribeError::Unavailable));
}

#[test]
fn the_header_goes_before_the_parameter() {
    let with = |value: &'static str| {
        let mut headers = axum::http::HeaderMap::new();
        headers.insert("last-event-id", axum::http::HeaderValue::from_static(value));
        headers
    };
    let none = axum::http::HeaderMap::new();
    let cursor = |number| Some(Ok(Cursor::new(Epoch::new("e").unwrap(), number, 0)));
    assert_eq!(Resume::position(&with("e.1.0"), Some("e.2.0")), cursor(1));
    assert_eq!(Resume::position(&none, Some("e.2.0")), cursor(2));
    assert_eq!(Resume::position(&with(""), Some("e.2.0")), cursor(2), "an empty one is none");
    assert_eq!(Resume::position(&none, None), None);
    assert_eq!(Resume::position(&none, Some("")), None);
    assert!(matches!(Resume::position(&with("1"), None), Some(Err(_))));
}
