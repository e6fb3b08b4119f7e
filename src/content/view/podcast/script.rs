//! What is said, by segment and host; the segment that is spoken is marked.

use leptos::prelude::*;

use crate::{
    content::model::{Host, Script, Turn},
    ui::CollectAny,
};

/// A script to read.
#[component]
pub(super) fn ScriptView(
    /// The script.
    script: Script,
    /// The segment that is spoken now.
    #[prop(into)]
    at: Signal<Option<usize>>,
) -> impl IntoView {
    let turn = |turn: Turn| {
        let (letter, name) = host(turn.host);
        view! {
            <div class="turn" data-host=letter>
                <dt>{name}</dt>
                <dd>{turn.text}</dd>
            </div>
        }
    };
    let segments = script.segments.into_iter().enumerate().map(|(number, segment)| {
        view! {
            <section
                class="script-segment"
                aria-current=move || (at.get() == Some(number)).then_some("true")
            >
                <h3 class="script-title">{segment.title}</h3>
                <dl class="turns">{segment.turns.into_iter().map(turn).collect_any()}</dl>
            </section>
        }
        .into_any()
    });
    view! { <div class="script" data-testid="script">{segments.collect_any()}</div> }
}

/// A host's letter, and what they are called.
pub(super) fn host(host: Host) -> (&'static str, &'static str) {
    match host {
        Host::A => ("a", "Host A"),
        Host::B => ("b", "Host B"),
    }
}
