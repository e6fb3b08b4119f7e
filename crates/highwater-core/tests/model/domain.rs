//! The model's data: a few numbered cells and a counter that only bulk changes move.

use std::collections::BTreeMap;

use highwater_core::{AsOf, Fetched, LiveEvent, MutationId, Patch, Query};
use serde::{Deserialize, Serialize};

/// How many cells there are.
pub const CELLS: u8 = 4;

#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Tag {
    All,
    One(u8),
    Bulk,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type")]
pub enum Event {
    /// One cell changed; `opaque` changes can be patched only where cells are counted. Its versions
    /// follow the order of commits, and a log of transactions need not.
    Set { cell: u8, version: u64, value: u64, opaque: bool },
    /// The counter moved; nothing can be patched.
    Bulk,
}

impl LiveEvent for Event {
    type Tag = Tag;

    fn tags(&self) -> Vec<Tag> {
        match self {
            Self::Set { cell, .. } => vec![Tag::One(*cell), Tag::All],
            Self::Bulk => vec![Tag::Bulk],
        }
    }
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Cell {
    pub version: u64,
    pub value: u64,
}

/// What every query of the model reads: some cells, perhaps the counter, and, of overlays alone,
/// the mutations laid over it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Reading {
    pub cells: BTreeMap<u8, Cell>,
    pub bulk: Option<u64>,
    pub overlaid: Vec<MutationId>,
}

impl Reading {
    /// Whether nothing in it is older than in `earlier`.
    pub fn is_no_older_than(&self, earlier: &Self) -> bool {
        earlier.bulk <= self.bulk
            && (earlier.cells.iter())
                .all(|(key, old)| self.cells.get(key).is_some_and(|new| new.version >= old.version))
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Read {
    One(u8),
    All,
    Counted(u8),
}

/// All queries of the model.
pub const READS: [Read; 6] =
    [Read::One(0), Read::One(1), Read::One(2), Read::All, Read::Counted(0), Read::Counted(3)];

impl Query for Read {
    type Event = Event;
    type Value = Reading;
    type Refusal = ();

    const NAME: &'static str = "read";

    fn tags(&self) -> Vec<Tag> {
        match self {
            Self::One(cell) => vec![Tag::One(*cell)],
            Self::All => vec![Tag::All],
            Self::Counted(cell) => vec![Tag::One(*cell), Tag::Bulk],
        }
    }

    fn patch(&self, value: &mut Reading, event: &Event) -> Patch {
        let Event::Set { cell, version, value: to, opaque } = event else {
            return Patch::Stale;
        };
        let Some(held) = value.cells.get_mut(cell) else {
            return Patch::Unaffected;
        };
        if *version <= held.version {
            return Patch::Unaffected;
        }
        if *version > held.version + 1 || (*opaque && !matches!(self, Self::Counted(_))) {
            return Patch::Stale;
        }
        *held = Cell { version: *version, value: *to };
        Patch::Patched
    }

    async fn fetch(self, _min: Option<AsOf>) -> Fetched<Self> {
        unreachable!("the world answers fetches itself")
    }
}
