//! Reading: [`use_query`] gives a view the server's answer and keeps it fresh.

use std::{marker::PhantomData, sync::Arc};

use futures::future::BoxFuture;
use highwater_core::{
    AsOf, FetchFailed, LiveEvent, Query, Stamped,
    cache::{EntryId, EntryStatus, Input},
    entry::Erased,
};
use leptos::prelude::*;

use super::{
    PageHead,
    first::{Answered, First, FirstResource},
    on_server,
    store::{Store, answer, erase},
};

/// A query in use by a view.
///
/// Read it inside `<Suspense>` or `<Transition>`: the first answer comes with the page, or is
/// waited for there; later ones replace it in place.
pub struct UseQuery<Q: Query> {
    reading: Reading<Q::Event>,
    query: PhantomData<fn() -> Q>,
}

/// The part of a query in use that is the same for all of them.
struct Reading<E: LiveEvent> {
    /// The first answer: read on the server, carried in the page, taken by the browser once.
    first: FirstResource,
    /// The entry that is shown, in the browser.
    entry: RwSignal<Option<EntryId>>,
    store: StoredValue<Store<E>>,
    /// What was shown last, to stay while another key loads. It is asked for anew each time: what
    /// may no longer be seen is gone from there as well.
    previous: StoredValue<Option<EntryId>>,
}

/// Why a query has no value.
#[derive(Clone, Debug, PartialEq)]
pub enum QueryError<R> {
    /// The server refused: there is no such thing, or not for this user.
    Refused(R),
    /// The answer could not be had. It is asked for again by and by; [`UseQuery::refetch`] asks now.
    Failed(FetchFailed),
}

impl<Q: Query> Clone for UseQuery<Q> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<Q: Query> Copy for UseQuery<Q> {}

impl<E: LiveEvent> Clone for Reading<E> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<E: LiveEvent> Copy for Reading<E> {}

/// Uses the query that `key` makes, again whenever what `key` reads changes. While another key
/// loads, the answer of the one before stays ([`UseQuery::is_previous`]).
///
/// # Panics
/// Outside [`SseProvider`](crate::SseProvider).
pub fn use_query<Q: Query>(key: impl Fn() -> Q + Send + Sync + 'static) -> UseQuery<Q> {
    let store = expect_context::<Store<Q::Event>>();
    let reading = if on_server() {
        let reader = Arc::new(move || -> BoxFuture<'static, First> {
            let answer = untrack(&key).fetch(None);
            Box::pin(async move { First::read::<Q>(answer.await) })
        });
        Reading::new(First::resource(reader), store)
    } else {
        let finding = store.clone();
        Reading::follow(store, Box::new(move || finding.entry(&key())), First::carried::<Q>)
    };
    UseQuery { reading, query: PhantomData }
}

/// Follows a query whose value came with the page, as of the page's head: nothing is fetched
/// before an event asks for it. While a later answer cannot be had, the last one stays.
///
/// Unlike [`use_query`] it may be read anywhere, because there is nothing to wait for.
///
/// # Panics
/// Outside [`SseProvider`](crate::SseProvider).
pub fn use_known<Q: Query>(query: Q, known: Q::Value) -> Signal<Q::Value>
where
    Q::Value: PartialEq,
{
    if on_server() {
        return Signal::derive(move || known.clone());
    }
    let store = expect_context::<Store<Q::Event>>();
    let id = store.entry(&query);
    if let Some(PageHead(head)) = use_context() {
        let answer = Stamped { value: Ok(known.clone()), as_of: AsOf::upto(&head) };
        store.dispatch(Input::Hydrated(id, Ok(erase::<Q>(answer))));
    }
    store.dispatch(Input::Mount(id));
    let leaving = store.clone();
    on_cleanup(move || leaving.dispatch(Input::Unmount(id)));
    let value = Memo::new(move |last: Option<&Q::Value>| {
        match store.view(id).as_ref().and_then(answer::<Q>) {
            Some(Ok(value)) => value,
            _ => last.unwrap_or(&known).clone(),
        }
    });
    value.into()
}

impl<Q: Query> UseQuery<Q> {
    /// The answer; `None` while the first one is under way. The view follows it.
    pub fn get(&self) -> Option<Result<Q::Value, QueryError<Q::Refusal>>> {
        match self.reading.get()? {
            Ok(value) => answer::<Q>(&value).map(|answer| answer.map_err(QueryError::Refused)),
            Err(failure) => Some(Err(QueryError::Failed(failure))),
        }
    }

