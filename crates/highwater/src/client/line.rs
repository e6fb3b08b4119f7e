//! The line: the connection's state machine, with a transport, a timer and the browser's events.
//!
//! Owns the one stream of the page and hands its frames to the store. It must not decide when to
//! retry; `highwater_core::connection` does.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use gloo_timers::callback::Timeout;
use highwater_core::{
    Cursor, Frame, LiveEvent,
    cache::Input as CacheInput,
    connection::{Command, Connection, Input, Session, Settings, Status, StreamId},
    parser::Message,
};
use leptos::prelude::*;
use send_wrapper::SendWrapper;
use web_sys::js_sys;

use super::{
    devtools::{Recorder, Watcher},
    freshness::Freshness,
    heard::Hearers,
    random, session,
    store::{Polled, Store},
    transport::{self, Report},
};

/// Where a line leads, and for whom.
#[derive(Clone, Debug)]
pub(crate) struct Endpoints {
    /// The stream.
    pub(crate) events: String,
    /// Answers who is signed in.
    pub(crate) session: String,
    /// Whether such an answer names whom the page is for.
    pub(crate) is_mine: Callback<String, bool>,
    /// Leads the user to the sign-in page.
    pub(crate) sign_in: Callback<()>,
}

/// What a line tells of itself.
#[derive(Clone, Copy)]
pub(crate) struct Told {
    pub(crate) status: RwSignal<Status>,
    /// The server's build.
    pub(crate) build: RwSignal<Option<String>>,
    /// `None` while a server renders the page.
    pub(crate) freshness: RwSignal<Option<Freshness>>,
}

/// The page's one stream. Cheap to clone.
pub(crate) struct Line<E: LiveEvent>(Arc<Inner<E>>);

struct Inner<E: LiveEvent> {
    store: Store<E>,
    recorder: Recorder,
    hearers: Hearers<E>,
    endpoints: Endpoints,
    told: Told,
    /// The rules. Never locked while a command is carried out.
    connection: Mutex<Connection>,
    /// What is under way; only ever touched by the browser's one thread.
    under_way: Mutex<UnderWay>,
}

#[derive(Default)]
struct UnderWay {
    stream: Option<(StreamId, SendWrapper<transport::Handle>)>,
    /// Cancelled when it is replaced.
    timer: Option<SendWrapper<Timeout>>,
}

impl<E: LiveEvent> Clone for Line<E> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<E: LiveEvent> Line<E> {
    pub(crate) fn new(
        store: Store<E>,
        hearers: Hearers<E>,
        endpoints: Endpoints,
        told: Told,
    ) -> Self {
        // Only the spread of the waits depends on the seed.
        #[expect(clippy::cast_possible_truncation, reason = "any 64 of the random bits will do")]
        let connection = Mutex::new(Connection::new(Settings::default(), random() as u64));
        let (recorder, under_way) = (store.recorder().clone(), Mutex::default());
        Self(Arc::new(Inner { store, recorder, hearers, endpoints, told, connection, under_way }))
    }

    /// Gives the core an input and carries out what follows.
    pub(crate) fn dispatch(&self, input: Input) {
        let commands = self.connection().handle(self.0.store.now_ms(), input);
        for command in commands {
            self.carry_out(command);
        }
    }

    /// The tab became visible, or hidden.
    pub(crate) fn visible(&self, visible: bool) {
        self.0.store.dispatch(CacheInput::Visible(visible));
        self.dispatch(if visible { Input::Visible } else { Input::Hidden });
    }

    /// The browser brought the page back that it had put aside. `shown` is called when it may be
    /// seen, which it may not if its session ended meanwhile.
    pub(crate) fn resume(&self, shown: impl FnOnce() + 'static) {
        let line = self.clone();
        leptos::task::spawn_local(async move {
            let Endpoints { session, is_mine, sign_in, .. } = &line.0.endpoints;
            match session::check(session, *is_mine).await {
                Session::Over => sign_in.run(()),
                Session::Stands | Session::Unknown => {
                    shown();
                    line.dispatch(Input::Resumed);
                }
            }
        });
    }

    fn carry_out(&self, command: Command) {
        match command {
            Command::Connect { stream, after } => self.connect(stream, after),
            Command::Abort(stream) => {
                let mut under_way = self.under_way();
                let aborted = under_way.stream.take_if(|(open, _)| *open == stream);
                drop(under_way);
                drop(aborted);
            }
            Command::CheckSession => {
                let line = self.clone();
                leptos::task::spawn_local(async move {
                    let Endpoints { session, is_mine, .. } = &line.0.endpoints;
                    let session = session::check(session, *is_mine).await;
                    line.dispatch(Input::SessionChecked(session));
                });
            }
            Command::Poll => self.poll(),
            Command::SignIn => self.0.endpoints.sign_in.run(()),
            Command::Wake { in_ms } => {
                let line = self.clone();
                let wait = u32::try_from(in_ms).unwrap_or(u32::MAX);
                let timer = Timeout::new(wait, move || line.dispatch(Input::Time));
                self.under_way().timer = Some(SendWrapper::new(timer));
            }
            Command::Changed => {
                let status = self.connection().status().clone();
                self.0.recorder.status(&status);
                self.0.told.status.set(status);
            }
        }
    }

