//! Slow readers: what waits for them is bounded, and nothing of it is lost silently.

use std::time::Duration;

use highwater::{
    Cursor,
    frame::Frame,
    server::{Encoding, HubSettings, Live, Recorded, Subscribe},
};

use crate::{
    fake_log::FakeLog,
    memory,
    notes::{Noted, audiences, note, say, say_all},
    reader::{Reader, ask, listen, notes, settings, settle, start},
};

async fn open(queue: usize, tags: usize, ring: usize) -> Live<FakeLog, Noted> {
    start(&FakeLog::new(), HubSettings { queue, tags, ring, ..settings() }).await
}

async fn collapsing(live: &Live<FakeLog, Noted>) -> Reader {
    let head = live.head().await.unwrap();
    let ask = Subscribe { collapse: true, ..ask(live, &["all"]).await };
    Reader::open(live.hub(), ask).await.greeted(&head).await
}

#[tokio::test(start_paused = true)]
async fn a_full_queue_collapses_into_its_tags_with_their_newest_rows() {
    let live = open(3, 10, 100).await;
    let mut reader = collapsing(&live).await;
    let mut newest = std::collections::BTreeMap::new();
    for id in [1, 2, 1, 3, 2] {
        newest.insert(id, note(&live, &["all"], id).await);
    }
    let others = note(&live, &["others"], 9).await;
    settle(&live).await;
    let upto = newest[&2].clone();
    let stale = Frame::Stale { tags: newest.into_iter().collect(), upto };
    assert_eq!(reader.until(&others).await, [stale]);
    // It is live again, and starts with an empty queue.
    let head = note(&live, &["all"], 4).await;
    assert_eq!(notes(&reader.until(&head).await), [(head.at.major, 4)]);
}

#[tokio::test(start_paused = true)]
async fn a_queue_that_is_just_full_does_not_collapse() {
    let live = open(3, 10, 100).await;
    let mut reader = collapsing(&live).await;
    for id in 1..3 {
        note(&live, &["all"], id).await;
    }
    let head = note(&live, &["all"], 3).await;
    settle(&live).await;
    assert_eq!(notes(&reader.until(&head).await), [(1, 1), (2, 2), (3, 3)]);
}

#[tokio::test(start_paused = true)]
async fn too_many_tags_collapse_into_a_reset() {
    let live = open(2, 4, 100).await;
    let mut reader = collapsing(&live).await;
    for id in 1..=4 {
        note(&live, &["all"], id).await;
    }
    settle(&live).await;
    let at = note(&live, &["all"], 5).await;
    settle(&live).await;
    assert_eq!(reader.until(&at).await, [Frame::Reset { at }]);
    let head = note(&live, &["all"], 6).await;
    assert_eq!(notes(&reader.until(&head).await), [(head.at.major, 6)]);
}

#[tokio::test(start_paused = true)]
async fn a_reset_that_waits_says_the_newest_row_it_stands_for() {
    let live = open(1, 1, 100).await;
    let mut reader = collapsing(&live).await;
    for id in 1..100 {
        note(&live, &["all"], id).await;
    }
    let at = note(&live, &["all"], 100).await;
    settle(&live).await;
    assert_eq!(reader.until(&at).await, [Frame::Reset { at }]);
}

#[tokio::test(start_paused = true)]
async fn without_collapse_a_slow_reader_gets_every_event() {
    for ring in [0, 7, 5000] {
        let live = open(3, 1, ring).await;
        let mut reader = listen(&live, &["all"]).await;
        let mut head = None;
        for start in [0, 300, 600] {
            let events =
                (start..start + 300).map(|id| (audiences(&["all"]), Noted::Written { id }));
            head = Some(say_all(&live, events.collect()).await);
            settle(&live).await;
        }
        let heard = notes(&reader.until(&head.unwrap()).await);
        let all: Vec<_> = (0..900).map(|id| (u64::from(id) + 1, id)).collect();
        assert_eq!(heard, all, "ring {ring}");
        let head = note(&live, &["all"], 900).await;
        assert_eq!(notes(&reader.until(&head).await), [(901, 900)]);
    }
}

