//! How long the log has been held back, and by whom. Its server is its own: on a shared one, others
//! hold it back as well.

use highwater::server::ChangeLog;

use super::{insert_note, run, session};
use crate::{
    desk::{Desk, PostgresDesk},
    metrics::value,
    notes::note,
    postgres_server::PostgresServer,
    reader::{settings, start},
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_holds_the_log_back_is_named() {
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
        while value(live.hub(), "log_held_back_seconds") < 90.0 {
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
    run(&older, &[&format!("COMMIT PREPARED '{}'", desk.database)]).await;
    let head = live.head().await.unwrap();
    desk.settled(&head).await;
    assert_eq!(desk.log().held_back_by().await.unwrap(), None);
}
