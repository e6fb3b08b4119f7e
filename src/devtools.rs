//! Who may open the engine's developer tools, and when they are open.
//!
//! A build for development has them for everybody, a release for admins. `?devtools` opens them; the tab
//! remembers it until they are closed.

use highwater::{Devtools, on_server};
use leptos::prelude::*;

use crate::{
    account::model::Role,
    app::LiveViewer,
    live::StudioEvent,
    ui::{remember, remembered},
};

/// Where the tab remembers that they are open.
const OPEN: &str = "devtools";

/// The developer tools, if they were asked for by somebody who may.
#[component]
pub fn DeveloperTools() -> impl IntoView {
    let viewer: LiveViewer = expect_context();
    let asked = RwSignal::new(!on_server() && is_asked_for());
    let shown = Signal::derive(move || asked.get() && may_open(viewer));
    let close = move |()| {
        remember(OPEN, None);
        asked.set(false);
    };
    view! { <Devtools<StudioEvent> shown=shown on_close=close/> }
}

fn may_open(viewer: LiveViewer) -> bool {
    cfg!(debug_assertions)
        || viewer.0.with(|user| user.as_ref().is_some_and(|user| user.role == Role::Admin))
}

/// Whether the address or the tab's memory asks for them.
fn is_asked_for() -> bool {
    let search = window().location().search().unwrap_or_default();
    let asked = search.trim_start_matches('?').split('&').any(|part| part == "devtools");
    if asked {
        remember(OPEN, Some("open"));
    }
    asked || remembered(OPEN).is_some()
}
