//! The provider: stands once at the root and holds the page's stream and queries.

use highwater_core::{
    Cursor, LiveEvent,
    connection::{Connection, Input, Settings, State, Status},
};
use leptos::prelude::*;
use web_sys::{Event, VisibilityState, js_sys};

use super::{
    freshness::Freshness,
    heard::Hearers,
    line::{Endpoints, Line, Told},
    store::Store,
};

/// The log's head before the page's first query. The server provides it as context for each page
/// it renders; the page carries it, and its stream opens there.
#[derive(Clone, Debug)]
pub struct PageHead(pub Cursor);

/// How the page's stream is doing. Cheap to copy; see [`use_sse`].
#[derive(Clone, Copy)]
pub struct Sse {
    told: Told,
    unsent: Signal<usize>,
    reconnect: Callback<()>,
    close: Callback<()>,
}

impl Sse {
    /// Everything known of the connection. The view follows it.
    pub fn status(&self) -> Status {
        self.told.status.get()
    }

    /// How many of the page's mutations have no outcome yet. The view follows it.
    pub fn unsent(&self) -> usize {
        self.unsent.get()
    }

    /// The server's build, once connected. If it is not the page's own, a reload brings the newer.
    pub fn server_build(&self) -> Option<String> {
        self.told.build.get()
    }

    /// Until when what is shown is known to be current, in the reader's own time, such as
    /// `12:03:22`: when the server last looked for more while the stream was complete, or when it
    /// last answered a poll; before all that, when the page was asked for. Only in the browser.
    pub fn fresh_as_of(&self) -> Option<String> {
        let as_of = self.told.freshness.get()?.as_of_ms;
        Some(js_sys::Date::new(&as_of.into()).to_locale_time_string("en-GB").into())
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
    /// Answers 401 when the session is over, else who is signed in; asked when the stream is
    /// refused, before a poll, and when the browser brings the page back.
    #[prop(into, default = "/api/v1/session".into())]
    session_url: String,
    /// Whether such an answer names whom this page is for. Without it, everybody is.
    #[prop(into, default = Callback::new(|_: String| true))]
    is_mine: Callback<String, bool>,
    /// Leads the user to the sign-in page.
    #[prop(into)]
    sign_in: Callback<()>,
    children: Children,
) -> impl IntoView {
    let head = SharedValue::new(|| use_context::<PageHead>().map(|head| head.0)).into_inner();
    let store = Store::<E>::new();
    let status = RwSignal::new(Connection::new(Settings::default(), 0).status().clone());
    let freshness = RwSignal::new(asked_for_ms().map(Freshness::since));
    let told = Told { status, build: RwSignal::new(None), freshness };
    let endpoints = Endpoints { events: url, session: session_url, is_mine, sign_in };
    provide_context(store.clone());
    // The server renders a page; it has no stream of its own.
    let hearers = Hearers::default();
    provide_context(hearers.clone());
    let unsent = store.unsent().into();
    let line = is_browser().then(|| Line::new(store, hearers, endpoints, told));
    let on = |input: Input| {
        let line = line.clone();
        Callback::new(move |()| line.iter().for_each(|line| line.dispatch(input.clone())))
    };
    let (reconnect, close) = (on(Input::Reconnect), on(Input::Close));
    let sse = Sse { told, unsent, reconnect, close };
    provide_context(sse);
    // The page's own code may know something as of then; the server provides it as well.
    head.iter().for_each(|head| provide_context(PageHead(head.clone())));
    if let Some(line) = line {
        provide_context(line.clone());
        open(line, enabled, head);
        ask_before_leaving(sse);
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

/// In the browser: has whoever leaves the page asked for as long as the server cannot have what they did.
fn ask_before_leaving(sse: Sse) {
    let asks = Memo::new(move |_| {
        let connected = matches!(sse.status().state, State::Connected);
        sse.unsent() > 0 && !connected
    });
    // Only then: some browsers do not keep a page that listens.
    Effect::new(move |_| {
        if asks.get() {
            let ask =
                window_event_listener_untyped("beforeunload", |event| event.prevent_default());
            on_cleanup(move || ask.remove());
        }
    });
}

fn listen<E: LiveEvent>(line: &Line<E>) {
    let on = |name: &str, run: fn(&Line<E>, &Event)| {
        let line = line.clone();
        let handle = window_event_listener_untyped(name, move |event| run(&line, &event));
        on_cleanup(move || handle.remove());
    };
    on("online", |line, _| line.dispatch(Input::Online));
    on("offline", |line, _| line.dispatch(Input::Offline));
    // Whoever comes back to a machine that slept does not always make the page visible by it.
    on("focus", |line, _| line.visible(is_visible()));
    // `visibilitychange` bubbles from the document to the window.
    on("visibilitychange", |line, _| line.visible(is_visible()));
    on("pagehide", |line, event| {
        if is_kept(event) {
            // Whoever comes back may no longer see it; nobody knows before the server is asked.
            show_page(false);
            line.dispatch(Input::Suspended);
        }
    });
    on("pageshow", |line, event| {
        if is_kept(event) {
            line.resume(|| show_page(true));
        }
    });
    line.visible(is_visible());
    let closing = line.clone();
    on_cleanup(move || closing.dispatch(Input::Close));
}

fn is_visible() -> bool {
    document().visibility_state() == VisibilityState::Visible
}

/// Whether the page that is left is kept by the browser, or the one that is shown was.
fn is_kept(event: &Event) -> bool {
    let kept = js_sys::Reflect::get(event, &"persisted".into());
    kept.is_ok_and(|kept| kept.is_truthy())
}

/// Shows the page, or an empty one. Focus and scrolling stay as they are.
fn show_page(shown: bool) {
    let Some(body) = document().body() else { return };
    let opacity = if shown { "" } else { "0" };
    // A name and a value that every browser knows.
    let _ = body.style().set_property("opacity", opacity);
}

/// When the browser asked for this page, in Unix milliseconds: what the page carries is no older.
fn asked_for_ms() -> Option<f64> {
    let clock = is_browser().then(|| window().performance()).flatten()?;
    Some(clock.time_origin())
}
