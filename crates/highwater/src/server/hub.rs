//! The hub: tails the log once and hands each row to the subscribers of its audiences.
//!
//! Owns who may subscribe and where. Rows are routed in log order, and a change of access takes effect
//! before the next row is routed. It must not write to sockets; [`super::stream`] does.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError, atomic::AtomicUsize},
    time::{Duration, SystemTime},
};

use highwater_core::{Cursor, LiveEvent};
use tokio::{sync::Notify, task::JoinSet};

use super::{
    AppWire, ChangeLog, LogError, Metrics, OpenStream, Retention, Subscribe, SubscribeError,
    Subscription, Wire,
    admission::Admission,
    backlog::{Backlog, Bounds, Overflow, Queue, Waiting},
    delivery::Content,
    doorbell::Doorbell,
    metrics::ResetCause,
    routing::{State, Subscriber},
    tail::tail,
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
    /// How many streams may be open.
    pub streams: usize,
    /// How many of them may belong to one [owner](Subscribe::owner).
    pub streams_per_owner: usize,
    /// How much of the log is kept: what is older is removed in the background. `None` removes
    /// nothing.
    pub retention: Option<Retention>,
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
            streams: 10_000,
            streams_per_owner: 16,
            retention: None,
        }
    }
}

/// Tails one log. Cheap to clone; stops with the last clone.
pub struct Hub<L: ChangeLog, E: LiveEvent> {
    pub(crate) shared: Arc<Shared<L, E>>,
}

pub(crate) struct Shared<L: ChangeLog, E: LiveEvent> {
    pub(crate) log: L,
    pub(crate) settings: HubSettings<E>,
    pub(crate) metrics: Metrics,
    pub(super) bell: Arc<Doorbell>,
    /// Listens for others that ring; ends with the hub.
    _listening: JoinSet<()>,
    /// Rings when the head moved.
    pub(super) moved: Notify,
    /// To how many streams the newest row was handed.
    pub(crate) reach: AtomicUsize,
    /// Everything that routing a row reads or changes. Taken before any subscriber's own lock.
    state: Mutex<State<E>>,
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
        let admission = Admission::new(settings.streams, settings.streams_per_owner);
        let metrics = Metrics::default();
        let state = State::new(head, settings.ring, admission, metrics.clone());
        let bell = Arc::new(Doorbell::default());
        let mut listening = JoinSet::new();
        listening.spawn({
            let (log, bell) = (log.clone(), bell.clone());
            async move { log.listen(move || bell.ring()).await }
        });
        let shared = Arc::new(Shared {
            log,
            settings,
            metrics,
            bell,
            _listening: listening,
            moved: Notify::new(),
            reach: AtomicUsize::new(0),
            state: Mutex::new(state),
        });
        tokio::spawn(tail(Arc::downgrade(&shared)));
        Ok(Self { shared })
    }

    /// Says that the log grew.
    pub fn ring(&self) {
        self.shared.bell.ring();
    }

    /// What this hub counts.
    pub fn metrics(&self) -> &Metrics {
        &self.shared.metrics
    }

    /// How many subscriptions are open.
    pub fn subscribers(&self) -> usize {
        self.state().subscribers.len()
    }

    /// Every subscription that is open, in no order.
    pub fn streams(&self) -> Vec<OpenStream> {
        let open = |subscriber: &Arc<Subscriber<E>>| OpenStream {
            owner: subscriber.owner.clone(),
            subjects: subscriber.subjects.clone(),
            opened_at: subscriber.opened_at,
        };
        self.state().subscribers.values().map(open).collect()
    }

    /// Ends every stream in good order, because this node is about to stop. New subscriptions are
    /// refused from now on. What was recorded before is written first, then a `retry` field that
    /// gives each client a moment of its own within `grace` to come back, so that a restart is no
    /// rush. Returns when all streams were told; a stream is over when its reader has read on.
    pub async fn drain(&self, grace: Duration) {
        self.state().admission.close(grace);
        let head = tokio::time::timeout(self.shared.settings.poll * 2, self.shared.log.head());
        match head.await.unwrap_or(Err(LogError::Silent)) {
            Ok(head) => self.reach(&head).await,
            Err(error) => tracing::warn!(%error, "the streams end without a last look at the log"),
        }
        self.state().drain();
    }

    /// How far the log has been routed: a stream that is opened now begins there or later.
    pub fn routed(&self) -> Cursor {
        self.state().head.clone()
    }

    /// Whether streams are taken: the log could be read lately, and this node is not to stop.
    pub fn is_ready(&self) -> bool {
        let state = self.state();
        state.readable && !state.admission.is_closed()
    }

    /// Opens a subscription, at the resume position if the log still continues it, else at the
    /// head with a `reset`.
    ///
    /// # Errors
    /// [`SubscribeError`], when there is no place for it, when the audiences must be decided again,
    /// or when the log cannot be read.
    pub async fn subscribe(&self, ask: Subscribe) -> Result<Subscription<L, E>, SubscribeError> {
        self.admit(ask).await.inspect_err(|error| self.metrics().refused(error))
    }

    async fn admit(&self, ask: Subscribe) -> Result<Subscription<L, E>, SubscribeError> {
        let full = self.shared.settings.heartbeat;
        // Before the log is read on behalf of somebody who is refused anyhow.
        self.state().admission.check(&ask.owner, full)?;
        let after = match &ask.after {
            Some(Ok(cursor)) => self.continues(cursor).await?.then(|| cursor.clone()),
            _ => None,
        };
        let reset = ask.after.is_some() && after.is_none();
        let mut state = self.state();
        state.admission.check(&ask.owner, full)?;
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
            owner: ask.owner,
            opened_at: SystemTime::now(),
            subjects: ask.subjects,
            types: ask.types.map(|types| types.into_iter().map(Arc::from).collect()),
            overflow: if ask.collapse { Overflow::Collapse } else { Overflow::Reread },
            bounds: Bounds { queue: self.shared.settings.queue, tags: self.shared.settings.tags },
            waiting: Mutex::new(Waiting::new(audiences, backlog, start.clone())),
        });
        state.add(&subscriber);
        drop(state);
        self.metrics().streams.inc();
        if reset {
            self.metrics().reset(ResetCause::Position);
        }
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

    pub(crate) fn leave(&self, subscriber: &Subscriber<E>) {
        self.state().remove(subscriber);
        self.metrics().streams.dec();
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

    pub(crate) fn state(&self) -> MutexGuard<'_, State<E>> {
        self.shared.state()
    }
}

impl<L: ChangeLog, E: LiveEvent> Shared<L, E> {
    pub(super) fn state(&self) -> MutexGuard<'_, State<E>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
