//! What developer tools are told of a frame, while they ask for it.

use highwater_core::{
    Frame,
    cache::{Cache, Effect, EntryId, Input},
    entry::Definition,
};

use crate::{
    domain::{Event, Read},
    entries::{answer, cursor},
};

fn hear(cache: &mut Cache<Event>, at: u64, event: Event) -> Vec<(EntryId, Effect)> {
    cache.handle(0, Input::Frame(Frame::Event { at: cursor(at), by: None, event }));
    cache.effects().to_vec()
}

#[test]
fn each_entry_that_an_event_touches_says_what_it_did() {
    let mut cache = Cache::<Event>::default();
    cache.trace(true);
    let patched = cache.open(0, Definition::of(&Read::One(0)));
    let counted = cache.open(0, Definition::of(&Read::Counted(0)));
    for id in [patched, counted] {
        cache.handle(0, Input::Hydrated(id, Ok(answer(5))));
        cache.handle(0, Input::Mount(id));
    }
    assert_eq!(hear(&mut cache, 4, Event::Bulk), [(counted, Effect::Covered)]);
    assert_eq!(hear(&mut cache, 6, Event::Bulk), [(counted, Effect::Stale)]);
    assert_eq!(hear(&mut cache, 7, Event::Bulk), [(counted, Effect::Kept)]);
    assert_eq!(hear(&mut cache, 7, Event::Bulk), [], "it came twice");
    let names: Vec<_> = cache.report().iter().map(|entry| (entry.id, entry.status.stale)).collect();
    assert_eq!(names, [(patched, false), (counted, true)]);

    cache.trace(false);
    assert_eq!(hear(&mut cache, 8, Event::Bulk), [], "nobody asks");
}
