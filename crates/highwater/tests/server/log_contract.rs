//! The contract of every change log; each has a desk and runs the whole suite.
//!
//! A page has its floor and its head in one snapshot, a stamp includes exactly what its transaction
//! can see, and numbers are never used twice.

mod histories;
mod outcomes;
mod trimming;

use highwater::{
    Cursor, Epoch,
    server::{AccessChange, By, ChangeLog, MAX_EVENT_BYTES, Recorded, Row},
};

use self::{
    histories::{
        a_history_is_of_one_thing_and_pages_backwards, a_history_says_how_far_back_it_reaches,
    },
    outcomes::{
        the_first_outcome_stays, trimming_by_age_forgets_outcomes_too,
        trimming_by_count_forgets_no_outcome,
    },
    trimming::{
        a_trim_removes_no_more_than_a_batch, numbering_goes_on_after_everything_was_trimmed,
        rows_that_are_missing_in_between_push_nothing_out, the_newest_rows_stay_whoever_trims,
        trimming_by_count_keeps_the_newest,
    },
};
use crate::{
    desk::{Desk, FakeDesk, PostgresDesk, SqliteDesk},
    notes::{Noted, audiences, by},
};

type Tx<D> = <<D as Desk>::Log as ChangeLog>::Tx;

const FOREVER: u64 = 100 * 365 * 24 * 3_600_000;

async fn record<D: Desk>(tx: &Tx<D>, id: u32) -> Cursor {
    D::Log::record(tx, &By::nobody(), &audiences(&["all"]), &Noted::Written { id }).await.unwrap()
}

/// Writes notes, and their words beside them; answers the last one's place when they have settled.
async fn write<D: Desk>(desk: &D, ids: impl IntoIterator<Item = u32>) -> Cursor {
    let tx = desk.log().begin_write().await.unwrap();
    let mut last = None;
    for id in ids {
        D::put(&tx, &id.to_string()).await;
        last = Some(record::<D>(&tx, id).await);
    }
    let last = last.unwrap();
    D::Log::commit(tx).await.unwrap();
    desk.settled(&last).await;
    last
}

fn id_of(row: &Row) -> u32 {
    let Recorded::Event { json, .. } = &row.what else { panic!("an event, not {row:?}") };
    let Noted::Written { id } = serde_json::from_str(json).unwrap() else { panic!("{json}") };
    id
}

/// Where the rows after a cursor stand.
async fn places<D: Desk>(desk: &D, after: &Cursor) -> Vec<Cursor> {
    let rows = desk.log().after(after, 1000).await.unwrap().rows;
    rows.into_iter().map(|row| row.at).collect()
}

async fn a_row_lives_and_dies_with_its_transaction<D: Desk>() {
    let desk = D::open().await;
    let start = desk.log().head().await.unwrap();
    let tx = desk.log().begin_write().await.unwrap();
    D::put(&tx, "given up").await;
    record::<D>(&tx, 1).await;
    D::Log::rollback(tx).await.unwrap();
    // Not even said to be over: a request that was cancelled drops it.
    let tx = desk.log().begin_write().await.unwrap();
    D::put(&tx, "dropped").await;
    record::<D>(&tx, 2).await;
    drop(tx);

    let tx = desk.log().begin_read().await.unwrap();
    assert_eq!(D::words(&tx).await, Vec::<String>::new());
    desk.assert_same_place(&D::Log::stamp(&tx).await.unwrap().bound(), &start).await;
    D::Log::rollback(tx).await.unwrap();
    assert_eq!(desk.log().after(&start, 10).await.unwrap().rows, Vec::new());

    let last = write(&desk, [3]).await;
    let page = desk.log().after(&start, 10).await.unwrap();
    assert_eq!(page.rows.iter().map(id_of).collect::<Vec<_>>(), [3]);
    assert_eq!(page.rows[0].at, last);
    desk.assert_same_place(&page.upto, &last).await;
    desk.assert_same_place(&page.head, &last).await;
    let tx = desk.log().begin_read().await.unwrap();
    assert_eq!(D::words(&tx).await, ["3"]);
}

