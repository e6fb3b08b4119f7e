//! Routing: who is subscribed, and which row reaches whom.
//!
//! Owns the indexes by audience and by subject, and the order in which a row changes them and is
//! handed on. It must not read the log or write to sockets.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use highwater_core::{Cursor, LiveEvent};
use tokio::sync::Notify;

use super::{
    AccessChange, Audience, Delivery, Page,
    admission::Admission,
    backlog::{Bounds, Overflow, Waiting},
    delivery::Content,
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
    pub(crate) ring: Ring<E>,
    pub(crate) next_id: u64,
    pub(crate) subscribers: HashMap<u64, Arc<Subscriber<E>>>,
    pub(crate) by_audience: HashMap<Audience, BTreeSet<u64>>,
    pub(crate) by_subject: HashMap<String, BTreeSet<u64>>,
    /// How many subscribers there may be.
    pub(crate) admission: Admission,
}

pub(crate) struct Subscriber<E: LiveEvent> {
    pub(crate) id: u64,
    pub(crate) owner: String,
    pub(crate) subjects: BTreeSet<String>,
    pub(crate) overflow: Overflow,
    pub(crate) bounds: Bounds,
    /// Wakes the writer when there is something to write.
    pub(crate) wake: Notify,
    /// What the hub and the writer share. Taken after the hub's lock, never before it.
    pub(crate) waiting: Mutex<Waiting<E>>,
}

impl<E: LiveEvent> Subscriber<E> {
    pub(crate) fn waiting(&self) -> MutexGuard<'_, Waiting<E>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
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
    pub(crate) fn new(head: Cursor, ring: usize, admission: Admission) -> Self {
        Self {
            ring: Ring::new(head.clone(), ring),
            head,
            checked_ms: unix_ms(),
            readable: true,
            next_id: 0,
            subscribers: HashMap::new(),
            by_audience: HashMap::new(),
            by_subject: HashMap::new(),
            admission,
        }
    }

    pub(crate) fn add(&mut self, subscriber: &Arc<Subscriber<E>>) {
        let id = subscriber.id;
        for audience in &subscriber.waiting().audiences {
            self.by_audience.entry(audience.clone()).or_default().insert(id);
        }
        for subject in &subscriber.subjects {
            self.by_subject.entry(subject.clone()).or_default().insert(id);
        }
        self.subscribers.insert(id, subscriber.clone());
        self.admission.enter(&subscriber.owner);
    }

    pub(crate) fn remove(&mut self, subscriber: &Subscriber<E>) {
        if self.subscribers.remove(&subscriber.id).is_some() {
            self.admission.leave(&subscriber.owner);
        }
        for audience in &subscriber.waiting().audiences {
            unlink(&mut self.by_audience, audience, subscriber.id);
        }
        for subject in &subscriber.subjects {
            unlink(&mut self.by_subject, subject, subscriber.id);
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
            self.route(&Arc::new(Delivery::new(row, wires)));
        }
        self.head = page.upto;
    }

    pub(crate) fn route(&mut self, delivery: &Arc<Delivery<E>>) {
        let mut reached = BTreeSet::new();
        match &delivery.content {
            Content::Access { change, .. } => {
                reached.extend(self.by_subject.get(&change.subject).into_iter().flatten().copied());
                for id in &reached {
                    self.change_access(*id, change);
                }
            }
            _ => {
                let ids = delivery.to.iter().filter_map(|audience| self.by_audience.get(audience));
                reached.extend(ids.flatten().copied());
            }
        }
        for id in reached {
            let Some(subscriber) = self.subscribers.get(&id) else {
                continue;
            };
            let mut waiting = subscriber.waiting();
            waiting.push(delivery, subscriber.overflow, subscriber.bounds);
            if let Content::Access { change: AccessChange { end: true, .. }, .. } =
                &delivery.content
            {
                waiting.end(None);
            }
            subscriber.wake.notify_one();
        }
        self.ring.push(delivery.clone());
        self.head = delivery.at.clone();
    }

    pub(crate) fn change_access(&mut self, id: u64, change: &AccessChange) {
        let Some(subscriber) = self.subscribers.get(&id) else {
            return;
        };
        let mut waiting = subscriber.waiting();
        for audience in &change.leave {
            unlink(&mut self.by_audience, audience, id);
        }
        for audience in &change.join {
            self.by_audience.entry(audience.clone()).or_default().insert(id);
        }
        change.apply(&mut waiting.audiences);
    }

    /// The log is another one, or has rows that were trimmed or spoilt before they were routed.
    /// Nobody can be continued, not even with a `reset` alone: a change of access may be among
    /// what was missed. So each stream ends after it, and its client subscribes anew.
    pub(crate) fn start_over(&mut self, head: Cursor) {
        tracing::warn!(from = %self.head, to = %head, "the change log starts over");
        self.ring.restart(head.clone());
        for subscriber in self.subscribers.values() {
            subscriber.waiting().start_over(&head);
            subscriber.wake.notify_one();
        }
        self.head = head;
    }

    /// The log has been unreadable for too long: better no stream than one that guesses.
    pub(crate) fn close(&mut self) {
        self.readable = false;
        for subscriber in self.subscribers.values() {
            subscriber.waiting().end(None);
            subscriber.wake.notify_one();
        }
    }

    /// This node is about to stop: each stream ends once it has written what waits, and its client
    /// is told when to come back.
    pub(crate) fn drain(&mut self) {
        for subscriber in self.subscribers.values() {
            subscriber.waiting().end(Some(self.admission.turn()));
            subscriber.wake.notify_one();
        }
    }
}

fn unlink<K: std::hash::Hash + Eq>(index: &mut HashMap<K, BTreeSet<u64>>, key: &K, id: u64) {
    if let Some(ids) = index.get_mut(key) {
        ids.remove(&id);
        if ids.is_empty() {
            index.remove(key);
        }
    }
}
