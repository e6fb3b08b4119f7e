//! Requests that are given up: they leave nothing open in a connection that others get.

use futures::FutureExt;
use highwater::server::{ChangeLog, PostgresLog};
use sea_orm::{ConnectionTrait, DbBackend, Statement};

use crate::{
    desk::{Desk, PostgresDesk},
    postgres_server::connect,
};

#[tokio::test]
async fn a_transaction_whose_beginning_was_given_up_is_open_for_nobody() {
    let desk = PostgresDesk::open().await;
    let db = connect(desk.url(), &desk.database, 1).await;
    let log = PostgresLog::open(db.clone()).await.unwrap();
    for round in 0..40 {
        // Given up after so many looks at it, the first of them before anything was sent.
        let mut begin = Box::pin(log.begin_write());
        for _ in 0..round % 8 {
            if begin.as_mut().now_or_never().is_some() {
                break;
            }
            tokio::task::yield_now().await;
        }
        drop(begin);
        // By itself, so it is committed when it is done.
        let put = format!("INSERT INTO words (word) VALUES ('{round}')");
        db.execute_unprepared(&put).await.unwrap();
        let there = format!("SELECT 1 FROM words WHERE word = '{round}'");
        let there = Statement::from_string(DbBackend::Postgres, there);
        assert!(desk.db.query_one_raw(there).await.unwrap().is_some(), "{round} is not committed");
    }
}
