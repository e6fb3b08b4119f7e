//! Admission: how many streams are open, in all and for each owner, and whether more are taken.
//!
//! Owns the counting, as part of what the hub's lock protects, so that it is exact. It must not
//! know what a stream says.

use std::{collections::HashMap, time::Duration};

use super::SubscribeError;

/// The places for streams on one node.
pub(crate) struct Admission {
    /// How many there are.
    streams: usize,
    /// How many one owner may have.
    per_owner: usize,
    open: usize,
    /// How many each owner has; who has none is not here.
    owners: HashMap<String, usize>,
    /// Over how long clients are told to come back, once this node is about to stop.
    closed: Option<Duration>,
    /// How many were told.
    told: u32,
}

impl Admission {
    pub(crate) fn new(streams: usize, per_owner: usize) -> Self {
        Self { streams, per_owner, open: 0, owners: HashMap::new(), closed: None, told: 0 }
    }

    /// Whether there is a place for one more stream of `owner`. `freed` is how long a connection
    /// that is dead may hold one.
    pub(crate) fn check(&mut self, owner: &str, freed: Duration) -> Result<(), SubscribeError> {
        if self.closed.is_some() {
            return Err(SubscribeError::Draining { retry_after: self.turn() });
        }
        if self.owners.get(owner).is_some_and(|open| *open >= self.per_owner) {
            return Err(SubscribeError::TooMany { limit: self.per_owner, retry_after: freed });
        }
        if self.open >= self.streams {
            return Err(SubscribeError::Full { limit: self.streams, retry_after: freed });
        }
        Ok(())
    }

    pub(crate) fn enter(&mut self, owner: &str) {
        self.open += 1;
        *self.owners.entry(owner.to_owned()).or_default() += 1;
    }

    pub(crate) fn leave(&mut self, owner: &str) {
        self.open -= 1;
        if let Some(open) = self.owners.get_mut(owner) {
            *open -= 1;
            if *open == 0 {
                self.owners.remove(owner);
            }
        }
    }

    pub(crate) fn close(&mut self, grace: Duration) {
        self.closed = Some(grace);
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.closed.is_some()
    }

    /// When the next client is to come back. Multiples of the golden ratio, without their whole
    /// part: each falls into one of the widest gaps that the earlier ones left, so that any number
    /// of them is spread evenly.
    pub(crate) fn turn(&mut self) -> Duration {
        const GOLDEN_RATIO: f64 = 0.618_033_988_749_894_9;
        self.told = self.told.wrapping_add(1);
        let part = (f64::from(self.told) * GOLDEN_RATIO).fract();
        self.closed.unwrap_or_default().mul_f64(part)
    }
}
