//! The hub: tails the log once and hands each row to the subscribers of its audiences.
//!
//! Owns the order of things: rows are routed in log order, and a change of access takes effect
//! before the next row is routed. It must not write to sockets; [`super::stream`] does.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
    time::{Duration, SystemTime},
};

use highwater_core::{AsOf, Cursor, LiveEvent};
use tokio::sync::Notify;

use super::{
    AppWire, Audience, ChangeLog, Delivery, LogError, Page, Wire,
    backlog::{Backlog, Bounds, Overflow, Queue},
    delivery::Content,
    doorbell::Doorbell,
    ring::Ring,
    routing::{State, Subscriber, Waiting},
    unix_ms,
};

/// How many rows are read from the log at a time.
pub(crate) const PAGE: u32 = 256;

/// What a hub is started with.
pub struct HubSettings<E: LiveEvent> {
    /// The shapes of its endpoints; an endpoint names one by its index. The first is the
    /// application's own.
    pub wires: Vec<Arc<dyn Wire<E>>>,
    /// Fingerprint of the wire types, sent in `connected`.
    pub build: String,
    /// How long the head may go unread when no doorbell rings: another process has none.
    pub poll: Duration,
    /// How often a stream says `ping`.
    pub heartbeat: Duration,
    /// How many deliveries are kept for replays without the database.
    pub ring: usize,
    /// How many deliveries a subscriber's queue holds before it gives way.
    pub queue: usize,
    /// How many distinct tags a collapsed queue holds before it becomes a `reset`.
    pub tags: usize,
    /// How long the log may be unreadable before the streams are closed rather than guess.
    pub patience: Duration,
}

impl<E: LiveEvent> Default for HubSettings<E> {
    fn default() -> Self {
        Self {
            wires: vec![Arc::new(AppWire)],
            build: String::new(),
            poll: Duration::from_millis(500),
            heartbeat: Duration::from_secs(15),
            ring: 4096,
            queue: 256,
            tags: 1024,
            patience: Duration::from_secs(30),
        }
    }
}

/// A subscription that is asked for.
#[derive(Clone, Debug)]
pub struct Subscribe {
    /// Index of the wire to write.
    pub wire: usize,
    /// What this subscriber may hear.
    pub audiences: BTreeSet<Audience>,
    /// What `audiences` was decided from; later changes of access are applied to it.
    pub evaluated: AsOf,
    /// Whose access it has: the user, the session.
    pub subjects: BTreeSet<String>,
    /// Where the subscriber left off; `None` starts at the head. [`super::Resume`] reads it.
    pub after: Option<Result<Cursor, highwater_core::Malformed>>,
    /// Whether its client understands `stale`.
    pub collapse: bool,
    /// When its session ends.
    pub expires: Option<SystemTime>,
    /// More fields for `connected`.
    pub hello: serde_json::Map<String, serde_json::Value>,
}

/// Why there is no subscription.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SubscribeError {
    /// The audiences were decided too long ago to be brought up to date: decide again.
    #[error("the audiences are out of date")]
    Outdated,
    /// The log cannot be read.
    #[error("the change log cannot be read")]
    Unavailable,
}

/// Tails one log. Cheap to clone; stops with the last clone.
pub struct Hub<L: ChangeLog, E: LiveEvent> {
    pub(crate) shared: Arc<Shared<L, E>>,
}

pub(crate) struct Shared<L: ChangeLog, E: LiveEvent> {
    pub(crate) log: L,
    pub(crate) settings: HubSettings<E>,
    bell: Arc<Doorbell>,
    /// Rings when the head moved.
    moved: Notify,
    /// Everything that routing a row reads or changes. Taken before any subscriber's own lock.
    state: Mutex<State<E>>,
}

/// An open subscription: what its stream writes from. Dropping it ends it.
pub struct Subscription<L: ChangeLog, E: LiveEvent> {
    pub(crate) hub: Hub<L, E>,
    pub(crate) subscriber: Arc<Subscriber<E>>,
    pub(crate) wire: usize,
    pub(crate) hello: serde_json::Map<String, serde_json::Value>,
    pub(crate) expires: Option<SystemTime>,
    /// Where it starts, and whether that is a `reset`.
    pub(crate) start: Cursor,
    pub(crate) reset: bool,
}

/// Part of what a subscriber is behind.
pub(crate) enum Catch<E: LiveEvent> {
    /// These deliveries are next.
    Deliveries(Vec<Arc<Delivery<E>>>),
    /// The ring is too short: read the log after this.
    Log(Cursor),
    /// It has caught up, or is not behind.
    Done,
}

