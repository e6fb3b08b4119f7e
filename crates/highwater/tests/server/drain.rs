//! Drain: a node that is about to stop ends its streams in good order.

use std::{collections::BTreeSet, time::Duration};

use highwater::{
    frame::Frame,
    server::{HubSettings, Live, Subscribe, SubscribeError},
};

use crate::{
    fake_log::{FakeLog, Mood},
    notes::{Noted, audiences, note, say_all},
    reader::{Reader, ask, listen, notes, settings, settle, start},
};

const GRACE: Duration = Duration::from_secs(8);

async fn open(settings: HubSettings<Noted>) -> Live<FakeLog, Noted> {
    start(&FakeLog::new(), settings).await
}

#[tokio::test(start_paused = true)]
async fn a_thousand_streams_end_at_once_with_all_that_was_recorded_and_come_back_one_by_one() {
    // Nothing but the drain itself wakes a stream or the tail.
    let hour = Duration::from_secs(3600);
    let rare = HubSettings { poll: hour, heartbeat: hour, streams_per_owner: 1000, ..settings() };
    let live = open(rare).await;
    let head = live.head().await.unwrap();
    let mut readers = Vec::new();
    for _ in 0..1000 {
        let reader = Reader::open(live.hub(), ask(&live, &["all"]).await).await;
        readers.push(reader.greeted(&head).await);
    }
    // Committed by another process, so that no bell rang here.
    let foreign = open_elsewhere(live.log()).await;
    note(&foreign, &["all"], 1).await;
    note(&foreign, &["all"], 2).await;
    let started = tokio::time::Instant::now();
    live.hub().drain(GRACE).await;
    let ends = readers.into_iter().map(|mut reader| async move {
        assert_eq!(notes(&reader.rest().await), [(1, 1), (2, 2)]);
        reader.retry.expect("it is told when to come back")
    });
    let waits = futures::future::join_all(ends).await;
    assert!(started.elapsed() < Duration::from_secs(1), "{:?}", started.elapsed());
    assert_eq!(live.hub().subscribers(), 0);
    // Evenly: no tenth of the time has notably more of them than another.
    for tenth in 0..10 {
        let part = GRACE.as_millis() as u64 / 10;
        let in_part = waits.iter().filter(|wait| **wait / part == tenth).count();
        assert!((80..=120).contains(&in_part), "{in_part} come back in tenth {tenth}");
    }
}

/// The same log as another process has it, with a bell of its own.
async fn open_elsewhere(log: &FakeLog) -> Live<FakeLog, Noted> {
    start(log, settings()).await
}

#[tokio::test(start_paused = true)]
async fn new_streams_are_refused_each_with_a_moment_of_its_own_to_come_back() {
    let live = open(settings()).await;
    live.hub().drain(GRACE).await;
    let mut moments = BTreeSet::new();
    for _ in 0..100 {
        match live.hub().subscribe(ask(&live, &["all"]).await).await.err() {
            Some(SubscribeError::Draining { retry_after }) => moments.insert(retry_after),
            other => panic!("{other:?}"),
        };
    }
    assert_eq!(moments.len(), 100);
    assert!(moments.iter().all(|moment| *moment <= GRACE));
}

#[tokio::test(start_paused = true)]
async fn what_waits_for_a_slow_reader_is_written_before_the_end() {
    let live = open(HubSettings { queue: 2, ..settings() }).await;
    let head = live.head().await.unwrap();
    let collapse = Subscribe { collapse: true, ..ask(&live, &["all"]).await };
    let mut slow = Reader::open(live.hub(), collapse).await.greeted(&head).await;
    let mut quick = listen(&live, &["few"]).await;
    // Whoever reads on from the log would need a server for it.
    let mut behind = listen(&live, &["all"]).await;
    let events = (0..300).map(|id| (audiences(&["all"]), Noted::Written { id }));
    say_all(&live, events.collect()).await;
    let last = note(&live, &["few"], 7).await;
    settle(&live).await;
    live.hub().drain(GRACE).await;
    let told = slow.rest().await;
    let [Frame::Stale { tags, .. }] = told.as_slice() else { panic!("{told:?}") };
    assert_eq!(tags.len(), 300);
    assert_eq!(notes(&quick.rest().await), [(last.at.major, 7)]);
    assert_eq!(behind.rest().await, []);
    assert!(slow.retry.is_some() && quick.retry.is_some() && behind.retry.is_some());
}

#[tokio::test(start_paused = true)]
async fn streams_end_although_the_log_gives_no_answer() {
    for mood in [Mood::Failing, Mood::Silent] {
        let live = open(settings()).await;
        let mut reader = listen(&live, &["all"]).await;
        live.log().set(mood);
        live.hub().drain(GRACE).await;
        assert_eq!(reader.rest().await, []);
        assert!(reader.retry.is_some());
    }
}

#[tokio::test(start_paused = true)]
async fn a_stream_that_ends_for_another_reason_says_no_retry() {
    let live = open(settings()).await;
    let over = Some(std::time::SystemTime::now() + Duration::from_secs(1));
    let ask = Subscribe { expires: over, ..ask(&live, &["all"]).await };
    let mut reader = Reader::open(live.hub(), ask).await;
    reader.rest().await;
    assert_eq!(reader.retry, None);
}
