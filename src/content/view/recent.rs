//! One's latest documents, on the first page.

use highwater::{UseQuery, use_query};
use leptos::prelude::*;

use super::status_in_words;
use crate::{
    content::{live::DocumentList, model::DocumentRow},
    error::words,
    ui::{Badge, CollectAny, TimeAgo, live},
};

/// How many are shown.
const SHOWN: usize = 5;

/// The documents that were added last, and the way to all of them.
#[component]
pub fn RecentDocuments() -> impl IntoView {
    let documents = use_query(|| DocumentList(1));
    view! {
        <section class="section recent" aria-labelledby="recent-documents">
            <div class="section-head">
                <h2 class="section-title" id="recent-documents">"Your documents"</h2>
                <a href="/documents">"All documents"</a>
            </div>
            <Transition fallback=|| view! { <p class="muted" role="status">"Loading"</p> }>
                <Latest documents=documents/>
            </Transition>
        </section>
    }
}

#[component]
fn Latest(
    /// The first page of them.
    documents: UseQuery<DocumentList>,
) -> impl IntoView {
    let latest = documents.select(|answer| match answer? {
        Ok(page) => Some(Ok(page.rows.into_iter().take(SHOWN).collect::<Vec<_>>())),
        Err(error) => Some(Err(words(&error))),
    });
    live(move || match latest.get() {
        None => ().into_any(),
        Some(Err(message)) => view! { <p class="muted">{message}</p> }.into_any(),
        Some(Ok(rows)) if rows.is_empty() => view! {
            <p class="muted">
                "None yet. " <a href="/documents/new">"Add a text"</a>
                ", and it is read, counted and outlined for you."
            </p>
        }
        .into_any(),
        Some(Ok(rows)) => view! {
            <ul class="recent-list">{rows.into_iter().map(entry).collect_any()}</ul>
        }
        .into_any(),
    })
}

fn entry(row: DocumentRow) -> impl IntoView {
    let (tone, word) = status_in_words(row.status);
    view! {
        <li>
            <a class="recent-link" href=format!("/documents/{}", row.id)>{row.title}</a>
            <Badge tone=tone>{word}</Badge>
            <span class="muted"><TimeAgo at=row.created_at/></span>
        </li>
    }
    .into_any()
}
