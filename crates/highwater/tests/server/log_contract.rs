//! The contract of every change log; each has a desk and runs the whole suite.
//!
//! A page has its floor and its head in one snapshot, a stamp includes exactly what its transaction
//! can see, and numbers are never used twice.

use highwater::{
    AsOf, Cursor, Epoch, MutationId,
    server::{
        AccessChange, By, ChangeLog, History, Outcome, Recorded, Retention, Row, TRIM_BATCH,
        Trimmed,
    },
};

use crate::{
    desk::{Desk, FakeDesk, SqliteDesk},
    notes::{Noted, audiences, by},
};

type Tx<D> = <<D as Desk>::Log as ChangeLog>::Tx;

const FOREVER: u64 = 100 * 365 * 24 * 3_600_000;

async fn record<D: Desk>(tx: &Tx<D>, id: u32) -> Cursor {
    D::Log::record(tx, &By::nobody(), &audiences(&["all"]), &Noted::Written { id }).await.unwrap()
}

async fn write<D: Desk>(log: &D::Log, ids: impl IntoIterator<Item = u32>) -> Cursor {
    let tx = log.begin_write().await.unwrap();
    for id in ids {
        D::put(&tx, &id.to_string()).await;
        record::<D>(&tx, id).await;
    }
    D::Log::commit(tx).await.unwrap();
    log.head().await.unwrap()
}

fn id(actor: &str, number: u128) -> MutationId {
    by(actor, number).mutation.unwrap()
}

fn id_of(row: &Row) -> u32 {
    let Recorded::Event { json, .. } = &row.what else { panic!("an event, not {row:?}") };
    let Noted::Written { id } = serde_json::from_str(json).unwrap() else { panic!("{json}") };
    id
}

fn later(cursor: &Cursor, by: u64) -> Cursor {
    Cursor::new(cursor.epoch.clone(), cursor.at.major + by, 0)
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
    assert_eq!(D::Log::stamp(&tx).await.unwrap().bound(), start);
    D::Log::rollback(tx).await.unwrap();
    assert_eq!(desk.log().after(&start, 10).await.unwrap().rows, Vec::new());

    let head = write::<D>(desk.log(), [3]).await;
    let page = desk.log().after(&start, 10).await.unwrap();
    assert_eq!(page.rows.iter().map(id_of).collect::<Vec<_>>(), [3]);
    assert_eq!((page.upto, page.head), (head.clone(), head));
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
    let committed = write::<D>(desk.log(), [1]).await;
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
    let head = write::<D>(desk.log(), 0..10).await;
    let (mut after, mut read) = (start.clone(), Vec::new());
    loop {
        let page = desk.log().after(&after, 3).await.unwrap();
        assert!(page.continues(&after) && page.rows.len() <= 3);
        assert_eq!(page.head, head);
        assert!(page.rows.iter().all(|row| row.at.at > after.at && row.at.at <= page.upto.at));
        read.extend(page.rows.iter().map(id_of));
        if page.rows.is_empty() {
            assert_eq!(page.upto, head);
            break;
        }
        after = page.upto;
    }
    assert_eq!(read, (0..10).collect::<Vec<_>>());
    let none = desk.log().after(&start, 0).await.unwrap();
    assert!(none.continues(&start) && none.rows.is_empty());
}

async fn a_history_is_of_one_thing_and_pages_backwards<D: Desk>() {
    let desk = D::open().await;
    let nothing = history::<D>(desk.log(), "note:1", None).await;
    assert_eq!((nothing.rows, nothing.kept_since_ms), (Vec::new(), None));
    assert_eq!(nothing.floor.at.major, 0);

    write::<D>(desk.log(), [1, 2, 1, 11, 1]).await;
    let tx = desk.log().begin_write().await.unwrap();
    let aside = Noted::Progress { id: 1, done: 5 };
    D::Log::record(&tx, &by("ann", 1), &audiences(&["all"]), &aside).await.unwrap();
    record::<D>(&tx, 1).await;
    // The transaction's own rows are in its history.
    let own = D::Log::history(&tx, "note:1", None, 1).await.unwrap();
    assert_eq!(numbers(&own), [7]);
    D::Log::rollback(tx).await.unwrap();

    let newest = history::<D>(desk.log(), "note:1", None).await;
    assert_eq!(numbers(&newest), [5, 3]);
    let older = history::<D>(desk.log(), "note:1", Some(&newest.rows[1].at)).await;
    assert_eq!(numbers(&older), [1]);
    let foreign = Cursor::new(Epoch::new("another-log").unwrap(), 2, 0);
    assert_eq!(history::<D>(desk.log(), "note:1", Some(&foreign)).await, newest);
}

