//! Writing: optimistic mutations that end when the log says so.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicU32, Ordering},
};

use futures::future::BoxFuture;
use highwater_core::{
    Answer, Committed, LiveEvent, MutationId, Query, Refusal, Stamped,
    cache::{EntryId, Input},
    entry::Erased,
    mutation::Outcome,
    overlay::Overlay,
};
use leptos::prelude::*;

use super::{
    random,
    store::{Sent, Store, answer, erase},
};

/// How often a mutation without an outcome is sent before its author is told. With the waits in
/// between that is half a minute.
const SENDS: u32 = 6;

/// Sends mutations. Cheap to copy; see [`use_mutation`].
pub struct Mutations<E: LiveEvent>(StoredValue<Store<E>>);

/// The mutations of the page.
///
/// # Panics
/// Outside [`SseProvider`](crate::SseProvider).
pub fn use_mutation<E: LiveEvent>() -> Mutations<E> {
    Mutations(StoredValue::new(expect_context::<Store<E>>()))
}

type Lay<E> = Box<dyn FnOnce(&Store<E>) -> Vec<(EntryId, Overlay)>>;
type Send<E, T, R> = Arc<
    dyn Fn(Sending<E>) -> BoxFuture<'static, Result<Committed<T>, R>> + std::marker::Send + Sync,
>;
type Values<E, T> = Box<
    dyn Fn(&Store<E>, &Committed<T>) -> Vec<(EntryId, Stamped<Erased>)> + std::marker::Send + Sync,
>;
type Done<T, R> = Box<dyn FnOnce(Result<T, R>) + std::marker::Send>;

/// One mutation, before it begins.
pub struct MutationRequest<E: LiveEvent, T, R> {
    scope: String,
    lay: Vec<Lay<E>>,
    send: Send<E, T, R>,
    values: Vec<Values<E, T>>,
    done: Option<Done<T, R>>,
}

/// What a mutation knows when it is sent, for the first time or again.
pub struct Sending<E: LiveEvent> {
    /// Its id: the same each time, so that the server can tell a repeat.
    pub id: MutationId,
    store: Store<E>,
}

impl<E: LiveEvent> Sending<E> {
    /// The committed value of a query, without optimistic changes: read versions from it here, so
    /// that a second quick change does not collide with the first.
    pub fn committed<Q: Query<Event = E>>(&self, query: &Q) -> Option<Answer<Q>> {
        self.store.committed(query)
    }
}

impl<E: LiveEvent> Clone for Mutations<E> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<E: LiveEvent> Copy for Mutations<E> {}

impl<E: LiveEvent, T: 'static, R: Refusal> MutationRequest<E, T, R> {
    /// A mutation of one entity. Mutations of the same `scope` are sent one after another; `send`
    /// calls the server.
    pub fn new<F>(
        scope: impl Into<String>,
        send: impl Fn(Sending<E>) -> F + std::marker::Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = Result<Committed<T>, R>> + std::marker::Send + 'static,
    {
        let send: Send<E, T, R> = Arc::new(move |sending| Box::pin(send(sending)));
        Self { scope: scope.into(), lay: Vec::new(), send, values: Vec::new(), done: None }
    }

    /// Shows `change` on a query's value until the log has caught up, or the server refuses.
    #[must_use]
    pub fn overlay<Q: Query<Event = E>>(
        mut self,
        query: Q,
        change: impl Fn(&mut Q::Value) + std::marker::Send + Sync + 'static,
    ) -> Self {
        let change = Arc::new(change);
        self.lay.push(Box::new(move |store| vec![(store.entry(&query), laid::<Q>(change))]));
        self
    }

    /// As [`overlay`](Self::overlay), on every query of one type that is cached when the mutation
    /// begins; one that is opened meanwhile shows the committed value.
    #[must_use]
    pub fn overlay_all<Q: Query<Event = E>>(
        mut self,
        change: impl Fn(&mut Q::Value) + std::marker::Send + Sync + 'static,
    ) -> Self {
        let change = Arc::new(change);
        self.lay.push(Box::new(move |store| {
            let entries = store.entries::<Q>().into_iter();
            entries.map(|(_, id)| (id, laid::<Q>(change.clone()))).collect()
        }));
        self
    }

    /// Says that the answer holds a query's value whole, so that nothing is fetched for it.
    #[must_use]
    pub fn returns<Q: Query<Event = E>>(
        mut self,
        query: Q,
        value: impl Fn(&T) -> Q::Value + std::marker::Send + Sync + 'static,
    ) -> Self {
        self.values.push(Box::new(move |store, committed| {
            let as_of = committed.as_of.clone();
            vec![(
                store.entry(&query),
                erase::<Q>(Stamped { value: Ok(value(&committed.value)), as_of }),
            )]
        }));
        self
    }

    /// Hears the outcome, once. After a refusal the optimistic change is gone already.
    #[must_use]
    pub fn done(mut self, done: impl FnOnce(Result<T, R>) + std::marker::Send + 'static) -> Self {
        self.done = Some(Box::new(done));
        self
    }
}

