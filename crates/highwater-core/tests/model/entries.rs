//! Single entries, step by step: what the schedules of the model reach too rarely.

use std::sync::Arc;

use highwater_core::{
    Answer, AsOf, Cursor, Epoch, FetchFailed, Frame, MutationId, Stamped,
    cache::{Cache, Command, EntryId, Input, KEEP_MS, Ticket},
    entry::{Definition, Erased},
    mutation::Outcome,
};

use crate::{
    domain::{Event, Read, Reading},
    world::mark,
};

pub fn cursor(number: u64) -> Cursor {
    Cursor::new(Epoch::new("log").unwrap(), number, 0)
}

pub fn answer(at: u64) -> Stamped<Erased> {
    let value: Answer<Read> = Ok(Reading { bulk: Some(at), ..Reading::default() });
    Stamped { value: Arc::new(value), as_of: AsOf::upto(&cursor(at)) }
}

fn shown(cache: &Cache<Event>, id: EntryId) -> Option<u64> {
    crate::world::reading(&cache.view(id)?).bulk
}

pub fn fetches(commands: &[Command]) -> Vec<(Ticket, Option<AsOf>)> {
    let fetches = commands.iter().filter_map(|command| match command {
        Command::Fetch { ticket, min, .. } => Some((*ticket, min.clone())),
        _ => None,
    });
    fetches.collect()
}

#[test]
fn a_first_answer_that_failed_is_shown_and_asked_for_again_later() {
    let mut cache = Cache::<Event>::default();
    let id = cache.open(0, Definition::of(&Read::All));
    let failed = FetchFailed { message: "down".into() };
    cache.handle(0, Input::Hydrated(id, Err(failed.clone())));
    let commands = cache.handle(0, Input::Mount(id));
    assert_eq!(fetches(&commands), [], "what the page shows stays until the wait is over");
    assert_eq!(cache.status(id).failure, Some(failed));
    assert_eq!(fetches(&cache.handle(30_000, Input::Time)).len(), 1);
}

#[test]
fn an_entry_that_nobody_ever_shows_is_dropped() {
    let mut cache = Cache::<Event>::default();
    let id = cache.open(7, Definition::of(&Read::All));
    assert!(!cache.handle(6 + KEEP_MS, Input::Time).contains(&Command::Dropped(id)));
    assert!(cache.handle(7 + KEEP_MS, Input::Time).contains(&Command::Dropped(id)));
}

/// A backup without a new epoch: the log is shorter than what this tab has seen.
#[test]
fn a_log_that_went_back_is_followed() {
    let mut cache = Cache::<Event>::default();
    let id = cache.open(0, Definition::of(&Read::Counted(0)));
    let (ticket, _) = fetches(&cache.handle(0, Input::Mount(id)))[0].clone();
    cache.handle(0, Input::Frame(Frame::Connected { at: cursor(10), build: String::new() }));
    cache.handle(0, Input::Fetched(id, ticket, Ok(answer(10))));
    let commands = cache.handle(0, Input::Frame(Frame::Reset { at: cursor(5) }));
    let (ticket, min) = fetches(&commands)[0].clone();
    assert_eq!(min, Some(AsOf::upto(&cursor(5))), "not more than the log can give");
    cache.handle(0, Input::Fetched(id, ticket, Ok(answer(5))));
    assert_eq!(shown(&cache, id), Some(5));
    let event = Frame::Event { at: cursor(6), by: None, event: Event::Bulk };
    assert_eq!(fetches(&cache.handle(0, Input::Frame(event))).len(), 1, "it hears again");
}

/// A server that answers from before what was asked for is not believed, and not asked at once.
#[test]
fn an_answer_that_lacks_what_was_asked_for_is_a_failure() {
    let mut cache = Cache::<Event>::default();
    let id = cache.open(0, Definition::of(&Read::All));
    cache.handle(0, Input::Frame(Frame::Connected { at: cursor(10), build: String::new() }));
    let (ticket, min) = fetches(&cache.handle(0, Input::Mount(id)))[0].clone();
    assert_eq!(min, Some(AsOf::upto(&cursor(10))));
    let commands = cache.handle(0, Input::Fetched(id, ticket, Ok(answer(9))));
    assert_eq!(fetches(&commands), []);
    assert!(cache.status(id).failure.is_some());
    assert_eq!(shown(&cache, id), None);
}

#[test]
fn an_entry_that_is_opened_while_a_mutation_is_under_way_shows_its_change() {
    let mut cache = Cache::<Event>::default();
    let by = MutationId::new(1);
    cache.handle(0, Input::Frame(Frame::Connected { at: cursor(3), build: String::new() }));
    cache.handle(0, Input::Began(by, "scope".into(), Vec::new()));
    let id = cache.open(0, Definition::of(&Read::All));
    cache.overlay(id, by, mark(by));
    let (ticket, _) = fetches(&cache.handle(0, Input::Mount(id)))[0].clone();
    cache.handle(0, Input::Fetched(id, ticket, Ok(answer(3))));
    let marks = |cache: &Cache<Event>| crate::world::reading(&cache.view(id).unwrap()).overlaid;
    assert_eq!(marks(&cache), [by]);

    let (cursor, as_of) = (cursor(4), AsOf::upto(&cursor(4)));
    let committed = Outcome::Committed { cursor: cursor.clone(), as_of, values: Vec::new() };
    cache.handle(0, Input::Ended(by, committed));
    assert_eq!(marks(&cache), [by], "the log has not caught up");
    cache.handle(0, Input::Frame(Frame::Ping { upto: cursor, checked_ms: 0 }));
    assert_eq!(marks(&cache), []);
    // With its outcome known, there is nothing to pretend.
    cache.overlay(id, by, mark(by));
    assert!(!cache.status(id).optimistic);
}

#[test]
fn a_refusal_also_takes_the_change_from_an_entry_opened_meanwhile() {
    let mut cache = Cache::<Event>::default();
    let by = MutationId::new(1);
    cache.handle(0, Input::Began(by, "scope".into(), Vec::new()));
    let id = cache.open(0, Definition::of(&Read::All));
    cache.overlay(id, by, mark(by));
    assert!(cache.status(id).optimistic);
    cache.handle(0, Input::Ended(by, Outcome::Refused));
    assert!(!cache.status(id).optimistic);
}
