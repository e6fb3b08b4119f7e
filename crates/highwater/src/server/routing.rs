//! Routing: who is subscribed, and which row reaches whom.
//!
//! Owns what the indexes hold, and the order in which a row changes them and is
//! handed on. It must not read the log or write to sockets.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll},
    time::SystemTime,
};

use highwater_core::{Cursor, LiveEvent};

use super::{
    AccessChange, Audience, Delivery, Metrics, Page,
    admission::Admission,
    backlog::{Bounds, Overflow, Waiting},
    delivery::Content,
    ephemeral::Ephemeral,
    index::{Index, Topic},
    ring::Ring,
    unix_ms,
};

pub(crate) struct State<E: LiveEvent> {
    /// Every row up to here has been routed.
    pub(crate) head: Cursor,
    /// When the log's head was last read, in milliseconds since the Unix epoch.
    pub(crate) checked_ms: u64,
    /// Whether the log could be read lately.
    pub(crate) readable: bool,
    /// To how many streams the newest row was handed.
    pub(crate) reach: usize,
    pub(crate) ring: Ring<E>,
    pub(crate) next_id: u64,
    pub(crate) subscribers: HashMap<u64, Arc<Subscriber<E>>>,
    /// Who hears which events.
    by_topic: Index<Topic, E>,
    /// Whose access changes with which subject's.
    by_subject: Index<String, E>,
    /// How many subscribers there may be.
    pub(crate) admission: Admission,
    metrics: Metrics,
}

pub(crate) struct Subscriber<E: LiveEvent> {
    pub(crate) id: u64,
    pub(crate) owner: String,
    /// When it was opened.
    pub(crate) opened_at: SystemTime,
    pub(crate) subjects: BTreeSet<String>,
    /// The types of events that it wants; `None` for all.
    pub(crate) types: Option<BTreeSet<Arc<str>>>,
    pub(crate) overflow: Overflow,
    pub(crate) bounds: Bounds,
    /// What the hub and the writer share. Taken after the hub's lock, never before it.
    pub(crate) waiting: Mutex<Waiting<E>>,
}

impl<E: LiveEvent> Subscriber<E> {
    pub(crate) fn waiting(&self) -> MutexGuard<'_, Waiting<E>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes what waits, and wakes the writer if it has something to write now.
    fn change<T>(&self, change: impl FnOnce(&mut Waiting<E>) -> T) -> T {
        let mut waiting = self.waiting();
        let changed = change(&mut waiting);
        let writer = if waiting.is_idle() { None } else { waiting.writer.take() };
        drop(waiting);
        if let Some(writer) = writer {
            writer.wake();
        }
        changed
    }

    /// Ready once there is something to write.
    pub(crate) fn poll_waiting(&self, cx: &Context<'_>) -> Poll<()> {
        let mut waiting = self.waiting();
        if !waiting.is_idle() {
            return Poll::Ready(());
        }
        if !waiting.writer.as_ref().is_some_and(|writer| writer.will_wake(cx.waker())) {
            waiting.writer = Some(cx.waker().clone());
        }
        Poll::Pending
    }

    /// Adds a delivery to what waits, unless it came already by another of its audiences. Whether
    /// it did.
    fn hand(&self, delivery: &Arc<Delivery<E>>) -> bool {
        self.change(|waiting| waiting.push(delivery, self.overflow, self.bounds))
    }

    /// Adds an ephemeral event to what waits; whether one gave way, itself or another.
    pub(crate) fn hand_ephemeral(&self, ephemeral: &Arc<Ephemeral<E>>) -> bool {
        self.change(|waiting| waiting.push_ephemeral(ephemeral))
    }

    /// Where it is to be found for the events of an audience.
    fn topics(&self, audience: &Audience) -> Vec<Topic> {
        match &self.types {
            None => vec![(audience.clone(), None)],
            Some(types) => {
                types.iter().map(|kind| (audience.clone(), Some(kind.clone()))).collect()
            }
        }
    }
}

impl AccessChange {
    pub(crate) fn apply(&self, audiences: &mut BTreeSet<Audience>) {
        audiences.retain(|audience| !self.leave.contains(audience));
        audiences.extend(self.join.iter().cloned());
    }
}

impl<E: LiveEvent> State<E> {
    /// Nobody is subscribed; every row up to `head` counts as routed.
    pub(crate) fn new(head: Cursor, ring: usize, admission: Admission, metrics: Metrics) -> Self {
        Self {
            ring: Ring::new(head.clone(), ring),
            head,
            checked_ms: unix_ms(),
            readable: true,
            reach: 0,
            next_id: 0,
            subscribers: HashMap::new(),
            by_topic: Index::new(),
            by_subject: Index::new(),
            admission,
            metrics,
        }
    }

