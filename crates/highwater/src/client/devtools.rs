//! Developer tools in the page: what the connection went through, what each event did, and how every
//! cached query is doing.
//!
//! Owns the panel and what it may do. It must not decide who sees it; the application does. While
//! nobody looks, nothing is recorded.

mod panel;
mod record;
mod text;

use std::marker::PhantomData;

use highwater_core::LiveEvent;
use leptos::prelude::*;
use send_wrapper::SendWrapper;

use super::{line::Line, on_server};
use panel::Panel;
pub(crate) use record::{Recorder, Watcher};

/// A panel over the lower part of the window, for developers. Put it anywhere below
/// [`SseProvider`](crate::SseProvider). It records from when it is shown on, within bounds: a hundred
/// events and as many states of the connection.
///
/// Style it by `.devtools`; its parts are named in `devtools/panel.rs`.
#[component]
pub fn Devtools<E: LiveEvent>(
    /// The application's events.
    #[prop(optional)]
    _events: PhantomData<E>,
    /// Whether it is shown.
    #[prop(into)]
    shown: Signal<bool>,
    /// Called when its user closes it.
    #[prop(into)]
    on_close: Callback<()>,
) -> impl IntoView {
    if on_server() {
        return;
    }
    let Some(line) = use_context::<Line<E>>() else { return };
    let panel = StoredValue::new(None::<SendWrapper<Panel>>);
    let follow: Box<dyn FnMut()> = Box::new(move || {
        // The panel that was there leaves the page before another comes.
        panel.set_value(None);
        if shown.get() {
            let opened = Panel::open(line.clone(), on_close);
            panel.set_value(opened.map(SendWrapper::new));
        }
    });
    Effect::new(follow);
}
