//! A database whose clock differs from that of who uses it: how old something is, the one clock says.

use highwater::server::{By, ChangeLog, Live, PostgresLog, Retention};
use sea_orm::{ConnectionTrait, DatabaseConnection};

use super::{insert_note, put, run};
use crate::{
    fake_log::now_ms,
    notes::{Noted, by},
    postgres_server::{connect, new_database, shared},
    reader::{settings, start},
};

const HOUR_MS: u64 = 3_600_000;

/// A database that is two hours behind, as far as it is asked by name.
async fn open() -> (DatabaseConnection, PostgresLog, String) {
    let database = new_database(shared()).await;
    let db = connect(shared(), &database, 1).await;
    let late = "CREATE FUNCTION public.clock_timestamp() RETURNS timestamptz LANGUAGE sql AS
        $$ SELECT pg_catalog.clock_timestamp() - interval '2 hours' $$";
    let path = format!("ALTER DATABASE {database} SET search_path = public, pg_catalog");
    run(&db, &[late, &path]).await;
    let db = connect(shared(), &database, 4).await;
    PostgresLog::create_tables(&db).await.unwrap();
    let words = "CREATE TABLE words (id serial PRIMARY KEY, word text NOT NULL)";
    db.execute_unprepared(words).await.unwrap();
    let log = PostgresLog::open(db.clone()).await.unwrap();
    (db, log, database)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn how_old_a_row_is_does_not_depend_on_the_clock_of_who_asks() {
    let (db, log, database) = open().await;
    let live: Live<PostgresLog, Noted> = start(&log, settings()).await;
    let start = live.head().await.unwrap();
    let written = put(&live, by("ann", 1), 1).await.unwrap();
    let deadline = tokio::time::Instant::now() + std::time::Duration::from_secs(60);
    while !live.head().await.unwrap().reaches(&written.cursor) {
        assert!(tokio::time::Instant::now() < deadline, "it was to settle");
    }
    let rows = log.after(&start, 10).await.unwrap().rows;
    let ago = now_ms() - rows[0].recorded_ms;
    assert!((2 * HOUR_MS - 60_000..2 * HOUR_MS + 60_000).contains(&ago), "{ago}");

    // It is new, and so is the outcome.
    let keep = Retention { max_age_ms: HOUR_MS, max_rows: 100 };
    assert_eq!(log.trim(keep).await.unwrap().rows, 0);
    let outcome = async || log.outcome("ann", by("ann", 1).mutation.unwrap()).await.unwrap();
    assert!(outcome().await.is_some());

    // What waits has not waited for hours.
    let older = connect(shared(), &database, 1).await;
    run(&older, &["BEGIN", &insert_note(2)]).await;
    put(&live, By::nobody(), 3).await.unwrap();
    let waiting = log.after(&start, 10).await.unwrap().waiting_ms.unwrap();
    assert!(waiting < 60_000, "{waiting}");
    run(&older, &["ROLLBACK"]).await;

    for table in ["highwater_log", "highwater_outcomes"] {
        run(&db, &[&format!("UPDATE {table} SET recorded_ms = recorded_ms - 2 * {HOUR_MS}")]).await;
    }
    while log.trim(keep).await.unwrap().rows == 0 {
        assert!(tokio::time::Instant::now() < deadline, "both were to go");
    }
    assert!(outcome().await.is_none());
}
