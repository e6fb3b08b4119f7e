//! What goes wrong with the log: it fails, it is silent, it is another one, it is spoilt.

use std::time::Duration;

use highwater::{
    Epoch,
    frame::Frame,
    server::{By, ChangeLog, HubSettings, Live, Retention, Subscribe, SubscribeError},
};
use sea_orm::ConnectionTrait;

use crate::{
    desk::{Desk, SqliteDesk},
    fake_log::{FakeLog, Mood},
    notes::{Noted, note},
    reader::{Reader, ask, listen, notes, settings, settle, start},
};

const PATIENCE: Duration = Duration::from_secs(30);

#[tokio::test(start_paused = true)]
async fn streams_are_closed_when_the_log_was_unreadable_for_too_long() {
    for mood in [Mood::Failing, Mood::Silent] {
        let log = FakeLog::new();
        let live = start(&log, HubSettings { patience: PATIENCE, ..settings() }).await;
        let mut reader = listen(&live, &["all"]).await;
        let early = ask(&live, &["all"]).await;
        log.set(mood);
        let failed = tokio::time::Instant::now();
        assert_eq!(reader.rest().await, []);
        let waited = failed.elapsed();
        // The last good read may be one poll old.
        let least = PATIENCE - settings().poll;
        assert!(waited >= least && waited < PATIENCE * 2, "{waited:?}");
        drop(reader);
        assert_eq!(live.hub().subscribers(), 0);
        assert_eq!(live.hub().subscribe(early).await.err(), Some(SubscribeError::Unavailable));

        log.set(Mood::Well);
        live.hub().ring();
        tokio::time::sleep(PATIENCE).await;
        let mut reader = listen(&live, &["all"]).await;
        let head = note(&live, &["all"], 1).await;
        assert_eq!(notes(&reader.until(&head).await), [(1, 1)]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_short_failure_only_delays() {
    let log = FakeLog::new();
    let live = start(&log, HubSettings { patience: PATIENCE, ..settings() }).await;
    let mut reader = listen(&live, &["all"]).await;
    log.set(Mood::Failing);
    let head = note(&live, &["all"], 1).await;
    tokio::time::sleep(PATIENCE / 2).await;
    log.set(Mood::Well);
    assert_eq!(notes(&reader.until(&head).await), [(1, 1)]);
}

#[tokio::test(start_paused = true)]
async fn a_log_that_cannot_be_read_is_not_asked_more_often_for_it() {
    let log = FakeLog::with_writers(8);
    let live = start(&log, settings()).await;
    let mut reader = listen(&live, &["all"]).await;
    // Where rows have come, more are looked for soon.
    let head = note(&live, &["all"], 1).await;
    assert_eq!(notes(&reader.until(&head).await), [(1, 1)]);
    let before = log.reads();
    note(&live, &["all"], 2).await;
    while log.reads() == before {
        tokio::task::yield_now().await;
    }
    log.set(Mood::Failing);
    let before = log.reads();
    tokio::time::sleep(settings().poll * 50).await;
    let reads = log.reads() - before;
    assert!((49..=52).contains(&reads), "{reads} times in vain");
}

/// All that a stream says when it cannot be continued: a reset to the head, and its end.
async fn assert_starts_over(live: &Live<FakeLog, Noted>, reader: &mut Reader) {
    let at = live.head().await.unwrap();
    assert_eq!(reader.rest().await, [Frame::Reset { at }]);
}

#[tokio::test(start_paused = true)]
async fn another_epoch_resets_everyone_and_ends_their_streams() {
    let log = FakeLog::new();
    let live = start(&log, settings()).await;
    let mut reader = listen(&live, &["all"]).await;
    let head = live.head().await.unwrap();
    let slow = Subscribe { collapse: true, ..ask(&live, &["staff"]).await };
    let mut slow = Reader::open(live.hub(), slow).await.greeted(&head).await;
    let old = note(&live, &["all", "staff"], 1).await;
    settle(&live).await;
    assert_eq!(notes(&reader.until(&old).await), [(1, 1)]);
    {
        let mut book = log.book();
        book.epoch = Epoch::new("restored").unwrap();
        (book.rows, book.head) = (Vec::new(), 0);
    }
    // Who may hear what is decided anew: the restored database may know other members.
    assert_starts_over(&live, &mut reader).await;
    assert_starts_over(&live, &mut slow).await;
    let ask = Subscribe { after: Some(Ok(old)), ..ask(&live, &["all"]).await };
    let mut again = Reader::open(live.hub(), ask).await;
    let head = live.head().await.unwrap();
    assert_eq!(again.next().await, Some(Frame::Reset { at: head.clone() }));
    let mut again = again.greeted(&head).await;
    let next = note(&live, &["all"], 2).await;
    assert_eq!(notes(&again.until(&next).await), [(1, 2)]);
}

#[tokio::test(start_paused = true)]
async fn rows_that_were_trimmed_before_they_were_routed_reset_everyone() {
    let log = FakeLog::new();
    let live = start(&log, settings()).await;
    let mut reader = listen(&live, &["all"]).await;
    log.set(Mood::Failing);
    note(&live, &["all"], 1).await;
    let nothing = Retention { max_age_ms: 3_600_000, max_rows: 0 };
    log.trim(nothing).await.unwrap();
    log.set(Mood::Well);
    assert_starts_over(&live, &mut reader).await;
}

#[tokio::test(start_paused = true)]
async fn a_stream_that_was_revoked_is_not_revived_by_another_epoch() {
    let log = FakeLog::new();
    let live = start(&log, settings()).await;
    let mut reader = listen(&live, &["all"]).await;
    let revoked = live.write::<_, crate::notes::Refused>(By::nobody(), |write| {
        Box::pin(async { Ok(write.revoke("user:7").await?) })
    });
    revoked.await.unwrap();
    settle(&live).await;
    log.book().epoch = Epoch::new("restored").unwrap();
    settle(&live).await;
    assert!(matches!(&reader.rest().await[..], [Frame::End { .. }]));
}

#[tokio::test]
async fn a_spoilt_row_is_a_reset_and_stops_nothing() {
    let too_large = format!(r#"('event', '["all"]', '{{"more":"{}"}}')"#, "x".repeat(2 << 20));
    for spoilt in ["('event', 'nobody', '{}')", "('access', '[]', 'nothing')", too_large.as_str()] {
        let desk = SqliteDesk::open().await;
        let live = start(desk.log(), settings()).await;
        let mut reader = listen(&live, &["all"]).await;
        let old = note(&live, &["all"], 1).await;
        assert_eq!(notes(&reader.until(&old).await), [(1, 1)]);
        let insert = format!("INSERT INTO highwater_log (kind, audiences, body) VALUES {spoilt}");
        desk.db.execute_unprepared(&insert).await.unwrap();
        let at = live.head().await.unwrap();
        assert_eq!(reader.rest().await, [Frame::Reset { at: at.clone() }]);
        let page = desk.log().after(&old, 10).await.unwrap();
        assert!(!page.continues(&old) && page.continues(&at));

        // Found in a replay, it is a reset as well.
        let ask = Subscribe { after: Some(Ok(old.clone())), ..ask(&live, &["all"]).await };
        let mut reader = Reader::open(live.hub(), ask).await.greeted(&old).await;
        assert_eq!(reader.until(&at).await, [Frame::Reset { at }]);
        let head = note(&live, &["all"], 2).await;
        assert_eq!(notes(&reader.until(&head).await), [(3, 2)]);
    }
}