async fn what_is_recorded_comes_back_whole<D: Desk>() {
    let desk = D::open().await;
    let start = desk.log().head().await.unwrap();
    let tx = desk.log().begin_write().await.unwrap();
    let cause = by("ann", 77);
    let to = audiences(&["staff", "user:7 \"é\""]);
    let event = Noted::Written { id: 4 };
    let first = D::Log::record(&tx, &cause, &to, &event).await.unwrap();
    let change = AccessChange {
        subject: "user:7".into(),
        join: audiences(&["project:1"]),
        leave: audiences(&["project:2"]),
        gained: vec![1.into()],
        lost: vec![2.into()],
        end: true,
    };
    let second = D::Log::record_access(&tx, &By::actor("7 \"é\""), &change).await.unwrap();
    D::Log::commit(tx).await.unwrap();
    assert!(second.reaches(&first) && second != first);
    desk.settled(&second).await;

    let rows = desk.log().after(&start, 10).await.unwrap().rows;
    let [event_row, access_row] = &rows[..] else { panic!("two rows, not {rows:?}") };
    assert_eq!((&event_row.at, &access_row.at), (&first, &second));
    assert_eq!((event_row.by, access_row.by), (cause.mutation, None));
    let actors = [event_row, access_row].map(|row| row.actor.as_deref());
    assert_eq!(actors, [Some("ann"), Some("7 \"é\"")]);
    let about = [event_row, access_row].map(|row| row.about.as_deref());
    assert_eq!(about, [Some("note:4"), None]);
    let now = crate::fake_log::now_ms();
    assert!(now - event_row.recorded_ms < 60_000, "{} at {now}", event_row.recorded_ms);
    let Recorded::Event { to: heard_by, json } = &event_row.what else { panic!("{rows:?}") };
    assert_eq!((heard_by, serde_json::from_str::<Noted>(json).unwrap()), (&to, event));
    assert_eq!(access_row.what, Recorded::Access(change));
}

async fn a_stamp_includes_its_own_rows_and_no_others_uncommitted<D: Desk>() {
    let desk = D::open().await;
    let committed = write(&desk, [1]).await;
    let writer = desk.log().begin_write().await.unwrap();
    let own = record::<D>(&writer, 2).await;
    assert!(D::Log::stamp(&writer).await.unwrap().covers(&own));

    let early = desk.another().await.begin_read().await.unwrap();
    let stamp = D::Log::stamp(&early).await.unwrap();
    assert!(stamp.covers(&committed) && !stamp.covers(&own));
    D::Log::commit(writer).await.unwrap();
    // The snapshot is the first query's, whatever is committed meanwhile.
    assert_eq!(D::Log::stamp(&early).await.unwrap(), stamp);
    let late = desk.log().begin_read().await.unwrap();
    let newer = D::Log::stamp(&late).await.unwrap();
    assert!(newer.covers(&own) && newer.includes(&stamp));
}

async fn pages_continue_each_other<D: Desk>() {
    let desk = D::open().await;
    let start = desk.log().head().await.unwrap();
    let head = write(&desk, 0..10).await;
    let (mut after, mut read) = (start.clone(), Vec::new());
    loop {
        let page = desk.log().after(&after, 3).await.unwrap();
        assert!(page.continues(&after) && page.rows.len() <= 3);
        desk.assert_same_place(&page.head, &head).await;
        assert!(page.rows.iter().all(|row| row.at.at > after.at && row.at.at <= page.upto.at));
        read.extend(page.rows.iter().map(id_of));
        if page.rows.is_empty() {
            desk.assert_same_place(&page.upto, &head).await;
            break;
        }
        after = page.upto;
    }
    assert_eq!(read, (0..10).collect::<Vec<_>>());
    let none = desk.log().after(&start, 0).await.unwrap();
    assert!(none.continues(&start) && none.rows.is_empty());
}

async fn foreign_and_future_cursors_do_not_continue<D: Desk>() {
    let desk = D::open().await;
    let start = desk.log().head().await.unwrap();
    let head = write(&desk, [1]).await;
    let foreign = Cursor::new(Epoch::new("another-log").unwrap(), start.at.major, 0);
    let furthest = Cursor::new(head.epoch.clone(), u64::MAX, u64::MAX);
    for cursor in [foreign, D::beyond(&head), furthest] {
        let page = desk.log().after(&cursor, 10).await.unwrap();
        assert!(!page.continues(&cursor), "{cursor}");
        assert_eq!(page.rows, Vec::new());
        desk.assert_same_place(&page.head, &head).await;
    }
}