impl<E: LiveEvent> Mutations<E> {
    /// Begins a mutation: its overlays show at once, and it is sent when its scope is free.
    pub fn run<T, R>(&self, request: MutationRequest<E, T, R>)
    where
        T: std::marker::Send + Sync + 'static,
        R: Refusal,
    {
        let store = self.0.get_value();
        let id = MutationId::new(random());
        let MutationRequest { scope, lay, send, values, done } = request;
        let overlays: Vec<_> = lay.into_iter().flat_map(|lay| lay(&store)).collect();
        let entries: Vec<EntryId> = overlays.iter().map(|(id, _)| *id).collect();
        let attempt = Arc::new(Attempt {
            id,
            send,
            values,
            entries,
            sends: AtomicU32::new(0),
            done: Mutex::new(done),
        });
        store.begin(
            id,
            Input::Began(id, scope, overlays),
            Arc::new(move |store| {
                let attempt = attempt.clone();
                Box::pin(async move { attempt.run(store).await })
            }),
        );
    }
}

/// A mutation under way.
struct Attempt<E: LiveEvent, T, R> {
    id: MutationId,
    send: Send<E, T, R>,
    values: Vec<Values<E, T>>,
    entries: Vec<EntryId>,
    sends: AtomicU32,
    /// Taken by the first outcome.
    done: Mutex<Option<Done<T, R>>>,
}

impl<E: LiveEvent, T, R: Refusal> Attempt<E, T, R> {
    /// Sends once. The core hears the outcome before the author does, so that the author's words
    /// ("refused because…") meet a view that is rolled back.
    async fn run(&self, store: Store<E>) -> Sent {
        let sends = self.sends.fetch_add(1, Ordering::Relaxed) + 1;
        let result = (self.send)(Sending { id: self.id, store: store.clone() }).await;
        let (outcome, result) = match result {
            Ok(committed) => {
                let values =
                    self.values.iter().flat_map(|values| values(&store, &committed)).collect();
                let Committed { value, cursor, as_of } = committed;
                (Outcome::Committed { cursor, as_of, values }, Ok(value))
            }
            Err(error) if error.is_final() => (Outcome::Refused, Err(error)),
            Err(_) if sends < SENDS => return Sent::Unknown,
            Err(error) => {
                // Nobody can say whether it happened: stop pretending that it did, and look.
                store.end(self.id, Outcome::Refused);
                self.entries.iter().for_each(|id| store.dispatch(Input::Refetch(*id)));
                self.finish(Err(error));
                return Sent::Ended;
            }
        };
        store.end(self.id, outcome);
        self.finish(result);
        Sent::Ended
    }

    fn finish(&self, result: Result<T, R>) {
        let done = self.done.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(done) = done {
            done(result);
        }
    }
}

fn laid<Q: Query>(
    change: Arc<impl Fn(&mut Q::Value) + std::marker::Send + Sync + 'static>,
) -> Overlay {
    Overlay::new(move |value| {
        let mut value = answer::<Q>(value)?.ok()?;
        change(&mut value);
        let value: Answer<Q> = Ok(value);
        Some(Arc::new(value))
    })
}
