//! Reads that are stamped and writes that are logged, once each.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use futures::future::join_all;
use highwater::{
    AsOf, Committed, Cursor, Epoch, Stamped,
    server::{By, ChangeLog, Live, LogError, SqliteLog},
};

use crate::{
    desk::{Desk, FakeDesk, SqliteDesk},
    notes::{Noted, Refused, audiences, by, note},
    reader::{settings, start},
};

type Tx = <SqliteLog as ChangeLog>::Tx;

async fn open() -> (SqliteDesk, Live<SqliteLog, Noted>) {
    let desk = SqliteDesk::open().await;
    let live = start(desk.log(), settings()).await;
    (desk, live)
}

async fn words(
    live: &Live<SqliteLog, Noted>,
    min: Option<&AsOf>,
) -> Result<Stamped<Vec<String>>, Refused> {
    live.read(min, |tx: &Tx| Box::pin(async { Ok(SqliteDesk::words(tx).await) })).await
}

/// Puts a word, records note 1, and answers `answer`.
async fn put(
    live: &Live<SqliteLog, Noted>,
    by: By,
    word: String,
    answer: Result<u32, Refused>,
) -> Result<Committed<u32>, Refused> {
    let work = live.write(by, |write| {
        Box::pin(async move {
            SqliteDesk::put(write.tx(), &word).await;
            write.record(&audiences(&["all"]), &Noted::Written { id: 1 }).await?;
            answer
        })
    });
    work.await
}

#[tokio::test]
async fn what_is_to_be_done_once_committed_is_not_done_before_nor_for_what_is_given_up() {
    let (desk, live) = open().await;
    let done = Arc::new(AtomicU32::new(0));
    let write = async |number: u128, answer: Result<u32, Refused>| {
        let (then, before) = (done.clone(), done.load(Ordering::SeqCst));
        let work = live.write(by("ann", number), move |write| {
            Box::pin(async move {
                SqliteDesk::put(write.tx(), "a").await;
                write.record(&audiences(&["all"]), &Noted::Written { id: 1 }).await?;
                let counted = then.clone();
                write.on_commit(move || _ = counted.fetch_add(1, Ordering::SeqCst));
                assert_eq!(then.load(Ordering::SeqCst), before);
                answer
            })
        });
        (work.await, done.load(Ordering::SeqCst) - before)
    };
    assert_eq!(write(1, Ok(5)).await.1, 1);
    assert_eq!(write(2, Err(Refused::Forbidden)).await.1, 0);
    let (repeated, times) = write(1, Ok(6)).await;
    assert_eq!((repeated.unwrap().value, times), (5, 0));
    drop(desk);
}

#[tokio::test]
async fn a_write_answers_its_cursor_and_what_the_value_includes() {
    let (desk, live) = open().await;
    let written = put(&live, By::nobody(), "a".into(), Ok(5)).await.unwrap();
    assert_eq!(written.value, 5);
    assert_eq!(written.cursor, desk.log().head().await.unwrap());
    assert!(written.as_of.covers(&written.cursor));
    let read = words(&live, Some(&written.as_of)).await.unwrap();
    assert_eq!(read, Stamped { value: vec!["a".into()], as_of: written.as_of });
    // What records nothing is as new as the head.
    let quiet =
        live.write(By::nobody(), |_| Box::pin(async { Ok::<_, Refused>(()) })).await.unwrap();
    assert_eq!(quiet.cursor, written.cursor);
}

#[tokio::test]
async fn a_read_waits_for_what_it_must_include() {
    let (_desk, live) = open().await;
    let head = live.head().await.unwrap();
    let min = AsOf::upto(&Cursor::new(head.epoch.clone(), head.at.major + 1, 0));
    let (read, written) =
        futures::join!(words(&live, Some(&min)), put(&live, By::nobody(), "late".into(), Ok(0)));
    let read = read.unwrap();
    assert_eq!(read.value, ["late"]);
    assert!(read.as_of.includes(&min) && read.as_of.covers(&written.unwrap().cursor));
}

#[tokio::test(start_paused = true)]
async fn a_read_that_stays_behind_fails() {
    let desk = FakeDesk::open().await;
    let live = start(desk.log(), settings()).await;
    let head = note(&live, &["all"], 1).await;
    let min = AsOf::upto(&Cursor::new(head.epoch.clone(), head.at.major + 1, 0));
    let asked = tokio::time::Instant::now();
    let read = live.read(Some(&min), |_| Box::pin(async { Ok::<_, Refused>(()) })).await;
    assert_eq!(read, Err(LogError::Behind.into()));
    assert!(asked.elapsed() < Duration::from_secs(5));
}

#[tokio::test]
async fn a_min_of_another_log_is_void() {
    let (_desk, live) = open().await;
    let min = AsOf::upto(&Cursor::new(Epoch::new("restored").unwrap(), 900, 0));
    assert_eq!(words(&live, Some(&min)).await.unwrap().value, Vec::<String>::new());
}

