//! The hub against a simple model: random writes, audiences, changes of access, slow readers,
//! disconnects, resumes at any position, trims and restarts, with bounds small enough that the
//! ring, the log and every way of giving way are taken.
//!
//! What a reader was told must be a history that the model allows: each row it may hear, once and
//! in order (no lost change), none that it may not (no leak), or a reset or `stale` that says so.

use std::collections::BTreeSet;

use highwater::{
    Cursor,
    frame::Frame,
    server::{AccessChange, By, ChangeLog, HubSettings, Live, Retention, Subscribe},
};
use proptest::{collection::vec, prelude::*};

use crate::{
    fake_log::FakeLog,
    notes::{Noted, Refused, audiences, note},
    reader::{Reader, ask, settings, settle, start},
};

const NAMES: [&str; 3] = ["a", "b", "c"];
const READERS: usize = 3;

#[derive(Clone, Debug)]
enum Step {
    /// A note to these audiences.
    Write(BTreeSet<usize>),
    /// The reader's user leaves one audience and joins another.
    Move { reader: usize, leave: usize, join: usize },
    /// The reader takes so many frames.
    Read { reader: usize, frames: usize },
    /// The reader's connection is lost; it comes back where it was, or so many rows earlier.
    Reconnect { reader: usize, rewind: u64 },
    /// The hub has time to route what there is.
    Settle,
    /// Only so many rows stay in the log.
    Trim(u64),
    /// Another process takes over.
    Restart,
}

/// What the model knows of a row: its audiences, and everybody's after it.
struct Row {
    to: BTreeSet<usize>,
    members: Vec<BTreeSet<usize>>,
    /// Whose access it changes.
    moves: Option<usize>,
}

/// A reader, and what it has been told so far.
struct Client {
    number: usize,
    collapse: bool,
    stream: Option<Reader>,
    /// Its `Last-Event-ID`.
    at: Cursor,
    /// How far its pings, resets and `stale` say that it is complete.
    complete: u64,
    /// The rows it heard, or was told to take as heard.
    told: BTreeSet<u64>,
}

struct World {
    log: FakeLog,
    live: Live<FakeLog, Noted>,
    bounds: (usize, usize, usize),
    rows: Vec<Row>,
    members: Vec<BTreeSet<usize>>,
}

fn names(set: &BTreeSet<usize>) -> Vec<&'static str> {
    set.iter().map(|index| NAMES[*index]).collect()
}

async fn begin(log: &FakeLog, (ring, queue, tags): (usize, usize, usize)) -> Live<FakeLog, Noted> {
    start(log, HubSettings { ring, queue, tags, ..settings() }).await
}

impl World {
    async fn step(&mut self, step: Step, clients: &mut [Client]) {
        match step {
            Step::Write(to) => {
                note(&self.live, &names(&to), u32::try_from(self.rows.len()).unwrap()).await;
                self.rows.push(Row { to, members: self.members.clone(), moves: None });
            }
            Step::Move { reader, leave, join } => {
                self.members[reader].remove(&leave);
                self.members[reader].insert(join);
                let change = AccessChange {
                    subject: format!("user:{reader}"),
                    join: audiences(&[NAMES[join]]),
                    leave: audiences(&[NAMES[leave]]),
                    ..AccessChange::default()
                };
                let written = self.live.write::<_, Refused>(By::nobody(), |write| {
                    Box::pin(async move { Ok(write.record_access(&change).await?) })
                });
                written.await.unwrap();
                let (to, members) = (BTreeSet::new(), self.members.clone());
                self.rows.push(Row { to, members, moves: Some(reader) });
            }
            Step::Read { reader, frames } => {
                for _ in 0..frames {
                    clients[reader].hear(self).await;
                }
            }
            Step::Reconnect { reader, rewind } => {
                let client = &mut clients[reader];
                client.stream = None;
                client.at.at.major = client.at.at.major.saturating_sub(rewind);
                client.connect(self).await;
            }
            Step::Settle => settle(&self.live).await,
            Step::Trim(max_rows) => {
                let keep = Retention { max_age_ms: 3_600_000, max_rows };
                self.log.trim(keep).await.unwrap();
            }
            Step::Restart => {
                self.live = begin(&self.log, self.bounds).await;
                for client in clients {
                    client.stream = None;
                    client.connect(self).await;
                }
            }
        }
    }

    /// Whether the reader may hear the row: as a member then, or at any time since.
    fn allows(&self, reader: usize, number: u64) -> bool {
        let index = usize::try_from(number).unwrap() - 1;
        let row = &self.rows[index];
        row.moves == Some(reader)
            || self.rows[index..].iter().any(|later| !later.members[reader].is_disjoint(&row.to))
    }

    /// Whether the reader must hear the row: one of its audiences was the reader's then and
    /// has been ever since.
    fn demands(&self, reader: usize, number: u64) -> bool {
        let index = usize::try_from(number).unwrap() - 1;
        let row = &self.rows[index];
        let stayed = |name: &usize| {
            self.rows[index..].iter().all(|later| later.members[reader].contains(name))
        };
        row.moves == Some(reader) || row.to.iter().any(stayed)
    }
}

