//! The title in the tab, of something that a query brings.

use leptos::prelude::*;
use leptos_meta::Title;

use super::effect;

/// Stands in what waits for the query. The head is rendered outside of that, so it is given the
/// words as they are, and follows in the browser.
#[component]
pub fn LiveTitle(
    /// The words.
    #[prop(into)]
    title: Signal<String>,
) -> impl IntoView {
    let words = RwSignal::new(title.get_untracked());
    effect(move |_| words.set(title.get()));
    view! { <Title text=move || words.get()/> }
}