impl<L: ChangeLog, E: LiveEvent> Clone for Hub<L, E> {
    fn clone(&self) -> Self {
        Self { shared: self.shared.clone() }
    }
}

impl<L: ChangeLog, E: LiveEvent> Hub<L, E> {
    /// Starts a hub at the log's head.
    ///
    /// # Errors
    /// [`LogError`] when the head cannot be read.
    pub async fn start(log: L, settings: HubSettings<E>) -> Result<Self, LogError> {
        let head = log.head().await?;
        let state = State {
            ring: Ring::new(head.clone(), settings.ring),
            head,
            checked_ms: unix_ms(),
            readable: true,
            next_id: 0,
            subscribers: HashMap::new(),
            by_audience: HashMap::new(),
            by_subject: HashMap::new(),
        };
        let bell = Arc::new(Doorbell::default());
        let shared = Arc::new(Shared {
            log,
            settings,
            bell,
            moved: Notify::new(),
            state: Mutex::new(state),
        });
        tokio::spawn(tail(Arc::downgrade(&shared)));
        Ok(Self { shared })
    }

    /// Says that the log grew.
    pub fn ring(&self) {
        self.shared.bell.ring();
    }

    /// How many subscriptions are open.
    pub fn subscribers(&self) -> usize {
        self.state().subscribers.len()
    }

    /// Opens a subscription, at the resume position if the log still continues it, else at the
    /// head with a `reset`.
    ///
    /// # Errors
    /// [`SubscribeError`], when the audiences must be decided again or the log cannot be read.
    pub async fn subscribe(&self, ask: Subscribe) -> Result<Subscription<L, E>, SubscribeError> {
        let after = match &ask.after {
            Some(Ok(cursor)) => self.continues(cursor).await?.then(|| cursor.clone()),
            _ => None,
        };
        let reset = ask.after.is_some() && after.is_none();
        let mut state = self.state();
        if !state.readable {
            return Err(SubscribeError::Unavailable);
        }
        let mut audiences = ask.audiences;
        let since = ask.evaluated.bound();
        if !since.reaches(&state.head) {
            if !state.ring.covers(&since) {
                return Err(SubscribeError::Outdated);
            }
            for delivery in state.ring.after(&since) {
                if let Content::Access { change, .. } = &delivery.content
                    && ask.subjects.contains(&change.subject)
                {
                    if change.end {
                        return Err(SubscribeError::Outdated);
                    }
                    change.apply(&mut audiences);
                }
            }
        }
        let start = after.clone().unwrap_or_else(|| state.head.clone());
        let backlog = match after {
            Some(after) if after != state.head => Backlog::Behind { after },
            _ => Backlog::Live(Queue::default()),
        };
        state.next_id += 1;
        let subscriber = Arc::new(Subscriber {
            id: state.next_id,
            subjects: ask.subjects,
            overflow: if ask.collapse { Overflow::Collapse } else { Overflow::Reread },
            bounds: Bounds { queue: self.shared.settings.queue, tags: self.shared.settings.tags },
            wake: Notify::new(),
            waiting: Mutex::new(Waiting { audiences, backlog, written: start.clone() }),
        });
        state.add(&subscriber);
        drop(state);
        Ok(Subscription {
            hub: self.clone(),
            subscriber,
            wire: ask.wire,
            hello: ask.hello,
            expires: ask.expires,
            start,
            reset,
        })
    }

    /// What a subscriber that is behind gets next; makes it live when it has caught up.
    pub(crate) fn catch_up(&self, subscriber: &Subscriber<E>) -> Catch<E> {
        let state = self.state();
        let mut waiting = subscriber.waiting();
        let Backlog::Behind { after } = &waiting.backlog else {
            return Catch::Done;
        };
        if !after.reaches(&state.head) && !state.ring.covers(after) {
            return Catch::Log(after.clone());
        }
        let mut upto = state.head.clone();
        let mut deliveries = Vec::new();
        for delivery in state.ring.after(after) {
            if deliveries.len() == PAGE as usize {
                break;
            }
            upto = delivery.at.clone();
            if delivery.is_for(&waiting.audiences, &subscriber.subjects) {
                deliveries.push(delivery.clone());
            }
        }
        let caught_up = upto.reaches(&state.head);
        waiting.written = upto.clone();
        waiting.backlog = match caught_up {
            true => Backlog::Live(Queue::default()),
            false => Backlog::Behind { after: upto },
        };
        if deliveries.is_empty() && caught_up { Catch::Done } else { Catch::Deliveries(deliveries) }
    }