impl Client {
    async fn connect(&mut self, world: &World) {
        settle(&world.live).await;
        let ask = Subscribe {
            subjects: BTreeSet::from([format!("user:{}", self.number)]),
            after: Some(Ok(self.at.clone())),
            collapse: self.collapse,
            ..ask(&world.live, &names(&world.members[self.number])).await
        };
        self.stream = Some(Reader::open(world.live.hub(), ask).await);
        // What comes after the resume position comes again.
        self.complete = self.complete.min(self.at.at.major);
        self.told.split_off(&(self.at.at.major + 1));
    }

    /// Everything up to here counts as heard: what it may have missed will be read anew.
    fn covered(&mut self, upto: &Cursor) {
        self.told.extend(1..=upto.at.major);
        self.at = upto.clone();
    }

    /// Takes one frame and holds it against the model.
    async fn hear(&mut self, world: &World) -> Option<Cursor> {
        let stream = self.stream.as_mut().unwrap();
        let Some(frame) = stream.next().await else {
            // A stream that started over ends; its client comes back.
            self.connect(world).await;
            return None;
        };
        match frame {
            Frame::Event { at, event: Noted::Written { id }, .. } => {
                assert_eq!(u64::from(id) + 1, at.at.major);
                self.heard(at, world);
            }
            Frame::Access { at, .. } => self.heard(at, world),
            Frame::Stale { tags, upto } => {
                assert!(self.collapse, "a `stale` for a client that does not know it");
                assert!(tags.iter().all(|(_, at)| at.at.major > self.at.at.major));
                let named: BTreeSet<_> = tags.iter().map(|(_, at)| at.at.major).collect();
                assert!(named.iter().all(|number| world.allows(self.number, *number)));
                // Each note has a tag of its own here, so that `stale` names every row.
                self.told.extend(named);
                self.demand(upto.at.major, world);
                self.at = upto;
            }
            Frame::Reset { at } => self.covered(&at),
            Frame::Connected { at, .. } => assert_eq!(at, self.at),
            Frame::Ping { upto, .. } => {
                assert!(upto.at.major >= self.at.at.major);
                self.demand(upto.at.major, world);
                self.at = upto.clone();
                return Some(upto);
            }
            other => panic!("{other:?}"),
        }
        None
    }

    /// One row: newer than all before, and one that this reader may hear (L3).
    fn heard(&mut self, at: Cursor, world: &World) {
        assert!(at.at.major > self.at.at.major, "{at} after {}", self.at);
        assert!(world.allows(self.number, at.at.major), "reader {} heard {at}", self.number);
        self.told.insert(at.at.major);
        self.at = at;
    }

    /// Nothing that this reader must hear is missing up to here (L1).
    fn demand(&mut self, upto: u64, world: &World) {
        for number in self.complete + 1..=upto {
            let missed = world.demands(self.number, number) && !self.told.contains(&number);
            assert!(!missed, "reader {} missed row {number}", self.number);
        }
        self.complete = upto;
    }
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let some = || proptest::collection::btree_set(0..NAMES.len(), 0..3);
    let step = prop_oneof![
        10 => some().prop_map(Step::Write),
        2 => (0..READERS, 0..NAMES.len(), 0..NAMES.len())
            .prop_map(|(reader, leave, join)| Step::Move { reader, leave, join }),
        5 => (0..READERS, 1..6_usize).prop_map(|(reader, frames)| Step::Read { reader, frames }),
        3 => (0..READERS, 0..8_u64)
            .prop_map(|(reader, rewind)| Step::Reconnect { reader, rewind }),
        4 => Just(Step::Settle),
        1 => (0..12_u64).prop_map(Step::Trim),
        1 => Just(Step::Restart),
    ];
    vec(step, 1..60)
}

async fn run(bounds: (usize, usize, usize), steps: Vec<Step>) {
    let log = FakeLog::new();
    let live = begin(&log, bounds).await;
    let at = live.head().await.unwrap();
    let members: Vec<_> = (0..READERS).map(|reader| BTreeSet::from([reader])).collect();
    let mut world = World { log, live, bounds, rows: Vec::new(), members };
    let client = |number| Client {
        number,
        collapse: number % 2 == 0,
        stream: None,
        at: at.clone(),
        complete: 0,
        told: BTreeSet::new(),
    };
    let mut clients: Vec<_> = (0..READERS).map(client).collect();
    for client in &mut clients {
        client.connect(&world).await;
    }
    for step in steps {
        world.step(step, &mut clients).await;
    }
    // In the end every reader is told that it has everything.
    let head = world.live.head().await.unwrap();
    for client in &mut clients {
        while !client.hear(&world).await.is_some_and(|upto| upto.reaches(&head)) {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_reader_ends_with_exactly_what_it_may_hear(
        bounds in (0..12_usize, 1..6_usize, 1..6_usize),
        steps in steps(),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .start_paused(true)
            .build()
            .unwrap();
        runtime.block_on(run(bounds, steps));
    }
}
