//! How many logged commits there are in a second, of writers that begin the next change when the
//! last one is done.
//!
//! Owns the writers. Each has rows of its own, so that none waits for another one's row.

use std::time::{Duration, Instant};

use highwater::server::{ChangeLog, Live};
use tokio::task::JoinSet;

use crate::{
    SPAN, WARM_UP,
    database::{Database, Kind, ROWS, change},
    notes::Noted,
    turns::Turns,
};

/// What writers have done.
#[derive(Clone, Copy, Default)]
struct Done {
    commits: u64,
    given_up: u64,
}

/// Has `writers` write for a while, of which as many at a time as `turns` says, or else the log, and
/// says how many commits that made.
pub async fn commits(kind: Kind<'_>, writers: u32, turns: Option<usize>) {
    let database = Database::new(kind).await;
    let live = database.live(turns).await;
    write(&live, writers, WARM_UP).await;
    let (began, before) = (Instant::now(), live.log().begun());
    let Done { commits, given_up } = write(&live, writers, SPAN).await;
    let again = live.log().begun() - before - commits - given_up;
    println!(
        "{kind}, {writers} writers, {} at a time: {:.0} commits/s; {again} transactions run again, \
         {given_up} writes given up",
        live.log().writers(),
        commits as f64 / began.elapsed().as_secs_f64(),
    );
}

async fn write(live: &Live<Turns, Noted>, writers: u32, span: Duration) -> Done {
    let began = Instant::now();
    let mut all = JoinSet::new();
    for writer in 0..writers {
        let live = live.clone();
        all.spawn(async move {
            let mut done = Done::default();
            for number in (writer..).step_by(writers as usize) {
                if began.elapsed() >= span {
                    break;
                }
                match change(&live, number % ROWS, number).await {
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