async fn a_history_says_how_far_back_it_reaches<D: Desk>() {
    let desk = D::open().await;
    write::<D>(desk.log(), [1, 1, 2]).await;
    desk.age().await;
    write::<D>(desk.log(), [1]).await;
    let whole = history::<D>(desk.log(), "note:1", None).await;
    let an_hour_ago = crate::fake_log::now_ms() - 3_600_000;
    assert!(whole.kept_since_ms.unwrap() <= an_hour_ago);
    assert_eq!(whole.floor.at.major, 0);

    let keep = Retention { max_age_ms: FOREVER, max_rows: 1 };
    let floor = desk.log().trim(keep).await.unwrap().floor;
    let rest = history::<D>(desk.log(), "note:1", None).await;
    assert_eq!((numbers(&rest), &rest.floor), (vec![4], &floor));
    assert!(rest.kept_since_ms.unwrap() > an_hour_ago);
    // What was trimmed is not known any more, but that there may have been something is.
    let gone = history::<D>(desk.log(), "note:2", None).await;
    assert_eq!((gone.rows, gone.kept_since_ms), (Vec::new(), rest.kept_since_ms));
}

/// The newest two rows about something, before a place.
async fn history<D: Desk>(log: &D::Log, about: &str, before: Option<&Cursor>) -> History {
    let tx = log.begin_read().await.unwrap();
    D::Log::history(&tx, about, before, 2).await.unwrap()
}

fn numbers(history: &History) -> Vec<u64> {
    history.rows.iter().map(|row| row.at.at.major).collect()
}

async fn foreign_and_future_cursors_do_not_continue<D: Desk>() {
    let desk = D::open().await;
    let start = desk.log().head().await.unwrap();
    let head = write::<D>(desk.log(), [1]).await;
    let foreign = Cursor::new(Epoch::new("another-log").unwrap(), start.at.major, 0);
    let furthest = Cursor::new(head.epoch.clone(), u64::MAX, u64::MAX);
    for cursor in [foreign, later(&head, 1), furthest] {
        let page = desk.log().after(&cursor, 10).await.unwrap();
        assert!(!page.continues(&cursor), "{cursor}");
        assert_eq!((page.rows, page.head), (Vec::new(), head.clone()));
    }
}

async fn trimming_by_count_keeps_the_newest<D: Desk>() {
    let desk = D::open().await;
    let start = desk.log().head().await.unwrap();
    let head = write::<D>(desk.log(), 0..10).await;
    let keep = Retention { max_age_ms: FOREVER, max_rows: 4 };
    let Trimmed { floor, rows, more } = desk.log().trim(keep).await.unwrap();
    assert_eq!((rows, more), (6, false));
    assert_eq!(later(&floor, 4), head);
    let nothing = Trimmed { floor: floor.clone(), rows: 0, more: false };
    assert_eq!(desk.log().trim(keep).await.unwrap(), nothing);

    let below = desk.log().after(&start, 10).await.unwrap();
    assert!(!below.continues(&start));
    assert_eq!((below.rows, &below.floor), (Vec::new(), &floor));
    let page = desk.log().after(&floor, 10).await.unwrap();
    assert!(page.continues(&floor));
    assert_eq!(page.rows.iter().map(id_of).collect::<Vec<_>>(), [6, 7, 8, 9]);
}

async fn trimming_by_age_forgets_outcomes_too<D: Desk>() {
    let desk = D::open().await;
    let outcome = |log: &D::Log| {
        let log = log.clone();
        async move {
            let tx = log.begin_read().await.unwrap();
            D::Log::outcome(&tx, "ann", id("ann", 1)).await.unwrap()
        }
    };
    let tx = desk.log().begin_write().await.unwrap();
    let old = record::<D>(&tx, 1).await;
    let answer = Outcome { json: Ok("1".into()), cursor: old.clone(), as_of: AsOf::upto(&old) };
    D::Log::remember(&tx, "ann", id("ann", 1), &answer).await.unwrap();
    D::Log::commit(tx).await.unwrap();
    desk.age().await;
    let head = write::<D>(desk.log(), [2]).await;

    let two_hours = Retention { max_age_ms: 7_200_000, max_rows: 100 };
    assert_eq!(desk.log().trim(two_hours).await.unwrap().floor.at.major, 0);
    assert_eq!(outcome(desk.log()).await, Some(answer));
    let half_an_hour = Retention { max_age_ms: 1_800_000, max_rows: 100 };
    assert_eq!(desk.log().trim(half_an_hour).await.unwrap().floor, old);
    assert_eq!(outcome(desk.log()).await, None);
    let page = desk.log().after(&old, 10).await.unwrap();
    assert_eq!((page.rows.len(), page.upto), (1, head));
}

