//! What stands in place of content: nothing yet, something failed, no such page. Each says what
//! happened in words and offers the one thing to do about it.

use leptos::prelude::*;

/// A list without items: what it is for, and the action that starts it (or clears the filter).
#[component]
pub fn EmptyState(
    /// What is missing, in a few words.
    #[prop(into)]
    title: String,
    /// What this place is for, in a sentence.
    #[prop(into)]
    body: String,
    /// The action.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="state">
            <h2 class="state-title">{title}</h2>
            <p class="state-body">{body}</p>
            {children.map(|actions| view! { <div class="state-actions">{actions()}</div> })}
        </div>
    }
}

/// A read that failed: what failed, why, and a way to try again.
#[component]
pub fn ErrorState(
    /// What failed, in a few words.
    #[prop(into)]
    title: String,
    /// Why, as far as it may be shown.
    #[prop(into)]
    message: Signal<String>,
    /// Called when the reader asks to try again.
    #[prop(into)]
    on_retry: Callback<()>,
    /// Whether a try is under way.
    #[prop(optional, into)]
    busy: Signal<bool>,
) -> impl IntoView {
    let retry = move |_| {
        if !busy.get_untracked() {
            on_retry.run(());
        }
    };
    view! {
        <div class="state" role="alert">
            <h2 class="state-title">{title}</h2>
            <p class="state-body">{move || message.get()}</p>
            <div class="state-actions">
                <button
                    type="button"
                    class="button"
                    aria-busy=move || busy.get().then_some("true")
                    aria-disabled=move || busy.get().then_some("true")
                    on:click=retry
                >
                    "Try again"
                </button>
            </div>
        </div>
    }
}

/// Says that something needs JavaScript, to those who have none.
#[component]
pub fn NeedsJavaScript(
    /// What does: "Making an order".
    what: &'static str,
) -> impl IntoView {
    let words = format!("<p class=\"notice\" data-tone=\"warning\">{what} needs JavaScript.</p>");
    // A browser with JavaScript takes what is in there for text, so that there is nothing to hydrate.
    view! { <noscript inner_html=words></noscript> }
}

/// An address nothing lives at.
#[component]
pub fn NotFound() -> impl IntoView {
    view! {
        <div class="state">
            <h1 class="state-title">"Page not found"</h1>
            <p class="state-body">
                "Nothing lives at this address. It may have moved, or the link may be incomplete."
            </p>
            <div class="state-actions">
                <a class="button" href="/">
                    "Go to the first page"
                </a>
            </div>
        </div>
    }
}
