//! One cached query: its committed value, the events on top of it, and what it still lacks.
//!
//! Owns the rules of a single entry: which answers are accepted, which events are shown, when it
//! is dirty. It must not know other entries, the stream's position or time.

use std::{any::Any, collections::VecDeque, fmt, sync::Arc};

use crate::{
    as_of::{AsOf, Stamped},
    cache::Effect,
    cursor::{Cursor, Epoch},
    event::{Answer, FetchFailed, LiveEvent, MutationId, Patch, Query},
    overlay::Overlays,
};

/// A value whose type only its query knows: `Answer<Q>`.
pub type Erased = Arc<dyn Any + Send + Sync>;

/// How many events an entry keeps for an answer under way before it lets the answer after that
/// one bring them.
pub const BUFFER: usize = 48;

/// What an event made of a value.
pub enum Change {
    /// The value, with the event.
    To(Erased),
    /// Only a fetch can tell.
    Stale,
    /// The same value.
    Unaffected,
}

type PatchFn<E> = dyn Fn(&Erased, &E) -> Change + Send + Sync;

/// What the cache needs of a query, its types erased.
pub struct Definition<E: LiveEvent> {
    pub(crate) name: &'static str,
    pub(crate) tags: Vec<E::Tag>,
    pub(crate) patch: Arc<PatchFn<E>>,
}

impl<E: LiveEvent> Definition<E> {
    /// The definition of one query. An event on a refusal is always [`Change::Stale`]: whether
    /// there is something to see now is the server's to say.
    pub fn of<Q: Query<Event = E>>(query: &Q) -> Self {
        let patching = query.clone();
        let patch = move |value: &Erased, event: &E| {
            let Some(Ok(value)) = value.downcast_ref::<Answer<Q>>() else {
                return Change::Stale;
            };
            let mut next = value.clone();
            match patching.patch(&mut next, event) {
                Patch::Patched => Change::To(Arc::new(Answer::<Q>::Ok(next))),
                Patch::Stale => Change::Stale,
                Patch::Unaffected => Change::Unaffected,
            }
        };
        Self { name: Q::NAME, tags: query.tags(), patch: Arc::new(patch) }
    }
}

impl<E: LiveEvent> fmt::Debug for Definition<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Definition")
            .field("name", &self.name)
            .field("tags", &self.tags)
            .finish_non_exhaustive()
    }
}

/// A fetch under way.
pub(crate) struct Flight {
    pub(crate) ticket: u64,
    /// What was asked for.
    pub(crate) min: Option<AsOf>,
}

impl Flight {
    /// Whether an answer brings all that was asked for. Logs of two epochs cannot be compared.
    pub(crate) fn is_met_by(&self, as_of: &AsOf) -> bool {
        self.min.as_ref().is_none_or(|min| min.epoch() != as_of.epoch() || as_of.includes(min))
    }
}

pub(crate) struct Entry<E: LiveEvent> {
    pub(crate) definition: Definition<E>,
    /// How many views show it.
    pub(crate) mounts: u32,
    /// Since when none does, in the cache's milliseconds.
    pub(crate) idle_since: Option<u64>,
    /// The value without overlays: the last accepted answer and the shown events.
    pub(crate) value: Option<Erased>,
    /// What the accepted answer includes. Does not move while the entry is dirty or fetching, so
    /// that an answer under way can still be accepted and the shown events applied over it.
    pub(crate) as_of: Option<AsOf>,
    /// Events not covered by `as_of`, in log order; the first `shown` of them are in `value`.
    buffered: VecDeque<(Cursor, E)>,
    shown: usize,
    /// An event could not be shown: none after it is, until an answer brings it.
    frozen: bool,
    /// The buffer ran over: what came after is known only as `dirty`.
    overrun: bool,
    /// What the value still lacks. An entry with something here is stale.
    pub(crate) dirty: Option<AsOf>,
    /// Answers read before this are refused, with a value (that one is newer) or without (what was
    /// purged must not come back).
    least: Option<AsOf>,
    pub(crate) flight: Option<Flight>,
    /// A poll wants a fetch that has not begun.
    pub(crate) is_polled: bool,
    pub(crate) failure: Option<FetchFailed>,
    /// Failed fetches since the last answer.
    pub(crate) failures: u32,
    /// No fetch before this time, in the cache's milliseconds: the last one failed.
    pub(crate) retry_at: Option<u64>,
    /// Nor before this one: the answer of a mutation under way may bring what is missing.
    pub(crate) held_until: Option<u64>,
    pub(crate) overlays: Overlays,
}

