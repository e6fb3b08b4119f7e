//! How many logged commits there are in a second, of writers that begin the next change when the
//! last one is done.
//!
//! Owns the writers. Each has rows of its own, so that none waits for another one's row.

use std::{
    fmt,
    time::{Duration, Instant},
};

use highwater::server::{ChangeLog, Live};
use tokio::task::JoinSet;

use crate::{
    SPAN, WARM_UP,
    database::{Database, Kind, ROWS, change},
    notes::Noted,
    turns::Turns,
};

/// Where the rows of a writer are.
#[derive(Clone, Copy)]
pub enum Rows {
    /// In a part of the table of their own.
    Apart,
    /// Between those of the other writers.
    Close,
}

impl Rows {
    /// The row of a writer's next change.
    fn row(self, writer: u32, writers: u32, change: u32) -> u32 {
        let each = ROWS / writers;
        match self {
            Self::Apart => writer * each + change % each,
            Self::Close => writer + change % each * writers,
        }
    }
}

impl fmt::Display for Rows {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Apart => "rows apart",
            Self::Close => "rows close",
        })
    }
}

/// What writers have done.
#[derive(Clone, Copy, Default)]
struct Done {
    commits: u64,
    given_up: u64,
}

/// Has `writers` write for a while, of which as many at a time as `turns` says, or else the log, and
/// says how many commits that made.
pub async fn commits(kind: Kind<'_>, writers: u32, rows: Rows, turns: Option<usize>) {
    let database = Database::new(kind).await;
    let live = database.live(turns).await;
    write(&live, writers, rows, WARM_UP).await;
    let (began, before) = (Instant::now(), live.log().begun());
    let Done { commits, given_up } = write(&live, writers, rows, SPAN).await;
    let again = live.log().begun() - before - commits - given_up;
    println!(
        "{kind}, writers: {writers}, {rows}, turns: {}: {:.0} commits/s; {again} transactions run \
         again, {given_up} writes given up",
        live.log().writers(),
        commits as f64 / began.elapsed().as_secs_f64(),
    );
}

async fn write(live: &Live<Turns, Noted>, writers: u32, rows: Rows, span: Duration) -> Done {
    let began = Instant::now();
    let mut all = JoinSet::new();
    for writer in 0..writers {
        let live = live.clone();
        all.spawn(async move {
            let mut done = Done::default();
            for number in 0.. {
                if began.elapsed() >= span {
                    break;
                }
                match change(&live, rows.row(writer, writers, number), number).await {
                    Some(_) => done.commits += 1,
                    None => done.given_up += 1,
                }
            }
            done
        });
    }
    all.join_all().await.into_iter().fold(Done::default(), |all, one| Done {
        commits: all.commits + one.commits,
        given_up: all.given_up + one.given_up,
    })
}
