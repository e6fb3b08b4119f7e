//! The query cache: every cached query, and what each frame, answer and mutation does to them.
//!
//! Owns which entries an input reaches, which fetches and notifications follow, and what a fetch
//! must include. It must not fetch, wait or notify by itself: it returns [`Command`]s.

mod command;
mod frame;
mod agenda;
mod poll;
mod follow_up;
mod report;

use std::collections::{BTreeSet, HashMap};

use crate::{
    as_of::{AsOf, Stamped},
    backoff::Backoff,
    cursor::{Cursor, Epoch},
    entry::{Accepted, Definition, Entry, Erased},
    event::{FetchFailed, LiveEvent, MutationId},
    mutation::{Outcome, Queue, Scope},
    overlay::Overlay,
};

use agenda::Agenda;
pub use command::{Command, EntryId, EntryStatus, Input, Ticket};
use poll::Round;
pub use report::{Effect, EntryReport};

/// How long an entry that no view shows is kept, in milliseconds.
pub const KEEP_MS: u64 = 5 * 60 * 1000;

/// Every cached query of one tab.
pub struct Cache<E: LiveEvent> {
    entries: HashMap<EntryId, Entry<E>>,
    by_tag: HashMap<E::Tag, BTreeSet<EntryId>>,
    agenda: Agenda,
    /// The log that everything here speaks of.
    epoch: Option<Epoch>,
    /// Everything this subscriber may hear up to here has been delivered.
    through: Option<Cursor>,
    /// Everything that anything here includes: a fetch may not bring less.
    seen: Option<AsOf>,
    mutations: Queue,
    /// Entries that wait for the answer of a mutation, which may bring what its event took.
    held: Vec<(MutationId, EntryId)>,
    /// The poll under way.
    round: Option<Round>,
    /// What the last frame did, while somebody asks for it.
    trace: Option<Vec<(EntryId, Effect)>>,
    visible: bool,
    backoff: Backoff,
    next_id: u64,
    /// The wake-up asked for last, so that it is asked for once.
    wake_at: Option<u64>,
    /// Entries that changed during the current input.
    changed: BTreeSet<EntryId>,
}

impl<E: LiveEvent> Default for Cache<E> {
    fn default() -> Self {
        Self::new(Backoff::default())
    }
}

impl<E: LiveEvent> Cache<E> {
    /// An empty cache; failed fetches and lost mutations are repeated after `backoff`.
    pub fn new(backoff: Backoff) -> Self {
        Self {
            entries: HashMap::new(),
            by_tag: HashMap::new(),
            agenda: Agenda::default(),
            epoch: None,
            through: None,
            seen: None,
            mutations: Queue::default(),
            held: Vec::new(),
            round: None,
            trace: None,
            visible: true,
            backoff,
            next_id: 0,
            wake_at: None,
            changed: BTreeSet::new(),
        }
    }

    /// Adds an entry at `now_ms`; nothing is fetched before it is mounted.
    pub fn open(&mut self, now_ms: u64, definition: Definition<E>) -> EntryId {
        let id = EntryId(self.number());
        for tag in &definition.tags {
            self.by_tag.entry(tag.clone()).or_default().insert(id);
        }
        let mut entry = Entry::new(definition);
        entry.idle_since = Some(now_ms);
        if let Some(through) = &self.through {
            // What went by before there was an entry to tell must be in its first answer.
            entry.lack(through);
        }
        self.agenda.file(id, &entry);
        self.entries.insert(id, entry);
        id
    }

    /// Lays an optimistic change of a mutation over an entry that was opened after the mutation
    /// began. With an outcome, there is nothing to lay: what the entry is asked for includes it.
    pub fn overlay(&mut self, id: EntryId, by: MutationId, overlay: Overlay) {
        if self.mutations.contains(by)
            && let Some(entry) = self.entries.get_mut(&id)
        {
            entry.overlays.lay(by, overlay);
            self.agenda.file(id, entry);
        }
    }

    /// What a view shows: the committed value, the shown events, the overlays.
    pub fn view(&self, id: EntryId) -> Option<Erased> {
        let entry = self.entries.get(&id)?;
        entry.value.as_ref().map(|value| entry.overlays.over(value))
    }

    /// The value without overlays. Mutations read versions from it when they are sent.
    pub fn committed(&self, id: EntryId) -> Option<Erased> {
        self.entries.get(&id)?.value.clone()
    }

    /// What the entry's value includes at least.
    pub fn stamp(&self, id: EntryId) -> Option<&AsOf> {
        self.entries.get(&id)?.as_of.as_ref()
    }

