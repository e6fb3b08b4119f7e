//! The provider: stands once at the root and holds the page's stream and queries.

use highwater_core::{
    Cursor, LiveEvent,
    connection::{Connection, Input, Settings, Status},
};
use leptos::prelude::*;
use web_sys::js_sys;

use super::{
    heard::Hearers,
    line::{Endpoints, Line},
    store::Store,
};

/// The log's head before the page's first query. The server provides it as context for each page
/// it renders; the page carries it, and its stream opens there.
#[derive(Clone, Debug)]
pub struct PageHead(pub Cursor);

/// How the page's stream is doing. Cheap to copy; see [`use_sse`].
#[derive(Clone, Copy)]
pub struct Sse {
    status: RwSignal<Status>,
    build: RwSignal<Option<String>>,
    heard: RwSignal<Option<f64>>,
    reconnect: Callback<()>,
    close: Callback<()>,
}

impl Sse {
    /// Everything known of the connection. The view follows it.
    pub fn status(&self) -> Status {
        self.status.get()
    }

    /// The server's build, once connected. If it is not the page's own, a reload brings the newer.
    pub fn server_build(&self) -> Option<String> {
        self.build.get()
    }

    /// Until when what is shown is known to be current, in the reader's own time, such as
    /// `12:03:22`: when the stream was last complete, before its first message when the page was
    /// asked for. Only in the browser.
    pub fn fresh_as_of(&self) -> Option<String> {
        let date = js_sys::Date::new(&self.heard.get()?.into());
        Some(date.to_locale_time_string("en-GB").into())
    }

    /// Tries now, whatever the wait.
    pub fn reconnect(&self) {
        self.reconnect.run(());
    }

    /// Ends the stream for good: the page is about to be left for signing out, and must not be led
    /// elsewhere by the end of its session.
    pub fn close(&self) {
        self.close.run(());
    }
}

/// How the page's stream is doing.
///
/// # Panics
/// Outside [`SseProvider`].
pub fn use_sse() -> Sse {
    expect_context()
}

/// Holds the page's one stream and its queries. Put it once at the root, inside the session: only
/// where somebody is signed in.
#[component]
pub fn SseProvider<E: LiveEvent>(
    /// The application's events.
    #[prop(optional)]
    _events: std::marker::PhantomData<E>,
    /// Whether somebody is signed in; without, no stream is opened.
    #[prop(into)]
    enabled: Signal<bool>,
    /// The stream's address.
    #[prop(into, default = "/api/events".into())]
    url: String,
    /// Answers 401 when the session is over; asked when the stream is refused.
    #[prop(into, default = "/api/v1/session".into())]
    session_url: String,
    /// Leads the user to the sign-in page.
    #[prop(into)]
    sign_in: Callback<()>,
    children: Children,
) -> impl IntoView {
    let head = SharedValue::new(|| use_context::<PageHead>().map(|head| head.0)).into_inner();
    let store = Store::<E>::new();
    let status = RwSignal::new(Connection::new(Settings::default(), 0).status().clone());
    let (build, heard) = (RwSignal::new(None), RwSignal::new(asked_for_ms()));
    let endpoints = Endpoints { events: url, session: session_url };
    provide_context(store.clone());
    // The server renders a page; it has no stream of its own.
    let hearers = Hearers::default();
    provide_context(hearers.clone());
    let line =
        is_browser().then(|| Line::new(store, hearers, endpoints, sign_in, status, build, heard));
    let on = |input: Input| {
        let line = line.clone();
        Callback::new(move |()| line.iter().for_each(|line| line.dispatch(input.clone())))
    };
    let (reconnect, close) = (on(Input::Reconnect), on(Input::Close));
    provide_context(Sse { status, build, heard, reconnect, close });
    // The page's own code may know something as of then; the server provides it as well.
    head.iter().for_each(|head| provide_context(PageHead(head.clone())));
    if let Some(line) = line {
        open(line, enabled, head);
    }
    children()
}

/// In the browser: opens the stream while enabled, and passes on what happens to the tab.
fn open<E: LiveEvent>(line: Line<E>, enabled: Signal<bool>, head: Option<Cursor>) {
    let listening = line.clone();
    Effect::new(move |_| listen(&listening));
    Effect::new(move |_| {
        line.dispatch(match enabled.get() {
            true => Input::Open { after: head.clone() },
            false => Input::Close,
        });
    });
}

fn listen<E: LiveEvent>(line: &Line<E>) {
    let on = |name: &str, input: Input| {
        let line = line.clone();
        let handle = window_event_listener_untyped(name, move |_| line.dispatch(input.clone()));
        on_cleanup(move || handle.remove());
    };
    on("online", Input::Online);
    on("offline", Input::Offline);
    on("pageshow", Input::Visible);
    let shown = {
        let line = line.clone();
        // `visibilitychange` bubbles from the document to the window.
        window_event_listener_untyped("visibilitychange", move |_| {
            let state = document().visibility_state();
            line.visible(state == web_sys::VisibilityState::Visible);
        })
    };
    on_cleanup(move || shown.remove());
    let closing = line.clone();
    on_cleanup(move || closing.dispatch(Input::Close));
}

/// When the browser asked for this page, in Unix milliseconds: what the page carries is no older.
fn asked_for_ms() -> Option<f64> {
    let clock = is_browser().then(|| window().performance()).flatten()?;
    Some(clock.time_origin())
}
