//! Who hears what on an open stream, in what order and how soon.

use std::time::Duration;

use axum::http::header;
use highwater::{
    frame::Frame,
    server::{Encoding, HubSettings, sse},
};

use crate::{
    fake_log::FakeLog,
    notes::{Noted, Refused, audiences, by, note, say_all},
    reader::{ask, listen, notes, settings, start},
};

#[tokio::test(start_paused = true)]
async fn an_event_reaches_exactly_its_audiences_and_each_subscriber_once() {
    let log = FakeLog::new();
    let live = start(&log, settings()).await;
    let mut staff = listen(&live, &["staff"]).await;
    let mut both = listen(&live, &["staff", "user:7"]).await;
    let mut nobody = listen(&live, &[]).await;
    note(&live, &["staff"], 1).await;
    note(&live, &["user:7"], 2).await;
    note(&live, &["staff", "user:7"], 3).await;
    note(&live, &[], 4).await;
    let head = note(&live, &["user:70", "staf"], 5).await;
    assert_eq!(notes(&staff.until(&head).await), [(1, 1), (3, 3)]);
    assert_eq!(notes(&both.until(&head).await), [(1, 1), (2, 2), (3, 3)]);
    assert_eq!(nobody.until(&head).await, []);
}

#[tokio::test(start_paused = true)]
async fn an_event_names_the_mutation_that_caused_it() {
    let live = start(&FakeLog::new(), settings()).await;
    let mut reader = listen(&live, &["all"]).await;
    let cause = by("ann", 9);
    let written = live.write::<_, Refused>(cause.clone(), |write| {
        Box::pin(async { Ok(write.record(&audiences(&["all"]), &Noted::Written { id: 1 }).await?) })
    });
    let at = written.await.unwrap().cursor;
    let event = Frame::Event { at, by: cause.mutation, event: Noted::Written { id: 1 } };
    assert_eq!(reader.next().await, Some(event));
}

#[tokio::test(start_paused = true)]
async fn what_this_build_cannot_decode_is_passed_on() {
    let log = FakeLog::new();
    let live = start(&log, settings()).await;
    let mut reader = listen(&live, &["all"]).await;
    let to = audiences(&["all"]);
    let json = r#"{"type":"note.burnt"}"#.to_owned();
    let at = log.book().append(highwater::server::Recorded::Event { to, json });
    assert_eq!(reader.until(&at).await, [Frame::Unknown { at: Some(at.clone()) }]);
}

#[tokio::test(start_paused = true)]
async fn what_is_queued_is_written_at_once() {
    let live = start(&FakeLog::new(), settings()).await;
    let mut reader = listen(&live, &["all"]).await;
    let events = (0..50).map(|id| (audiences(&["all"]), Noted::Written { id }));
    let head = say_all(&live, events.collect()).await;
    let before = reader.chunks;
    let mut heard = Vec::new();
    while heard.len() < 50 {
        heard.extend(reader.next().await);
    }
    assert_eq!(reader.chunks - before, 1);
    assert!(matches!(heard.last(), Some(Frame::Event { at, .. }) if *at == head));
}

#[tokio::test(start_paused = true)]
async fn an_idle_stream_is_written_to_at_once_and_a_busy_one_now_and_then() {
    // Without a poll or a heartbeat that could deliver in the doorbell's stead.
    let hour = Duration::from_secs(3600);
    let settings = HubSettings { poll: hour, heartbeat: hour, ..settings() };
    let live = start(&FakeLog::new(), settings).await;
    let mut reader = listen_now(&live).await;
    tokio::time::advance(Duration::from_secs(1)).await;
    let written = tokio::time::Instant::now();
    note(&live, &["all"], 1).await;
    assert_eq!(notes(&[reader.next().await.unwrap()]), [(1, 1)]);
    assert_eq!(written.elapsed(), Duration::ZERO);
    note(&live, &["all"], 2).await;
    assert_eq!(notes(&[reader.next().await.unwrap()]), [(2, 2)]);
    let waited = written.elapsed();
    assert!(waited > Duration::ZERO && waited < Duration::from_millis(10), "{waited:?}");
}

