//! Polls: what keeps queries fresh while no stream tells of changes.

use proptest::prelude::*;

use crate::{domain::READS, invariants::settled, numbering::Kind, schedule::Step};

const ALL: u32 = READS.len() as u32;

proptest! {
    /// Without a stream, a poll that is answered brings every change to what is shown, by one fetch
    /// each; the stream that comes back afterwards brings nothing that has to be fetched again.
    #[test]
    fn a_poll_brings_everything_by_one_fetch_each(
        writes in prop::collection::vec((0u8..4, any::<bool>()), 0..20), bulk: bool,
    ) {
        for kind in Kind::BOTH {
            let mut world = settled(kind);
            world.step(&Step::Cut);
            for (cell, opaque) in &writes {
                world.step(&Step::Write { cell: *cell, opaque: *opaque });
            }
            if bulk {
                world.step(&Step::Bulk);
            }
            world.step(&Step::Poll);
            for _ in READS {
                world.serve_fetch(0, false, 0);
                world.deliver(0);
            }
            prop_assert_eq!(&world.polled, &[(ALL, ALL)]);
            for (which, read) in READS.iter().enumerate() {
                let truth = world.server.read(*read).value;
                prop_assert_eq!(world.committed(which), Some(truth), "{:?}", read);
            }
            world.settle();
            prop_assert!(world.fetched.values().all(|fetches| *fetches == 1), "{:?}", world.fetched);
            prop_assert_eq!(world.fetched.len(), READS.len());
        }
    }
}

/// What a poll could not have is left to the next poll: nothing is known to be missing from it.
#[test]
fn a_poll_that_is_not_answered_repeats_nothing() {
    for kind in Kind::BOTH {
        let mut world = settled(kind);
        world.step(&Step::Cut);
        world.step(&Step::Poll);
        for _ in READS {
            world.serve_fetch(0, true, 0);
            world.deliver(0);
        }
        assert_eq!(world.polled, [(ALL, 0)]);
        world.wait(600_000);
        assert!(world.fetched.values().all(|fetches| *fetches == 1), "{:?}", world.fetched);
    }
}

#[test]
fn one_answer_is_enough_to_know_that_a_server_is_there() {
    for kind in Kind::BOTH {
        let mut world = settled(kind);
        world.step(&Step::Poll);
        for which in 0..READS.len() {
            world.serve_fetch(0, which > 0, 0);
            world.deliver(0);
        }
        assert_eq!(world.polled, [(ALL, 1)]);
    }
}

#[test]
fn a_poll_of_a_page_that_shows_nothing_is_over_at_once() {
    for kind in Kind::BOTH {
        let mut world = settled(kind);
        (0..READS.len()).for_each(|which| world.step(&Step::Unmount { which }));
        world.step(&Step::Poll);
        assert_eq!(world.polled, [(0, 0)]);
        assert!(world.fetched.is_empty(), "{:?}", world.fetched);
    }
}

#[test]
fn a_query_that_is_left_during_a_poll_is_not_waited_for_longer_than_its_fetch() {
    for kind in Kind::BOTH {
        let mut world = settled(kind);
        world.step(&Step::Hide);
        world.step(&Step::Poll);
        assert!(world.fetched.is_empty(), "a hidden tab fetches nothing");
        (0..READS.len()).for_each(|which| world.step(&Step::Unmount { which }));
        assert_eq!(world.polled, [(ALL, 0)]);
        world.step(&Step::Show);
        (0..READS.len()).for_each(|which| world.mount(which));
        assert!(world.fetched.is_empty(), "what was wanted then is not wanted now");
    }
}

/// A poll asks for no second fetch of what is under way.
#[test]
fn a_poll_takes_the_fetch_that_is_under_way() {
    for kind in Kind::BOTH {
        let mut world = settled(kind);
        world.step(&Step::Bulk);
        world.receive(usize::MAX, false);
        let under_way = world.fetched.clone();
        world.step(&Step::Poll);
        world.step(&Step::Poll);
        world.settle();
        for (which, fetches) in &world.fetched {
            assert_eq!(*fetches, 1, "{:?}, {under_way:?}", READS[*which]);
        }
        assert_eq!(world.polled, [(ALL, ALL)], "the second takes the first one's place");
    }
}
