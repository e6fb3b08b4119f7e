//! The connection's state in words people understand.

use highwater_core::connection::{State, Status};
use leptos::prelude::*;

use super::use_sse;

/// One quiet line about the connection: nothing while all is well, else what is happening and what
/// can be done. Style it by `.connection` and its `data-state`.
#[component]
pub fn ConnectionIndicator() -> impl IntoView {
    let sse = use_sse();
    let lost = Memo::new(move |_| sse.status().state == State::Error);
    view! {
        <p class="connection" role="status" data-state=move || name(sse.status().state)>
            {move || words(&sse.status())}
            {move || {
                lost.get()
                    .then(|| {
                        view! {
                            <button type="button" on:click=move |_| sse.reconnect()>
                                "Connection lost. Click to retry"
                            </button>
                        }
                    })
            }}
        </p>
    }
}

/// The state's name, for styles and tests.
fn name(state: State) -> &'static str {
    match state {
        State::Disconnected => "disconnected",
        State::Connecting => "connecting",
        State::Connected => "connected",
        State::Reconnecting { .. } => "reconnecting",
        State::Error => "error",
    }
}

/// What the line says. The first connection of a page is not worth a word.
fn words(status: &Status) -> Option<String> {
    match status.state {
        State::Reconnecting { attempt } => Some(format!("Reconnecting (attempt {attempt})…")),
        State::Connecting if status.attempts > 0 => {
            Some(format!("Reconnecting (attempt {})…", status.attempts))
        }
        State::Connecting | State::Connected | State::Disconnected | State::Error => None,
    }
}
