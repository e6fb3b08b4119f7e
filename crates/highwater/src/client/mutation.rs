//! Writing: optimistic mutations that end when the log says so.

use std::{
    any::{Any, TypeId},
    marker::PhantomData,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU32, Ordering},
    },
};

use futures::future::BoxFuture;
use highwater_core::{
    Answer, Committed, LiveEvent, MutationId, Query, Refusal, Stamped,
    cache::{EntryId, Input},
    entry::Erased,
    mutation::Outcome,
    overlay::Overlay,
};
use leptos::{prelude::*, server_fn::error::ServerFnErrorErr};

use super::{
    random,
    store::{Sent, Store, answer, erase, in_time},
};

/// How often a mutation without an outcome is sent before its author is told. With the waits in
/// between that is half a minute, and three minutes more if every send is left unanswered.
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
/// What a write returned, without its type: all mutations are run by the same code.
type Returned = Box<dyn Any + std::marker::Send + Sync>;
type Send<E, R> = Arc<
    dyn Fn(Sending<E>) -> BoxFuture<'static, Result<Committed<Returned>, R>>
        + std::marker::Send
        + Sync,
>;
type Values<E> = Box<
    dyn Fn(&Store<E>, &Committed<Returned>) -> Option<(EntryId, Stamped<Erased>)>
        + std::marker::Send
        + Sync,
>;
type Done<R> = Box<dyn FnOnce(Result<Returned, R>) + std::marker::Send>;

