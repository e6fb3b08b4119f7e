//! The model's server: data, a log, outcomes by mutation id, and what a subscriber is sent.

use std::collections::{BTreeMap, HashMap};

use highwater_core::{AsOf, Cursor, Epoch, Frame, LiveEvent, MutationId, Stamped};

use crate::domain::{CELLS, Cell, Event, Read, Reading, Tag};

pub struct Row {
    pub at: Cursor,
    pub by: Option<MutationId>,
    pub event: Event,
}

#[derive(Clone, Copy)]
pub enum Verdict {
    Committed,
    Refused,
}

pub struct Server {
    epoch: Epoch,
    epochs: u32,
    cells: BTreeMap<u8, Cell>,
    bulk: u64,
    head: u64,
    /// Rows up to here were trimmed.
    floor: u64,
    rows: Vec<Row>,
    /// The data after each row since the epoch began, for answers from a replica that lags.
    history: Vec<(BTreeMap<u8, Cell>, u64)>,
    outcomes: HashMap<MutationId, (Verdict, Cursor, AsOf)>,
}

impl Server {
    pub fn new() -> Self {
        Self {
            epoch: epoch(0),
            epochs: 0,
            cells: (0..CELLS).map(|cell| (cell, Cell::default())).collect(),
            bulk: 0,
            head: 0,
            floor: 0,
            rows: Vec::new(),
            history: Vec::new(),
            outcomes: HashMap::new(),
        }
        .started()
    }

    fn started(mut self) -> Self {
        self.history = vec![(self.cells.clone(), self.bulk)];
        self
    }

    pub fn head(&self) -> Cursor {
        self.at(self.head)
    }

    pub fn set(&mut self, cell: u8, value: u64, opaque: bool, by: Option<MutationId>) {
        let held = self.cells.get_mut(&cell).unwrap();
        *held = Cell { version: held.version + 1, value };
        let version = held.version;
        self.record(by, Event::Set { cell, version, value, opaque });
    }

    pub fn bulk(&mut self) {
        self.bulk += 1;
        self.record(None, Event::Bulk);
    }

    /// Runs a mutation, or answers a repeat with its first outcome.
    pub fn mutate(
        &mut self,
        by: MutationId,
        (cell, opaque): (u8, bool),
        value: u64,
        verdict: Verdict,
    ) -> (Verdict, Cursor, AsOf) {
        if let Some(first) = self.outcomes.get(&by) {
            return first.clone();
        }
        if let Verdict::Committed = verdict {
            self.set(cell, value, opaque, Some(by));
        }
        let outcome = (verdict, self.head(), AsOf::upto(&self.head()));
        self.outcomes.insert(by, outcome.clone());
        outcome
    }

    pub fn trim(&mut self) {
        self.floor = self.head;
        self.rows.clear();
    }

    /// A restored backup: the log is another one. The data stays, for the model's truth.
    pub fn restore(&mut self) {
        self.epochs += 1;
        self.epoch = epoch(self.epochs);
        self.head = 0;
        self.floor = 0;
        self.rows.clear();
        self.history = vec![(self.cells.clone(), self.bulk)];
        self.outcomes.clear();
    }

    pub fn read(&self, read: Read) -> Stamped<Reading> {
        self.read_behind(read, 0, None)
    }

    /// An answer from up to `lag` rows ago, but never without `min`.
    pub fn read_behind(&self, read: Read, lag: u64, min: Option<&AsOf>) -> Stamped<Reading> {
        let least = min.map(AsOf::bound).filter(|min| min.epoch == self.epoch);
        let at =
            self.head.saturating_sub(lag).max(least.map_or(0, |min| min.at.major)).min(self.head);
        let (cells, bulk) = &self.history[usize::try_from(at).unwrap()];
        let (only, bulk) = match read {
            Read::One(cell) => (Some(cell), None),
            Read::All => (None, None),
            Read::Counted(cell) => (Some(cell), Some(*bulk)),
        };
        let cells = cells.iter().filter(|(cell, _)| only.is_none_or(|only| only == **cell));
        let cells = cells.map(|(cell, held)| (*cell, held.clone())).collect();
        let value = Reading { cells, bulk, overlaid: Vec::new() };
        Stamped { value, as_of: AsOf::upto(&self.at(at)) }
    }

    /// What a subscriber that holds everything up to `after` is sent.
    pub fn resume(&self, after: &Cursor) -> Vec<Frame<Event>> {
        let connected = |at| Frame::Connected { at, build: "model".into() };
        if after.epoch == self.epoch && (self.floor..=self.head).contains(&after.at.major) {
            let mut frames = vec![connected(after.clone())];
            frames.extend(self.after(after));
            frames
        } else {
            vec![Frame::Reset { at: self.head() }, connected(self.head())]
        }
    }

    pub fn after(&self, cursor: &Cursor) -> Vec<Frame<Event>> {
        let rows = self.rows.iter().filter(|row| row.at.at > cursor.at);
        rows.map(|row| Frame::Event { at: row.at.clone(), by: row.by, event: row.event.clone() })
            .collect()
    }

    pub fn ping(&self) -> Frame<Event> {
        Frame::Ping { upto: self.head(), checked_ms: 0 }
    }

    fn record(&mut self, by: Option<MutationId>, event: Event) {
        self.head += 1;
        self.rows.push(Row { at: self.head(), by, event });
        self.history.push((self.cells.clone(), self.bulk));
    }

    fn at(&self, number: u64) -> Cursor {
        Cursor::new(self.epoch.clone(), number, 0)
    }
}

/// Frames of events, collapsed as a hub does for a slow reader.
pub fn collapse(frames: Vec<Frame<Event>>) -> Vec<Frame<Event>> {
    let mut tags: BTreeMap<Tag, Cursor> = BTreeMap::new();
    let (mut upto, mut ping) = (None, None);
    let mut rest = Vec::new();
    for frame in frames {
        match frame {
            Frame::Event { at, event, .. } => {
                tags.extend(event.tags().into_iter().map(|tag| (tag, at.clone())));
                upto = Some(at);
            }
            // A ping vouches for what was sent before it: it stays behind.
            Frame::Ping { .. } => ping = Some(frame),
            other => rest.push(other),
        }
    }
    rest.extend(upto.map(|upto| Frame::Stale { tags: tags.into_iter().collect(), upto }));
    rest.extend(ping);
    rest
}

fn epoch(number: u32) -> Epoch {
    Epoch::new(&format!("epoch-{number}")).unwrap()
}