#[tokio::test]
async fn an_error_leaves_nothing_behind() {
    let (desk, live) = open().await;
    let head = live.head().await.unwrap();
    let broken = Err(Refused::Broken("half-way".into()));
    for by in [By::nobody(), by("ann", 1)] {
        let written = put(&live, by, "gone".into(), broken.clone()).await;
        assert_eq!(written.map(|written| written.value), broken);
    }
    assert_eq!(words(&live, None).await.unwrap().value, Vec::<String>::new());
    assert_eq!(desk.log().head().await.unwrap(), head);
    // It was no outcome: the same mutation may be sent again.
    let again = put(&live, by("ann", 1), "kept".into(), Ok(2)).await.unwrap();
    assert_eq!(again.value, 2);
    assert_eq!(words(&live, None).await.unwrap().value, ["kept"]);
}

#[tokio::test]
async fn a_repeat_is_answered_with_the_first_outcome() {
    let (desk, live) = open().await;
    let first = put(&live, by("ann", 1), "a".into(), Ok(5)).await.unwrap();
    put(&live, By::nobody(), "b".into(), Ok(0)).await.unwrap();
    let head = live.head().await.unwrap();
    let repeat = put(&live, by("ann", 1), "c".into(), Ok(6)).await.unwrap();
    assert_eq!(repeat, first);
    let other = start(&desk.another().await, settings()).await;
    let elsewhere = put(&other, by("ann", 1), "d".into(), Err(Refused::Forbidden)).await;
    assert_eq!(elsewhere, Ok(first));
    assert_eq!(live.head().await.unwrap(), head);
    assert_eq!(words(&live, None).await.unwrap().value, ["a", "b"]);
}

#[tokio::test]
async fn a_refusal_writes_nothing_and_stays_refused() {
    let (_desk, live) = open().await;
    let head = live.head().await.unwrap();
    for answer in [Err(Refused::Forbidden), Ok(1)] {
        let refused = put(&live, by("ann", 1), "a".into(), answer).await;
        assert_eq!(refused, Err(Refused::Forbidden));
    }
    assert_eq!(live.head().await.unwrap(), head);
    assert_eq!(words(&live, None).await.unwrap().value, Vec::<String>::new());
}

#[tokio::test]
async fn another_actors_mutation_of_the_same_id_is_another() {
    let (_desk, live) = open().await;
    let refused = put(&live, by("ann", 1), "a".into(), Err(Refused::Forbidden)).await;
    assert_eq!(refused, Err(Refused::Forbidden));
    let written = put(&live, by("bob", 1), "b".into(), Ok(2)).await.unwrap();
    assert_eq!(written.value, 2);
    assert_eq!(words(&live, None).await.unwrap().value, ["b"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn concurrent_repeats_run_once() {
    let (_desk, live) = open().await;
    let (runs, mutation) = (&AtomicU32::new(0), by("ann", 1));
    let repeats = (0..6).map(|number| {
        let (live, mutation) = (live.clone(), mutation.clone());
        async move {
            let work = live.write::<u32, Refused>(mutation, move |write| {
                runs.fetch_add(1, Ordering::SeqCst);
                Box::pin(async move {
                    SqliteDesk::put(write.tx(), "once").await;
                    tokio::task::yield_now().await;
                    write.record(&audiences(&["all"]), &Noted::Written { id: number }).await?;
                    Ok(number)
                })
            });
            work.await.unwrap()
        }
    });
    let answers = join_all(repeats).await;
    assert_eq!(runs.load(Ordering::SeqCst), 1);
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
    assert_eq!(words(&live, None).await.unwrap().value, ["once"]);
}

#[tokio::test(start_paused = true)]
async fn a_write_that_loses_each_time_is_given_up_and_one_that_wins_in_the_end_is_done() {
    let live = start(&FakeDesk::open().await.log().clone(), settings()).await;
    for (losses, expected) in [(3, Ok(3)), (u32::MAX, Err(Refused::Busy("lost".into())))] {
        let runs = &AtomicU32::new(0);
        let work = live.write::<u32, Refused>(by("ann", losses.into()), move |_| {
            let run = runs.fetch_add(1, Ordering::SeqCst);
            let lost = run < losses;
            Box::pin(async move { if lost { Err(Refused::Busy("lost".into())) } else { Ok(run) } })
        });
        let asked = tokio::time::Instant::now();
        assert_eq!(work.await.map(|written| written.value), expected);
        assert!(asked.elapsed() < Duration::from_secs(5));
        let runs = runs.load(Ordering::SeqCst);
        assert!(runs == 4 || expected.is_err() && (5..50).contains(&runs), "{runs}");
    }
}