    /// A part of the answer, as a signal that changes only when the part does.
    ///
    /// Use it instead of a memo of your own inside `<Suspense>`: while a page is rendered on several
    /// threads, a memo may be read after the answer came and before it has heard of it.
    pub fn select<T: PartialEq + Clone + Send + Sync + 'static>(
        &self,
        part: impl Fn(Option<Result<Q::Value, QueryError<Q::Refusal>>>) -> T + Send + Sync + 'static,
    ) -> Signal<T> {
        let query = *self;
        if on_server() {
            return Signal::derive(move || part(query.get()));
        }
        Memo::new(move |_| part(query.get())).into()
    }

    /// Whether [`get`](Self::get) shows the answer of an earlier key while this one loads.
    pub fn is_previous(&self) -> bool {
        self.reading.is_previous()
    }

    /// Whether it is fetching, stale, or shows an optimistic change. The view follows it.
    pub fn status(&self) -> EntryStatus {
        self.reading.status()
    }

    /// Fetches now: after a failure, or to be sure.
    pub fn refetch(&self) {
        self.reading.refetch();
    }
}

impl<E: LiveEvent> Reading<E> {
    fn new(first: FirstResource, store: Store<E>) -> Self {
        let (entry, store) = (RwSignal::new(None), StoredValue::new(store));
        Self { first, entry, store, previous: StoredValue::new(None) }
    }

    /// In the browser: takes the answer that came with the page, shows the entry that `key` finds,
    /// and moves with it.
    fn follow(
        store: Store<E>,
        key: Box<dyn Fn() -> EntryId + Send + Sync>,
        carried: fn(&First) -> Option<Answered>,
    ) -> Self {
        let key = Memo::new(move |_| key());
        let id = key.get_untracked();
        let waiting = store.clone();
        // Created by server and browser alike, so that hydration finds its data.
        let first = First::resource(Arc::new(move || -> BoxFuture<'static, First> {
            let (id, store) = (key.get_untracked(), waiting.clone());
            Box::pin(async move {
                store.answered(id).await;
                First::Stored
            })
        }));
        let reading = Self::new(first, store.clone());
        let entry = reading.entry;
        // The resource's own `get` belongs in a Suspense; what it was created with is in here.
        let carrying = ArcResource::from(first);
        if let Some(answer) = (*carrying).get_untracked().as_ref().and_then(carried) {
            store.dispatch(Input::Hydrated(id, answer));
        }
        store.dispatch(Input::Mount(id));
        entry.set(Some(id));
        let moving = store.clone();
        Effect::new(move |shown: Option<EntryId>| {
            let next = key.get();
            let shown = shown.or_else(|| entry.get_untracked());
            if shown != Some(next) {
                moving.dispatch(Input::Mount(next));
                entry.set(Some(next));
                shown.into_iter().for_each(|id| moving.dispatch(Input::Unmount(id)));
            }
            next
        });
        on_cleanup(move || {
            if let Some(id) = entry.try_get_untracked().flatten() {
                store.dispatch(Input::Unmount(id));
            }
        });
        reading
    }

    fn get(&self) -> Option<Result<Erased, FetchFailed>> {
        let first = self.first.get();
        let Some(id) = self.entry.get() else {
            return match first? {
                First::Read(answer, _) => Some(answer.map(|answer| answer.value)),
                First::Carried(_) | First::Stored => None,
            };
        };
        let store = self.store.get_value();
        if let Some(value) = store.view(id) {
            self.previous.set_value(Some(id));
            return Some(Ok(value));
        }
        match store.status(id).failure {
            Some(failure) => Some(Err(failure)),
            None => self.previous.get_value().and_then(|id| store.view(id)).map(Ok),
        }
    }

    fn is_previous(&self) -> bool {
        let store = self.store.get_value();
        self.entry.get().is_some_and(|id| store.view(id).is_none())
    }

    fn status(&self) -> EntryStatus {
        let store = self.store.get_value();
        self.entry.get().map(|id| store.status(id)).unwrap_or_default()
    }

    fn refetch(&self) {
        if let Some(id) = self.entry.get_untracked() {
            self.store.get_value().dispatch(Input::Refetch(id));
        }
    }
}
