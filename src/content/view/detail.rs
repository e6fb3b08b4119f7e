//! `/documents/{id}`: one document, its text and its outline.

use highwater::{QueryError, UseQuery, use_query};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

use super::{
    infographic::InfographicOfDocument,
    rename::{Delete, Rename},
    status_in_words,
    text::{Outline, Text},
};
use crate::{
    app::answer_with,
    content::{
        live::DocumentDetail,
        model::{Document, DocumentId, DocumentStatus},
    },
    error::{AppError, words},
    ui::{
        BackLink, Badge, ErrorState, Freshness, Icon, IconName, LiveTitle, LiveValue, NotFound,
        PageHeader, TimeAgo, Tone, grouped, live, size_in_words,
    },
};

/// One document. Another id is another page.
#[component]
pub fn DocumentPage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("id")?.parse::<DocumentId>().ok()));
    live(move || match id.get() {
        Some(id) => view! { <OneDocument id=id/> }.into_any(),
        None => {
            answer_with(404);
            view! { <Title text="Page not found"/><NotFound/> }.into_any()
        }
    })
}

/// Which face the page has. The document changes without changing it.
#[derive(Clone, PartialEq)]
enum Face {
    Nothing,
    Document,
    Missing,
    Error(QueryError<AppError>),
}

#[component]
fn OneDocument(
    /// Which.
    id: DocumentId,
) -> impl IntoView {
    let query = {
        let id = id.clone();
        use_query(move || DocumentDetail(id.clone()))
    };
    view! {
        <BackLink href="/documents" label="Documents"/>
        <Transition fallback=|| {
            view! {
                <Title text="Document"/>
                <PageHeader title="Document"/>
                <p class="muted" role="status">"Loading"</p>
            }
        }>
            <Answer id=id.clone() query=query/>
        </Transition>
    }
}

#[component]
fn Answer(
    /// Which document.
    id: DocumentId,
    /// Its query.
    query: UseQuery<DocumentDetail>,
) -> impl IntoView {
    let face = query.select(|answer| match answer {
        None => Face::Nothing,
        Some(Ok(_)) => Face::Document,
        Some(Err(QueryError::Refused(AppError::NotFound { .. }))) => Face::Missing,
        Some(Err(error)) => Face::Error(error),
    });
    let document = query.select(|answer| answer.and_then(Result::ok));
    live(move || match face.get() {
        Face::Nothing => ().into_any(),
        Face::Missing => view! { <Title text="Page not found"/><NotFound/> }.into_any(),
        Face::Document => view! { <Whole id=id.clone() document=document/> }.into_any(),
        Face::Error(error) => view! {
            <Title text="Document"/>
            <ErrorState
                title="The document could not be read"
                message=words(&error)
                on_retry=move |()| query.refetch()
                busy=Signal::derive(move || query.status().fetching)
            />
        }
        .into_any(),
    })
}

#[component]
fn Whole(
    /// Which document.
    id: DocumentId,
    /// The document.
    document: Signal<Option<Document>>,
) -> impl IntoView {
    let part = move |of: fn(&Document) -> String| {
        Signal::derive(move || {
            document.with(|document| document.as_ref().map(of).unwrap_or_default())
        })
    };
    let title = part(|document| document.row.title.clone());
    let status = Memo::new(move |_| {
        document.with(|document| document.as_ref().map(|document| document.row.status))
    });
    let badge = move || status.get().map_or((Tone::Neutral, ""), status_in_words);
    let source = format!("/api/v1/documents/{id}/source");
    let podcast = format!("/podcasts/new?document={id}");
    let (renamed, deleted, drawn) = (id.clone(), id.clone(), id.clone());
    view! {
        <LiveTitle title=title/>
        <PageHeader
            title=title
            beside=move || view! {
                <span data-testid="document-status">
                    <LiveValue value=move || status.get()>
                        <Badge tone=Signal::derive(move || badge().0)>{move || badge().1}</Badge>
                    </LiveValue>
                </span>
            }
        >
            // The browser saves the answer; it is no page for the router.
            <a class="button quiet" href=source download="" rel="external">
                <Icon name=IconName::Download/>
                "Download"
            </a>
            <a class="button" href=podcast>"Make podcast"</a>
            <Rename id=renamed document=document/>
            <Delete id=deleted document=document/>
        </PageHeader>
        <Freshness what="the document"/>
        <div class="document">
            <div class="document-main">
                {move || match status.get() {
                    None => ().into_any(),
                    Some(DocumentStatus::Processing) => view! {
                        <p class="notice" data-tone="neutral" role="status">
                            "The document is being read. It shows here by itself when that is done."
                        </p>
                    }
                    .into_any(),
                    Some(DocumentStatus::Failed) => view! { <Failed document=document/> }.into_any(),
                    Some(DocumentStatus::Ready) => view! {
                        <Text id=id.clone() document=document/>
                    }
                    .into_any(),
                }}
            </div>
            <div class="document-side">
                <Facts document=document/>
                <InfographicOfDocument id=drawn document=document/>
                <Outline document=document/>
            </div>
        </div>
    }
}

/// Why the document could not be read.
#[component]
fn Failed(
    /// The document.
    document: Signal<Option<Document>>,
) -> impl IntoView {
    let why = move || {
        document.with(|document| document.as_ref().and_then(|document| document.row.error.clone()))
    };
    view! {
        <p class="notice" data-tone="danger">
            <Icon name=IconName::Alert/>
            <span>"The document could not be read. " {why}</span>
        </p>
    }
}

/// What is known of the document.
#[component]
fn Facts(
    /// The document.
    document: Signal<Option<Document>>,
) -> impl IntoView {
    let counts = move || {
        document.with(|document| {
            let row = &document.as_ref()?.row;
            Some((grouped(row.words?), grouped(row.characters?)))
        })
    };
    let fact = |name: &'static str, value: AnyView| {
        view! { <div class="fact"><dt>{name}</dt><dd>{value}</dd></div> }
    };
    view! {
        <section class="section">
            <h2 class="section-title">"Details"</h2>
            <dl class="facts">
                {move || {
                    counts().map(|(words, characters)| {
                        view! {
                            {fact("Words", words.into_any())}
                            {fact("Characters", characters.into_any())}
                        }
                    })
                }}
                {move || {
                    document.with(|document| {
                        let row = &document.as_ref()?.row;
                        let size = format!("{}, {}", row.format, size_in_words(row.bytes));
                        Some(view! {
                            {fact("File", size.into_any())}
                            {fact("Added", view! { <TimeAgo at=row.created_at/> }.into_any())}
                        })
                    })
                }}
            </dl>
        </section>
    }
}
