//! The infographic of a document, on the document's page.

use highwater::{UseQuery, use_query};
use leptos::prelude::*;

use super::{Picture, actions::create};
use crate::{
    content::{
        live::InfographicOf,
        model::{Document, DocumentId, DocumentStatus, Infographic, InfographicSource},
        view::{media::status_in_words, mutations},
    },
    error::words,
    ui::{Badge, live, use_toasts},
};

/// The infographic, or the button that makes it once the document was read.
#[component]
pub(in crate::content::view) fn InfographicOfDocument(
    /// Which document.
    id: DocumentId,
    /// The document.
    document: Signal<Option<Document>>,
) -> impl IntoView {
    let query = {
        let id = id.clone();
        use_query(move || InfographicOf(id.clone()))
    };
    view! {
        <section class="section" aria-labelledby="document-infographic">
            <h2 class="section-title" id="document-infographic">"Infographic"</h2>
            <Transition fallback=|| view! { <p class="muted" role="status">"Loading"</p> }>
                <Answer id=id.clone() document=document query=query/>
            </Transition>
        </section>
    }
}

/// What there is.
#[derive(Clone, PartialEq)]
enum Face {
    Nothing,
    Infographic,
    NotYet,
    Error(String),
}

#[component]
fn Answer(
    /// Which document.
    id: DocumentId,
    /// The document.
    document: Signal<Option<Document>>,
    /// Its infographic.
    query: UseQuery<InfographicOf>,
) -> impl IntoView {
    let face = query.select(|answer| match answer {
        None => Face::Nothing,
        Some(Ok(Some(_))) => Face::Infographic,
        Some(Ok(None)) => Face::NotYet,
        Some(Err(error)) => Face::Error(words(&error)),
    });
    let infographic = query.select(|answer| answer.and_then(Result::ok).flatten());
    live(move || match face.get() {
        Face::Nothing => ().into_any(),
        Face::Infographic => view! { <Small infographic=infographic/> }.into_any(),
        Face::NotYet => view! { <Make id=id.clone() document=document/> }.into_any(),
        Face::Error(message) => view! { <p class="muted">{message}</p> }.into_any(),
    })
}

#[component]
fn Small(
    /// The infographic.
    infographic: Signal<Option<Infographic>>,
) -> impl IntoView {
    let title = Signal::derive(move || {
        infographic.with(|it| it.as_ref().map(|it| it.title.clone()).unwrap_or_default())
    });
    let status = Memo::new(move |_| infographic.with(|it| it.as_ref().map(|it| it.status)));
    let src = Memo::new(move |_| infographic.with(|it| it.as_ref()?.address()));
    // Before the server has heard of it, there is no page of it.
    let href = Memo::new(move |_| {
        infographic.with(|it| {
            let it = it.as_ref().filter(|it| it.version > 0)?;
            Some(format!("/infographics/{}", it.id))
        })
    });
    view! {
        {move || src.get().map(|src| view! {
            <a class="infographic-thumb" href=move || href.get() tabindex="-1" aria-hidden="true">
                <Picture title=title src=Signal::stored(src) lazy=true/>
            </a>
        })}
        <p class="infographic-facts">
            {move || status.get().map(status_in_words).map(|(tone, word)| view! {
                <Badge tone=tone>{word}</Badge>
            })}
            {move || href.get().map(|href| view! { <a href=href>"Open the infographic"</a> })}
        </p>
    }
}

#[component]
fn Make(
    /// Which document.
    id: DocumentId,
    /// The document.
    document: Signal<Option<Document>>,
) -> impl IntoView {
    let (mutations, toasts) = (mutations(), use_toasts());
    let is_read = Memo::new(move |_| {
        document.with(|it| it.as_ref().is_some_and(|it| it.row.status == DocumentStatus::Ready))
    });
    let waits = move || (!is_read.get()).then_some("true");
    let make = move |_| {
        if !is_read.get_untracked() {
            return;
        }
        let title = document
            .with_untracked(|it| it.as_ref().map(|it| it.row.title.clone()))
            .unwrap_or_default();
        let source = InfographicSource { document_id: id.clone(), title };
        mutations.run(create(source).done(move |outcome| {
            if let Err(refusal) = outcome {
                toasts.error(format!("The infographic was not made. {refusal}"));
            }
        }));
    };
    view! {
        <p class="muted">"Its figures, terms and key sentences as a picture."</p>
        <button type="button" class="button" aria-disabled=waits on:click=make>
            "Make infographic"
        </button>
    }
}
