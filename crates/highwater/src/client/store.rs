//! The store: the cache core, with fetches, timers and signals around it.
//!
//! Owns the map from query to entry and carries out what the core commands. It must not decide
//! what is fresh; `highwater_core::cache` does.

use std::{
    any::{Any, TypeId},
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use futures::{
    channel::oneshot,
    future::{BoxFuture, Either, select},
};
use gloo_timers::callback::Timeout;
use highwater_core::{
    Answer, AsOf, FetchFailed, LiveEvent, MutationId, Query, Stamped,
    cache::{Cache, Command, Effect, EntryId, EntryReport, EntryStatus, Input},
    entry::{Definition, Erased},
    mutation::Outcome,
    overlay::Overlay,
};
use leptos::prelude::*;
use send_wrapper::SendWrapper;

use super::{clock::Clock, devtools::Recorder};

/// How long a request may go unanswered, in milliseconds.
const PATIENCE_MS: u32 = 30_000;

type Fetcher = Arc<
    dyn Fn(Option<AsOf>) -> BoxFuture<'static, Result<Stamped<Erased>, FetchFailed>> + Send + Sync,
>;
/// A query without its type.
type AnyQuery = Box<dyn Any + Send>;
type Sender<E> = Arc<dyn Fn(Store<E>) -> BoxFuture<'static, Sent> + Send + Sync>;

/// What came of sending a mutation once.
pub(crate) enum Sent {
    /// It has an outcome, and [`Store::end`] was told.
    Ended,
    /// No answer came.
    Unknown,
}

/// Everything one page knows. Cheap to clone.
pub(crate) struct Store<E: LiveEvent>(Arc<Inner<E>>);

struct Inner<E: LiveEvent> {
    clock: Clock,
    recorder: Recorder,
    /// The rules. Never locked while a command is carried out.
    cache: Mutex<Cache<E>>,
    /// What the rules call for by number. Never locked together with `cache`.
    known: Mutex<Known<E>>,
    /// How many mutations have no outcome yet.
    unsent: ArcRwSignal<usize>,
}

struct Known<E: LiveEvent> {
    /// The queries that have an entry, by their type; there are few of each.
    ids: HashMap<TypeId, Vec<(AnyQuery, EntryId)>>,
    entries: HashMap<EntryId, EntryHandle>,
    senders: HashMap<MutationId, Sender<E>>,
    /// Optimistic changes of mutations under way that every query of a type shows, also one that is
    /// opened meanwhile.
    broad: Vec<(MutationId, TypeId, Overlay)>,
    /// Who waits for the poll under way.
    polling: Option<oneshot::Sender<Polled>>,
    /// Cancelled when it is replaced.
    timer: Option<SendWrapper<Timeout>>,
}

/// What came of a poll.
#[derive(Clone, Copy)]
pub(crate) struct Polled {
    /// How many queries were shown.
    pub(crate) asked: u32,
    /// How many of them the server answered.
    pub(crate) answered: u32,
}

struct EntryHandle {
    query: TypeId,
    fetch: Fetcher,
    /// Rings when the entry looks different.
    changed: ArcTrigger,
    /// Those who wait for its first answer or failure.
    waiting: Vec<oneshot::Sender<()>>,
}

impl<E: LiveEvent> Known<E> {
    fn ids<Q: Query>(&self) -> &[(AnyQuery, EntryId)] {
        self.ids.get(&TypeId::of::<Q>()).map(Vec::as_slice).unwrap_or_default()
    }

    fn add<Q: Query>(&mut self, query: &Q, id: EntryId) {
        self.ids.entry(TypeId::of::<Q>()).or_default().push((Box::new(query.clone()), id));
        let fetched = query.clone();
        let fetch: Fetcher = Arc::new(move |min| {
            let query = fetched.clone();
            Box::pin(async move { query.fetch(min).await.map(erase::<Q>) })
        });
        let (query, changed) = (TypeId::of::<Q>(), ArcTrigger::new());
        self.entries.insert(id, EntryHandle { query, fetch, changed, waiting: Vec::new() });
    }
}

impl<E: LiveEvent> Clone for Store<E> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<E: LiveEvent> Store<E> {
    pub(crate) fn new() -> Self {
        let known = Known {
            ids: HashMap::new(),
            entries: HashMap::new(),
            senders: HashMap::new(),
            broad: Vec::new(),
            polling: None,
            timer: None,
        };
        let (cache, known) = (Mutex::new(Cache::default()), Mutex::new(known));
        let (clock, recorder) = (Clock::default(), Recorder::new());
        let store =
            Self(Arc::new(Inner { clock, recorder, cache, known, unsent: ArcRwSignal::new(0) }));
        store.trace();
        store
    }

    /// Who is told what happens.
    pub(crate) fn recorder(&self) -> &Recorder {
        &self.0.recorder
    }

    /// Keeps what each frame does for as long as the recorder asks for it.
    pub(crate) fn trace(&self) {
        self.cache().trace(self.0.recorder.is_on());
    }

    /// What the last frame did, and to queries of which name.
    pub(crate) fn effects(&self) -> Vec<(Effect, &'static str)> {
        let cache = self.cache();
        let named = |(id, effect): &(EntryId, Effect)| cache.name(*id).map(|name| (*effect, name));
        cache.effects().iter().filter_map(named).collect()
    }

    /// How many mutations have no outcome yet: whoever leaves the page may lose those.
    pub(crate) fn unsent(&self) -> ArcRwSignal<usize> {
        self.0.unsent.clone()
    }

    /// How every entry is doing.
    pub(crate) fn report(&self) -> Vec<EntryReport<E::Tag>> {
        self.cache().report()
    }

    /// Takes every entry for stale: those that are shown are fetched.
    pub(crate) fn refetch_all(&self) {
        self.report().iter().for_each(|entry| self.dispatch(Input::Refetch(entry.id)));
    }

    /// Now, by the clock that everything of this page goes by.
    pub(crate) fn now_ms(&self) -> u64 {
        self.0.clock.now_ms()
    }

    /// Fetches every query that is shown, once; `None` if another poll took this one's place.
    pub(crate) async fn poll(&self) -> Option<Polled> {
        let (ended, wait) = oneshot::channel();
        self.known().polling = Some(ended);
        self.dispatch(Input::Poll);
        wait.await.ok()
    }

    /// The entry of a query; made when it is asked for first.
    pub(crate) fn entry<Q: Query<Event = E>>(&self, query: &Q) -> EntryId {
        let same = |known: &AnyQuery| known.downcast_ref() == Some(query);
        if let Some((_, id)) = self.known().ids::<Q>().iter().find(|(known, _)| same(known)) {
            return *id;
        }
        let id = self.cache().open(self.now_ms(), Definition::of(query));
        let laid: Vec<(MutationId, Overlay)> = {
            let mut known = self.known();
            known.add(query, id);
            let broad = known.broad.iter().filter(|(_, of, _)| *of == TypeId::of::<Q>());
            broad.map(|(by, _, overlay)| (*by, overlay.clone())).collect()
        };
        for (by, overlay) in laid {
            self.cache().overlay(id, by, overlay);
        }
        id
    }

    /// The entries of every query of one type.
    pub(crate) fn entries<Q: Query<Event = E>>(&self) -> Vec<EntryId> {
        self.known().ids::<Q>().iter().map(|(_, id)| *id).collect()
    }

    /// What a view of the entry shows; the view follows it from here on.
    pub(crate) fn view(&self, id: EntryId) -> Option<Erased> {
        self.track(id);
        self.cache().view(id)
    }

    /// The entry's value without optimistic changes.
    pub(crate) fn committed<Q: Query<Event = E>>(&self, query: &Q) -> Option<Answer<Q>> {
        let id = self.entry(query);
        self.cache().committed(id).as_ref().and_then(answer::<Q>)
    }

    /// How the entry is doing; the view follows it from here on.
    pub(crate) fn status(&self, id: EntryId) -> EntryStatus {
        self.track(id);
        self.cache().status(id)
    }

    /// Waits until an entry has an answer, or a reason why it has none.
    pub(crate) async fn answered(&self, id: EntryId) {
        loop {
            {
                let cache = self.cache();
                if cache.view(id).is_some() || cache.status(id).failure.is_some() {
                    return;
                }
            }
            let (answered, wait) = oneshot::channel();
            match self.known().entries.get_mut(&id) {
                Some(entry) => entry.waiting.push(answered),
                // The page moved on.
                None => return,
            }
            // A sender that is gone means that the entry is; the loop finds out.
            let _ = wait.await;
        }
    }

    /// Begins a mutation; `send` is called each time it is to be sent, and every query of a type
    /// in `broad` that is opened before it has its outcome shows that change.
    pub(crate) fn begin(
        &self,
        id: MutationId,
        input: Input<E>,
        broad: Vec<(TypeId, Overlay)>,
        send: Sender<E>,
    ) {
        let unsent = {
            let mut known = self.known();
            known.senders.insert(id, send);
            known.broad.extend(broad.into_iter().map(|(of, overlay)| (id, of, overlay)));
            known.senders.len()
        };
        self.0.unsent.set(unsent);
        self.dispatch(input);
    }

    /// A mutation has its outcome.
    pub(crate) fn end(&self, id: MutationId, outcome: Outcome) {
        let unsent = {
            let mut known = self.known();
            known.senders.remove(&id);
            known.broad.retain(|(by, ..)| *by != id);
            known.senders.len()
        };
        self.0.unsent.set(unsent);
        self.dispatch(Input::Ended(id, outcome));
    }

    /// Gives the core an input and carries out what follows.
    pub(crate) fn dispatch(&self, input: Input<E>) {
        let commands = self.cache().handle(self.now_ms(), input);
        for command in commands {
            self.carry_out(command);
        }
    }

    fn carry_out(&self, command: Command) {
        match command {
            Command::Fetch { entry, ticket, min } => {
                let Some(fetch) = self.known().entries.get(&entry).map(|entry| entry.fetch.clone())
                else {
                    return;
                };
                let store = self.clone();
                leptos::task::spawn_local(async move {
                    let late = FetchFailed { message: "The server did not answer in time.".into() };
                    let result = in_time(fetch(min)).await.unwrap_or(Err(late));
                    store.dispatch(Input::Fetched(entry, ticket, result));
                });
            }
            Command::Send(id) => {
                let Some(send) = self.known().senders.get(&id).cloned() else {
                    return;
                };
                let store = self.clone();
                leptos::task::spawn_local(async move {
                    if let Sent::Unknown = send(store.clone()).await {
                        store.dispatch(Input::Ended(id, Outcome::Unknown));
                    }
                });
            }
            Command::Notify(ids) => {
                // Views run at once and ask the store, so nothing may be locked by then.
                let changed: Vec<ArcTrigger> = {
                    let mut known = self.known();
                    let changed = ids.iter().filter_map(|id| {
                        let entry = known.entries.get_mut(id)?;
                        entry.waiting.drain(..).for_each(|waiting| {
                            // Whoever waited may be gone.
                            let _ = waiting.send(());
                        });
                        Some(entry.changed.clone())
                    });
                    changed.collect()
                };
                changed.iter().for_each(|trigger| trigger.notify());
                self.0.recorder.touch();
            }
            Command::Polled { asked, answered } => {
                if let Some(polling) = self.known().polling.take() {
                    // Whoever waited may be gone.
                    let _ = polling.send(Polled { asked, answered });
                }
            }
            Command::Dropped(id) => {
                let mut known = self.known();
                if let Some(entry) = known.entries.remove(&id)
                    && let Some(ids) = known.ids.get_mut(&entry.query)
                {
                    ids.retain(|(_, known)| *known != id);
                }
            }
            Command::Wake { in_ms } => {
                let store = self.clone();
                let wait = u32::try_from(in_ms).unwrap_or(u32::MAX);
                let timer = Timeout::new(wait, move || store.dispatch(Input::Time));
                self.known().timer = Some(SendWrapper::new(timer));
            }
        }
    }

    fn track(&self, id: EntryId) {
        let trigger = self.known().entries.get(&id).map(|entry| entry.changed.clone());
        if let Some(trigger) = trigger {
            trigger.track();
        }
    }

    fn cache(&self) -> MutexGuard<'_, Cache<E>> {
        self.0.cache.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn known(&self) -> MutexGuard<'_, Known<E>> {
        self.0.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Waits for an answer, but not for ever: a connection that is half open says nothing, and would
/// hold up everything behind it.
pub(crate) async fn in_time<T>(answer: impl Future<Output = T> + Unpin) -> Option<T> {
    let (rings, rung) = oneshot::channel::<()>();
    // The browser has one thread; only the type asks whether there are others.
    let _timer = SendWrapper::new(Timeout::new(PATIENCE_MS, move || drop(rings)));
    match select(answer, rung).await {
        Either::Left((answer, _)) => Some(answer),
        Either::Right(_) => None,
    }
}

/// An answer without its type, as the core keeps it.
pub(crate) fn erase<Q: Query>(answer: Stamped<Answer<Q>>) -> Stamped<Erased> {
    Stamped { value: Arc::new(answer.value), as_of: answer.as_of }
}

/// An erased answer with its type again.
pub(crate) fn answer<Q: Query>(value: &Erased) -> Option<Answer<Q>> {
    value.downcast_ref::<Answer<Q>>().cloned()
}
