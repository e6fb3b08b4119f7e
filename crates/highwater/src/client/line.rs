//! The line: the connection's state machine, with a transport, a timer and the browser's events.
//!
//! Owns the one stream of the page and hands its frames to the store. It must not decide when to
//! retry; `highwater_core::connection` does.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use gloo_timers::callback::Timeout;
use highwater_core::{
    Cursor, Frame, LiveEvent,
    cache::Input as CacheInput,
    connection::{Command, Connection, Input, Settings, Status, StreamId},
    parser::Message,
};
use leptos::prelude::*;
use send_wrapper::SendWrapper;
use web_sys::js_sys;

use super::{
    heard::Hearers,
    now_ms, random,
    store::Store,
    transport::{self, Report},
};

/// How a line reaches its server.
#[derive(Clone, Debug)]
pub(crate) struct Endpoints {
    /// The stream.
    pub(crate) events: String,
    /// Answers 200 to a request of a live session.
    pub(crate) session: String,
}

/// The page's one stream. Cheap to clone.
pub(crate) struct Line<E: LiveEvent>(Arc<Inner<E>>);

struct Inner<E: LiveEvent> {
    store: Store<E>,
    hearers: Hearers<E>,
    endpoints: Endpoints,
    sign_in: Callback<()>,
    status: RwSignal<Status>,
    build: RwSignal<Option<String>>,
    /// When a message last came, by the browser's calendar, in milliseconds.
    heard: RwSignal<Option<f64>>,
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
        sign_in: Callback<()>,
        status: RwSignal<Status>,
        build: RwSignal<Option<String>>,
        heard: RwSignal<Option<f64>>,
    ) -> Self {
        // Only the spread of the waits depends on the seed.
        #[expect(clippy::cast_possible_truncation, reason = "any 64 of the random bits will do")]
        let connection = Mutex::new(Connection::new(Settings::default(), random() as u64));
        let under_way = Mutex::default();
        Self(Arc::new(Inner {
            store,
            hearers,
            endpoints,
            sign_in,
            status,
            build,
            heard,
            connection,
            under_way,
        }))
    }

    /// Gives the core an input and carries out what follows.
    pub(crate) fn dispatch(&self, input: Input) {
        let commands = self.connection().handle(now_ms(), input);
        for command in commands {
            self.carry_out(command);
        }
    }

    /// The tab became visible, or hidden.
    pub(crate) fn visible(&self, visible: bool) {
        self.0.store.dispatch(CacheInput::Visible(visible));
        if visible {
            self.dispatch(Input::Visible);
        }
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
                    let answer =
                        gloo_net::http::Request::get(&line.0.endpoints.session).send().await;
                    // Without an answer nobody knows; sending the user away would be worse.
                    let signed_in = answer.map_or(true, |answer| answer.status() != 401);
                    line.dispatch(Input::SessionChecked { signed_in });
                });
            }
            Command::SignIn => self.0.sign_in.run(()),
            Command::Wake { in_ms } => {
                let line = self.clone();
                let wait = u32::try_from(in_ms).unwrap_or(u32::MAX);
                let timer = Timeout::new(wait, move || line.dispatch(Input::Time));
                self.under_way().timer = Some(SendWrapper::new(timer));
            }
            Command::Changed => {
                let status = self.connection().status().clone();
                self.0.status.set(status);
            }
        }
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
        self.0.heard.set(Some(js_sys::Date::now()));
        let frame = Frame::<E>::decode(message);
        // The position moves on after the cache has the frame, never before.
        let position = match &frame {
            Frame::Connected { at, build } => {
                self.0.build.set(Some(build.clone()));
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
        position.into_iter().for_each(|input| self.dispatch(input));
        event.iter().for_each(|event| self.0.hearers.tell(event));
    }

    fn connection(&self) -> MutexGuard<'_, Connection> {
        self.0.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn under_way(&self) -> MutexGuard<'_, UnderWay> {
        self.0.under_way.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
