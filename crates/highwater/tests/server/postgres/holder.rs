//! How long the log has been held back, and by whom. Its server is its own: on a shared one, others
//! hold it back as well.

use std::{
    fmt::Debug,
    sync::{Arc, Mutex},
};

use highwater::server::{ChangeLog, PostgresLog};
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, Statement};
use tracing::{
    Event, Level, Metadata, Subscriber,
    field::{Field, Visit},
    span,
};

use super::{insert_note, run, session};
use crate::{
    desk::{Desk, PostgresDesk},
    metrics::value,
    notes::note,
    postgres_server::PostgresServer,
    reader::{settings, start},
};

/// What an operator reads: the fields `by` of warnings.
#[derive(Clone, Default)]
struct Warnings(Arc<Mutex<Vec<String>>>);

impl Subscriber for Warnings {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        *metadata.level() == Level::WARN
    }

    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1)
    }

    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}

    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}

    fn event(&self, event: &Event<'_>) {
        event.record(&mut self.clone());
    }

    fn enter(&self, _: &span::Id) {}

    fn exit(&self, _: &span::Id) {}
}

impl Visit for Warnings {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        if field.name() == "by" {
            self.0.lock().unwrap().push(format!("{value:?}"));
        }
    }
}

// On one thread, where the warnings are heard.
#[tokio::test]
async fn whoever_holds_the_log_back_is_named() {
    let warnings = Warnings::default();
    let _heard = tracing::subscriber::set_default(warnings.clone());
    let server = PostgresServer::start();
    let desk = PostgresDesk::open_on(&server.url).await;
    let live = start(desk.log(), settings()).await;
    assert_eq!(desk.log().held_back_by().await.unwrap(), None);
    let older = session(&desk).await;
    let begin = ["BEGIN", "SET LOCAL highwater.ring = off", &insert_note(1)];
    let prepare = format!("PREPARE TRANSACTION '{}'", desk.database);
    run(&older, &begin).await;
    for prepared in [false, true] {
        if prepared {
            run(&older, &[&prepare]).await;
        }
        let last = note(&live, &["all"], 2).await;
        let old = "UPDATE highwater_log SET recorded_ms = recorded_ms - 90000";
        run(&desk.db, &[old]).await;
        let deadline = tokio::time::Instant::now() + std::time::Duration::from_secs(60);
        while value(live.hub(), "log_held_back_seconds") < 90.0
            || warnings.0.lock().unwrap().is_empty()
        {
            assert!(tokio::time::Instant::now() < deadline, "nothing is said to be held back");
            tokio::task::yield_now().await;
        }
        assert!(!desk.log().head().await.unwrap().reaches(&last));
        let words = desk.log().held_back_by().await.unwrap().unwrap();
        let named = match prepared {
            false => format!("application {0}, database {0}, idle in transaction", desk.database),
            true => format!("prepared transaction {0}, database {0}", desk.database),
        };
        assert!(words.contains(&named) && words.contains("20"), "{words}");
    }
    // Once in a minute.
    let warned = warnings.0.lock().unwrap().clone();
    let idle = format!("application {0}, database {0}, idle in transaction", desk.database);
    assert!(matches!(&warned[..], [by] if by.contains(&idle)), "{warned:?}");
    run(&older, &[&format!("COMMIT PREPARED '{}'", desk.database)]).await;
    let head = live.head().await.unwrap();
    desk.settled(&head).await;
    assert_eq!(desk.log().held_back_by().await.unwrap(), None);
}

/// How many rows and entries of indexes of the log the database has read.
async fn rows_read(db: &DatabaseConnection) -> i64 {
    let sql = "SELECT (t.seq_tup_read + (SELECT sum(i.idx_tup_read) FROM pg_stat_user_indexes AS i
            WHERE i.relname = 'highwater_log'))::bigint AS rows
        FROM pg_stat_user_tables AS t WHERE t.relname = 'highwater_log'";
    let row = db.query_one_raw(Statement::from_string(DbBackend::Postgres, sql)).await;
    row.unwrap().unwrap().try_get("", "rows").unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn how_long_the_log_is_held_back_is_known_without_reading_what_waits() {
    const WAITING: i64 = 20_000;
    let server = PostgresServer::start();
    let desk = PostgresDesk::open_on(&server.url).await;
    let start = desk.log().head().await.unwrap();
    let older = session(&desk).await;
    run(&older, &["BEGIN", &insert_note(1)]).await;
    let many = format!(
        "INSERT INTO highwater_log (kind, body) SELECT 'event', '{{}}'
            FROM generate_series(1, {WAITING})"
    );
    run(&desk.db, &[&many, "ANALYZE highwater_log"]).await;
    let before = rows_read(&desk.db).await;
    // What a session has read is known when it has ended.
    let db = session(&desk).await;
    let pid = "SELECT pg_backend_pid() AS pid";
    let pid = db.query_one_raw(Statement::from_string(DbBackend::Postgres, pid)).await;
    let pid: i32 = pid.unwrap().unwrap().try_get("", "pid").unwrap();
    let log = PostgresLog::open(db.clone()).await.unwrap();
    let page = log.after(&start, 10).await.unwrap();
    assert!(page.rows.is_empty() && page.waiting_ms.is_some());
    // Whether a position can be resumed needs nothing of it.
    assert_eq!(log.after(&start, 0).await.unwrap().waiting_ms, None);
    db.close_by_ref().await.unwrap();
    let deadline = tokio::time::Instant::now() + std::time::Duration::from_secs(60);
    let there = format!("SELECT 1 FROM pg_stat_activity WHERE pid = {pid}");
    let there = Statement::from_string(DbBackend::Postgres, there);
    while desk.db.query_one_raw(there.clone()).await.unwrap().is_some() {
        assert!(tokio::time::Instant::now() < deadline, "the session goes on");
    }
    let read = rows_read(&desk.db).await - before;
    assert!((1..WAITING / 10).contains(&read), "{read} rows were read");
}
