//! What a transaction wrote, and what a snapshot shows.
//!
//! Owns neither numbers nor order; the server gives both.

use std::collections::BTreeMap;

use highwater_core::{AsOf, Cursor, MutationId, Pos, Stamped};

use crate::domain::{Cell, Event, Read, Reading};

/// The data as one snapshot shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct Snapshot {
    pub cells: BTreeMap<u8, Cell>,
    pub bulk: u64,
    pub as_of: AsOf,
}

impl Snapshot {
    pub fn read(&self, read: Read) -> Stamped<Reading> {
        let (only, bulk) = match read {
            Read::One(cell) => (Some(cell), None),
            Read::All => (None, None),
            Read::Counted(cell) => (Some(cell), Some(self.bulk)),
        };
        let cells = self.cells.iter().filter(|(cell, _)| only.is_none_or(|only| only == **cell));
        let cells = cells.map(|(cell, held)| (*cell, held.clone())).collect();
        let value = Reading { cells, bulk, overlaid: Vec::new() };
        Stamped { value, as_of: self.as_of.clone() }
    }
}

/// What is done to the data.
#[derive(Clone, Copy, Debug)]
pub enum Change {
    Set { cell: u8, value: u64, opaque: bool },
    Bulk,
}

/// One that has written and not ended. Nobody else writes its cells before it ends.
pub struct Transaction {
    pub number: u64,
    pub by: Option<MutationId>,
    pub rows: Vec<(Pos, Event)>,
    pub cells: BTreeMap<u8, Cell>,
    pub bulk: u64,
    /// What its last write saw, with what it wrote itself.
    pub seen: Snapshot,
}

/// What a mutation that was committed answers.
pub struct Committed {
    /// Its last row.
    pub cursor: Cursor,
    pub as_of: AsOf,
    /// The data that the answer is read from.
    pub seen: Snapshot,
}
