//! Changes of access: they take effect in log order, on open streams and on resumed ones.

use std::{
    collections::BTreeSet,
    time::{Duration, SystemTime},
};

use highwater::{
    AsOf, Cursor,
    frame::Frame,
    server::{AccessChange, By, HubSettings, Live, Subscribe, SubscribeError},
};

use crate::{
    fake_log::FakeLog,
    notes::{Noted, Refused, audiences, note},
    reader::{Reader, ask, listen, notes, settings, settle, start},
};

async fn open() -> Live<FakeLog, Noted> {
    start(&FakeLog::new(), settings()).await
}

async fn change(live: &Live<FakeLog, Noted>, change: AccessChange) -> Cursor {
    let written = live.write::<_, Refused>(By::nobody(), |write| {
        Box::pin(async move { Ok(write.record_access(&change).await?) })
    });
    written.await.unwrap().cursor
}

/// User 7 leaves and joins these audiences, and loses or gains the tag that is its number.
async fn moves(live: &Live<FakeLog, Noted>, leave: &[&str], join: &[&str]) -> Cursor {
    let access = AccessChange {
        subject: "user:7".into(),
        join: audiences(join),
        leave: audiences(leave),
        gained: join.iter().map(|_| 1.into()).collect(),
        lost: leave.iter().map(|_| 2.into()).collect(),
        end: false,
    };
    change(live, access).await
}

async fn revoke(live: &Live<FakeLog, Noted>, subject: &'static str) -> Cursor {
    let written = live.write::<_, Refused>(By::nobody(), |write| {
        Box::pin(async move { Ok(write.revoke(subject).await?) })
    });
    written.await.unwrap().cursor
}

#[tokio::test(start_paused = true)]
async fn joining_and_leaving_hold_from_the_next_row_on() {
    let live = open().await;
    let mut reader = listen(&live, &["old"]).await;
    note(&live, &["new"], 1).await;
    note(&live, &["old"], 2).await;
    let at = moves(&live, &["old"], &["new"]).await;
    note(&live, &["old"], 3).await;
    let head = note(&live, &["new"], 4).await;
    let frames = reader.until(&head).await;
    assert_eq!(notes(&frames[..1]), [(2, 2)]);
    assert_eq!(frames[1], Frame::Access { gained: vec![1], lost: vec![2], at });
    assert_eq!(notes(&frames[2..]), [(5, 4)]);
    // And back again.
    moves(&live, &["new"], &["old"]).await;
    note(&live, &["new"], 5).await;
    let head = note(&live, &["old"], 6).await;
    assert_eq!(notes(&reader.until(&head).await[1..]), [(8, 6)]);
}

#[tokio::test(start_paused = true)]
async fn only_its_subject_hears_of_a_change() {
    let live = open().await;
    let other =
        Subscribe { subjects: BTreeSet::from(["user:8".into()]), ..ask(&live, &["old"]).await };
    let head = live.head().await.unwrap();
    let mut other = Reader::open(live.hub(), other).await.greeted(&head).await;
    moves(&live, &["old"], &["new"]).await;
    note(&live, &["new"], 1).await;
    let head = note(&live, &["old"], 2).await;
    assert_eq!(notes(&other.until(&head).await), [(3, 2)]);
}

