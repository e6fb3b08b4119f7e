//! Transactions that overlap: what is committed while an older one is under way waits for it, and
//! then comes once and in order; whoever wrote it has it at once.

use highwater::{
    Cursor,
    server::{By, ChangeLog, Live, PostgresLog},
};
use sea_orm::{ConnectionTrait, TransactionTrait};

use super::{insert_note, put, run, session, words};
use crate::{
    desk::{Desk, PostgresDesk},
    notes::{Noted, Refused, audiences},
    reader::{Reader, ids, listen_anywhere, settings, start},
};

async fn open() -> (PostgresDesk, Live<PostgresLog, Noted>, Reader) {
    let desk = PostgresDesk::open().await;
    let live = start(desk.log(), settings()).await;
    let reader = listen_anywhere(&live, &["all"]).await;
    (desk, live, reader)
}

/// Writes note `id` while something older is under way: its author has it, and nobody else yet.
async fn put_behind(desk: &PostgresDesk, live: &Live<PostgresLog, Noted>, id: u32) -> Cursor {
    let (start, before) = (live.head().await.unwrap(), words(live).await);
    let written = put(live, By::nobody(), id).await.unwrap();
    assert!(written.as_of.covers(&written.cursor) && written.as_of.includes(&before.as_of));
    let after = words(live).await;
    assert!(after.as_of.includes(&written.as_of), "{} lacks {}", after.as_of, written.as_of);
    assert!(after.value.contains(&id.to_string()));
    let page = desk.log().after(&start, 10).await.unwrap();
    assert_eq!(page.rows, Vec::new());
    assert!(page.waiting_ms.is_some() && !page.head.reaches(&written.cursor));
    written.cursor
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_committed_behind_an_open_transaction_comes_when_that_has_ended() {
    for (end, expected) in [("COMMIT", vec![1, 2, 3]), ("ROLLBACK", vec![2, 3])] {
        let (desk, live, mut reader) = open().await;
        let older = session(&desk).await;
        run(&older, &["BEGIN", &insert_note(1)]).await;
        put_behind(&desk, &live, 2).await;
        let last = put_behind(&desk, &live, 3).await;
        run(&older, &[end]).await;
        assert_eq!(ids(&reader.until(&last).await), expected);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_transaction_of_another_database_holds_the_log_back_and_loses_nothing() {
    let (desk, live, mut reader) = open().await;
    let other = PostgresDesk::open().await;
    let older = session(&other).await;
    run(&older, &["BEGIN", &insert_note(9)]).await;
    let last = put_behind(&desk, &live, 1).await;
    run(&older, &["COMMIT"]).await;
    assert_eq!(ids(&reader.until(&last).await), [1]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rows_of_savepoints_are_their_transactions_and_go_with_those_that_are_rolled_back() {
    let (desk, live, mut reader) = open().await;
    let older = session(&desk).await;
    run(&older, &["BEGIN", "SAVEPOINT a", &insert_note(1), "ROLLBACK TO a", &insert_note(2)]).await;
    run(&older, &["SAVEPOINT b", &insert_note(3)]).await;
    // Begun after the savepoint took an id of its own, and committed before it.
    put_behind(&desk, &live, 10).await;
    run(&older, &["RELEASE b", "SAVEPOINT c", &insert_note(4), "ROLLBACK TO c"]).await;
    run(&older, &[&insert_note(5)]).await;
    let last = put_behind(&desk, &live, 11).await;
    run(&older, &["COMMIT"]).await;
    assert_eq!(ids(&reader.until(&last).await), [2, 3, 5, 10, 11]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_prepared_transaction_is_delivered_when_it_is_committed() {
    let (desk, live, mut reader) = open().await;
    let (older, gid) = (session(&desk).await, &desk.database);
    run(&older, &["BEGIN", &insert_note(1)]).await;
    let prepare = format!("PREPARE TRANSACTION '{gid}'");
    assert!(older.execute_unprepared(&prepare).await.is_err(), "it has rung");
    run(&older, &["ROLLBACK", "BEGIN", "SET LOCAL highwater.ring = off"]).await;
    run(&older, &[&insert_note(2), &prepare]).await;
    let last = put_behind(&desk, &live, 3).await;
    run(&older, &[&format!("COMMIT PREPARED '{gid}'")]).await;
    assert_eq!(ids(&reader.until(&last).await), [2, 3]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_program_that_may_only_insert_into_the_log_is_heard() {
    let (desk, live, mut reader) = open().await;
    let (program, role) = (session(&desk).await, &desk.database);
    run(&program, &[&format!("CREATE ROLE {role}")]).await;
    run(&program, &[&format!("GRANT INSERT ON highwater_log TO {role}")]).await;
    run(&program, &[&format!("SET ROLE {role}"), &insert_note(1)]).await;
    assert!(program.execute_unprepared("SELECT * FROM highwater_log").await.is_err());
    let last = put(&live, By::nobody(), 2).await.unwrap().cursor;
    assert_eq!(ids(&reader.until(&last).await), [1, 2]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_write_answers_the_last_row_that_was_left_by_its_savepoints() {
    let (desk, live, mut reader) = open().await;
    let work = live.write::<Cursor, Refused>(By::nobody(), |write| {
        Box::pin(async move {
            let first = write.record(&audiences(&["all"]), &Noted::Written { id: 1 }).await?;
            let inner = write.tx().begin().await?;
            inner.execute_unprepared(&insert_note(2)).await?;
            inner.rollback().await?;
            Ok(first)
        })
    });
    let written = work.await.unwrap();
    assert_eq!(written.cursor, written.value);
    desk.settled(&written.cursor).await;
    assert_eq!(ids(&reader.until(&written.cursor).await), [1]);
    // What records nothing is as new as the head, whatever the session has recorded before.
    for statement in ["SELECT 1", "INSERT INTO words (word) VALUES ('quiet')"] {
        let quiet = live.write::<(), Refused>(By::nobody(), move |write| {
            Box::pin(async move { Ok(write.tx().execute_unprepared(statement).await.map(drop)?) })
        });
        let quiet = quiet.await.unwrap();
        assert_eq!((quiet.cursor.at.minor, &quiet.cursor), (0, &quiet.as_of.bound()));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn readers_of_two_busy_processes_hear_every_row_once_and_in_order() {
    const WRITES: u32 = 40;
    let desk = PostgresDesk::open().await;
    let small = || highwater::server::HubSettings { ring: 8, queue: 4, ..settings() };
    let lives = [start(desk.log(), small()).await, start(&desk.another().await, small()).await];
    let mut readers = Vec::new();
    for live in &lives {
        readers.push(listen_anywhere(live, &["all"]).await);
    }
    let (live, count) = (&lives, &WRITES);
    let writers = (0..6_u32).map(|writer| async move {
        let mut last = None;
        for number in 0..*count {
            let id = writer * count + number;
            last = Some(put(&live[(writer % 2) as usize], By::nobody(), id).await.unwrap());
        }
        last.unwrap().cursor
    });
    let lasts = futures::future::join_all(writers).await;
    let last = lasts.into_iter().max_by_key(|last| last.at).unwrap();
    let mut heard = Vec::new();
    for reader in &mut readers {
        heard.push(ids(&reader.until(&last).await));
    }
    assert_eq!(heard[0], heard[1]);
    heard[0].sort_unstable();
    assert_eq!(heard[0], (0..6 * WRITES).collect::<Vec<_>>());
}