    /// Loses the stream, as the network might.
    pub(crate) fn drop_stream(&self) {
        // Not in the `if` itself: dispatching locks it as well.
        let open = self.under_way().stream.take();
        if let Some((stream, _)) = open {
            self.dispatch(Input::Ended(stream, "dropped by the developer tools".into()));
        }
    }

    /// What is cached.
    pub(crate) fn store(&self) -> &Store<E> {
        &self.0.store
    }

    /// What is recorded.
    pub(crate) fn recorder(&self) -> &Recorder {
        &self.0.recorder
    }

    /// Begins or ends recording; the first thing recorded is how the connection is doing.
    pub(crate) fn watch(&self, watcher: Option<Watcher>) {
        self.0.recorder.watch(watcher);
        self.0.store.trace();
        let status = self.connection().status().clone();
        self.0.recorder.status(&status);
    }

    /// How the connection is doing, in a few words.
    pub(crate) fn words(&self) -> String {
        let status = self.connection().status().clone();
        let upto = status.complete_through.map(|upto| format!(", complete through {upto}"));
        format!("{}{}", status.state.name(), upto.unwrap_or_default())
    }

    /// Fetches what is shown. If all of it was answered, it is as of now.
    pub(crate) fn poll(&self) {
        let (line, asked_ms) = (self.clone(), js_sys::Date::now());
        leptos::task::spawn_local(async move {
            let Some(Polled { asked, answered }) = line.0.store.poll().await else { return };
            if answered == asked {
                line.0.told.freshness.set(Some(Freshness::since(asked_ms)));
            }
            line.dispatch(Input::Polled { answered: answered > 0 || asked == 0 });
        });
    }

    fn connect(&self, stream: StreamId, after: Option<Cursor>) {
        let Some((handle, signal)) = transport::Handle::new() else {
            return self.dispatch(Input::Ended(stream, "This browser cannot stream.".into()));
        };
        self.under_way().stream = Some((stream, SendWrapper::new(handle)));
        let line = self.clone();
        leptos::task::spawn_local(async move {
            let reporter = line.clone();
            let report = move |report| reporter.report(stream, report);
            transport::open(&line.0.endpoints.events, after, signal, report).await;
        });
    }

    fn report(&self, stream: StreamId, report: Report) {
        match report {
            Report::Opened => self.dispatch(Input::Opened(stream)),
            Report::Received => self.dispatch(Input::Received(stream)),
            Report::Retry(ms) => self.dispatch(Input::RetryHint(stream, ms)),
            Report::Message(message) => self.message(stream, &message),
            Report::Refused { status, retry_after_ms } => {
                self.dispatch(Input::Refused { stream, status, retry_after_ms });
            }
            Report::Ended(why) => self.dispatch(Input::Ended(stream, why)),
        }
    }

    fn message(&self, stream: StreamId, message: &Message) {
        let current = self.under_way().stream.as_ref().is_some_and(|(open, _)| *open == stream);
        if !current {
            return;
        }
        let frame = Frame::<E>::decode(message);
        self.heard(&frame);
        // The position moves on after the cache has the frame, never before.
        let position = match &frame {
            Frame::Connected { at, build } => {
                self.0.told.build.set(Some(build.clone()));
                Some(Input::Connected(stream, at.clone()))
            }
            Frame::Reset { at } => Some(Input::Connected(stream, at.clone())),
            Frame::End { .. } => Some(Input::SessionEnded(stream)),
            Frame::Event { at, .. } | Frame::Access { at, .. } | Frame::Stale { upto: at, .. } => {
                Some(Input::Delivered(stream, at.clone()))
            }
            Frame::Ping { upto, checked_ms } => {
                Some(Input::Complete(stream, upto.clone(), *checked_ms))
            }
            Frame::Ephemeral { .. } => Some(Input::Heard(stream)),
            Frame::Unknown { at } => at.clone().map(|at| Input::Delivered(stream, at)),
        };
        let event = match &frame {
            Frame::Event { event, .. } | Frame::Ephemeral { event: Some(event) } => {
                Some(event.clone())
            }
            _ => None,
        };
        self.0.store.dispatch(CacheInput::Frame(frame));
        if self.0.recorder.is_on() {
            let ahead_ms = self.0.told.freshness.get_untracked().and_then(Freshness::ahead_ms);
            self.0.recorder.message(&message.data, ahead_ms, self.0.store.effects());
        }
        position.into_iter().for_each(|input| self.dispatch(input));
        event.iter().for_each(|event| self.0.hearers.tell(event));
    }

    /// Whatever came, how fresh the page is follows from it.
    fn heard(&self, frame: &Frame<E>) {
        let now_ms = js_sys::Date::now();
        self.0.told.freshness.update(|freshness| {
            let freshness = freshness.get_or_insert(Freshness::since(now_ms));
            match frame {
                Frame::Connected { .. } | Frame::Reset { .. } => freshness.connected(now_ms),
                // Unix milliseconds fit a float for the next 285,000 years.
                #[expect(clippy::cast_precision_loss, reason = "they fit")]
                Frame::Ping { checked_ms, .. } => freshness.complete(now_ms, *checked_ms as f64),
                // Not of the log, and not in its order.
                Frame::Ephemeral { .. } => {}
                _ => freshness.heard(now_ms),
            }
        });
    }

    fn connection(&self) -> MutexGuard<'_, Connection> {
        self.0.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn under_way(&self) -> MutexGuard<'_, UnderWay> {
        self.0.under_way.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