#[tokio::test(start_paused = true)]
async fn of_events_that_supersede_each_other_the_newest_waits() {
    let live = open(10, 10, 100).await;
    let mut reader = collapsing(&live).await;
    let progress = |id, done| Noted::Progress { id, done };
    for done in 1..30 {
        say(&live, &["all"], progress(1, done)).await;
    }
    let other = say(&live, &["all"], progress(2, 5)).await;
    let noted = note(&live, &["all"], 3).await;
    let head = say(&live, &["all"], progress(1, 100)).await;
    settle(&live).await;
    let frames = reader.until(&head).await;
    assert_eq!(
        frames,
        [
            Frame::Event { at: other, by: None, event: progress(2, 5) },
            Frame::Event { at: noted, by: None, event: Noted::Written { id: 3 } },
            Frame::Event { at: head, by: None, event: progress(1, 100) },
        ]
    );
    // Once written, it supersedes nothing that comes later.
    let next = say(&live, &["all"], progress(1, 1)).await;
    let again = Frame::Event { at: next.clone(), by: None, event: progress(1, 1) };
    assert_eq!(reader.until(&next).await, [again]);
}

/// 6,000 events of so many notes over a minute in which nobody reads.
async fn write_for_a_minute(live: &Live<FakeLog, Noted>, notes: u32) -> Cursor {
    let mut written = 0..6_000_u32;
    for _ in 0..600 {
        for id in written.by_ref().take(10) {
            let json = serde_json::to_string(&Noted::Written { id: id % notes }).unwrap();
            live.log().book().append(Recorded::Event { to: audiences(&["all"]), json });
        }
        live.hub().ring();
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    settle(live).await;
    live.head().await.unwrap()
}

/// What a stream has in memory that nobody reads for a minute: what its end frees.
async fn held_after_a_minute(collapse: bool, notes: u32, encoding: Encoding) -> isize {
    let live = open(256, 1024, 64).await;
    let ask = Subscribe { collapse, ..ask(&live, &["all"]).await };
    let mut reader = Reader::open_as(live.hub(), ask, encoding).await;
    reader.next().await;
    write_for_a_minute(&live, notes).await;
    let before = memory::held();
    drop(reader);
    before - memory::held()
}

#[tokio::test(start_paused = true)]
async fn a_reader_that_stops_for_a_minute_holds_little_memory() {
    for encoding in [Encoding::Identity, Encoding::Gzip] {
        // Each event by itself, as many tags as a backlog may have, and more.
        for (collapse, notes) in [(false, 6_000), (true, 1_000), (true, 6_000)] {
            let held = held_after_a_minute(collapse, notes, encoding).await;
            assert!((1..256 * 1024).contains(&held), "{held} bytes, collapse {collapse}, {notes}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_reader_that_stops_for_a_minute_and_reads_on_gets_each_event() {
    let live = open(256, 1024, 64).await;
    let mut reader = listen(&live, &["all"]).await;
    let head = write_for_a_minute(&live, 6_000).await;
    let heard = notes(&reader.until(&head).await);
    let all: Vec<_> = (0..6_000).map(|id| (u64::from(id) + 1, id)).collect();
    assert!(heard == all, "{} events", heard.len());
}

#[tokio::test(start_paused = true)]
async fn a_reader_that_stops_for_a_minute_and_reads_on_is_told_all_that_went_stale() {
    for (notes, tags) in [(1_000, Some(1_000)), (6_000, None)] {
        let live = open(256, 1024, 64).await;
        let mut reader = collapsing(&live).await;
        let head = write_for_a_minute(&live, notes).await;
        let told = reader.until(&head).await;
        match told.as_slice() {
            [Frame::Stale { tags: stale, upto }] => {
                assert_eq!((Some(stale.len()), upto), (tags, &head));
            }
            [Frame::Reset { at }] => assert_eq!((tags, at), (None, &head)),
            other => panic!("{} frames", other.len()),
        }
        let next = note(&live, &["all"], 1).await;
        assert_eq!(crate::reader::notes(&reader.until(&next).await), [(6_001, 1)]);
    }
}