    pub(crate) fn add(&mut self, subscriber: &Arc<Subscriber<E>>) {
        for audience in &subscriber.waiting().audiences {
            for topic in subscriber.topics(audience) {
                self.by_topic.link(topic, subscriber);
            }
        }
        for subject in &subscriber.subjects {
            self.by_subject.link(subject.clone(), subscriber);
        }
        self.subscribers.insert(subscriber.id, subscriber.clone());
        self.admission.enter(&subscriber.owner);
    }

    pub(crate) fn remove(&mut self, subscriber: &Subscriber<E>) {
        if self.subscribers.remove(&subscriber.id).is_some() {
            self.admission.leave(&subscriber.owner);
        }
        for audience in &subscriber.waiting().audiences {
            for topic in subscriber.topics(audience) {
                self.by_topic.unlink(&topic, subscriber.id);
            }
        }
        for subject in &subscriber.subjects {
            self.by_subject.unlink(subject, subscriber.id);
        }
    }

    /// Takes what the log says, in order.
    pub(crate) fn take(&mut self, page: Page, wires: usize) {
        self.checked_ms = unix_ms();
        self.readable = true;
        if !page.continues(&self.head) {
            self.start_over(page.head);
            return;
        }
        for row in page.rows {
            self.reach = self.route(&Arc::new(Delivery::new(row, wires)));
        }
        self.head = page.upto;
    }

    /// Hands a row to all who hear it; to how many streams.
    fn route(&mut self, delivery: &Arc<Delivery<E>>) -> usize {
        let mut reach = 0;
        match &delivery.content {
            Content::Access { change, .. } => {
                let concerned: Vec<_> = self.by_subject.get(&change.subject).cloned().collect();
                for subscriber in concerned {
                    self.change_access(&subscriber, change);
                    reach += usize::from(subscriber.hand(delivery));
                    if change.end {
                        subscriber.change(|waiting| waiting.end(None));
                    }
                }
            }
            content => {
                if let Content::Foreign(_) = content {
                    self.metrics.foreign.inc();
                }
                let hearers = self.hearers(&delivery.to, delivery.kind.as_ref());
                reach += hearers.filter(|hearer| hearer.hand(delivery)).count();
            }
        }
        self.ring.push(delivery.clone());
        self.head = delivery.at.clone();
        reach
    }

    /// Who hears events of a type in any of the audiences; whoever is in two of them twice.
    pub(crate) fn hearers(
        &self,
        to: &[Audience],
        kind: Option<&Arc<str>>,
    ) -> impl Iterator<Item = &Arc<Subscriber<E>>> {
        let topics = to.iter().flat_map(move |audience| {
            let any_type = (audience.clone(), None);
            let this_type = kind.map(|kind| (audience.clone(), Some(kind.clone())));
            [Some(any_type), this_type]
        });
        topics.flatten().flat_map(|topic| self.by_topic.get(&topic))
    }

    fn change_access(&mut self, subscriber: &Arc<Subscriber<E>>, change: &AccessChange) {
        for topic in change.leave.iter().flat_map(|audience| subscriber.topics(audience)) {
            self.by_topic.unlink(&topic, subscriber.id);
        }
        for topic in change.join.iter().flat_map(|audience| subscriber.topics(audience)) {
            self.by_topic.link(topic, subscriber);
        }
        let mut waiting = subscriber.waiting();
        let Waiting { audiences, fleeting, .. } = &mut *waiting;
        change.apply(audiences);
        fleeting.keep(audiences);
    }

    /// The log is another one, or has rows that were trimmed or spoilt before they were routed.
    /// Nobody can be continued, not even with a `reset` alone: a change of access may be among
    /// what was missed. So each stream ends after it, and its client subscribes anew.
    pub(crate) fn start_over(&mut self, head: Cursor) {
        tracing::warn!(from = %self.head, to = %head, "the change log starts over");
        self.ring.restart(head.clone());
        for subscriber in self.subscribers.values() {
            subscriber.change(|waiting| waiting.start_over(&head));
        }
        self.head = head;
    }

    /// The log has been unreadable for too long: better no stream than one that guesses.
    pub(crate) fn close(&mut self) {
        self.readable = false;
        for subscriber in self.subscribers.values() {
            subscriber.change(|waiting| waiting.end(None));
        }
    }

    /// This node is about to stop: each stream ends once it has written what waits, and its client
    /// is told when to come back.
    pub(crate) fn drain(&mut self) {
        for subscriber in self.subscribers.values() {
            let turn = self.admission.turn();
            subscriber.change(|waiting| waiting.end(Some(turn)));
        }
    }
}
