//! Reading: [`use_query`] gives a view the server's answer and keeps it fresh.

use highwater_core::{
    AsOf, FetchFailed, Fetched, Query, Stamped,
    cache::{EntryId, EntryStatus, Input},
};
use leptos::prelude::*;

use super::{
    PageHead,
    store::{Store, erase},
};

/// A query in use by a view.
///
/// Read it inside `<Suspense>` or `<Transition>`: the first answer comes with the page, or is
/// waited for there; later ones replace it in place.
pub struct UseQuery<Q: Query> {
    key: Memo<Q>,
    /// The first answer: read on the server, carried in the page, taken by the browser once.
    first: Resource<Fetched<Q>>,
    /// The entry that is shown, in the browser.
    entry: RwSignal<Option<EntryId>>,
    store: StoredValue<Store<Q::Event>>,
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

/// Uses the query that `key` makes, again whenever what `key` reads changes. While another key
/// loads, the answer of the one before stays ([`UseQuery::is_previous`]).
///
/// # Panics
/// Outside [`SseProvider`](crate::SseProvider).
pub fn use_query<Q: Query>(key: impl Fn() -> Q + Send + Sync + 'static) -> UseQuery<Q> {
    let store = expect_context::<Store<Q::Event>>();
    let key = Memo::new(move |_| key());
    let first = {
        let store = store.clone();
        // Always created, and always before anything else, so that hydration finds its data.
        Resource::new(
            || (),
            move |()| {
                let (query, store) = (key.get_untracked(), store.clone());
                async move {
                    if is_server() { query.fetch(None).await } else { store.first(&query).await }
                }
            },
        )
    };
    let query = UseQuery {
        key,
        first,
        entry: RwSignal::new(None),
        store: StoredValue::new(store.clone()),
        previous: StoredValue::new(None),
    };
    if is_browser() {
        query.follow(store);
    }
    query
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
    if is_server() {
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
    let value = Memo::new(move |last: Option<&Q::Value>| match store.view::<Q>(id) {
        Some(Ok(value)) => value,
        _ => last.unwrap_or(&known).clone(),
    });
    value.into()
}

impl<Q: Query> UseQuery<Q> {
    /// The answer; `None` while the first one is under way. The view follows it.
    pub fn get(&self) -> Option<Result<Q::Value, QueryError<Q::Refusal>>> {
        let first = self.first.get();
        let Some(id) = self.entry.get() else {
            return first.map(|first| match first {
                Ok(Stamped { value, .. }) => value.map_err(QueryError::Refused),
                Err(failure) => Err(QueryError::Failed(failure)),
            });
        };
        let store = self.store.get_value();
        if let Some(answer) = store.view::<Q>(id) {
            self.previous.set_value(Some(id));
            return Some(answer.map_err(QueryError::Refused));
        }
        match store.status(id).failure {
            Some(failure) => Some(Err(QueryError::Failed(failure))),
            None => {
                let previous = self.previous.get_value().and_then(|id| store.view::<Q>(id));
                previous.map(|answer| answer.map_err(QueryError::Refused))
            }
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
        if is_server() {
            return Signal::derive(move || part(query.get()));
        }
        Memo::new(move |_| part(query.get())).into()
    }

    /// Whether [`get`](Self::get) shows the answer of an earlier key while this one loads.
    pub fn is_previous(&self) -> bool {
        let store = self.store.get_value();
        self.entry.get().is_some_and(|id| store.view::<Q>(id).is_none())
    }

    /// Whether it is fetching, stale, or shows an optimistic change. The view follows it.
    pub fn status(&self) -> EntryStatus {
        let store = self.store.get_value();
        self.entry.get().map(|id| store.status(id)).unwrap_or_default()
    }

    /// Fetches now: after a failure, or to be sure.
    pub fn refetch(&self) {
        if let Some(id) = self.entry.get_untracked() {
            self.store.get_value().dispatch(Input::Refetch(id));
        }
    }

    /// Takes the answer that came with the page, shows the entry, and moves with the key.
    fn follow(&self, store: Store<Q::Event>) {
        let Self { key, entry, first, .. } = *self;
        let shown = key.get_untracked();
        let id = store.entry(&shown);
        // The resource's own `get` belongs in a Suspense; what it was created with is in here.
        let carried = ArcResource::from(first);
        if let Some(answer) = (*carried).get_untracked() {
            store.dispatch(Input::Hydrated(id, answer.map(erase::<Q>)));
        }
        store.dispatch(Input::Mount(id));
        entry.set(Some(id));
        let moving = store.clone();
        Effect::new(move |shown: Option<EntryId>| {
            let next = moving.entry(&key.get());
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
    }
}