#[tokio::test(start_paused = true)]
async fn a_busy_stream_is_written_to_less_often_the_more_streams_hear_the_same() {
    let hour = Duration::from_secs(3600);
    let settings =
        HubSettings { poll: hour, heartbeat: hour, streams_per_owner: 1000, ..settings() };
    let live = start(&FakeLog::new(), settings).await;
    let mut readers = Vec::new();
    for (streams, least_ms, most_ms) in [(1, 4, 6), (400, 10, 12), (10, 4, 6)] {
        readers.truncate(streams);
        while readers.len() < streams {
            readers.push(listen_now(&live).await);
        }
        tokio::time::advance(Duration::from_secs(1)).await;
        note(&live, &["all"], 1).await;
        readers[0].next().await.unwrap();
        let written = tokio::time::Instant::now();
        note(&live, &["all"], 2).await;
        readers[0].next().await.unwrap();
        let waited_ms = written.elapsed().as_millis();
        assert!((least_ms..=most_ms).contains(&waited_ms), "{waited_ms} ms of {streams} streams");
    }
}

/// As `listen`, where no heartbeat comes to wait for.
async fn listen_now(live: &highwater::server::Live<FakeLog, Noted>) -> crate::reader::Reader {
    let head = live.head().await.unwrap();
    let ask = ask(live, &["all"]).await;
    crate::reader::Reader::open(live.hub(), ask).await.greeted(&head).await
}

#[tokio::test(start_paused = true)]
async fn a_busy_stream_says_how_far_it_is_complete() {
    let heartbeat = Duration::from_millis(300);
    let live = start(&FakeLog::new(), HubSettings { heartbeat, ..settings() }).await;
    let mut reader = listen_now(&live).await;
    let writer = tokio::spawn({
        let live = live.clone();
        async move {
            for id in 0..u32::MAX {
                note(&live, &["all"], id).await;
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        }
    });
    let opened = tokio::time::Instant::now();
    let mut newest = None;
    loop {
        assert!(opened.elapsed() < heartbeat + Duration::from_millis(20));
        match reader.next().await.unwrap() {
            Frame::Event { at, .. } => newest = Some(at),
            Frame::Ping { upto, .. } => {
                assert_eq!(Some(upto), newest, "behind all that it speaks of");
                break;
            }
            other => panic!("{other:?}"),
        }
    }
    writer.abort();
}

#[tokio::test(start_paused = true)]
async fn a_ping_comes_with_every_heartbeat_and_tells_when_the_head_was_read() {
    let heartbeat = Duration::from_secs(15);
    let live = start(&FakeLog::new(), HubSettings { heartbeat, ..settings() }).await;
    let mut reader = listen_now(&live).await;
    let head = note(&live, &["others"], 1).await;
    let opened = tokio::time::Instant::now();
    let before = crate::fake_log::now_ms();
    for beat in 1..4 {
        let Some(Frame::Ping { upto, checked_ms }) = reader.next().await else {
            panic!("a ping");
        };
        assert_eq!(upto, head);
        assert!(checked_ms.abs_diff(before) < 60_000);
        assert!(opened.elapsed().abs_diff(heartbeat * beat) < Duration::from_millis(20));
    }
}

#[tokio::test(start_paused = true)]
async fn a_dropped_stream_leaves_nothing_in_the_hub() {
    let live = start(&FakeLog::new(), settings()).await;
    let stays = listen(&live, &["all", "staff"]).await;
    let goes = listen(&live, &["all", "user:7"]).await;
    let never_read = live.hub().subscribe(ask(&live, &["all"]).await).await.unwrap();
    assert_eq!(live.hub().subscribers(), 3);
    drop((goes, never_read));
    assert_eq!(live.hub().subscribers(), 1);
    drop(stays);
    assert_eq!(live.hub().subscribers(), 0);
}

#[tokio::test(start_paused = true)]
async fn the_last_hub_takes_its_tail_along() {
    let log = FakeLog::new();
    let live = start(&log, settings()).await;
    let reader = listen(&live, &["all"]).await;
    drop(live);
    assert!(log.is_held_elsewhere(), "an open stream keeps the hub");
    drop(reader);
    tokio::time::timeout(Duration::from_secs(10), async {
        while log.is_held_elsewhere() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    })
    .await
    .expect("the tail stops");
}

#[tokio::test(start_paused = true)]
async fn no_proxy_keeps_or_buffers_a_stream() {
    let live = start(&FakeLog::new(), settings()).await;
    let subscription = live.hub().subscribe(ask(&live, &[]).await).await.unwrap();
    let response = sse(subscription, Encoding::Identity);
    let header = |name| response.headers().get(name).and_then(|value| value.to_str().ok());
    assert_eq!(header(header::VARY.as_str()), Some("accept-encoding"));
    assert_eq!(header(header::CONTENT_ENCODING.as_str()), None);
    assert_eq!(header(header::CONTENT_TYPE.as_str()), Some("text/event-stream"));
    assert_eq!(header(header::CACHE_CONTROL.as_str()), Some("no-store"));
    assert_eq!(header("x-accel-buffering"), Some("no"));
}
