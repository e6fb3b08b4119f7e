//! The model's server: data, a log, outcomes by mutation id, and what a subscriber is sent.

use std::{
    collections::{BTreeMap, HashMap},
    ops::Bound,
};

use highwater_core::{AsOf, Cursor, Epoch, Frame, LiveEvent, MutationId, Pos, Stamped};

use crate::{
    domain::{CELLS, Cell, Event, Read, Reading, Tag},
    numbering::{Kind, Numbering},
    transaction::{Change, Committed, Snapshot, Transaction},
};

struct Row {
    by: Option<MutationId>,
    event: Event,
}

pub struct Server {
    kind: Kind,
    epoch: Epoch,
    epochs: u32,
    numbering: Box<dyn Numbering>,
    cells: BTreeMap<u8, Cell>,
    bulk: u64,
    /// Rows up to here were trimmed.
    floor: Pos,
    /// What was committed, also above the head.
    rows: BTreeMap<Pos, Row>,
    /// Transactions that stay open, in the order of their numbers.
    held: Vec<Transaction>,
    /// Every snapshot since the epoch began, for answers from a replica that lags.
    history: Vec<Snapshot>,
    /// The row and the stamp of each mutation that was answered, or that it was refused.
    outcomes: HashMap<MutationId, Option<(Cursor, AsOf)>>,
}

impl Server {
    pub fn new(kind: Kind) -> Self {
        let mut server = Self {
            kind,
            epoch: epoch(0),
            epochs: 0,
            numbering: kind.numbering(),
            cells: (0..CELLS).map(|cell| (cell, Cell::default())).collect(),
            bulk: 0,
            floor: Pos::default(),
            rows: BTreeMap::new(),
            held: Vec::new(),
            history: Vec::new(),
            outcomes: HashMap::new(),
        };
        server.keep();
        server
    }

    pub fn kind(&self) -> Kind {
        self.kind
    }

    pub fn head(&self) -> Cursor {
        self.at(self.numbering.head())
    }

    /// A transaction of its own, unless it would have to wait for one that is held.
    pub fn write(&mut self, change: Change) {
        if !self.is_locked(change) {
            let transaction = self.begin(None, change);
            self.commit(transaction);
        }
    }

    /// Runs a mutation, or answers a repeat with its first outcome and today's value.
    pub fn mutate(&mut self, by: MutationId, change: Change, refuse: bool) -> Option<Committed> {
        if let Some(first) = self.outcomes.get(&by).cloned() {
            return first.map(|(cursor, as_of)| Committed {
                cursor,
                as_of,
                seen: self.snapshot(None),
            });
        }
        if refuse {
            self.outcomes.insert(by, None);
            return None;
        }
        let transaction = self.begin(Some(by), change);
        Some(self.commit(transaction))
    }

    /// Whether a mutation waits: for the first outcome under its id, or for its cell.
    pub fn is_waiting(&self, by: MutationId, cell: u8) -> bool {
        let is_running = self.held.iter().any(|held| held.by == Some(by));
        let cell_is_locked = self.held.iter().any(|held| held.cells.contains_key(&cell));
        !self.outcomes.contains_key(&by) && (is_running || cell_is_locked)
    }

    /// A transaction that stays open. Where there is one writer, none does.
    pub fn hold(&mut self, by: Option<MutationId>, change: Change) -> bool {
        let is_known = by.is_some_and(|by| self.outcomes.contains_key(&by));
        if matches!(self.kind, Kind::Rows) || is_known || self.is_locked(change) {
            return false;
        }
        let transaction = self.begin(by, change);
        self.held.push(transaction);
        true
    }

    /// How many transactions are open.
    pub fn held(&self) -> usize {
        self.held.len()
    }

    /// An open transaction writes again, unless it would have to wait for another.
    pub fn go_on(&mut self, which: usize, change: Change) {
        let mut transaction = self.held.remove(which);
        if !self.is_locked(change) {
            self.record(&mut transaction, change);
        }
        self.held.insert(which, transaction);
    }

    /// An open transaction ends, and its mutation, if it is one.
    pub fn commit_held(&mut self, which: usize) -> (Option<MutationId>, Committed) {
        let transaction = self.held.remove(which);
        (transaction.by, self.commit(transaction))
    }

    /// An open transaction comes to nothing; its mutation has no outcome.
    pub fn roll_back_held(&mut self, which: usize) -> Option<MutationId> {
        let transaction = self.held.remove(which);
        self.numbering.end(transaction.number);
        self.keep();
        transaction.by
    }

    pub fn trim(&mut self) {
        self.floor = self.numbering.head();
        let floor = self.floor;
        self.rows.retain(|at, _| *at > floor);
    }