async fn a_row_of_another_program_counts<D: Desk>() {
    let desk = D::open().await;
    let head = write(&desk, [1]).await;
    desk.insert("all", r#"{"type":"note.written","id":2}"#).await;
    let rows = desk.log().after(&head, 10).await.unwrap().rows;
    assert_eq!(rows.iter().map(id_of).collect::<Vec<_>>(), [2]);
    assert!(matches!(&rows[0].what, Recorded::Event { to, .. } if *to == audiences(&["all"])));
    assert!(rows[0].at.at > head.at);
    desk.assert_same_place(&desk.log().head().await.unwrap(), &rows[0].at).await;
}

/// A program that does not know the engine keeps to no limit.
async fn what_is_too_large_to_be_heard_is_passed_over<D: Desk>() {
    let desk = D::open().await;
    let event = |id: u32, bytes: usize| {
        let json = format!(r#"{{"type":"note.written","id":{id},"more":"é"}}"#);
        json.replace('é', &format!("é{}", "x".repeat(bytes - json.len())))
    };
    let start = write(&desk, [0]).await;
    desk.insert("all", &event(1, MAX_EVENT_BYTES)).await;
    let page = desk.log().after(&start, 10).await.unwrap();
    assert_eq!(page.rows.iter().map(id_of).collect::<Vec<_>>(), [1]);
    let last = page.rows[0].at.clone();
    desk.insert("all", &event(2, MAX_EVENT_BYTES + 1)).await;
    desk.insert("all", &event(3, 100)).await;
    // A reader before it has missed something; one after it goes on.
    for before in [&start, &last] {
        let page = desk.log().after(before, 10).await.unwrap();
        assert!(!page.continues(before) && page.rows.is_empty(), "{page:?}");
        let page = desk.log().after(&page.floor, 10).await.unwrap();
        assert_eq!(page.rows.iter().map(id_of).collect::<Vec<_>>(), [3]);
    }
}

async fn concurrent_writers_lose_nothing_and_are_numbered_as_they_commit<D: Desk>() {
    const WRITERS: u32 = 12;
    const WRITES: u32 = 8;
    let desk = D::open().await;
    let start = desk.log().head().await.unwrap();
    let other = desk.another().await;
    let writers = (0..WRITERS).map(|writer| {
        let log = if writer % 2 == 0 { desk.log().clone() } else { other.clone() };
        async move {
            let mut before = 0;
            for number in 0..WRITES {
                let tx = log.begin_write().await.unwrap();
                let id = writer * WRITES + number;
                D::put(&tx, &id.to_string()).await;
                let cursor = record::<D>(&tx, id).await;
                assert!(cursor.at.major > before);
                before = cursor.at.major;
                D::Log::commit(tx).await.unwrap();
            }
        }
    });
    // A reader that pages meanwhile never sees a row appear behind it.
    let watch = async {
        let (mut after, mut seen) = (start.clone(), Vec::new());
        while seen.len() < (WRITERS * WRITES) as usize {
            let page = other.after(&after, 5).await.unwrap();
            seen.extend(page.rows.iter().map(|row| (id_of(row), row.at.clone())));
            after = page.upto;
            tokio::task::yield_now().await;
        }
        seen
    };
    // And one that reads the words finds exactly those that its stamp says.
    let look = async {
        let mut found = Vec::new();
        for _ in 0..WRITES {
            let tx = desk.log().begin_read().await.unwrap();
            let stamp = D::Log::stamp(&tx).await.unwrap();
            found.push((stamp, D::words(&tx).await));
            D::Log::rollback(tx).await.unwrap();
            tokio::task::yield_now().await;
        }
        found
    };
    let (seen, found, _) = futures::join!(watch, look, futures::future::join_all(writers));
    for (stamp, words) in found {
        for (id, at) in &seen {
            assert_eq!(stamp.covers(at), words.contains(&id.to_string()), "{stamp} at {at}");
        }
    }
    let tx = desk.log().begin_read().await.unwrap();
    let words = D::words(&tx).await;
    assert_eq!(seen.iter().map(|(id, _)| id.to_string()).collect::<Vec<_>>(), words);
    let mut sorted: Vec<_> = seen.into_iter().map(|(id, _)| id).collect();
    sorted.sort_unstable();
    assert_eq!(sorted, (0..WRITERS * WRITES).collect::<Vec<_>>());
}

macro_rules! suite {
    ($($log:ident: $desk:ty;)+ [$($test:ident),+ $(,)?]) => { suite!(@logs [$($log: $desk),+] ($($test),+)); };
    (@logs [$($log:ident: $desk:ty),+] $tests:tt) => { $(suite!(@one $log $desk, $tests);)+ };
    (@one $log:ident $desk:ty, ($($test:ident),+)) => {
        mod $log {
            use super::*;
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $test() {
                    super::$test::<$desk>().await;
                }
            )+
        }
    };
}

suite! {
    sqlite: SqliteDesk;
    postgres: PostgresDesk;
    fake: FakeDesk;
    [
        a_row_lives_and_dies_with_its_transaction,
        what_is_recorded_comes_back_whole,
        a_stamp_includes_its_own_rows_and_no_others_uncommitted,
        pages_continue_each_other,
        a_history_is_of_one_thing_and_pages_backwards,
        a_history_says_how_far_back_it_reaches,
        foreign_and_future_cursors_do_not_continue,
        trimming_by_count_keeps_the_newest,
        trimming_by_age_forgets_outcomes_too,
        trimming_by_count_forgets_no_outcome,
        a_trim_removes_no_more_than_a_batch,
        rows_that_are_missing_in_between_push_nothing_out,
        the_newest_rows_stay_whoever_trims,
        numbering_goes_on_after_everything_was_trimmed,
        the_first_outcome_stays,
        a_row_of_another_program_counts,
        what_is_too_large_to_be_heard_is_passed_over,
        concurrent_writers_lose_nothing_and_are_numbered_as_they_commit,
    ]
}
