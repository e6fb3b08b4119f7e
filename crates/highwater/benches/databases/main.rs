//! What a logged change costs on each database: how long until a subscriber has it, and how many
//! there are in a second. SQLite is a file, opened as the studio opens its own; PostgreSQL is a
//! private server that flushes each commit to the disk. One line for each figure.

#![expect(clippy::unwrap_used, reason = "a benchmark stops at anything unexpected")]
#![expect(dead_code, reason = "what the tests bring can do more than is measured")]

mod database;
mod turns;
mod delivery;
mod commits;

#[path = "../../tests/server/notes.rs"]
mod notes;
#[path = "../../tests/server/postgres_server.rs"]
mod postgres_server;
#[path = "../../tests/server/reader.rs"]
mod reader;

use std::time::Duration;

use crate::{
    commits::{Rows, commits},
    database::Kind,
    delivery::{Who, delivery},
    postgres_server::PostgresServer,
};

/// How long each figure is taken for, after a second that does not count.
const SPAN: Duration = Duration::from_secs(10);
const WARM_UP: Duration = Duration::from_secs(1);

#[tokio::main]
async fn main() {
    let server = PostgresServer::start_durable();
    let kinds = [Kind::Sqlite, Kind::Postgres(&server.url)];
    println!("From a commit to the subscriber of a hub that has it");
    for kind in kinds {
        for who in [Who::Live, Who::Foreign] {
            for pace in [100, 1000] {
                delivery(kind, who, pace).await;
            }
        }
    }
    println!("Logged commits, of writers that never pause");
    for kind in kinds {
        commits(kind, 1, Rows::Apart, None).await;
        commits(kind, 16, Rows::Apart, None).await;
    }
    println!("The same on PostgreSQL, by how many of the writers may write at a time");
    for rows in [Rows::Apart, Rows::Close] {
        for turns in [1, 2, 4, 8, 16] {
            commits(Kind::Postgres(&server.url), 16, rows, Some(turns)).await;
        }
    }
}