/// One mutation, before it begins.
pub struct MutationRequest<E: LiveEvent, T, R> {
    scope: String,
    lay: Vec<Lay<E>>,
    broad: Vec<(TypeId, Overlay)>,
    send: Send<E, R>,
    values: Vec<Values<E>>,
    done: Option<Done<R>>,
    returned: PhantomData<fn() -> T>,
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

impl<E: LiveEvent, T: std::marker::Send + Sync + 'static, R: Refusal> MutationRequest<E, T, R> {
    /// A mutation of one entity. Mutations of the same `scope` are sent one after another; `send`
    /// calls the server.
    pub fn new<F>(
        scope: impl Into<String>,
        send: impl Fn(Sending<E>) -> F + std::marker::Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = Result<Committed<T>, R>> + std::marker::Send + 'static,
    {
        let send: Send<E, R> = Arc::new(move |sending| {
            let answer = send(sending);
            Box::pin(async move { answer.await.map(untyped) })
        });
        Self {
            scope: scope.into(),
            lay: Vec::new(),
            broad: Vec::new(),
            send,
            values: Vec::new(),
            done: None,
            returned: PhantomData,
        }
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

    /// As [`overlay`](Self::overlay), on every query of one type: those that are cached when the
    /// mutation begins, and those that are opened while it is under way.
    #[must_use]
    pub fn overlay_all<Q: Query<Event = E>>(
        mut self,
        change: impl Fn(&mut Q::Value) + std::marker::Send + Sync + 'static,
    ) -> Self {
        let overlay = laid::<Q>(Arc::new(change));
        self.broad.push((TypeId::of::<Q>(), overlay.clone()));
        self.lay.push(Box::new(move |store| {
            store.entries::<Q>().into_iter().map(|id| (id, overlay.clone())).collect()
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
            let value = Ok(value(committed.value.downcast_ref()?));
            let as_of = committed.as_of.clone();
            Some((store.entry(&query), erase::<Q>(Stamped { value, as_of })))
        }));
        self
    }

    /// Hears the outcome, once. After a refusal the optimistic change is gone already.
    #[must_use]
    pub fn done(mut self, done: impl FnOnce(Result<T, R>) + std::marker::Send + 'static) -> Self {
        self.done = Some(Box::new(move |result| {
            // It is what `send` returned, so its type is no other.
            match result.map(Returned::downcast) {
                Ok(Ok(value)) => done(Ok(*value)),
                Ok(Err(_)) => {}
                Err(refusal) => done(Err(refusal)),
            }
        }));
        self
    }
}

impl<E: LiveEvent> Mutations<E> {
    /// Begins a mutation: its overlays show at once, and it is sent when its scope is free.
    pub fn run<T, R: Refusal + FromServerFnError>(&self, request: MutationRequest<E, T, R>) {
        let MutationRequest { scope, lay, broad, send, values, done, .. } = request;
        let store = self.0.get_value();
        let overlays: Vec<_> = lay.into_iter().flat_map(|lay| lay(&store)).collect();
        let entries = overlays.iter().map(|(id, _)| *id).collect();
        let id = MutationId::new(random());
        let (sends, done) = (AtomicU32::new(0), Mutex::new(done));
        Attempt { id, send, values, entries, sends, done }.begin(&store, scope, overlays, broad);
    }
}

/// What one send came to.
#[derive(Debug, PartialEq)]
enum Answered<T, R> {
    /// It is done, now or at an earlier send.
    Committed(Committed<T>),
    /// It will never be done.
    Refused(R),
    /// Nobody knows: send it again.
    Again,
    /// Nobody knows, and it was asked often enough.
    GivenUp(R),
}

impl<T, R: Refusal + FromServerFnError> Answered<T, R> {
    /// Reads the answer to the `sends`-th send; `None` if there was none in time.
    fn of(result: Option<Result<Committed<T>, R>>, sends: u32) -> Self {
        match result {
            Some(Ok(committed)) => Self::Committed(committed),
            Some(Err(refusal)) if refusal.is_final() => Self::Refused(refusal),
            _ if sends < SENDS => Self::Again,
            Some(Err(error)) => Self::GivenUp(error),
            None => {
                let silent = ServerFnErrorErr::Request("no answer in time".into());
                Self::GivenUp(R::from_server_fn_error(silent))
            }
        }
    }
}

/// A mutation under way.
struct Attempt<E: LiveEvent, R> {
    id: MutationId,
    send: Send<E, R>,
    values: Vec<Values<E>>,
    entries: Vec<EntryId>,
    sends: AtomicU32,
    /// Taken by the first outcome.
    done: Mutex<Option<Done<R>>>,
}

impl<E: LiveEvent, R: Refusal + FromServerFnError> Attempt<E, R> {
    fn begin(
        self,
        store: &Store<E>,
        scope: String,
        overlays: Vec<(EntryId, Overlay)>,
        broad: Vec<(TypeId, Overlay)>,
    ) {
        let id = self.id;
        let attempt = Arc::new(self);
        let send = Arc::new(move |store| -> BoxFuture<'static, Sent> {
            let attempt = attempt.clone();
            Box::pin(async move { attempt.run(store).await })
        });
        store.begin(id, Input::Began(id, scope, overlays), broad, send);
    }

    /// Sends once. The core hears the outcome before the author does, so that the author's words
    /// ("refused because…") meet a view that is rolled back.
    async fn run(&self, store: Store<E>) -> Sent {
        let sends = self.sends.fetch_add(1, Ordering::Relaxed) + 1;
        let result = in_time((self.send)(Sending { id: self.id, store: store.clone() })).await;
        let (outcome, result) = match Answered::of(result, sends) {
            Answered::Committed(committed) => {
                let values =
                    self.values.iter().filter_map(|value| value(&store, &committed)).collect();
                let Committed { value, cursor, as_of } = committed;
                (Outcome::Committed { cursor, as_of, values }, Ok(value))
            }
            Answered::Refused(refusal) => (Outcome::Refused, Err(refusal)),
            Answered::Again => return Sent::Unknown,
            Answered::GivenUp(error) => {
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

    fn finish(&self, result: Result<Returned, R>) {
        let done = self.done.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(done) = done {
            done(result);
        }
    }
}

fn untyped<T: std::marker::Send + Sync + 'static>(committed: Committed<T>) -> Committed<Returned> {
    let Committed { value, cursor, as_of } = committed;
    Committed { value: Box::new(value), cursor, as_of }
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

#[cfg(test)]
mod tests {
    use highwater_core::{AsOf, Cursor, Epoch};
    use leptos::server_fn::codec::JsonEncoding;
    use serde::{Deserialize, Serialize};

    use super::*;

    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    enum Failed {
        Forbidden,
        Busy,
        Unreachable,
    }

    impl Refusal for Failed {
        fn is_final(&self) -> bool {
            *self == Self::Forbidden
        }
    }

    impl FromServerFnError for Failed {
        type Encoder = JsonEncoding;

        fn from_server_fn_error(_: ServerFnErrorErr) -> Self {
            Self::Unreachable
        }
    }

    fn committed() -> Committed<u8> {
        let cursor = Cursor::new(Epoch::new("log").unwrap(), 3, 0);
        Committed { value: 7, as_of: AsOf::upto(&cursor), cursor }
    }

    /// What every send comes to, until the author is told.
    fn answers(
        result: impl Fn(u32) -> Option<Result<Committed<u8>, Failed>>,
    ) -> Vec<Answered<u8, Failed>> {
        let mut answers = Vec::new();
        for send in 1..100 {
            let answered = Answered::of(result(send), send);
            let over = answered != Answered::Again;
            answers.push(answered);
            if over {
                break;
            }
        }
        answers
    }

    #[test]
    fn a_mutation_that_is_never_answered_is_given_up_after_six_sends() {
        let silent = answers(|_| None);
        assert_eq!(silent.len(), 6);
        assert_eq!(silent.last(), Some(&Answered::GivenUp(Failed::Unreachable)));
        let busy = answers(|_| Some(Err(Failed::Busy)));
        assert_eq!((busy.len(), busy.last()), (6, Some(&Answered::GivenUp(Failed::Busy))));
    }

    #[test]
    fn an_outcome_ends_the_repeats() {
        let last = answers(|send| (send == 6).then(|| Ok(committed())));
        assert_eq!((last.len(), last.last()), (6, Some(&Answered::Committed(committed()))));
        let refused = answers(|send| (send == 2).then_some(Err(Failed::Forbidden)));
        assert_eq!(refused, [Answered::Again, Answered::Refused(Failed::Forbidden)]);
    }
}
