//! What can be done with an infographic, shown at once and taken back if refused.

use highwater::MutationRequest;
use leptos::{html, prelude::*};
use leptos_router::{NavigateOptions, hooks::use_navigate};
use time::OffsetDateTime;

use crate::{
    content::{
        api::{create_infographic, delete_infographic, generate_infographic},
        live::{InfographicDetail, InfographicList, InfographicOf, InfographicSources},
        model::{
            Begun, DocumentId, Infographic, InfographicId, InfographicSource, MediaStatus,
            NewInfographic,
        },
        view::mutations,
    },
    error::AppError,
    live::StudioEvent,
    ui::{Confirm, open_dialog, use_toasts},
};

/// The button that makes it again, unless that is under way or its document is gone.
#[component]
pub(super) fn MakeAgain(
    /// Which infographic.
    id: InfographicId,
    /// The infographic.
    infographic: Signal<Option<Infographic>>,
) -> impl IntoView {
    let (mutations, toasts) = (mutations(), use_toasts());
    let make = move |_| {
        mutations.run(generate(id.clone()).done(move |outcome| {
            if let Err(refusal) = outcome {
                toasts.error(format!("It is not made again. {refusal}"));
            }
        }));
    };
    let words = Memo::new(move |_| {
        infographic.with(|it| {
            let Infographic { status, document_id: Some(_), .. } = it.as_ref()? else {
                return None;
            };
            match status {
                MediaStatus::Failed => Some("Try again"),
                MediaStatus::Draft => Some("Make it"),
                MediaStatus::Ready => Some("Make again"),
                MediaStatus::Generating => None,
            }
        })
    });
    view! {
        <Show when=move || words.get().is_some()>
            <button type="button" class="button" on:click=make.clone()>
                {move || words.get()}
            </button>
        </Show>
    }
}

/// The button that deletes, after asking.
#[component]
pub(super) fn Delete(
    /// Which infographic.
    id: InfographicId,
    /// What it is called.
    title: Signal<String>,
) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    let (mutations, toasts, navigate) = (mutations(), use_toasts(), use_navigate());
    let confirmed = move |()| {
        let title = title.get_untracked();
        mutations.run(delete(id.clone()).done(move |outcome| match outcome {
            Ok(()) => toasts.success(format!("The infographic of “{title}” is deleted.")),
            Err(refusal) => {
                toasts.error(format!("The infographic of “{title}” is still there. {refusal}"));
            }
        }));
        navigate("/infographics", NavigateOptions::default());
    };
    view! {
        <button type="button" class="button danger" on:click=move |_| open_dialog(dialog)>
            "Delete"
        </button>
        <Confirm
            node=dialog
            id="delete-infographic"
            title=Signal::derive(move || format!("Delete the infographic of “{}”?", title.get()))
            body="The picture is removed for good. Its document stays."
            keep="Keep it"
            confirm="Delete"
            on_confirm=confirmed
        />
    }
}

/// Makes the infographic of a document: it shows at once, before the server has heard of it.
pub(super) fn create(
    source: InfographicSource,
) -> MutationRequest<StudioEvent, Begun<Infographic>, AppError> {
    let InfographicSource { document_id, title } = source;
    let (sent, chosen) = (document_id.clone(), document_id.clone());
    let of = InfographicOf(document_id.clone());
    let laid = provisional(document_id, title);
    let listed = laid.clone();
    MutationRequest::new(format!("infographic of {sent}"), move |sending| {
        create_infographic(NewInfographic { document_id: sent.clone() }, sending.id)
    })
    .overlay(of.clone(), move |infographic| {
        infographic.get_or_insert_with(|| laid.clone());
    })
    .overlay_all::<InfographicList>(move |page| {
        if page.page == 1 {
            page.rows.insert(0, listed.clone());
        }
        page.total += 1;
    })
    .overlay(InfographicSources, move |sources| {
        sources.retain(|source| source.document_id != chosen);
    })
    .returns(of, |begun| Some(begun.made.clone()))
}

/// How an infographic looks that the server has not heard of yet: it has no version, and its document
/// tells it from others.
fn provisional(document_id: DocumentId, title: String) -> Infographic {
    let id = document_id.as_str().replace("doc_", "inf_").parse();
    Infographic {
        id: id.unwrap_or_else(|_| InfographicId::of_bits(0)),
        title,
        status: MediaStatus::Generating,
        error: None,
        document_id: Some(document_id),
        picture: None,
        created_at: OffsetDateTime::UNIX_EPOCH,
        updated_at: OffsetDateTime::UNIX_EPOCH,
        version: 0,
    }
}

fn generate(id: InfographicId) -> MutationRequest<StudioEvent, Begun<Infographic>, AppError> {
    let (sent, listed, alone) = (id.clone(), id.clone(), id.clone());
    let detail = InfographicDetail(id.clone());
    MutationRequest::new(format!("infographic {id}"), move |sending| {
        generate_infographic(sent.clone(), sending.id)
    })
    .overlay(detail.clone(), Infographic::begin)
    .overlay_all::<InfographicList>(move |page| {
        page.rows.iter_mut().filter(|row| row.id == listed).for_each(Infographic::begin);
    })
    .overlay_all::<InfographicOf>(move |infographic| {
        infographic.iter_mut().filter(|it| it.id == alone).for_each(Infographic::begin);
    })
    .returns(detail, |begun| begun.made.clone())
}

fn delete(id: InfographicId) -> MutationRequest<StudioEvent, (), AppError> {
    let (sent, listed, alone) = (id.clone(), id.clone(), id.clone());
    MutationRequest::new(format!("infographic {id}"), move |sending| {
        delete_infographic(sent.clone(), sending.id)
    })
    .overlay_all::<InfographicList>(move |page| {
        let before = page.rows.len();
        page.rows.retain(|row| row.id != listed);
        page.total -= u64::from(page.rows.len() < before);
    })
    .overlay_all::<InfographicOf>(move |infographic| {
        infographic.take_if(|it| it.id == alone);
    })
}
