//! The box of a row that can be selected.

use leptos::{prelude::*, web_sys::MouseEvent};

/// A checkbox that says whether it was turned with Shift, by the pointer or the keyboard: then all
/// rows in between are meant.
#[component]
pub fn Check(
    /// What it selects: "Select order 11077".
    #[prop(into)]
    label: Signal<String>,
    /// Whether it is selected.
    checked: Signal<bool>,
    /// Called with whether it is on, and whether all in between are meant.
    #[prop(into)]
    on_turn: Callback<(bool, bool)>,
) -> impl IntoView {
    // Shift and the pointer would select the text in between.
    let no_text = |event: MouseEvent| {
        if event.shift_key() {
            event.prevent_default();
        }
    };
    view! {
        <input
            type="checkbox"
            class="check"
            aria-label=move || label.get()
            prop:checked=move || checked.get()
            on:mousedown=no_text
            on:click=move |event| on_turn.run((event_target_checked(&event), event.shift_key()))
        />
    }
}
