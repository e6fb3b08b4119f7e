//! A subscriber's backlog: what waits for its writer, bounded whatever the reader does.
//!
//! Owns the collapse of a full queue and the end of a stream. It must not know how the writer reads the log.

#[cfg(test)]
pub(super) mod tests;

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, VecDeque},
    sync::Arc,
    task::Waker,
    time::Duration,
};

use highwater_core::{Cursor, LiveEvent, Pos};

use super::{
    Audience, Delivery,
    delivery::Content,
    ephemeral::{Ephemeral, Fleeting},
    metrics::ResetCause,
};

/// How a backlog that would grow past its bound gives way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Overflow {
    /// Into one `stale` of its distinct tags: our own client asks for it.
    Collapse,
    /// Into a position, to be read on from ring or log: other clients want each event.
    Reread,
}

/// Bounds of one subscriber.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bounds {
    /// Deliveries in the queue.
    pub(crate) queue: usize,
    /// Distinct tags of a collapsed queue.
    pub(crate) tags: usize,
}

pub(crate) enum Backlog<E: LiveEvent> {
    /// Everything up to the hub's head is in the queue or written.
    Live(Queue<E>),
    /// As live, but collapsed.
    Collapsed { tags: BTreeMap<E::Tag, Cursor>, upto: Cursor },
    /// As live, but past the bound of tags: start over here.
    Reset { at: Cursor, cause: ResetCause },
    /// The writer reads on from here; the hub adds nothing until it has caught up.
    Behind { after: Cursor },
}

/// What the hub and the writer of one stream share.
pub(crate) struct Waiting<E: LiveEvent> {
    /// What the subscriber may hear.
    pub(crate) audiences: BTreeSet<Audience>,
    pub(crate) backlog: Backlog<E>,
    /// Ephemeral events, while the backlog is live.
    pub(crate) fleeting: Fleeting<E>,
    /// The last row that was added to it.
    routed: Option<Pos>,
    /// The last row that left the backlog.
    pub(crate) written: Cursor,
    /// Whether the stream ends once what waits is written.
    pub(crate) ending: bool,
    /// When its client is to come back then, if the server says so.
    pub(crate) retry: Option<Duration>,
    /// The writer, while it waits for something to write.
    pub(crate) writer: Option<Waker>,
}

/// Deliveries in log order. Of those with the same conflation key only the newest stays.
pub(crate) struct Queue<E: LiveEvent> {
    deliveries: VecDeque<Option<Arc<Delivery<E>>>>,
    /// Where the newest of each conflation key stands, counted from the first ever queued.
    conflated: HashMap<Arc<str>, u64>,
    /// How many have left the front.
    gone: u64,
    /// How many of `deliveries` are still there.
    len: usize,
}

impl<E: LiveEvent> Default for Queue<E> {
    fn default() -> Self {
        Self { deliveries: VecDeque::new(), conflated: HashMap::new(), gone: 0, len: 0 }
    }
}

impl<E: LiveEvent> Queue<E> {
    pub(crate) fn is_empty(&self) -> bool {
        self.len == 0
    }

    pub(crate) fn push(&mut self, delivery: Arc<Delivery<E>>) {
        if let Some(key) = &delivery.conflate {
            let place = self.gone + self.deliveries.len() as u64;
            let older = self.conflated.insert(key.clone(), place);
            let older = older.and_then(|older| older.checked_sub(self.gone));
            let older = older.and_then(|index| usize::try_from(index).ok());
            if let Some(slot) = older.and_then(|index| self.deliveries.get_mut(index))
                && slot.take().is_some()
            {
                self.len -= 1;
            }
        }
        self.deliveries.push_back(Some(delivery));
        self.len += 1;
    }

    pub(crate) fn pop(&mut self) -> Option<Arc<Delivery<E>>> {
        while let Some(slot) = self.deliveries.pop_front() {
            self.gone += 1;
            if let Some(delivery) = slot {
                self.len -= 1;
                // Its key goes with it, or a queue that is never empty would keep them all.
                if let Some(key) = &delivery.conflate
                    && self.conflated.get(key).is_some_and(|place| *place < self.gone)
                {
                    self.conflated.remove(key);
                }
                return Some(delivery);
            }
        }
        None
    }

    /// Whether there is room, in deliveries and in the gaps that conflation leaves.
    fn has_room(&self, bound: usize) -> bool {
        self.len < bound && self.deliveries.len() < bound * 4
    }
}

