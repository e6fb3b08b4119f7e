//! Gzip: the same stream, each event as soon as it is written.

use std::time::{Duration, SystemTime};

use axum::http::header;
use highwater::{
    frame::Frame,
    server::{Encoding, HubSettings, Live, Subscribe, sse},
};

use crate::{
    fake_log::FakeLog,
    notes::{Noted, audiences, note, say_all},
    reader::{Reader, ask, notes, settings, settle, start},
};

async fn open(settings: HubSettings<Noted>) -> Live<FakeLog, Noted> {
    start(&FakeLog::new(), settings).await
}

async fn listen(live: &Live<FakeLog, Noted>, ask: Subscribe) -> Reader {
    Reader::open_as(live.hub(), ask, Encoding::Gzip).await
}

#[tokio::test(start_paused = true)]
async fn each_event_is_there_with_the_write_that_carries_it() {
    // Nothing else is written that could push an event out.
    let hour = Duration::from_secs(3600);
    let live = open(HubSettings { heartbeat: hour, ..settings() }).await;
    let head = live.head().await.unwrap();
    let mut reader = listen(&live, ask(&live, &["all"]).await).await.greeted(&head).await;
    for id in 1..=20 {
        let chunks = reader.chunks;
        let at = note(&live, &["all"], id).await;
        let event = Frame::Event { at, by: None, event: Noted::Written { id } };
        assert_eq!(reader.next().await, Some(event));
        assert_eq!(reader.chunks, chunks + 1);
    }
}

#[tokio::test(start_paused = true)]
async fn replays_from_ring_and_log_pings_and_the_end_are_whole() {
    for ring in [0, 5000] {
        let live = open(HubSettings { ring, ..settings() }).await;
        let start = live.head().await.unwrap();
        let events = (0..600).map(|id| (audiences(&["all"]), Noted::Written { id }));
        let head = say_all(&live, events.collect()).await;
        settle(&live).await;
        let resume = Subscribe {
            after: Some(Ok(start.clone())),
            expires: Some(SystemTime::now() + Duration::from_secs(60)),
            ..ask(&live, &["all"]).await
        };
        let mut plain = Reader::open(live.hub(), resume.clone()).await.greeted(&start).await;
        let mut reader = listen(&live, resume).await.greeted(&start).await;
        let expected: Vec<_> = (0..600).map(|id| (u64::from(id) + 1, id)).collect();
        assert_eq!(notes(&reader.until(&head).await), expected);
        assert_eq!(notes(&plain.until(&head).await), expected);
        // What the log replays is one piece; what many streams share cannot refer to each other.
        let least = if ring == 0 { plain.bytes / 4 } else { plain.bytes * 5 / 4 };
        assert!(reader.bytes < least, "{} of {}", reader.bytes, plain.bytes);
        // The reader checks sum and length.
        assert_eq!(reader.rest().await, []);
    }
}

#[tokio::test(start_paused = true)]
async fn a_drain_ends_it_in_good_order() {
    let live = open(HubSettings { queue: 1, ..settings() }).await;
    let collapse = Subscribe { collapse: true, ..ask(&live, &["all"]).await };
    let head = live.head().await.unwrap();
    let mut reader = listen(&live, collapse).await.greeted(&head).await;
    for id in 1..=100 {
        note(&live, &["all"], id).await;
    }
    live.hub().drain(Duration::from_secs(1)).await;
    let told = reader.rest().await;
    assert!(matches!(told.as_slice(), [Frame::Stale { tags, .. }] if tags.len() == 100));
    assert!(reader.retry.is_some());
}

#[tokio::test(start_paused = true)]
async fn its_headers_say_so() {
    let live = open(settings()).await;
    let subscription = live.hub().subscribe(ask(&live, &[]).await).await.unwrap();
    let headers = sse(subscription, Encoding::Gzip).into_parts().0.headers;
    assert_eq!(headers.get(header::CONTENT_ENCODING).unwrap(), "gzip");
    assert_eq!(headers.get(header::CONTENT_TYPE).unwrap(), "text/event-stream");
    assert_eq!(headers.get(header::VARY).unwrap(), "accept-encoding");
}
