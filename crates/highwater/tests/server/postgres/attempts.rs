//! Writes that lose against others: they are run again, and what they decide holds.

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use futures::future::join_all;
use highwater::server::{By, ChangeLog, Live, PostgresLog};
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use tokio::sync::Barrier;

use super::{run, words};
use crate::{
    desk::{Desk, PostgresDesk},
    notes::{Noted, Refused, audiences, by},
    reader::{settings, start},
};

async fn open(tables: &str) -> (PostgresDesk, Live<PostgresLog, Noted>) {
    let desk = PostgresDesk::open().await;
    run(&desk.db, &[tables]).await;
    let live = start(desk.log(), settings()).await;
    (desk, live)
}

/// Runs two writes, which meet in the middle of their first attempts. Each may say its number.
/// Answers what they answered, and how often they ran. What each does once it is committed is done
/// once.
async fn meet(
    live: &Live<PostgresLog, Noted>,
    first: fn(u32) -> String,
    then: fn(u32) -> String,
) -> (Vec<u64>, u32) {
    let (runs, barrier) = (Arc::new(AtomicU32::new(0)), Arc::new(Barrier::new(2)));
    let commits = Arc::new(AtomicU32::new(0));
    let writes = (0..2_u32).map(|number| {
        let (runs, barrier, commits) = (runs.clone(), barrier.clone(), commits.clone());
        let first_run = Arc::new(AtomicU32::new(0));
        live.write::<u64, Refused>(by("ann", number.into()), move |write| {
            Box::pin(async move {
                runs.fetch_add(1, Ordering::SeqCst);
                write.on_commit(move || _ = commits.fetch_add(1, Ordering::SeqCst));
                write.tx().execute_unprepared(&first(number)).await?;
                if first_run.fetch_add(1, Ordering::SeqCst) == 0 {
                    barrier.wait().await;
                }
                let done = write.tx().execute_unprepared(&then(number)).await?.rows_affected();
                write.record(&audiences(&["all"]), &Noted::Written { id: number }).await?;
                Ok(done)
            })
        })
    });
    let done = join_all(writes).await;
    let done = done.into_iter().map(|written| written.unwrap().value).collect();
    assert_eq!(commits.load(Ordering::SeqCst), 2);
    (done, runs.load(Ordering::SeqCst))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_decision_that_another_one_overtook_is_made_again() {
    let doctors = "CREATE TABLE doctors (id int PRIMARY KEY, on_call bool NOT NULL);
        INSERT INTO doctors VALUES (0, true), (1, true)";
    let (_desk, live) = open(doctors).await;
    // Each leaves if another one stays: not both may.
    let (mut left, runs) = meet(
        &live,
        |_| "SELECT count(*) FROM doctors WHERE on_call".into(),
        |number| {
            format!(
                "UPDATE doctors SET on_call = false WHERE id = {number}
                    AND (SELECT count(*) FROM doctors WHERE on_call) > 1"
            )
        },
    )
    .await;
    left.sort_unstable();
    assert_eq!(left, [0, 1]);
    assert_eq!(runs, 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn writers_that_wait_for_each_other_both_get_done() {
    let counters = "CREATE TABLE counters (id int PRIMARY KEY, value int NOT NULL);
        INSERT INTO counters VALUES (0, 0), (1, 0)";
    let (desk, live) = open(counters).await;
    let (done, runs) = meet(
        &live,
        |number| format!("UPDATE counters SET value = value + 1 WHERE id = {number}"),
        |number| format!("UPDATE counters SET value = value + 1 WHERE id = {}", 1 - number),
    )
    .await;
    assert_eq!((done, runs > 2), (vec![1, 1], true));
    let sum = "SELECT sum(value)::int AS sum FROM counters";
    let row = desk.db.query_one_raw(Statement::from_string(DbBackend::Postgres, sum)).await;
    assert_eq!(row.unwrap().unwrap().try_get::<i32>("", "sum").unwrap(), 4);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn concurrent_repeats_are_done_once_and_answered_alike() {
    let (desk, live) = open("SELECT 1").await;
    let elsewhere = start(&desk.another().await, settings()).await;
    for round in 0..10 {
        let repeats = (0..6_u32).map(|number| {
            let live = if number % 2 == 0 { live.clone() } else { elsewhere.clone() };
            async move { super::put(&live, by("ann", round), number).await.unwrap() }
        });
        let answers = join_all(repeats).await;
        assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
    }
    assert_eq!(words(&live).await.value.len(), 10);
}

/// A write that looked where the log ends would lose against every other one.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn writes_that_only_record_are_in_nobodys_way() {
    let desk = PostgresDesk::open().await;
    let log = desk.log();
    let writes = [(); 3].map(|()| log.begin_write());
    let writes = futures::future::try_join_all(writes).await.unwrap();
    for (number, tx) in writes.iter().enumerate() {
        PostgresDesk::put(tx, &number.to_string()).await;
    }
    // The last one records nothing; of the others, the one that began later is done first.
    for tx in writes[..2].iter().rev() {
        let event = Noted::Written { id: 1 };
        PostgresLog::record(tx, &By::nobody(), &audiences(&["all"]), &event).await.unwrap();
        PostgresLog::place(tx).await.unwrap();
    }
    PostgresLog::place(&writes[2]).await.unwrap();
    for tx in writes {
        PostgresLog::commit(tx).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_broken_is_not_busy() {
    let (desk, _live) = open("SELECT 1").await;
    let broken = desk.db.execute_unprepared("SELECT * FROM nothing").await.unwrap_err();
    assert!(!PostgresLog::is_busy(&broken));
    // And an application that goes on after a failure does not commit half of what it meant to.
    let live: Live<PostgresLog, Noted> = start(desk.log(), settings()).await;
    let work = live.write::<(), Refused>(by("ann", 1), |write| {
        Box::pin(async move {
            PostgresDesk::put(write.tx(), "half").await;
            write.tx().execute_unprepared("SELECT * FROM nothing").await.ok();
            Ok(())
        })
    });
    assert!(matches!(work.await, Err(Refused::Broken(_))));
    assert_eq!(words(&live).await.value, Vec::<String>::new());
    assert_eq!(desk.log().outcome("ann", by("ann", 1).mutation.unwrap()).await.unwrap(), None);
}
