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
    /// Somebody else's transaction writes, and stays open. It and what follows of it mean something
    /// only above a log of transactions.
    Hold {
        cell: u8,
        opaque: bool,
    },
    /// A mutation on its way reaches the server, and its transaction stays open; the answer may be
    /// lost before that.
    HoldMutation {
        which: usize,
        lose: bool,
    },
    /// An open transaction writes again: to a cell, or in bulk.
    GoOn {
        which: usize,
        set: Option<(u8, bool)>,
    },
    Commit {
        which: usize,
    },
    RollBack {
        which: usize,
    },
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
    /// A fetch on its way reaches the server, perhaps a replica that lags a little.
    ServeFetch {
        which: usize,
        fail: bool,
        lag: usize,
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

/// What happens before a page is there.
pub fn preludes() -> impl Strategy<Value = Vec<Step>> {
    vec(writes(), 0..4)
}

/// Short lists of what is likely come first: making a choice costs as much as all before it.
pub fn schedules() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        36 => traffic(),
        22 => writes(),
        17 => client(),
        11 => link(),
    ];
    vec(step, 1..120)
}

/// What is on its way arrives.
fn traffic() -> impl Strategy<Value = Step> {
    prop_oneof![
        10 => any::<usize>().prop_map(|which| Step::Deliver { which }),
        10 => (1usize..6, prop::bool::weighted(0.2)).prop_map(|(count, twice)| Step::Receive { count, twice }),
        8 => (any::<usize>(), prop::bool::weighted(0.1), 0usize..4)
            .prop_map(|(which, fail, lag)| Step::ServeFetch { which, fail, lag }),
        6 => (any::<usize>(), prop::bool::weighted(0.3), prop::bool::weighted(0.3))
            .prop_map(|(which, refuse, lose)| Step::ServeMutation { which, refuse, lose }),
        2 => (any::<usize>(), any::<bool>()).prop_map(|(which, lose)| Step::HoldMutation { which, lose }),
    ]
}

/// What others do at the server.
fn writes() -> impl Strategy<Value = Step> {
    let set = (0..CELLS, prop::bool::weighted(0.2));
    prop_oneof![
        8 => set.clone().prop_map(|(cell, opaque)| Step::Write { cell, opaque }),
        4 => set.clone().prop_map(|(cell, opaque)| Step::Hold { cell, opaque }),
        4 => any::<usize>().prop_map(|which| Step::Commit { which }),
        3 => (any::<usize>(), prop::option::weighted(0.8, set))
            .prop_map(|(which, set)| Step::GoOn { which, set }),
        2 => Just(Step::Bulk),
        1 => any::<usize>().prop_map(|which| Step::RollBack { which }),
    ]
}

/// What somebody does with the page.
fn client() -> impl Strategy<Value = Step> {
    prop_oneof![
        5 => (0..CELLS, prop::bool::weighted(0.3)).prop_map(|(cell, opaque)| Step::Mutate { cell, opaque }),
        3 => (0..READS.len()).prop_map(|which| Step::Mount { which }),
        3 => prop_oneof![Just(1u64), 100..3000u64, Just(400_000)].prop_map(|ms| Step::Wait { ms }),
        2 => (0..READS.len()).prop_map(|which| Step::Unmount { which }),
        2 => Just(Step::Poll),
        1 => Just(Step::Hide),
        1 => Just(Step::Show),
    ]
}

/// What becomes of the stream, and of the log behind it.
fn link() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => Just(Step::Reconnect),
        2 => Just(Step::Collapse),
        2 => Just(Step::Ping),
        2 => Just(Step::Cut),
        1 => Just(Step::Trim),
        1 => Just(Step::Restore),
    ]
}