async fn trimming_by_count_forgets_no_outcome<D: Desk>() {
    let desk = D::open().await;
    let head = write::<D>(desk.log(), [1]).await;
    let answer = Outcome { json: Ok("1".into()), cursor: head.clone(), as_of: AsOf::upto(&head) };
    let tx = desk.log().begin_write().await.unwrap();
    D::Log::remember(&tx, "ann", id("ann", 1), &answer).await.unwrap();
    D::Log::commit(tx).await.unwrap();
    let nothing = Retention { max_age_ms: FOREVER, max_rows: 0 };
    assert_eq!(desk.log().trim(nothing).await.unwrap().floor, head);
    let tx = desk.log().begin_read().await.unwrap();
    assert_eq!(D::Log::outcome(&tx, "ann", id("ann", 1)).await.unwrap(), Some(answer));
}

async fn a_trim_removes_no_more_than_a_batch<D: Desk>() {
    let desk = D::open().await;
    let start = desk.log().head().await.unwrap();
    let head = write::<D>(desk.log(), 0..TRIM_BATCH + 5).await;
    let batch = u64::from(TRIM_BATCH);
    let keep = Retention { max_age_ms: FOREVER, max_rows: 3 };
    let first = desk.log().trim(keep).await.unwrap();
    assert_eq!(first, Trimmed { floor: later(&start, batch), rows: batch, more: true });
    let page = desk.log().after(&first.floor, 10).await.unwrap();
    assert_eq!((page.rows.len(), &page.floor), (5, &first.floor));
    let second = desk.log().trim(keep).await.unwrap();
    assert_eq!(second, Trimmed { floor: later(&start, batch + 2), rows: 2, more: false });
    assert_eq!(desk.log().head().await.unwrap(), head);
}

async fn numbering_goes_on_after_everything_was_trimmed<D: Desk>() {
    let desk = D::open().await;
    let head = write::<D>(desk.log(), 0..3).await;
    let nothing = Retention { max_age_ms: FOREVER, max_rows: 0 };
    assert_eq!(desk.log().trim(nothing).await.unwrap().floor, head);
    assert_eq!(desk.log().head().await.unwrap(), head);
    assert!(desk.log().after(&head, 1).await.unwrap().continues(&head));
    assert_eq!(desk.another().await.head().await.unwrap(), head);
    assert_eq!(write::<D>(desk.log(), [3]).await, later(&head, 1));
}

async fn the_first_outcome_stays<D: Desk>() {
    let desk = D::open().await;
    let head = write::<D>(desk.log(), [1]).await;
    let outcome = |json: Result<String, String>| Outcome {
        json,
        cursor: head.clone(),
        as_of: AsOf::upto(&head),
    };
    let mutation = id("ann", 5);
    let (first, second) = (outcome(Err("no".into())), outcome(Ok("yes".into())));
    let tx = desk.log().begin_write().await.unwrap();
    assert_eq!(D::Log::outcome(&tx, "ann", mutation).await.unwrap(), None);
    D::Log::remember(&tx, "ann", mutation, &first).await.unwrap();
    D::Log::remember(&tx, "ann", mutation, &second).await.unwrap();
    D::Log::commit(tx).await.unwrap();
    let tx = desk.another().await.begin_read().await.unwrap();
    assert_eq!(D::Log::outcome(&tx, "ann", mutation).await.unwrap(), Some(first));
    assert_eq!(D::Log::outcome(&tx, "bob", mutation).await.unwrap(), None);
    assert_eq!(D::Log::outcome(&tx, "ann", id("ann", 6)).await.unwrap(), None);
}

async fn a_row_of_another_program_counts<D: Desk>() {
    let desk = D::open().await;
    let head = write::<D>(desk.log(), [1]).await;
    desk.insert("all", r#"{"type":"note.written","id":2}"#).await;
    assert_eq!(desk.log().head().await.unwrap(), later(&head, 1));
    let rows = desk.log().after(&head, 10).await.unwrap().rows;
    assert_eq!(rows.iter().map(id_of).collect::<Vec<_>>(), [2]);
    assert!(matches!(&rows[0].what, Recorded::Event { to, .. } if *to == audiences(&["all"])));
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
            seen.extend(page.rows.iter().map(id_of));
            after = page.upto;
            tokio::task::yield_now().await;
        }
        seen
    };
    let (seen, _) = futures::join!(watch, futures::future::join_all(writers));
    let tx = desk.log().begin_read().await.unwrap();
    let words = D::words(&tx).await;
    assert_eq!(seen.iter().map(u32::to_string).collect::<Vec<_>>(), words);
    let mut sorted = seen;
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
        numbering_goes_on_after_everything_was_trimmed,
        the_first_outcome_stays,
        a_row_of_another_program_counts,
        concurrent_writers_lose_nothing_and_are_numbered_as_they_commit,
    ]
}
