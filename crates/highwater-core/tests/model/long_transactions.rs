//! Transactions that stay open: what commits beside them is seen before the log tells it, and what
//! they wrote is told before younger rows that were seen already.

use highwater_core::{
    AsOf, Cursor, Frame, MutationId, Stamped,
    cache::{Cache, EntryId, EntryStatus, Input},
    entry::{Definition, Erased},
    mutation::Outcome,
};
use proptest::prelude::*;

use crate::{
    domain::{Event, READS, Read, Tag},
    entries::{answer, cursor, fetches},
    invariants::settled,
    numbering::Kind,
    schedule::Step,
    world::mark,
};

proptest! {
    /// L4: what a snapshot showed is not fetched again when the log tells of it at last; what the
    /// older transaction wrote is.
    #[test]
    fn what_was_seen_before_it_was_told_is_nothing(
        older in (0u8..2, any::<bool>()), newer in (2u8..4, any::<bool>()),
    ) {
        let mut world = settled(Kind::Transactions);
        world.step(&Step::Hold { cell: older.0, opaque: older.1 });
        world.step(&Step::Write { cell: newer.0, opaque: newer.1 });
        world.step(&Step::Bulk);
        world.step(&Step::Poll);
        for _ in READS {
            world.serve_fetch(0, false, 0);
            world.deliver(0);
        }
        world.fetched.clear();
        world.settle();
        for (which, read) in READS.iter().enumerate() {
            let allowed = match read {
                Read::Counted(_) => 0,
                Read::All => u32::from(older.1),
                Read::One(one) => u32::from(older == (*one, true)),
            };
            prop_assert_eq!(world.fetched.get(&which).copied().unwrap_or(0), allowed, "{:?}", read);
        }
    }

    /// L4, L6: the log does not tell of a mutation while an older transaction is open. One fetch of
    /// what its answer did not return ends the wait, and none follows.
    #[test]
    fn an_author_waits_for_nobodys_transaction(cell in 0u8..3, opaque: bool, lose: bool) {
        let mut world = settled(Kind::Transactions);
        world.step(&Step::Hold { cell: 3, opaque: false });
        world.mutate(cell, opaque);
        world.serve_mutation(0, false, lose);
        world.settle_beside_transactions();
        let laid = (0..READS.len()).filter(|which| !world.overlaid(*which).is_empty());
        prop_assert_eq!(laid.count(), 0);
        world.settle();
        for (which, read) in READS.iter().enumerate() {
            let waited = *read == Read::All || *read == Read::Counted(cell);
            let fetched = world.fetched.get(&which).copied().unwrap_or(0);
            prop_assert_eq!(fetched, u32::from(waited), "{:?}", read);
        }
    }
}

/// What a snapshot shows; its stamp as text.
fn seen(stamp: &str) -> Stamped<Erased> {
    Stamped { as_of: stamp.parse().unwrap(), ..answer(0) }
}

fn row(transaction: u64) -> Cursor {
    Cursor::new(cursor(0).epoch, transaction, 1)
}

/// An entry that a view shows, with a value of that stamp.
fn shown(cache: &mut Cache<Event>, stamp: &str) -> EntryId {
    let id = cache.open(0, Definition::of(&Read::Counted(0)));
    cache.handle(0, Input::Hydrated(id, Ok(seen(stamp))));
    cache.handle(0, Input::Mount(id));
    id
}

/// The newest of several collapsed rows was seen, an older one was not.
#[test]
fn a_collapsed_backlog_is_not_covered_by_its_newest_row() {
    let mut cache = Cache::<Event>::default();
    shown(&mut cache, "log.5.0~8~5~");
    let stale = |upto| Frame::Stale { tags: vec![(Tag::Bulk, row(upto))], upto: row(upto) };
    let commands = cache.handle(0, Input::Frame(stale(7)));
    assert_eq!(fetches(&commands).len(), 1, "5 may be among them");

    let mut cache = Cache::<Event>::default();
    shown(&mut cache, "log.5.0~8~~");
    assert_eq!(fetches(&cache.handle(0, Input::Frame(stale(7)))), []);
}

/// Rows of what was gained went elsewhere as long as it was not.
#[test]
fn access_that_a_value_was_read_with_does_not_tell_of_what_ran_beside() {
    let mut cache = Cache::<Event>::default();
    shown(&mut cache, "log.5.0~8~5~");
    let access = Frame::Access { gained: vec![Tag::Bulk], lost: vec![], at: row(7) };
    assert_eq!(fetches(&cache.handle(0, Input::Frame(access))).len(), 1);
}

/// The log is silent about a mutation; every row up to its own is more than anybody can read.
#[test]
fn what_is_overdue_is_asked_for_without_what_runs_beside_it() {
    let mut cache = Cache::<Event>::default();
    let id = shown(&mut cache, "log.5.0~6~5~");
    let by = MutationId::new(1);
    cache.handle(0, Input::Began(by, "scope".into(), vec![(id, mark(by))]));
    let as_of: AsOf = "log.5.0~7~5~7".parse().unwrap();
    let (cursor, values) = (row(7), Vec::new());
    cache.handle(0, Input::Ended(by, Outcome::Committed { cursor, as_of, values }));
    let (ticket, min) = fetches(&cache.handle(1000, Input::Time))[0].clone();
    assert_eq!(min.unwrap().to_string(), "log.5.0~7~5~7");
    cache.handle(1000, Input::Fetched(id, ticket, Ok(seen("log.5.0~8~5~"))));
    assert_eq!(cache.status(id), EntryStatus::default());
}

/// A repeat's value is of today, its outcome of then.
#[test]
fn what_a_mutation_returned_is_asked_for_from_then_on() {
    let mut cache = Cache::<Event>::default();
    let id = shown(&mut cache, "log.5.0~6~5~");
    let by = MutationId::new(1);
    cache.handle(0, Input::Began(by, "scope".into(), vec![(id, mark(by))]));
    let values = vec![(id, seen("log.5.0~9~5~"))];
    let (cursor, as_of) = (row(6), "log.5.0~6~5~6".parse().unwrap());
    cache.handle(0, Input::Ended(by, Outcome::Committed { cursor, as_of, values }));
    let (_, min) = fetches(&cache.handle(0, Input::Refetch(id)))[0].clone();
    assert_eq!(min.unwrap().to_string(), "log.5.0~9~5~");
}