/// What became of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Accepted {
    /// It is shown now.
    Yes,
    /// It is older than what is shown, or lacks something that is shown.
    No,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Applied {
    Yes,
    No,
}

impl<E: LiveEvent> Entry<E> {
    pub(crate) fn new(definition: Definition<E>) -> Self {
        Self {
            definition,
            mounts: 0,
            idle_since: None,
            value: None,
            as_of: None,
            buffered: VecDeque::new(),
            shown: 0,
            frozen: false,
            overrun: false,
            dirty: None,
            least: None,
            flight: None,
            is_polled: false,
            failure: None,
            failures: 0,
            retry_at: None,
            held_until: None,
            overlays: Overlays::default(),
        }
    }

    /// Before when it is not to be fetched, if it is to wait.
    pub(crate) fn waits_until(&self) -> Option<u64> {
        self.retry_at.max(self.held_until)
    }

    /// Whether the value lacks nothing that is known of.
    pub(crate) fn is_clean(&self) -> bool {
        self.value.is_some() && self.dirty.is_none()
    }

    /// How many events wait for an answer.
    pub(crate) fn backlog(&self) -> usize {
        self.buffered.len()
    }

    /// An event that touches one of its tags: what it did, and whether the view may have changed.
    pub(crate) fn event(
        &mut self,
        at: &Cursor,
        by: Option<&MutationId>,
        event: &E,
    ) -> (Effect, bool) {
        if let Some(by) = by {
            self.overlays.seen_at(by, at);
        }
        if self.as_of.as_ref().is_some_and(|as_of| as_of.covers(at)) {
            return (Effect::Covered, self.overlays.end_of(by));
        }
        let Some(value) = &self.value else {
            if self.flight.is_none() {
                self.lack(at);
                return (Effect::Stale, false);
            }
            self.keep(at, event);
            return (Effect::Kept, false);
        };
        let settled = self.dirty.is_none() && self.flight.is_none();
        if self.frozen || (!settled && self.buffered.len() == BUFFER) {
            self.keep(at, event);
            return (Effect::Kept, false);
        }
        let effect = match (self.definition.patch)(value, event) {
            Change::Stale => {
                self.frozen = true;
                self.lack(at);
                self.keep(at, event);
                return (Effect::Stale, true);
            }
            Change::To(next) => {
                self.value = Some(next);
                Effect::Patched
            }
            Change::Unaffected => Effect::Unaffected,
        };
        if settled {
            if let Some(as_of) = &mut self.as_of {
                as_of.raise(at);
            }
            self.least.clone_from(&self.as_of);
        } else {
            self.keep(at, event);
            self.shown += 1;
        }
        self.overlays.end_of(by);
        (effect, true)
    }

    /// Something unknown touches it, of which `at` is the newest row. A value that covers that one
    /// may still lack an older one, of a transaction that ran longer.
    pub(crate) fn stale(&mut self, at: &Cursor) -> bool {
        let upto = AsOf::upto(at);
        if self.as_of.as_ref().is_some_and(|as_of| as_of.includes(&upto)) {
            return false;
        }
        self.frozen = true;
        self.lack(at);
        true
    }

    /// The log starts over at `at`: nothing known of it since is certain.
    pub(crate) fn reset(&mut self, at: &Cursor) {
        self.fold();
        self.frozen = true;
        self.overrun = false;
        self.dirty = Some(AsOf::upto(at));
    }

    /// The stamps speak of a log, or a part of one, that is no more; so do the overlays' rows.
    pub(crate) fn forget_stamps(&mut self) {
        self.as_of = None;
        self.least = None;
        self.overlays.end_where(|_| true);
    }

    /// The value may no longer be seen. Nor is an answer under way accepted: it was asked for with
    /// the access that is gone, and may have been read after the row that took it.
    pub(crate) fn purge(&mut self, at: &Cursor) {
        self.flight = None;
        self.value = None;
        self.as_of = None;
        self.failure = None;
        self.held_until = None;
        self.clear_buffer();
        self.overlays = Overlays::default();
        self.dirty = None;
        self.least = Some(AsOf::upto(at));
    }