    /// What of a page of the log a subscriber that is behind hears. Rows that this hub has not
    /// routed yet are left: a change of access among them has not taken effect.
    pub(crate) fn catch_up_from(
        &self,
        subscriber: &Subscriber<E>,
        page: Page,
    ) -> Vec<Arc<Delivery<E>>> {
        let state = self.state();
        let mut waiting = subscriber.waiting();
        let Backlog::Behind { after } = &waiting.backlog else {
            return Vec::new();
        };
        if !page.continues(after) {
            waiting.backlog = Backlog::Reset { at: state.head.clone(), end: false };
            return Vec::new();
        }
        let upto = if page.upto.reaches(&state.head) { state.head.clone() } else { page.upto };
        let wires = self.shared.settings.wires.len();
        let rows = page.rows.into_iter().take_while(|row| row.at.at <= upto.at);
        let deliveries = rows
            .map(|row| Arc::new(Delivery::new(row, wires)))
            .filter(|delivery| delivery.is_for(&waiting.audiences, &subscriber.subjects))
            .collect();
        waiting.written = upto.clone();
        waiting.backlog = Backlog::Behind { after: upto };
        deliveries
    }

    /// How far a subscriber with nothing waiting is complete, and when the head was read. Takes
    /// it as written: it is about to be told so.
    pub(crate) fn complete_through(&self, subscriber: &Subscriber<E>) -> Option<(Cursor, u64)> {
        let state = self.state();
        let mut waiting = subscriber.waiting();
        if !matches!(&waiting.backlog, Backlog::Live(queue) if queue.is_empty()) {
            return None;
        }
        waiting.written = state.head.clone();
        Some((state.head.clone(), state.checked_ms))
    }

    pub(crate) fn leave(&self, subscriber: &Subscriber<E>) {
        self.state().remove(subscriber);
    }

    async fn continues(&self, cursor: &Cursor) -> Result<bool, SubscribeError> {
        {
            let state = self.state();
            if state.ring.covers(cursor) && state.head.reaches(cursor) {
                return Ok(true);
            }
        }
        match self.shared.log.after(cursor, 0).await {
            Ok(page) if page.continues(cursor) => {
                self.reach(cursor).await;
                Ok(self.state().head.reaches(cursor))
            }
            Ok(_) => Ok(false),
            Err(error) => {
                tracing::warn!(%error, "a resume position could not be looked up");
                Err(SubscribeError::Unavailable)
            }
        }
    }

    /// Waits until rows up to `cursor` are routed: a page may be newer than what this hub has
    /// read, when another process wrote.
    async fn reach(&self, cursor: &Cursor) {
        let moved = async {
            loop {
                let moved = self.shared.moved.notified();
                if self.state().head.reaches(cursor) {
                    return;
                }
                self.ring();
                moved.await;
            }
        };
        let _ = tokio::time::timeout(self.shared.settings.poll * 2, moved).await;
    }

    fn state(&self) -> MutexGuard<'_, State<E>> {
        self.shared.state()
    }
}

impl<L: ChangeLog, E: LiveEvent> Drop for Subscription<L, E> {
    fn drop(&mut self) {
        self.hub.leave(&self.subscriber);
    }
}

impl<L: ChangeLog, E: LiveEvent> Shared<L, E> {
    fn state(&self) -> MutexGuard<'_, State<E>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Reads the log for as long as the hub lives: when the bell rings, and now and then without.
async fn tail<L: ChangeLog, E: LiveEvent>(hub: Weak<Shared<L, E>>) {
    let mut read_at = tokio::time::Instant::now();
    loop {
        let Some((bell, poll)) = hub.upgrade().map(|hub| (hub.bell.clone(), hub.settings.poll))
        else {
            return;
        };
        bell.rung_within(poll).await;
        loop {
            let Some(hub) = hub.upgrade() else { return };
            let head = hub.state().head.clone();
            let page =
                tokio::time::timeout(hub.settings.patience, hub.log.after(&head, PAGE)).await;
            match page.unwrap_or(Err(LogError::Silent)) {
                Ok(page) => {
                    read_at = tokio::time::Instant::now();
                    let more = page.rows.len() == PAGE as usize;
                    hub.state().take(page, hub.settings.wires.len());
                    hub.moved.notify_waiters();
                    if more {
                        continue;
                    }
                }
                Err(error) => {
                    tracing::error!(%error, "the change log could not be read");
                    if read_at.elapsed() >= hub.settings.patience {
                        hub.state().close();
                    }
                }
            }
            break;
        }
    }
}
