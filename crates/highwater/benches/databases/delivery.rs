//! How long it takes from a commit until a subscriber has read what it recorded.
//!
//! Owns the pace of the changes. What is said of them is taken from those that were committed.

use std::{
    collections::HashMap,
    fmt,
    future::Future,
    time::{Duration, Instant},
};

use highwater::{frame::Frame, server::ChangeLog};
use tokio::{
    sync::mpsc::{UnboundedReceiver, unbounded_channel},
    task::JoinSet,
    time::timeout,
};

use crate::{
    SPAN, WARM_UP,
    database::{Commit, Database, Kind, ROWS, change, change_foreign},
    notes::Noted,
    reader::{Reader, listen_anywhere},
};

/// How many changes may wait for their turn before the next one is late.
const WAITING: usize = 64;

/// What was committed arrives before this.
const DEADLINE: Duration = Duration::from_secs(60);

/// Who makes the changes.
#[derive(Clone, Copy)]
pub enum Who {
    /// The hub's own process, which rings.
    Live,
    /// Another program, whose changes are recorded by a trigger.
    Foreign,
}

impl fmt::Display for Who {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Live => "Live::write",
            Self::Foreign => "foreign SQL",
        })
    }
}

/// Changes rows at a pace, in changes a second, and says how long each took to arrive.
pub async fn delivery(kind: Kind<'_>, who: Who, pace: u32) {
    let database = Database::new(kind).await;
    let live = database.live(None).await;
    let mut arrivals = arrivals(listen_anywhere(&live, &["all"]).await);
    let changes = match who {
        Who::Live => {
            let change = |number| {
                let live = live.clone();
                async move { change(&live, number % ROWS, number).await }
            };
            paced(pace, WAITING, change).await
        }
        Who::Foreign => {
            database.record_by_trigger().await;
            // As many at a time as take turns in the process that has the engine; none of them
            // waits for a connection within its time.
            let at_once = live.log().writers();
            let db = database.connect(u32::try_from(at_once).unwrap()).await;
            let change = |number| {
                let db = db.clone();
                async move { Some(change_foreign(&db, number % ROWS, number).await) }
            };
            paced(pace, at_once, change).await
        }
    };
    let mut arrived = HashMap::new();
    while !changes.commits.iter().all(|(number, _)| arrived.contains_key(number)) {
        let (number, at) = timeout(DEADLINE, arrivals.recv()).await.unwrap().unwrap();
        arrived.insert(number, at);
    }
    let since = |from: fn(&Commit) -> Instant| -> Vec<Duration> {
        let commits = changes.commits.iter();
        commits
            .map(|(number, commit)| arrived[number].saturating_duration_since(from(commit)))
            .collect()
    };
    let what = format!("{kind}, {who}, {pace}/s");
    say(&what, "from the commit's begin", since(|commit| commit.begun));
    say(&what, "from its return", since(|commit| commit.done));
    let done = changes.commits.len() as f64 / changes.took.as_secs_f64();
    if done < 0.99 * f64::from(pace) || changes.given_up > 0 {
        println!("{what}: NOT KEPT, {done:.0}/s were done, {} given up", changes.given_up);
    }
}

/// Which change was read when, for as long as somebody asks.
fn arrivals(mut reader: Reader) -> UnboundedReceiver<(u32, Instant)> {
    let (arrived, arrivals) = unbounded_channel();
    tokio::spawn(async move {
        loop {
            let frame = tokio::select! {
                frame = reader.next() => frame.unwrap(),
                () = arrived.closed() => return,
            };
            if let Frame::Event { event: Noted::Written { id }, .. } = frame {
                arrived.send((id, Instant::now())).ok();
            }
        }
    });
    arrivals
}

/// What was done at a pace.
#[derive(Default)]
struct Changes {
    commits: Vec<(u32, Commit)>,
    given_up: u32,
    took: Duration,
}

/// Makes numbered changes when their time has come, `at_once` of them side by side at most; those of
/// the first second do not count.
async fn paced<F>(pace: u32, at_once: usize, change: impl Fn(u32) -> F) -> Changes
where
    F: Future<Output = Option<Commit>> + Send + 'static,
{
    let mut number = 0;
    let mut changes = Changes::default();
    for span in [WARM_UP, SPAN] {
        changes = Changes::default();
        let began = Instant::now();
        let mut times = tokio::time::interval(Duration::from_secs(1) / pace);
        let mut under_way = JoinSet::new();
        let last = number + pace * u32::try_from(span.as_secs()).unwrap();
        while number < last && began.elapsed() < span {
            times.tick().await;
            if under_way.len() == at_once {
                changes.add(under_way.join_next().await.unwrap().unwrap());
            }
            while let Some(done) = under_way.try_join_next() {
                changes.add(done.unwrap());
            }
            let change = change(number);
            under_way.spawn(async move { (number, change.await) });
            number += 1;
        }
        while let Some(done) = under_way.join_next().await {
            changes.add(done.unwrap());
        }
        changes.took = began.elapsed();
    }
    changes
}

impl Changes {
    fn add(&mut self, (number, commit): (u32, Option<Commit>)) {
        match commit {
            Some(commit) => self.commits.push((number, commit)),
            None => self.given_up += 1,
        }
    }
}

fn say(what: &str, from: &str, mut times: Vec<Duration>) {
    times.sort_unstable();
    let [p50, p99, max] = [50, 99, 100].map(|percent| {
        let rank = (times.len() * percent).div_ceil(100).max(1);
        times[rank - 1].as_secs_f64() * 1000.0
    });
    println!(
        "{what}, {from}: p50 {p50:.2} ms, p99 {p99:.2} ms, max {max:.2} ms ({} changes)",
        times.len()
    );
}
