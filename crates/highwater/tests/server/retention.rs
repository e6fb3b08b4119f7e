//! Trimming in the background: replays run meanwhile, writers go in between, and nobody gets a gap.

use std::time::Duration;

use futures::future::join_all;
use highwater::{
    Cursor,
    frame::Frame,
    server::{
        By, Encoding, HubSettings, Live, Retention, SqliteLog, Subscribe, SubscribeError,
        TRIM_BATCH,
    },
};

use crate::{
    desk::{Desk, SqliteDesk},
    fake_log::FakeLog,
    notes::{Noted, Refused, audiences, note, say_all},
    reader::{Reader, ask, settings, start},
};

const HOUR_MS: u64 = 3_600_000;

async fn fill(live: &Live<FakeLog, Noted>, rows: u32) -> Cursor {
    let events = (0..rows).map(|id| (audiences(&["all"]), Noted::Written { id }));
    say_all(live, events.collect()).await
}

#[tokio::test(start_paused = true)]
async fn the_log_is_trimmed_in_the_background_until_the_last_clone_is_gone() {
    let log = FakeLog::new();
    let retention = Some(Retention { max_age_ms: HOUR_MS, max_rows: 3 });
    let live = start(&log, HubSettings { retention, ..settings() }).await;
    for round in 1..=3_u64 {
        // More than one step takes, each time.
        fill(&live, TRIM_BATCH * 2).await;
        tokio::time::sleep(Duration::from_secs(120)).await;
        let head = u64::from(TRIM_BATCH) * 2 * round;
        let book = log.book();
        assert_eq!((book.floor, book.rows.len()), (head - 3, 3));
    }
    log.book().age();
    log.book().age();
    tokio::time::sleep(Duration::from_secs(120)).await;
    assert_eq!(log.book().rows, []);
    drop(live);
    tokio::time::sleep(Duration::from_secs(120)).await;
    assert!(!log.is_held_elsewhere());
}

#[tokio::test(start_paused = true)]
async fn without_retention_everything_is_kept() {
    let log = FakeLog::new();
    let live = start(&log, settings()).await;
    note(&live, &["all"], 1).await;
    log.book().age();
    tokio::time::sleep(Duration::from_secs(600)).await;
    assert_eq!(log.book().rows.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_writer_goes_between_two_steps() {
    let log = FakeLog::new();
    let live = start(&log, settings()).await;
    fill(&live, TRIM_BATCH * 3).await;
    let nothing = Retention { max_age_ms: HOUR_MS, max_rows: 0 };
    let write = live.write::<_, Refused>(By::nobody(), |write| {
        let floor = write.tx().copy().floor;
        Box::pin(async move { Ok(floor) })
    });
    let (trimmed, written) = futures::join!(live.trim(nothing), write);
    assert_eq!(written.unwrap().value, u64::from(TRIM_BATCH), "after the first step");
    assert_eq!(trimmed.unwrap().rows, u64::from(TRIM_BATCH) * 3);
}

/// Resumes at a position and reads to what was the head then: each row once and in order, or a
/// reset that says from where on. Says whether there was a reset.
async fn replay(live: &Live<SqliteLog, Noted>, after: Cursor) -> bool {
    let (subscription, head) = loop {
        let ask = Subscribe { after: Some(Ok(after.clone())), ..ask(live, &["all"]).await };
        let head = live.head().await.unwrap();
        match live.hub().subscribe(ask).await {
            // So many rows came meanwhile that the ring has lost the first of them: ask again.
            Err(SubscribeError::Outdated) => {}
            subscription => break (subscription.unwrap(), head),
        }
    };
    let mut reader = Reader::of(subscription, Encoding::Identity);
    let (mut at, mut resets) = (after, 0);
    for frame in reader.until(&head).await {
        match frame {
            Frame::Connected { at: start, .. } => assert_eq!(start, at),
            Frame::Reset { at: from } => {
                assert!(from.reaches(&at));
                (at, resets) = (from, resets + 1);
            }
            Frame::Event { at: next, .. } => {
                assert_eq!(next.at.major, at.at.major + 1, "a gap or a duplicate");
                at = next;
            }
            other => panic!("{other:?}"),
        }
    }
    assert!(at.reaches(&head));
    resets > 0
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_replay_gets_each_row_or_a_reset_while_the_log_is_trimmed() {
    const ROWS: u32 = 400;
    let desk = SqliteDesk::open().await;
    // Nearly every replay has to read the log.
    let live = start(desk.log(), HubSettings { ring: 2, ..settings() }).await;
    let (epoch, keep) = (live.head().await.unwrap().epoch, 12);
    let write = async {
        for id in 0..ROWS {
            let at = note(&live, &["all"], id).await;
            // A hub that is trimmed past ends its streams, which has a test of its own.
            while live.hub().routed().at.major + keep / 2 < at.at.major {
                tokio::task::yield_now().await;
            }
            live.trim(Retention { max_age_ms: HOUR_MS, max_rows: keep }).await.unwrap();
        }
    };
    let replays = (0..4_u64).map(|reader| {
        let (live, epoch) = (live.clone(), epoch.clone());
        async move {
            let (mut reset, mut whole) = (0, 0);
            for round in 0.. {
                let head = live.head().await.unwrap().at.major;
                // Around the floor, on either side of it, and it moves meanwhile.
                let after = head.saturating_sub(keep - 4 + (reader * 3 + round) % 9);
                match replay(&live, Cursor::new(epoch.clone(), after, 0)).await {
                    true => reset += 1,
                    false => whole += 1,
                }
                if head == u64::from(ROWS) {
                    break;
                }
            }
            (reset, whole)
        }
    });
    let (counts, ()) = futures::join!(join_all(replays), write);
    let (reset, whole) = counts.iter().fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
    assert!(reset > 0 && whole > 0, "{counts:?}");
}
