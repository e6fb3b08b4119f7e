//! The note of an order.

use highwater::Mutations;
use leptos::prelude::*;

use super::{change, mutations};
use crate::{
    app::draft_name,
    live::StudioEvent,
    orders::model::{NOTE_MAX_CHARS, OrderChange, OrderId},
    ui::{Author, Draft, Guard, Guarded, GuardedForm, Sending, Toasts, use_toasts},
};

/// The note, to be read and changed.
#[component]
pub(super) fn NoteEditor(
    /// Which order.
    id: OrderId,
    /// Its note as it stands.
    note: Memo<String>,
    /// Who wrote it.
    #[prop(into)]
    author: Signal<Option<Author>>,
) -> impl IntoView {
    let name = draft_name(&format!("note:{id}"));
    let (mutations, toasts) = (mutations(), use_toasts());
    let guard = Guard { what: "note", text: note, name, most: NOTE_MAX_CHARS };
    let guarded = Guarded::new(guard, move |sending| save(mutations, toasts, &id, sending));
    view! {
        <GuardedForm
            guarded=guarded
            id="note"
            label="Note"
            rows=4
            save="Save note"
            idle="Seen by everyone who works on orders."
            author=author
        />
    }
}

fn save(mutations: Mutations<StudioEvent>, toasts: Toasts, id: &OrderId, sending: Sending) {
    let number = id.number();
    let saved = id.clone();
    let Draft { text, from } = sending.draft.clone();
    let asked = OrderChange { note: Some(text.clone()), ..OrderChange::default() };
    let request = change(id.clone(), asked, Some(from.clone()));
    mutations.run(request.done(move |outcome| match outcome {
        Ok(_) => {
            sending.saved();
            toasts.undoable("Note saved.", move || {
                restore(mutations, toasts, saved.clone(), from.clone(), text.clone());
            });
        }
        Err(error) => {
            toasts.error(format!("The note of order {number} was not saved. {error}"));
            sending.failed();
        }
    }));
}

/// Takes a saved note back to what it was, unless somebody has changed it since.
fn restore(
    mutations: Mutations<StudioEvent>,
    toasts: Toasts,
    id: OrderId,
    former: String,
    saved: String,
) {
    let asked = OrderChange { note: Some(former), ..OrderChange::default() };
    mutations.run(change(id, asked, Some(saved)).done(move |outcome| match outcome {
        Ok(_) => toasts.success("The note is as it was before."),
        Err(error) => toasts.error(format!("The note was not taken back. {error}")),
    }));
}
