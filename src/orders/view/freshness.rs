//! How old a list is when the stream is down.

use highwater::{connection::State, use_sse};
use leptos::prelude::*;

use crate::ui::{Icon, IconName};

/// A line that says since when nothing has been heard; nothing while the stream is up.
#[component]
pub(super) fn Freshness() -> impl IntoView {
    let sse = use_sse();
    let as_of = Memo::new(move |_| match sse.status().state {
        State::Reconnecting { .. } | State::Error => sse.fresh_as_of(),
        State::Disconnected | State::Connecting | State::Connected => None,
    });
    move || {
        as_of.get().map(|as_of| {
            view! {
                <p class="table-notice">
                    <Icon name=IconName::Alert/>
                    {format!("You see the list as of {as_of}.")}
                </p>
            }
        })
    }
}
