//! The index: which subscribers a row may reach, found without looking at any other.
//!
//! Owns the way from a key to its subscribers. It must not decide who belongs to a key.

use std::{
    collections::{BTreeMap, HashMap},
    hash::Hash,
    sync::Arc,
};

use highwater_core::LiveEvent;

use super::{Audience, routing::Subscriber};

/// What a subscriber listens to: an audience and, where it asked for some types only, one of them.
pub(crate) type Topic = (Audience, Option<Arc<str>>);

/// The subscribers of each key, in the order in which they came.
pub(crate) struct Index<K, E: LiveEvent>(HashMap<K, BTreeMap<u64, Arc<Subscriber<E>>>>);

impl<K: Hash + Eq, E: LiveEvent> Index<K, E> {
    pub(crate) fn new() -> Self {
        Self(HashMap::new())
    }

    pub(crate) fn get(&self, key: &K) -> impl Iterator<Item = &Arc<Subscriber<E>>> + use<'_, K, E> {
        self.0.get(key).into_iter().flat_map(BTreeMap::values)
    }

    pub(crate) fn link(&mut self, key: K, subscriber: &Arc<Subscriber<E>>) {
        self.0.entry(key).or_default().insert(subscriber.id, subscriber.clone());
    }

    pub(crate) fn unlink(&mut self, key: &K, id: u64) {
        if let Some(subscribers) = self.0.get_mut(key) {
            subscribers.remove(&id);
            if subscribers.is_empty() {
                self.0.remove(key);
            }
        }
    }
}
