//! Two versions of a text side by side, and the three things to do about it.

use leptos::{html, prelude::*};

use super::Author;
use crate::ui::{erased::live, time_ago::TimeAgo};

/// What the author of the unsaved text decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Choice {
    /// Theirs is replaced.
    KeepMine,
    /// What was typed is put aside.
    TakeTheirs,
    /// One is to be written of both.
    Merge,
}

/// Both versions, until one of them is chosen.
#[component]
pub(super) fn Conflict(
    /// What it is, in a word: "note".
    what: &'static str,
    /// The id of the field; that of the heading is made of it.
    id: String,
    /// The element, which takes the focus when somebody saves without having chosen.
    node: NodeRef<html::Section>,
    /// The text as it stands.
    theirs: Signal<String>,
    /// Who wrote it, and when, as far as that is known.
    author: Signal<Option<Author>>,
    /// What is typed and not saved.
    mine: Signal<String>,
    /// Called with the decision.
    #[prop(into)]
    choose: Callback<Choice>,
) -> impl IntoView {
    let button = move |choice: Choice, words: &'static str, class: &'static str| {
        view! {
            <button type="button" class=class on:click=move |_| choose.run(choice)>
                {words}
            </button>
        }
    };
    let heading = format!("{id}-conflict");
    let labelled_by = heading.clone();
    view! {
        <section class="conflict" aria-labelledby=labelled_by tabindex="-1" node_ref=node>
            <h3 class="conflict-title" id=heading>{format!("Two versions of this {what}")}</h3>
            <div class="versions">
                <Version title="Theirs" text=theirs>
                    <By author=author/>
                </Version>
                <Version title="Yours" text=mine>"Not saved"</Version>
            </div>
            <div class="button-group">
                {button(Choice::KeepMine, "Keep mine", "button")}
                {button(Choice::TakeTheirs, "Take theirs", "button")}
                {button(Choice::Merge, "Merge by hand", "button quiet")}
            </div>
        </section>
    }
}

#[component]
fn Version(
    /// Whose it is.
    title: &'static str,
    /// What it reads.
    text: Signal<String>,
    /// What there is to say about it.
    children: Children,
) -> impl IntoView {
    let words = move || match text.get() {
        text if text.trim().is_empty() => view! { <span class="muted">"Empty"</span> }.into_any(),
        text => text.into_any(),
    };
    view! {
        <figure class="version">
            <figcaption class="version-head">
                <span class="version-title">{title}</span>
                <span class="muted">{children()}</span>
            </figcaption>
            <blockquote class="version-text">{words}</blockquote>
        </figure>
    }
}

#[component]
fn By(
    /// Who and when.
    author: Signal<Option<Author>>,
) -> impl IntoView {
    live(move || match author.get() {
        None => "Saved".into_any(),
        Some(Author { name, at }) => view! {
            {name}
            " · "
            <TimeAgo at=at/>
        }
        .into_any(),
    })
}
