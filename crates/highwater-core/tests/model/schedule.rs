//! Schedules: what happens, in which order.

use proptest::{collection::vec, prelude::*};

use crate::domain::{CELLS, READS};

#[derive(Clone, Debug)]
pub enum Step {
    /// Somebody else writes.
    Write {
        cell: u8,
        opaque: bool,
    },
    Bulk,
    /// The client's own optimistic mutation.
    Mutate {
        cell: u8,
        opaque: bool,
    },
    /// A mutation on its way reaches the server, which refuses it or not; the answer may be lost.
    ServeMutation {
        which: usize,
        refuse: bool,
        lose: bool,
    },
    /// A fetch on its way reaches the server, perhaps a replica that lags by some rows.
    ServeFetch {
        which: usize,
        fail: bool,
        lag: u64,
    },
    /// An answer on its way back, in any order, reaches the client.
    Deliver {
        which: usize,
    },
    /// The link hands over some of what the server sent, perhaps each message twice.
    Receive {
        count: usize,
        twice: bool,
    },
    /// The server collapses what the link has not taken yet.
    Collapse,
    Ping,
    /// The connection is lost with everything on it.
    Cut,
    Reconnect,
    Trim,
    Restore,
    Mount {
        which: usize,
    },
    Unmount {
        which: usize,
    },
    /// The connection gave up, and asks for what is shown.
    Poll,
    Hide,
    Show,
    Wait {
        ms: u64,
    },
}

pub fn schedules() -> impl Strategy<Value = Vec<Step>> {
    let cell = 0..CELLS;
    let step = prop_oneof![
        8 => (cell.clone(), prop::bool::weighted(0.2)).prop_map(|(cell, opaque)| Step::Write { cell, opaque }),
        2 => Just(Step::Bulk),
        5 => (cell, prop::bool::weighted(0.3)).prop_map(|(cell, opaque)| Step::Mutate { cell, opaque }),
        6 => (any::<usize>(), prop::bool::weighted(0.3), prop::bool::weighted(0.3))
            .prop_map(|(which, refuse, lose)| Step::ServeMutation { which, refuse, lose }),
        8 => (any::<usize>(), prop::bool::weighted(0.1), 0u64..4)
            .prop_map(|(which, fail, lag)| Step::ServeFetch { which, fail, lag }),
        10 => any::<usize>().prop_map(|which| Step::Deliver { which }),
        10 => (1usize..6, prop::bool::weighted(0.2)).prop_map(|(count, twice)| Step::Receive { count, twice }),
        2 => Just(Step::Collapse),
        2 => Just(Step::Ping),
        2 => Just(Step::Cut),
        3 => Just(Step::Reconnect),
        1 => Just(Step::Trim),
        1 => Just(Step::Restore),
        3 => (0..READS.len()).prop_map(|which| Step::Mount { which }),
        2 => (0..READS.len()).prop_map(|which| Step::Unmount { which }),
        2 => Just(Step::Poll),
        1 => Just(Step::Hide),
        1 => Just(Step::Show),
        3 => prop_oneof![Just(1u64), 100..3000u64, Just(400_000)].prop_map(|ms| Step::Wait { ms }),
    ];
    vec(step, 1..100)
}
