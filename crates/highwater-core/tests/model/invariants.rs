//! The invariants L1, L2 and L4–L7, each under the name docs/PROTOCOL.md gives it.

use proptest::{prelude::*, test_runner::FileFailurePersistence};

use crate::{
    domain::{READS, Read},
    numbering::Kind,
    schedule::{Step, preludes, schedules},
    transaction::Change,
    world::World,
};

/// Four thousand schedules above each kind of log, or as many as `PROPTEST_CASES` says.
fn config() -> ProptestConfig {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok());
    ProptestConfig {
        cases: cases.unwrap_or(4000),
        failure_persistence: Some(Box::new(FileFailurePersistence::WithSource("regressions"))),
        ..ProptestConfig::default()
    }
}

/// Runs a schedule above each kind of log, lets everything heal, and compares. What transactions
/// that stayed open to the end have held back may come `collapsed`.
fn ends_at_the_truth(writes: &[Step], hydrated: usize, steps: &[Step], collapsed: bool) {
    for kind in Kind::BOTH {
        let mut world = World::rendered(kind, writes, hydrated);
        steps.iter().for_each(|step| world.step(step));
        world.settle_beside_transactions();
        world.commit_all();
        if collapsed {
            world.step(&Step::Collapse);
        }
        world.settle();
        for which in world.mounted.clone() {
            let truth = world.server.read(READS[which]).value;
            assert_eq!(world.committed(which), Some(truth), "L1: {which} ({kind:?})");
            assert_eq!(world.overlaid(which), vec![], "L6: nothing is laid over it for ever");
        }
        assert!(!world.cache.is_mutating(), "every mutation ends");
    }
}

/// A world in which every query is shown and nothing is on its way.
pub fn settled(kind: Kind) -> World {
    let mut world = World::rendered(kind, &[], 0);
    (0..READS.len()).for_each(|which| world.mount(which));
    world.settle();
    world.fetched.clear();
    world
}

proptest! {
    #![proptest_config(config())]

    /// L1; L2, L5 and L6 are checked by the world after every single input.
    #[test]
    fn every_mounted_query_ends_at_the_truth_and_never_goes_back(
        steps in schedules(), writes in preludes(), hydrated in 0..READS.len(),
        collapsed: bool,
    ) {
        ends_at_the_truth(&writes, hydrated, &steps, collapsed);
    }

    /// L4: on a link that works, one change is at most one fetch for a query that cannot be
    /// patched, and none for one that can.
    #[test]
    fn one_change_is_at_most_one_fetch(cell in 0u8..4, opaque: bool, bulk: bool, early in 0usize..4) {
        for kind in Kind::BOTH {
            let mut world = settled(kind);
            let set = Change::Set { cell, value: 77, opaque };
            world.server.write(if bulk { Change::Bulk } else { set });
            for _ in 0..early {
                world.receive(1, true);
                world.serve_fetch(0, false, 0);
                world.step(&Step::Ping);
            }
            world.settle();
            for (which, read) in READS.iter().enumerate() {
                let allowed = match read {
                    Read::Counted(_) => u32::from(bulk),
                    Read::All => u32::from(!bulk && opaque),
                    Read::One(one) => u32::from(!bulk && opaque && *one == cell),
                };
                prop_assert_eq!(world.fetched.get(&which).copied().unwrap_or(0), allowed, "{:?}", read);
            }
        }
    }

    /// L4: the author of a mutation fetches nothing that its events patch or its answer returns,
    /// whether the answer or the events come first.
    #[test]
    fn the_author_of_a_mutation_fetches_nothing(
        cell in 0u8..3, opaque: bool, echo_first: bool, lose: bool,
    ) {
        for kind in Kind::BOTH {
            let mut world = settled(kind);
            world.mutate(cell, opaque);
            world.serve_mutation(0, false, lose);
            if echo_first {
                world.receive(9, false);
                world.deliver(0);
            } else {
                world.deliver(0);
                world.receive(9, false);
            }
            world.settle();
            // Of what cannot be patched, the answer returns the cell and not the list. A lost answer
            // returns nothing before it is asked for again, and nothing is held for that.
            let list = READS.iter().position(|read| *read == Read::All).unwrap();
            let one = READS.iter().position(|read| *read == Read::One(cell)).unwrap();
            let mut allowed = vec![];
            allowed.extend(opaque.then_some(list));
            allowed.extend((opaque && lose).then_some(one));
            prop_assert!(world.fetched.keys().all(|which| allowed.contains(which)), "{:?}", world.fetched);
            prop_assert!(world.fetched.values().all(|fetches| *fetches == 1), "{:?}", world.fetched);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..config() })]

    /// L7: under endless changes that cannot be patched, every query still completes fetches, each
    /// with what it was asked for.
    #[test]
    fn endless_events_starve_nobody(rounds in 3u64..10, burst in 1usize..80) {
        for kind in Kind::BOTH {
            let mut world = settled(kind);
            for _ in 0..rounds {
                for write in 0..burst {
                    world.server.write(Change::Bulk);
                    let cell = (write % 4) as u8;
                    world.server.write(Change::Set { cell, value: 1, opaque: true });
                }
                world.receive(usize::MAX, false);
                READS.iter().for_each(|_| world.serve_fetch(0, false, 0));
                world.server.write(Change::Bulk);
                world.receive(usize::MAX, false);
                READS.iter().for_each(|_| world.deliver(0));
            }
            let head = world.server.read(Read::Counted(0)).value.bulk.unwrap();
            let per_round = burst as u64 + 1;
            for (which, read) in READS.iter().enumerate() {
                if let Read::Counted(_) = read {
                    let shown = world.committed(which).and_then(|reading| reading.bulk).unwrap();
                    prop_assert!(shown + 2 * per_round >= head, "L7: {} of {} after {} rounds", shown, head, rounds);
                }
            }
        }
    }
}

