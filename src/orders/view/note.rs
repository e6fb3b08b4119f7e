//! The note of an order. What somebody is typing is never replaced.

use highwater::use_mutation;
use leptos::prelude::*;

use super::change;
use crate::{
    live::StudioEvent,
    orders::model::{NOTE_MAX_CHARS, OrderChange, OrderId},
    ui::use_toasts,
};

/// A text being edited, and the note that it started from.
#[derive(Clone, PartialEq)]
struct Draft {
    text: String,
    from: String,
}

/// The note, to be read and changed.
#[component]
pub(super) fn NoteEditor(
    /// Which order.
    id: OrderId,
    /// Its note as it stands.
    note: Memo<String>,
) -> impl IntoView {
    let mutations = use_mutation::<StudioEvent>();
    let toasts = use_toasts();
    let draft = RwSignal::new(None::<Draft>);
    let saving = RwSignal::new(false);
    let text = move || {
        draft
            .with(|draft| draft.as_ref().map(|draft| draft.text.clone()))
            .unwrap_or_else(|| note.get())
    };
    let typed = move |event| {
        let text = event_target_value(&event);
        let from = draft.with_untracked(|draft| draft.as_ref().map(|draft| draft.from.clone()));
        let from = from.unwrap_or_else(|| note.get_untracked());
        draft.set((text != from).then_some(Draft { text, from }));
    };
    let save = move || {
        let Some(Draft { text, from }) = draft.get_untracked() else { return };
        if text.chars().count() > NOTE_MAX_CHARS {
            return;
        }
        draft.set(None);
        saving.set(true);
        let asked = OrderChange { note: Some(text.clone()), ..OrderChange::default() };
        let number = id.number();
        mutations.run(change(id.clone(), asked, Some(from.clone())).done(move |outcome| {
            saving.try_set(false);
            match outcome {
                Ok(_) => toasts.success("Note saved."),
                Err(error) => {
                    toasts.error(format!("The note of order {number} was not saved. {error}"));
                    // Back to where the author was, unless they typed on meanwhile.
                    draft.try_update(|draft| {
                        draft.get_or_insert(Draft { text, from });
                    });
                }
            }
        }));
    };
    let save = Callback::new(move |()| save());
    view! {
        <form class="note" on:submit=move |event| {
            event.prevent_default();
            save.run(());
        }>
            <label for="note">"Note"</label>
            <textarea
                class="input"
                id="note"
                rows="4"
                aria-describedby="note-hint"
                inner_html=as_html(&note.get_untracked())
                prop:value=text
                on:input=typed
                on:keydown=move |event| {
                    if event.key() == "Enter" && (event.ctrl_key() || event.meta_key()) {
                        save.run(());
                    }
                }
            ></textarea>
            <div class="note-actions">
                <p class="note-hint" id="note-hint">{move || hint(draft.get().as_ref(), &note.get())}</p>
                <button
                    type="submit"
                    class="button"
                    aria-busy=move || saving.get().then_some("true")
                    aria-disabled=move || draft.with(Option::is_none).then_some("true")
                >
                    "Save note"
                </button>
            </div>
        </form>
    }
}

/// A text as HTML: what stands in a `<textarea>` is rendered as it is, unlike in other elements.
fn as_html(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

/// What there is to say below the text.
fn hint(draft: Option<&Draft>, note: &str) -> String {
    let Some(Draft { text, from }) = draft else {
        return "Seen by everyone who works on orders.".to_owned();
    };
    let length = text.chars().count();
    if length > NOTE_MAX_CHARS {
        return format!("A note has at most {NOTE_MAX_CHARS} characters; this one has {length}.");
    }
    if note != from {
        return format!("Somebody changed this note meanwhile. It now reads: “{note}”");
    }
    "Not saved yet. Ctrl+Enter saves.".to_owned()
}