    /// How the entry is doing.
    pub fn status(&self, id: EntryId) -> EntryStatus {
        self.entries.get(&id).map_or_else(EntryStatus::default, |entry| EntryStatus {
            fetching: entry.flight.is_some(),
            stale: entry.dirty.is_some(),
            optimistic: !entry.overlays.is_empty(),
            failure: entry.failure.clone(),
        })
    }

    /// How far the stream is complete.
    pub fn through(&self) -> Option<&Cursor> {
        self.through.as_ref()
    }

    /// Whether a mutation has no known outcome yet.
    pub fn is_mutating(&self) -> bool {
        !self.mutations.is_empty()
    }

    /// How many events the fullest entry keeps for an answer; at most [`crate::entry::BUFFER`].
    pub fn longest_backlog(&self) -> usize {
        self.entries.values().map(Entry::backlog).max().unwrap_or(0)
    }

    /// Takes one input at `now_ms` (any clock that does not run backwards).
    pub fn handle(&mut self, now_ms: u64, input: Input<E>) -> Vec<Command> {
        match input {
            Input::Frame(frame) => self.frame(now_ms, frame),
            Input::Mount(id) => self.mount(id),
            Input::Unmount(id) => self.unmount(id, now_ms),
            Input::Hydrated(id, result) => self.hydrated(id, result, now_ms),
            Input::Fetched(id, ticket, result) => self.fetched(id, ticket, result, now_ms),
            Input::Refetch(id) => self.refetch(id),
            Input::Poll => self.poll(),
            Input::Visible(visible) => self.show(visible),
            Input::Began(by, scope, overlays) => self.began(by, scope, overlays),
            Input::Ended(by, outcome) => self.ended(by, outcome, now_ms),
            Input::Time => {
                // The timer is spent, even if it rang a moment early.
                self.wake_at = None;
                self.overdue(now_ms);
            }
        }
        self.follow_up(now_ms)
    }

    /// An entry that is about to be changed.
    fn entry(&mut self, id: EntryId) -> Option<&mut Entry<E>> {
        self.agenda.touch(id);
        self.entries.get_mut(&id)
    }

    /// What was stale while nobody looked is fetched when somebody does.
    fn show(&mut self, visible: bool) {
        self.visible = visible;
        if visible {
            self.entries.keys().for_each(|id| self.agenda.touch(*id));
        }
    }

    fn mount(&mut self, id: EntryId) {
        if let Some(entry) = self.entry(id) {
            entry.mounts += 1;
            entry.idle_since = None;
        }
    }

    fn unmount(&mut self, id: EntryId, now_ms: u64) {
        if let Some(entry) = self.entry(id) {
            entry.mounts = entry.mounts.saturating_sub(1);
            if entry.mounts == 0 {
                entry.is_polled = false;
                entry.idle_since = Some(now_ms);
            }
        }
    }

    fn hydrated(&mut self, id: EntryId, result: Result<Stamped<Erased>, FetchFailed>, now_ms: u64) {
        match result {
            Ok(answer) => {
                self.include(&answer.as_of);
                if let Some(entry) = self.entry(id) {
                    entry.answer(answer);
                }
            }
            Err(failure) => self.failed(id, failure, now_ms),
        }
        self.changed.insert(id);
    }

    fn fetched(
        &mut self,
        id: EntryId,
        ticket: Ticket,
        result: Result<Stamped<Erased>, FetchFailed>,
        now_ms: u64,
    ) {
        self.agenda.touch(id);
        let Some(entry) = self.entries.get_mut(&id) else {
            return;
        };
        let Some(flight) = entry.flight.take_if(|flight| flight.ticket == ticket.0) else {
            return;
        };
        self.changed.insert(id);
        if let Some(round) = &mut self.round {
            round.ended(id, result.is_ok());
        }
        let foreign = |answer: &Stamped<Erased>| {
            self.epoch.as_ref().is_some_and(|epoch| epoch != answer.as_of.epoch())
        };
        let failure = match result {
            Ok(answer) if !flight.is_met_by(&answer.as_of) => {
                FetchFailed { message: "The server answered from an older state.".into() }
            }
            Ok(answer) if !foreign(&answer) => {
                let as_of = answer.as_of.clone();
                if entry.answer(answer) == Accepted::Yes {
                    self.include(&as_of);
                }
                return;
            }
            // The stream will say `reset`; until then the two logs cannot be compared.
            Ok(_) => FetchFailed { message: "The server was restored from another log.".into() },
            Err(failure) => failure,
        };
        self.failed(id, failure, now_ms);
    }