/// What a page may be rendered among.
const WRITES: [Step; 3] = [
    Step::Write { cell: 0, opaque: true },
    Step::Write { cell: 1, opaque: false },
    Step::Write { cell: 2, opaque: false },
];

/// The page hands over without a gap and without a second fetch.
#[test]
fn a_hydrated_query_is_not_fetched_again() {
    for kind in Kind::BOTH {
        let mut world = World::rendered(kind, &WRITES, READS.len());
        world.settle();
        let list = READS.iter().position(|read| *read == Read::All).unwrap();
        // The writes after the page's queries hold one that cannot be patched: into the list, and
        // into the cell that it is about.
        assert_eq!(world.fetched, [(list, 1), (0, 1)].into());
    }
}

/// The bug class this design exists for: an answer read before a change arrives after the event.
#[test]
fn a_late_answer_does_not_overwrite_a_newer_value() {
    for kind in Kind::BOTH {
        let mut world = World::rendered(kind, &[], 0);
        world.mount(0);
        world.serve_fetch(0, false, 0);
        world.step(&Step::Write { cell: 0, opaque: false });
        world.receive(usize::MAX, false);
        world.deliver(0);
        assert_eq!(world.committed(0).unwrap().cells[&0].version, 1);
        assert_eq!(world.fetched[&0], 1);
    }
}

/// An answer that lacks a row may not be taken for complete because a later event fits on top.
#[test]
fn an_event_behind_a_gap_does_not_close_it() {
    let serve = Step::ServeMutation { which: 0, refuse: false, lose: false };
    let steps = [
        Step::Mutate { cell: 0, opaque: false },
        serve.clone(),
        Step::Cut,
        Step::Mutate { cell: 0, opaque: false },
        Step::Mutate { cell: 1, opaque: false },
        Step::Deliver { which: 0 },
        Step::Write { cell: 0, opaque: false },
        Step::Trim,
        Step::Mutate { cell: 2, opaque: false },
        Step::Wait { ms: 1000 },
        serve.clone(),
        Step::ServeFetch { which: 0, fail: false, lag: 0 },
        serve,
    ];
    ends_at_the_truth(&[], 4, &steps, false);
}

/// A connection that is lost between `reset` and what follows, or right after a first message that
/// starts past what is held, has missed something.
#[test]
fn a_stream_that_starts_past_what_is_held_starts_over() {
    let receive = Step::Receive { count: 1, twice: false };
    let steps = [Step::Trim, Step::Reconnect, receive, Step::Cut];
    ends_at_the_truth(&WRITES[..1], 1, &steps, false);
}

/// What goes by while a query has no value and fetches nothing must be in its first one.
#[test]
fn an_event_while_there_is_no_value_is_not_forgotten() {
    let steps = [
        Step::Restore,
        Step::Mutate { cell: 2, opaque: false },
        Step::Mount { which: 2 },
        Step::ServeFetch { which: 0, fail: false, lag: 0 },
        Step::Deliver { which: 0 },
        Step::Reconnect,
        Step::ServeMutation { which: 0, refuse: false, lose: false },
        Step::Write { cell: 2, opaque: false },
    ];
    ends_at_the_truth(&[], 1, &steps, false);
}