    /// A restored backup: the log is another one, and what was open is lost. The data stays, for
    /// the model's truth.
    pub fn restore(&mut self) {
        self.epochs += 1;
        self.epoch = epoch(self.epochs);
        self.numbering = self.kind.numbering();
        self.floor = Pos::default();
        self.rows.clear();
        self.held.clear();
        self.history.clear();
        self.outcomes.clear();
        self.keep();
    }

    pub fn read(&self, read: Read) -> Stamped<Reading> {
        self.snapshot(None).read(read)
    }

    /// An answer from up to `lag` snapshots ago, but never without `min`.
    pub fn read_behind(&self, read: Read, lag: usize, min: Option<&AsOf>) -> Stamped<Reading> {
        let min = min.filter(|min| *min.epoch() == self.epoch);
        let (newest, older) = self.history.split_last().unwrap();
        let lagging = &older[older.len().saturating_sub(lag)..];
        let met = |seen: &&Snapshot| min.is_none_or(|min| seen.as_of.includes(min));
        lagging.iter().find(met).unwrap_or(newest).read(read)
    }

    /// What a subscriber that holds everything up to `after` is sent.
    pub fn resume(&self, after: &Cursor) -> Vec<Frame<Event>> {
        let connected = |at| Frame::Connected { at, build: "model".into() };
        if after.epoch == self.epoch && (self.floor..=self.head().at).contains(&after.at) {
            let mut frames = vec![connected(after.clone())];
            frames.extend(self.after(after));
            frames
        } else {
            vec![Frame::Reset { at: self.head() }, connected(self.head())]
        }
    }

    pub fn after(&self, cursor: &Cursor) -> Vec<Frame<Event>> {
        let upto = self.head().at;
        let rows = self.rows.range((Bound::Excluded(cursor.at), Bound::Included(upto)));
        rows.map(|(at, row)| Frame::Event {
            at: self.at(*at),
            by: row.by,
            event: row.event.clone(),
        })
        .collect()
    }

    pub fn ping(&self) -> Frame<Event> {
        Frame::Ping { upto: self.head(), checked_ms: 0 }
    }

    fn begin(&mut self, by: Option<MutationId>, change: Change) -> Transaction {
        let number = self.numbering.begin();
        self.keep();
        let (rows, cells, seen) = (Vec::new(), BTreeMap::new(), self.snapshot(Some(number)));
        let mut transaction = Transaction { number, by, rows, cells, bulk: 0, seen };
        self.record(&mut transaction, change);
        transaction
    }

    fn record(&mut self, transaction: &mut Transaction, change: Change) {
        let event = match change {
            Change::Set { cell, value, opaque } => {
                let written = transaction.cells.get(&cell);
                let version = written.unwrap_or(&self.cells[&cell]).version + 1;
                transaction.cells.insert(cell, Cell { version, value });
                Event::Set { cell, version, value, opaque }
            }
            Change::Bulk => {
                transaction.bulk += 1;
                Event::Bulk
            }
        };
        let at = self.numbering.place(transaction.number, transaction.rows.len() as u64);
        transaction.rows.push((at, event));
        let mut seen = self.snapshot(Some(transaction.number));
        seen.cells.extend(transaction.cells.clone());
        seen.bulk += transaction.bulk;
        transaction.seen = seen;
    }

    fn commit(&mut self, transaction: Transaction) -> Committed {
        let Transaction { number, by, rows, cells, bulk, seen } = transaction;
        let cursor = self.at(rows.last().unwrap().0);
        self.numbering.end(number);
        self.rows.extend(rows.into_iter().map(|(at, event)| (at, Row { by, event })));
        self.cells.extend(cells);
        self.bulk += bulk;
        self.keep();
        let as_of = seen.as_of.clone();
        self.outcomes.extend(by.map(|by| (by, Some((cursor.clone(), as_of.clone())))));
        Committed { cursor, as_of, seen }
    }

    fn is_locked(&self, change: Change) -> bool {
        match change {
            Change::Set { cell, .. } => self.held.iter().any(|held| held.cells.contains_key(&cell)),
            Change::Bulk => false,
        }
    }

    /// What a snapshot taken now shows of what is committed.
    fn snapshot(&self, own: Option<u64>) -> Snapshot {
        let as_of = self.numbering.stamp(&self.epoch, own);
        Snapshot { cells: self.cells.clone(), bulk: self.bulk, as_of }
    }

    fn keep(&mut self) {
        let now = self.snapshot(None);
        if self.history.last() != Some(&now) {
            self.history.push(now);
        }
    }

    fn at(&self, at: Pos) -> Cursor {
        Cursor { epoch: self.epoch.clone(), at }
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
