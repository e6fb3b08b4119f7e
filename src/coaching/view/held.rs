//! Controls of one value that two people may change. While one of them has the focus in it, nothing
//! but they themselves changes what it shows.

use leptos::{prelude::*, web_sys::HtmlSelectElement};

/// Which attributes a control has.
pub(super) struct Held {
    /// What it is, for those who cannot see where it stands: "Status of “Call the bank”".
    pub label: Signal<String>,
    /// The value as it stands.
    pub value: Signal<String>,
    /// Takes another.
    pub on_change: Callback<String>,
}

/// What a control shows: the value as it stood when the focus came, until it goes.
fn shown(value: Signal<String>) -> (Signal<String>, Callback<bool>) {
    let held = RwSignal::new(None::<String>);
    let focus = Callback::new(move |has: bool| held.set(has.then(|| value.get_untracked())));
    (Signal::derive(move || held.get().unwrap_or_else(|| value.get())), focus)
}

/// A choice.
#[component]
pub(super) fn HeldSelect(
    /// The control.
    of: Held,
    /// Values and their words.
    #[prop(into)]
    options: Signal<Vec<(String, String)>>,
) -> impl IntoView {
    let Held { label, value, on_change } = of;
    let option = move |(of, words): (String, String)| {
        let chosen = of.clone();
        view! { <option value=of selected=move || value.get() == chosen>{words}</option> }
            .into_any()
    };
    view! {
        <select
            class="input small"
            aria-label=move || label.get()
            prop:value=move || value.get()
            on:change=move |event| {
                on_change.run(event_target_value(&event));
                // What was not taken at once is not shown either: it may have to be confirmed first.
                event_target::<HtmlSelectElement>(&event).set_value(&value.get_untracked());
            }
        >
            {move || options.get().into_iter().map(option).collect::<Vec<_>>()}
        </select>
    }
}

/// A day. It is taken once it is whole: when it was picked, or typed and left.
#[component]
pub(super) fn HeldDay(
    /// The control.
    of: Held,
) -> impl IntoView {
    let Held { label, value, on_change } = of;
    let (shown, focus) = shown(value);
    let take = move |typed: String| {
        // A year that is still being typed is a day of long ago.
        let is_whole = typed.is_empty() || typed.as_str() >= "2000-01-01";
        if is_whole && typed != value.get_untracked() {
            on_change.run(typed);
        }
    };
    view! {
        <input
            class="input small"
            type="date"
            aria-label=move || label.get()
            value=value.get_untracked()
            prop:value=move || shown.get()
            on:focus=move |_| focus.run(true)
            on:change=move |event| take(event_target_value(&event))
            on:blur=move |_| focus.run(false)
        />
    }
}

/// A share in percent, in steps of five.
#[component]
pub(super) fn HeldShare(
    /// The control.
    of: Held,
) -> impl IntoView {
    let Held { label, value, on_change } = of;
    let (shown, focus) = shown(value);
    let moved = RwSignal::new(None::<String>);
    let words = move || format!("{} %", moved.get().unwrap_or_else(|| value.get()));
    view! {
        <input
            class="share"
            type="range"
            min="0"
            max="100"
            step="5"
            aria-label=move || label.get()
            value=value.get_untracked()
            prop:value=move || shown.get()
            on:focus=move |_| focus.run(true)
            on:input=move |event| moved.set(Some(event_target_value(&event)))
            on:change=move |event| {
                moved.set(None);
                on_change.run(event_target_value(&event));
            }
            on:blur=move |_| {
                moved.set(None);
                focus.run(false);
            }
        />
        <span class="share-words">{words}</span>
    }
}
