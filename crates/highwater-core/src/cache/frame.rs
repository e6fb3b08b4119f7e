//! What each frame of the stream does to the cache.
//!
//! Owns which entries a frame reaches and how far the stream is complete. It must not decide what
//! an entry makes of an event.

use super::{Cache, Effect, EntryId};
use crate::{
    as_of::AsOf,
    cursor::Cursor,
    event::{LiveEvent, MutationId},
    frame::Frame,
    overlay::SETTLE_MS,
};

impl<E: LiveEvent> Cache<E> {
    pub(super) fn frame(&mut self, now_ms: u64, frame: Frame<E>) {
        self.trace.as_mut().into_iter().for_each(Vec::clear);
        match frame {
            Frame::Connected { at, .. } => {
                // A stream that starts past what is complete, or in another log, leaves a gap.
                if self.through.as_ref().is_some_and(|through| !through.reaches(&at)) {
                    self.reset(&at);
                }
                self.complete(&at);
            }
            Frame::Event { at, by, event } => {
                // A link may deliver twice; what is complete already changed what it could.
                if !self.is_complete(&at) {
                    let own = by.filter(|by| self.mutations.contains(*by));
                    for id in self.touched(&event.tags()) {
                        let Some(entry) = self.entry(id) else { continue };
                        let was_clean = entry.is_clean();
                        let (effect, changed) = entry.event(&at, by.as_ref(), &event);
                        if changed {
                            self.changed.insert(id);
                        }
                        self.traced(id, effect);
                        if let Some(by) = own {
                            self.hold(id, by, was_clean, now_ms);
                        }
                    }
                    self.complete(&at);
                }
            }
            Frame::Stale { tags, upto } => {
                for (tag, at) in tags {
                    for id in self.touched(&[tag]) {
                        self.stale(id, &at);
                    }
                }
                self.complete(&upto);
            }
            Frame::Ping { upto: at, .. } | Frame::End { at } => self.complete(&at),
            Frame::Access { gained, lost, at } => {
                for id in self.touched(&lost) {
                    if let Some(entry) = self.entry(id) {
                        entry.purge(&at);
                        self.changed.insert(id);
                        self.traced(id, Effect::Purged);
                    }
                }
                for id in self.touched(&gained) {
                    self.stale(id, &at);
                }
                self.complete(&at);
            }
            Frame::Reset { at } => self.reset(&at),
            Frame::Ephemeral { .. } => {}
            Frame::Unknown { at } => {
                let at = at.or_else(|| self.seen.as_ref().map(AsOf::bound));
                if let Some(at) = at {
                    // Whatever it was, the row itself may be covered by nobody's stamp yet.
                    let ids: Vec<EntryId> = self.entries.keys().copied().collect();
                    ids.into_iter().for_each(|id| self.stale(id, &at));
                    self.complete(&at);
                }
            }
        }
    }

    /// An entry that lacks no more than a mutation under way waits a moment for its answer, which
    /// may hold the value whole. Event and answer travel apart, and either may come first.
    fn hold(&mut self, id: EntryId, by: MutationId, was_clean: bool, now_ms: u64) {
        let Some(entry) = self.entries.get_mut(&id) else { return };
        let lacks_that_alone = was_clean && !entry.is_clean() && entry.flight.is_none();
        if lacks_that_alone || entry.held_until.is_some_and(|until| until > now_ms) {
            entry.held_until = Some(now_ms + SETTLE_MS);
            self.held.push((by, id));
        }
    }

    /// The mutation's answer is there, or it is lost: what waits for no other is fetched.
    pub(super) fn release(&mut self, by: MutationId) {
        let (released, held) = self.held.drain(..).partition(|(holder, _)| *holder == by);
        self.held = held;
        let released: Vec<(MutationId, EntryId)> = released;
        for (_, id) in released {
            let is_held = self.held.iter().any(|(_, held)| *held == id);
            if let Some(entry) = self.entry(id).filter(|_| !is_held) {
                entry.held_until = None;
            }
        }
    }

    /// Nothing before `at` is known to be complete: idle entries go, mounted ones are stale.
    fn reset(&mut self, at: &Cursor) {
        let idle: Vec<EntryId> =
            self.entries.iter().filter(|(_, entry)| entry.mounts == 0).map(|(id, _)| *id).collect();
        for id in idle {
            if let Some(entry) = self.entry(id) {
                entry.purge(at);
                self.traced(id, Effect::Purged);
            }
        }
        // Another log, or this one before what it told already (a backup without a new epoch):
        // what was seen of it says nothing about what will be.
        let rewound = self.seen.as_ref().is_some_and(|seen| {
            seen.epoch() != &at.epoch
                || self.through.as_ref().is_some_and(|through| !at.reaches(through))
        });
        for (id, entry) in self.entries.iter_mut().filter(|(_, entry)| entry.mounts > 0) {
            entry.reset(at);
            if rewound {
                entry.forget_stamps();
            }
            self.agenda.touch(*id);
            self.changed.insert(*id);
            if let Some(trace) = &mut self.trace {
                trace.push((*id, Effect::Stale));
            }
        }
        if rewound {
            self.seen = None;
        }
        self.epoch = Some(at.epoch.clone());
        self.through = Some(at.clone());
        self.include(&AsOf::upto(at));
    }
}
