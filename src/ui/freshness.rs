//! How old what is shown is while the stream is down.

use highwater::{connection::State, use_sse};
use leptos::prelude::*;

use super::erased::live;
use super::icon::{Icon, IconName};

/// A line below the page's header that says since when nothing has been heard; nothing while the
/// stream is up. It takes the room between header and content, so that nothing moves.
#[component]
pub fn Freshness(
    /// What the reader sees: "the list".
    what: &'static str,
) -> impl IntoView {
    let sse = use_sse();
    let as_of = Memo::new(move |_| {
        let status = sse.status();
        let is_stale = match status.state {
            State::Reconnecting { .. } | State::Error => true,
            // Between two attempts it stays; the first is not worth a word.
            State::Connecting => status.reconnect_attempts > 0,
            State::Disconnected | State::Connected => false,
        };
        is_stale.then(|| sse.fresh_as_of()).flatten()
    });
    live(move || {
        as_of.get().map(|as_of| {
            view! {
                <p class="freshness">
                    <Icon name=IconName::Alert/>
                    {format!("You see {what} as of {as_of}.")}
                </p>
            }
        })
    })
}