impl<E: LiveEvent> Backlog<E> {
    /// Adds the next delivery; `written` is the last one that left this backlog.
    pub(crate) fn push(
        &mut self,
        delivery: &Arc<Delivery<E>>,
        overflow: Overflow,
        bounds: Bounds,
        written: &Cursor,
    ) {
        let next = match self {
            Self::Live(queue) if queue.has_room(bounds.queue) => {
                queue.push(delivery.clone());
                return;
            }
            Self::Live(_) if overflow == Overflow::Reread => {
                Self::Behind { after: written.clone() }
            }
            Self::Live(queue) => {
                let mut waiting = std::mem::take(queue);
                let empty = Self::Collapsed { tags: BTreeMap::new(), upto: delivery.at.clone() };
                let collapsed = std::iter::from_fn(|| waiting.pop())
                    .fold(empty, |backlog, delivery| backlog.collapse(&delivery, bounds.tags));
                collapsed.collapse(delivery, bounds.tags)
            }
            Self::Collapsed { tags, upto } => {
                let collapsed = Self::Collapsed { tags: std::mem::take(tags), upto: upto.clone() };
                collapsed.collapse(delivery, bounds.tags)
            }
            Self::Reset { at, .. } => {
                *at = delivery.at.clone();
                return;
            }
            Self::Behind { .. } => return,
        };
        *self = next;
    }

    /// What is left of a backlog when one more delivery is reduced to its tags. What has no tags
    /// that say it all (a change of access, an unknown event) takes a reset.
    fn collapse(self, delivery: &Arc<Delivery<E>>, bound: usize) -> Self {
        match (self, &delivery.content) {
            (Self::Collapsed { mut tags, .. }, Content::Event(event)) => {
                tags.extend(event.tags().into_iter().map(|tag| (tag, delivery.at.clone())));
                if tags.len() <= bound {
                    return Self::Collapsed { tags, upto: delivery.at.clone() };
                }
                Self::Reset { at: delivery.at.clone(), cause: ResetCause::Overflow }
            }
            _ => Self::Reset { at: delivery.at.clone(), cause: ResetCause::Overflow },
        }
    }
}

impl<E: LiveEvent> Waiting<E> {
    pub(crate) fn new(audiences: BTreeSet<Audience>, backlog: Backlog<E>, written: Cursor) -> Self {
        Self {
            audiences,
            backlog,
            fleeting: Fleeting::default(),
            routed: None,
            written,
            ending: false,
            retry: None,
            writer: None,
        }
    }

    /// Whether there is nothing to write, and more may come.
    pub(crate) fn is_idle(&self) -> bool {
        self.is_complete() && self.fleeting.is_empty()
    }

    /// Whether every row was written, and more may come.
    pub(crate) fn is_complete(&self) -> bool {
        !self.ending && matches!(&self.backlog, Backlog::Live(queue) if queue.is_empty())
    }

    /// Adds the next delivery, unless the stream is to end or this is the delivery it was given
    /// last. Whether it did.
    pub(crate) fn push(
        &mut self,
        delivery: &Arc<Delivery<E>>,
        overflow: Overflow,
        bounds: Bounds,
    ) -> bool {
        if self.ending || self.routed == Some(delivery.at.at) {
            return false;
        }
        self.routed = Some(delivery.at.at);
        self.backlog.push(delivery, overflow, bounds, &self.written);
        true
    }

    /// Adds an ephemeral event, unless the stream is to end or has enough to do with rows; whether
    /// one gave way, itself or another.
    pub(crate) fn push_ephemeral(&mut self, ephemeral: &Arc<Ephemeral<E>>) -> bool {
        match self.backlog {
            Backlog::Live(_) if !self.ending => self.fleeting.push(ephemeral),
            _ => true,
        }
    }

    /// Nothing more is added; what waits is still written, then the stream ends. A client whose
    /// stream was behind keeps the position before what it missed, and asks again from there.
    pub(crate) fn end(&mut self, retry: Option<Duration>) {
        if !self.ending {
            (self.ending, self.retry) = (true, retry);
            if let Backlog::Behind { .. } = self.backlog {
                self.backlog = Backlog::Live(Queue::default());
            }
        }
    }

    /// Nothing that waits can be continued: start over at `head`, on another stream, for which it
    /// is decided again who may hear what.
    pub(crate) fn start_over(&mut self, head: &Cursor) {
        if !self.ending {
            self.ending = true;
            self.backlog = Backlog::Reset { at: head.clone(), cause: ResetCause::Log };
        }
    }
}
