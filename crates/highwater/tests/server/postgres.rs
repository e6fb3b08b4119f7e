//! What only PostgreSQL can get wrong: many writers at a time, of which some are slow, lose against
//! others, are prepared, or go down with the server.

mod access_order;
mod attempts;
mod cancelled;
mod clocks;
mod crash;
mod doorbell;
mod epochs;
mod holder;
mod restart;
mod settling;

use highwater::{
    Committed,
    server::{By, Live, PostgresLog},
};
use sea_orm::{ConnectionTrait, DatabaseConnection, DatabaseTransaction};

use crate::{
    desk::{Desk, PostgresDesk},
    notes::{Noted, Refused, audiences},
    postgres_server::connect,
};

/// The SQL by which a program that does not know the engine records note `id`.
fn insert_note(id: u32) -> String {
    format!(
        r#"INSERT INTO highwater_log (kind, audiences, body)
            VALUES ('event', '["all"]', '{{"type":"note.written","id":{id}}}')"#
    )
}

/// A connection of its own, which may stay within a transaction.
async fn session(desk: &PostgresDesk) -> DatabaseConnection {
    connect(desk.url(), &desk.database, 1).await
}

async fn run(session: &DatabaseConnection, statements: &[&str]) {
    for statement in statements {
        session.execute_unprepared(statement).await.unwrap();
    }
}

/// Puts note `id` as a word, and records it.
async fn put(live: &Live<PostgresLog, Noted>, by: By, id: u32) -> Result<Committed<u32>, Refused> {
    let work = live.write(by, move |write| {
        Box::pin(async move {
            let sql = format!("INSERT INTO words (word) VALUES ('{id}')");
            write.tx().execute_unprepared(&sql).await?;
            write.record(&audiences(&["all"]), &Noted::Written { id }).await?;
            Ok(id)
        })
    });
    work.await
}

async fn words(live: &Live<PostgresLog, Noted>) -> highwater::Stamped<Vec<String>> {
    let read = live.read::<_, Refused>(None, |tx: &DatabaseTransaction| {
        Box::pin(async { Ok(PostgresDesk::words(tx).await) })
    });
    read.await.unwrap()
}
