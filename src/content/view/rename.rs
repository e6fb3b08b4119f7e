//! Giving a document another title, and deleting it: shown at once, taken back if refused.

use highwater::MutationRequest;
use leptos::{html, prelude::*, web_sys::SubmitEvent};
use leptos_router::{NavigateOptions, hooks::use_navigate};

use super::mutations;
use crate::{
    content::{
        api::{delete_document, rename_document},
        live::{DocumentDetail, DocumentList},
        model::{Document, DocumentChange, DocumentId, TITLE_MAX_CHARS, Title},
    },
    error::AppError,
    live::StudioEvent,
    ui::{Confirm, Dialog, TextField, close_dialog, focus_first_invalid, open_dialog, use_toasts},
};

/// The button that renames, and the dialog in which it is done.
#[component]
pub(super) fn Rename(
    /// Which document.
    id: DocumentId,
    /// The document.
    document: Signal<Option<Document>>,
) -> impl IntoView {
    let (dialog, form) = (NodeRef::<html::Dialog>::new(), NodeRef::<html::Form>::new());
    let (title, error) = (RwSignal::new(String::new()), RwSignal::new(None::<String>));
    // The version that is on the screen while the title is typed.
    let decided_on = StoredValue::new(None::<u64>);
    let (mutations, toasts) = (mutations(), use_toasts());
    let open = move |_| {
        document.with_untracked(|document| {
            let row = document.as_ref().map(|document| &document.row);
            title.set(row.map(|row| row.title.clone()).unwrap_or_default());
            decided_on.set_value(row.map(|row| row.version));
        });
        error.set(None);
        open_dialog(dialog);
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if let Err(wrong) = Title::new(&title.get_untracked()) {
            error.set(Some(wrong.to_string()));
            request_animation_frame(move || focus_first_invalid(form));
            return;
        }
        close_dialog(dialog);
        let change =
            DocumentChange { title: title.get_untracked(), version: decided_on.get_value() };
        mutations.run(rename(id.clone(), change).done(move |outcome| {
            if let Err(refusal) = outcome {
                toasts.error(format!("The document keeps its title. {refusal}"));
            }
        }));
    };
    view! {
        <button type="button" class="button" on:click=open>"Rename"</button>
        <Dialog
            node=dialog
            id="rename-document"
            title="Rename the document"
            actions=Box::new(move || view! {
                <button type="button" class="button" on:click=move |_| close_dialog(dialog)>
                    "Cancel"
                </button>
                <button type="submit" form="rename-form" class="button primary">"Rename"</button>
            }.into_any())
        >
            <form id="rename-form" novalidate node_ref=form on:submit=submit>
                <TextField
                    id="rename-title"
                    label="Title"
                    value=title
                    error=error
                    maxlength=u32::try_from(TITLE_MAX_CHARS).unwrap_or(u32::MAX)
                />
            </form>
        </Dialog>
    }
}

/// The button that deletes, after asking.
#[component]
pub(super) fn Delete(
    /// Which document.
    id: DocumentId,
    /// The document.
    document: Signal<Option<Document>>,
) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    let (mutations, toasts, navigate) = (mutations(), use_toasts(), use_navigate());
    let title = Memo::new(move |_| {
        document.with(|document| {
            document.as_ref().map(|document| document.row.title.clone()).unwrap_or_default()
        })
    });
    let confirmed = move |()| {
        let title = title.get_untracked();
        mutations.run(delete(id.clone()).done(move |outcome| match outcome {
            Ok(()) => toasts.success(format!("“{title}” is deleted.")),
            Err(refusal) => toasts.error(format!("“{title}” is still there. {refusal}")),
        }));
        navigate("/documents", NavigateOptions::default());
    };
    view! {
        <button type="button" class="button danger" on:click=move |_| open_dialog(dialog)>
            "Delete"
        </button>
        <Confirm
            node=dialog
            id="delete-document"
            title=Signal::derive(move || format!("Delete “{}”?", title.get()))
            body="The document and its text are removed for good. What was made of it stays."
            keep="Keep it"
            confirm="Delete"
            on_confirm=confirmed
        />
    }
}

fn rename(
    id: DocumentId,
    change: DocumentChange,
) -> MutationRequest<StudioEvent, Document, AppError> {
    let (detail, sent, listed) = (DocumentDetail(id.clone()), id.clone(), id.clone());
    let shown = change.title.trim().to_owned();
    let in_list = shown.clone();
    MutationRequest::new(format!("document {id}"), move |sending| {
        rename_document(sent.clone(), change.clone(), sending.id)
    })
    .overlay(detail.clone(), move |document| document.row.title.clone_from(&shown))
    .overlay_all::<DocumentList>(move |page| {
        let row = page.rows.iter_mut().find(|row| row.id == listed);
        row.into_iter().for_each(|row| row.title.clone_from(&in_list));
    })
    .returns(detail, Document::clone)
}

fn delete(id: DocumentId) -> MutationRequest<StudioEvent, (), AppError> {
    let (sent, listed) = (id.clone(), id.clone());
    MutationRequest::new(format!("document {id}"), move |sending| {
        delete_document(sent.clone(), sending.id)
    })
    .overlay_all::<DocumentList>(move |page| {
        let before = page.rows.len();
        page.rows.retain(|row| row.id != listed);
        page.total -= u64::from(page.rows.len() < before);
    })
}
