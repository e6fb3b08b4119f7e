//! Events as they come: for what is no cached value, such as who is typing.
//!
//! Owns who listens. It must not know what an event means, nor keep one.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use highwater_core::LiveEvent;
use leptos::prelude::*;

use super::on_server;

type Hearer<E> = Arc<dyn Fn(&E) + Send + Sync>;

/// Who listens to the page's stream. Cheap to clone.
pub(crate) struct Hearers<E>(Arc<Mutex<Registered<E>>>);

struct Registered<E> {
    /// In the order in which they came.
    hearers: Vec<(u64, Hearer<E>)>,
    newest: u64,
}

impl<E> Default for Hearers<E> {
    fn default() -> Self {
        Self(Arc::new(Mutex::new(Registered { hearers: Vec::new(), newest: 0 })))
    }
}

impl<E> Clone for Hearers<E> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<E> Hearers<E> {
    /// Tells them an event. One may listen or leave meanwhile, so nothing is locked by then.
    pub(crate) fn tell(&self, event: &E) {
        let hearers: Vec<_> =
            self.registered().hearers.iter().map(|(_, one)| one.clone()).collect();
        hearers.iter().for_each(|hearer| hearer(event));
    }

    fn add(&self, hearer: Hearer<E>) -> u64 {
        let mut registered = self.registered();
        registered.newest += 1;
        let number = registered.newest;
        registered.hearers.push((number, hearer));
        number
    }

    fn remove(&self, number: u64) {
        self.registered().hearers.retain(|(one, _)| *one != number);
    }

    fn registered(&self) -> MutexGuard<'_, Registered<E>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Calls `hear` with each event that the page's stream brings, ephemeral or from the log, for as
/// long as the component lives; queries have it by then. What a reconnected stream is replayed is
/// told as well, and what it missed otherwise is not: a value belongs into a
/// [`Query`](highwater_core::Query). Nothing happens on the server.
///
/// # Panics
/// In a browser, outside [`SseProvider`](super::SseProvider).
pub fn use_event<E: LiveEvent>(hear: impl Fn(&E) + Send + Sync + 'static) {
    if on_server() {
        return;
    }
    let hearers: Hearers<E> = expect_context();
    let number = hearers.add(Arc::new(hear));
    on_cleanup(move || hearers.remove(number));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_listens_hears_each_event_until_it_leaves() {
        let hearers = Hearers::<u32>::default();
        let heard = Arc::new(Mutex::new(Vec::new()));
        let listen = |name: char| {
            let heard = heard.clone();
            hearers.add(Arc::new(move |event| heard.lock().unwrap().push((name, *event))))
        };
        let (first, _second) = (listen('a'), listen('b'));
        hearers.tell(&1);
        hearers.remove(first);
        hearers.tell(&2);
        assert_eq!(*heard.lock().unwrap(), [('a', 1), ('b', 1), ('b', 2)]);
    }
}