    /// An answer from a fetch, from the page, or from a mutation that returns the value whole.
    pub(crate) fn answer(&mut self, answer: Stamped<Erased>) -> Accepted {
        let Stamped { value: mut next, mut as_of } = answer;
        let older = |least: &AsOf| least.epoch() == as_of.epoch() && !as_of.includes(least);
        if self.least.as_ref().is_some_and(older) {
            return Accepted::No;
        }
        for (at, event) in self.buffered.iter().take(self.shown) {
            match self.apply(&mut next, &mut as_of, at, event) {
                Applied::Yes => {}
                Applied::No => {
                    // Taking the answer would unshow this event. Show no more until the next
                    // answer, which is asked to include it, so that it is accepted for certain.
                    let last = self.buffered[self.shown - 1].0.clone();
                    self.frozen = true;
                    self.lack(&last);
                    return Accepted::No;
                }
            }
        }
        let satisfied = |dirty: &AsOf| dirty.epoch() != as_of.epoch() || as_of.includes(dirty);
        if self.dirty.as_ref().is_some_and(satisfied) {
            self.dirty = None;
        }
        // What was not shown came after what is missing, so it goes on top only if nothing is.
        let rest = self.buffered.iter().skip(self.shown);
        let gap = self.dirty.is_some()
            || rest
                .map(|(at, event)| self.apply(&mut next, &mut as_of, at, event))
                .any(|applied| applied == Applied::No);
        if gap && let Some((newest, _)) = self.buffered.back() {
            let newest = newest.clone();
            self.lack(&newest);
        }
        self.clear_buffer();
        self.frozen = self.dirty.is_some();
        self.value = Some(next);
        self.least = Some(as_of.clone());
        self.as_of = Some(as_of);
        self.failure = None;
        self.failures = 0;
        self.retry_at = None;
        Accepted::Yes
    }

    /// Puts an event on top of an answer that may include it already.
    fn apply(&self, value: &mut Erased, as_of: &mut AsOf, at: &Cursor, event: &E) -> Applied {
        if as_of.covers(at) || at.epoch != *as_of.epoch() {
            return Applied::Yes;
        }
        match (self.definition.patch)(value, event) {
            Change::To(patched) => *value = patched,
            Change::Unaffected => {}
            Change::Stale => return Applied::No,
        }
        as_of.raise(at);
        Applied::Yes
    }

    /// Ends the overlays that the value includes or that belong to another epoch; for a settled
    /// entry, `through` counts as included.
    pub(crate) fn settle_overlays(
        &mut self,
        through: Option<&Cursor>,
        epoch: Option<&Epoch>,
    ) -> bool {
        if self.overlays.is_empty() {
            return false;
        }
        let as_of = self.as_of.as_ref();
        let through = through.filter(|_| self.is_clean() && self.flight.is_none());
        self.overlays.end_where(|cursor| {
            epoch.is_some_and(|epoch| cursor.epoch != *epoch)
                || as_of.is_some_and(|as_of| as_of.covers(cursor))
                || through.is_some_and(|through| through.reaches(cursor))
        })
    }

    /// Notes that something is missing up to the row at `at`, which the stream has reached.
    pub(crate) fn lack(&mut self, at: &Cursor) {
        self.lack_all(&AsOf::upto(at));
    }

    /// Notes that something of what `as_of` includes is missing.
    pub(crate) fn lack_all(&mut self, as_of: &AsOf) {
        match &mut self.dirty {
            Some(dirty) => dirty.join(as_of),
            None => self.dirty = Some(as_of.clone()),
        }
    }

    /// Keeps an event for the next answer, or, when there is no room, that it is missing.
    fn keep(&mut self, at: &Cursor, event: &E) {
        if self.overrun || self.buffered.len() == BUFFER {
            self.overrun = true;
            self.frozen = true;
            self.lack(at);
        } else {
            self.buffered.push_back((at.clone(), event.clone()));
        }
    }

    /// Makes the shown events part of what is included.
    fn fold(&mut self) {
        if self.shown > 0
            && let (Some(as_of), Some((last, _))) =
                (&mut self.as_of, self.buffered.get(self.shown - 1))
        {
            as_of.raise(last);
            self.least.clone_from(&self.as_of);
        }
        self.clear_buffer();
    }

    fn clear_buffer(&mut self) {
        self.buffered.clear();
        self.shown = 0;
        self.overrun = false;
    }
}