#[tokio::test(start_paused = true)]
async fn a_resume_hears_what_it_may_today_and_how_that_changed() {
    for ring in [0, 100] {
        let live = start(&FakeLog::new(), HubSettings { ring, ..settings() }).await;
        let old = live.head().await.unwrap();
        note(&live, &["left"], 1).await;
        note(&live, &["kept"], 2).await;
        let at = moves(&live, &["left"], &["joined"]).await;
        let head = note(&live, &["left", "joined"], 3).await;
        settle(&live).await;
        let ask =
            Subscribe { after: Some(Ok(old.clone())), ..ask(&live, &["kept", "joined"]).await };
        let mut reader = Reader::open(live.hub(), ask).await.greeted(&old).await;
        let frames = reader.until(&head).await;
        assert_eq!(notes(&frames[..1]), [(2, 2)], "ring {ring}");
        assert_eq!(frames[1], Frame::Access { gained: vec![1], lost: vec![2], at });
        assert_eq!(notes(&frames[2..]), [(4, 3)]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_slow_reader_that_leaves_does_not_hear_the_rest_in_its_replay() {
    let live = start(&FakeLog::new(), HubSettings { queue: 1, ring: 1, ..settings() }).await;
    let mut reader = listen(&live, &["secret", "all"]).await;
    for id in 1..=3 {
        note(&live, &["secret"], id).await;
    }
    settle(&live).await;
    let at = moves(&live, &["secret"], &[]).await;
    note(&live, &["secret"], 4).await;
    let head = note(&live, &["all"], 5).await;
    settle(&live).await;
    let frames = reader.until(&head).await;
    assert_eq!(frames[0], Frame::Access { gained: vec![], lost: vec![2], at });
    assert_eq!(notes(&frames[1..]), [(6, 5)]);
}

#[tokio::test(start_paused = true)]
async fn audiences_decided_earlier_are_brought_up_to_date() {
    let live = open().await;
    let early = ask(&live, &["old"]).await;
    moves(&live, &["old"], &["new"]).await;
    let head = note(&live, &["all"], 1).await;
    settle(&live).await;
    let mut reader = Reader::open(live.hub(), early).await.greeted(&head).await;
    note(&live, &["old"], 2).await;
    let head = note(&live, &["new"], 3).await;
    assert_eq!(notes(&reader.until(&head).await), [(4, 3)]);
}

#[tokio::test(start_paused = true)]
async fn audiences_that_cannot_be_brought_up_to_date_are_refused() {
    let live = start(&FakeLog::new(), HubSettings { ring: 1, ..settings() }).await;
    let early = ask(&live, &["old"]).await;
    note(&live, &["all"], 1).await;
    note(&live, &["all"], 2).await;
    settle(&live).await;
    assert_eq!(live.hub().subscribe(early).await.err(), Some(SubscribeError::Outdated));

    let live = open().await;
    let early = ask(&live, &["old"]).await;
    revoke(&live, "user:7").await;
    settle(&live).await;
    assert_eq!(live.hub().subscribe(early).await.err(), Some(SubscribeError::Outdated));

    let mut foreign = ask(&live, &["old"]).await;
    foreign.evaluated = AsOf::upto(&"restored.99.0".parse().unwrap());
    assert_eq!(live.hub().subscribe(foreign).await.err(), Some(SubscribeError::Outdated));
}

#[tokio::test(start_paused = true)]
async fn a_revoked_stream_ends_after_what_was_queued() {
    let live = open().await;
    let mut reader = listen(&live, &["all"]).await;
    note(&live, &["all"], 1).await;
    note(&live, &["all"], 2).await;
    let at = revoke(&live, "user:7").await;
    note(&live, &["all"], 3).await;
    settle(&live).await;
    let frames = reader.rest().await;
    assert_eq!(notes(&frames[..2]), [(1, 1), (2, 2)]);
    assert_eq!(frames[2..], [Frame::End { at }]);
    drop(reader);
    assert_eq!(live.hub().subscribers(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_revoked_stream_ends_however_slow_its_reader_is() {
    for collapse in [false, true] {
        let settings = HubSettings { queue: 1, tags: 2, ..settings() };
        let live = start(&FakeLog::new(), settings).await;
        let head = live.head().await.unwrap();
        let ask = Subscribe { collapse, ..ask(&live, &["all"]).await };
        let mut reader = Reader::open(live.hub(), ask).await.greeted(&head).await;
        for id in 1..=5 {
            note(&live, &["all"], id).await;
        }
        settle(&live).await;
        let at = revoke(&live, "user:7").await;
        note(&live, &["all"], 6).await;
        settle(&live).await;
        for frame in reader.rest().await {
            assert!(matches!(&frame, Frame::Reset { at: reset } if *reset == at), "{frame:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_stream_ends_with_its_session() {
    let live = open().await;
    let left = Duration::from_secs(600);
    let expires = Some(SystemTime::now() + left);
    let ask = Subscribe { expires, ..ask(&live, &["all"]).await };
    let opened = tokio::time::Instant::now();
    let head = live.head().await.unwrap();
    let mut reader = Reader::open(live.hub(), ask).await.greeted(&head).await;
    note(&live, &["all"], 1).await;
    assert_eq!(notes(&reader.rest().await), [(1, 1)]);
    assert!(opened.elapsed().abs_diff(left) < Duration::from_secs(1));
}

#[tokio::test(start_paused = true)]
async fn a_stream_of_a_session_that_is_over_says_nothing() {
    let live = open().await;
    let expires = Some(SystemTime::now() - Duration::from_secs(1));
    let ask = Subscribe { expires, ..ask(&live, &["all"]).await };
    let mut reader = Reader::open(live.hub(), ask).await;
    note(&live, &["all"], 1).await;
    settle(&live).await;
    assert!(matches!(reader.next().await, Some(Frame::Connected { .. })));
    assert_eq!(reader.next().await, None);
}
