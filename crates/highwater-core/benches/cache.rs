//! What an event, a refetch and a rendered page cost the query cache, among few and many entries.

#![expect(clippy::unwrap_used, reason = "a benchmark stops at anything unexpected")]

use std::sync::Arc;

use divan::{Bencher, counter::ItemsCount};
use highwater_core::{
    Answer, AsOf, Cursor, Epoch, Fetched, Frame, LiveEvent, Patch, Query, Stamped,
    cache::{Cache, Command, EntryId, Input},
    entry::{Definition, Erased},
};
use serde::{Deserialize, Serialize};

fn main() {
    divan::main();
}

const ENTRIES: [u32; 3] = [10, 100, 1000];

/// An item changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Changed {
    id: u32,
    count: u64,
    /// Whether only a fetch can tell what it means.
    opaque: bool,
}

impl LiveEvent for Changed {
    type Tag = u32;

    fn tags(&self) -> Vec<u32> {
        vec![self.id]
    }
}

/// One item: how often it changed.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Item(u32);

impl Query for Item {
    type Event = Changed;
    type Value = u64;
    type Refusal = ();

    const NAME: &'static str = "item";

    fn tags(&self) -> Vec<u32> {
        vec![self.0]
    }

    fn patch(&self, value: &mut u64, event: &Changed) -> Patch {
        if event.opaque {
            return Patch::Stale;
        }
        *value = event.count;
        Patch::Patched
    }

    async fn fetch(self, _: Option<AsOf>) -> Fetched<Self> {
        unreachable!("the benchmark answers")
    }
}

fn at(row: u64) -> Cursor {
    Cursor::new(Epoch::new("3f9c2a1b").unwrap(), row, 0)
}

fn answer(row: u64) -> Stamped<Erased> {
    let value: Answer<Item> = Ok(row);
    Stamped { value: Arc::new(value), as_of: AsOf::upto(&at(row)) }
}

/// Items that are shown, as a page brings them.
fn page(items: u32) -> (Cache<Changed>, Vec<EntryId>) {
    let mut cache = Cache::default();
    let ids: Vec<_> = (0..items).map(|id| cache.open(0, Definition::of(&Item(id)))).collect();
    for id in &ids {
        cache.handle(0, Input::Hydrated(*id, Ok(answer(1))));
        cache.handle(0, Input::Mount(*id));
    }
    cache.handle(0, Input::Frame(Frame::Connected { at: at(1), build: String::new() }));
    (cache, ids)
}

fn event(row: u64, opaque: bool) -> Input<Changed> {
    let event = Changed { id: 3, count: row, opaque };
    Input::Frame(Frame::Event { at: at(row), by: None, event })
}

#[divan::bench(args = ENTRIES)]
fn event_patches_one_of(bencher: Bencher, entries: u32) {
    let (mut cache, ids) = page(entries);
    let mut row = 1;
    bencher.bench_local(|| {
        row += 1;
        assert_eq!(cache.handle(row, event(row, false)), [Command::Notify(vec![ids[3]])]);
    });
}

#[divan::bench(args = ENTRIES)]
fn event_makes_one_stale_and_it_is_fetched_of(bencher: Bencher, entries: u32) {
    let (mut cache, ids) = page(entries);
    let mut row = 1;
    bencher.bench_local(|| {
        row += 1;
        let commands = cache.handle(row, event(row, true));
        let fetch = commands.into_iter().find_map(|command| match command {
            Command::Fetch { ticket, .. } => Some(ticket),
            _ => None,
        });
        cache.handle(row, Input::Fetched(ids[3], fetch.unwrap(), Ok(answer(row))))
    });
}

#[divan::bench(args = ENTRIES)]
fn page_hydrates(bencher: Bencher, entries: u32) {
    bencher.counter(ItemsCount::new(entries)).bench_local(|| page(entries));
}