    fn failed(&mut self, id: EntryId, failure: FetchFailed, now_ms: u64) {
        self.agenda.touch(id);
        let Some(entry) = self.entries.get_mut(&id) else { return };
        entry.failure = Some(failure);
        entry.retry_at = Some(now_ms + self.backoff.delay_ms(entry.failures, id.0));
        entry.failures += 1;
    }

    fn refetch(&mut self, id: EntryId) {
        self.agenda.touch(id);
        let Some(entry) = self.entries.get_mut(&id) else {
            return;
        };
        entry.retry_at = None;
        entry.held_until = None;
        entry.failures = 0;
        if let (Some(seen), true) = (&self.seen, entry.value.is_some()) {
            entry.lack(&seen.bound());
        }
        self.changed.insert(id);
    }

    fn began(&mut self, by: MutationId, scope: Scope, overlays: Vec<(EntryId, Overlay)>) {
        for (id, overlay) in overlays {
            if let Some(entry) = self.entry(id) {
                entry.overlays.lay(by, overlay);
                self.changed.insert(id);
            }
        }
        self.mutations.push(by, scope);
    }

    fn ended(&mut self, by: MutationId, outcome: Outcome, now_ms: u64) {
        self.release(by);
        match outcome {
            Outcome::Unknown => return self.mutations.lost(by, now_ms, &self.backoff),
            Outcome::Refused => {
                for id in self.agenda.overlaid() {
                    if let Some(entry) = self.entries.get_mut(&id)
                        && entry.overlays.end_of(Some(&by))
                    {
                        self.changed.insert(id);
                    }
                }
            }
            Outcome::Committed { cursor, as_of, values } => {
                let foreign = self.epoch.as_ref().is_some_and(|epoch| *epoch != cursor.epoch);
                for id in self.agenda.overlaid() {
                    if let Some(entry) = self.entries.get_mut(&id) {
                        entry.overlays.committed(by, &cursor, &as_of, now_ms);
                    }
                }
                if !foreign {
                    self.include(&as_of);
                    for (id, answer) in values {
                        let as_of = answer.as_of.clone();
                        if let Some(entry) = self.entry(id)
                            && entry.answer(answer) == Accepted::Yes
                        {
                            // A repeat's value may be newer than its first outcome.
                            self.include(&as_of);
                            self.changed.insert(id);
                        }
                    }
                }
            }
        }
        self.mutations.remove(by);
    }

    /// Asks for what mutations committed and the log did not mention in time.
    fn overdue(&mut self, now_ms: u64) {
        for id in self.agenda.overlaid() {
            if let Some(entry) = self.entries.get_mut(&id) {
                for as_of in entry.overlays.overdue(now_ms) {
                    entry.lack_all(&as_of);
                }
            }
        }
    }

    fn forget(&mut self, id: EntryId) {
        let Some(entry) = self.entries.remove(&id) else {
            return;
        };
        self.agenda.forget(id);
        for tag in &entry.definition.tags {
            if let Some(ids) = self.by_tag.get_mut(tag) {
                ids.remove(&id);
                if ids.is_empty() {
                    self.by_tag.remove(tag);
                }
            }
        }
    }

    fn stale(&mut self, id: EntryId, at: &Cursor) {
        let Some(entry) = self.entry(id) else { return };
        if entry.stale(at) {
            self.changed.insert(id);
            self.traced(id, Effect::Stale);
        } else {
            self.traced(id, Effect::Covered);
        }
    }

    fn touched(&self, tags: &[E::Tag]) -> BTreeSet<EntryId> {
        tags.iter().filter_map(|tag| self.by_tag.get(tag)).flatten().copied().collect()
    }

    fn is_complete(&self, at: &Cursor) -> bool {
        self.through.as_ref().is_some_and(|through| through.reaches(at))
    }

    /// The stream is complete through `at`; it never becomes less so.
    fn complete(&mut self, at: &Cursor) {
        if !self.is_complete(at) {
            self.through = Some(at.clone());
        }
        self.include(&AsOf::upto(at));
    }

    fn include(&mut self, as_of: &AsOf) {
        match &mut self.seen {
            Some(seen) => seen.join(as_of),
            None => self.seen = Some(as_of.clone()),
        }
        if self.epoch.is_none() {
            self.epoch = Some(as_of.epoch().clone());
        }
    }

    fn number(&mut self) -> u64 {
        self.next_id += 1;
        self.next_id
    }
}
