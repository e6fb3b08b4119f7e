//! `/podcasts/new`: what it is called, and which documents it is made of. `?document=` chooses one.

use highwater::{MutationRequest, UseQuery, use_query};
use leptos::{html, prelude::*, web_sys::SubmitEvent};
use leptos_meta::Title;
use leptos_router::{
    NavigateOptions,
    hooks::{use_navigate, use_query_map},
};

use super::super::{mutations, status_in_words};
use crate::{
    app::draft_name,
    content::{
        api::create_podcast,
        live::DocumentList,
        model::{
            DocumentId, DocumentPage, DocumentRow, DocumentStatus, NewPodcast, Podcast,
            SOURCES_MAX, TITLE_MAX_CHARS,
        },
    },
    error::{AppError, words},
    live::StudioEvent,
    ui::{
        BackLink, Badge, Each, EmptyState, ErrorState, Icon, IconName, NeedsJavaScript, PageHeader,
        Pagination, TextField, asked_page, effect, focus_first_invalid, keep, kept, live,
    },
};

/// Making a podcast.
#[component]
pub fn NewPodcastPage() -> impl IntoView {
    let query = use_query_map();
    let page = asked_page();
    let documents = use_query(move || DocumentList(page.get()));
    let asked = query.with_untracked(|query| query.get("document")?.parse::<DocumentId>().ok());
    let chosen = RwSignal::new(Vec::from_iter(asked));
    view! {
        <Title text="New podcast"/>
        <BackLink href="/podcasts" label="Podcasts"/>
        <PageHeader title="New podcast"/>
        <NeedsJavaScript what="Making a podcast"/>
        <Transition fallback=|| view! { <p class="muted" role="status">"Loading"</p> }>
            <Answer documents=documents chosen=chosen/>
        </Transition>
    }
}

/// What there is to choose from.
#[derive(Clone, PartialEq)]
enum Face {
    Nothing,
    Documents,
    Empty,
    Error(String),
}

#[component]
fn Answer(
    /// The documents.
    documents: UseQuery<DocumentList>,
    /// Those that are chosen.
    chosen: RwSignal<Vec<DocumentId>>,
) -> impl IntoView {
    let face = documents.select(|answer| match answer {
        None => Face::Nothing,
        Some(Ok(page)) if page.total == 0 => Face::Empty,
        Some(Ok(_)) => Face::Documents,
        Some(Err(error)) => Face::Error(words(&error)),
    });
    let page = documents.select(|answer| answer.and_then(Result::ok));
    live(move || match face.get() {
        Face::Nothing => ().into_any(),
        Face::Documents => view! { <Form page=page chosen=chosen/> }.into_any(),
        Face::Empty => view! {
            <EmptyState
                title="No document to talk about yet"
                body="A podcast is made of documents. Add one first."
            >
                <a class="button primary" href="/documents/new">"Add document"</a>
            </EmptyState>
        }
        .into_any(),
        Face::Error(message) => view! {
            <ErrorState
                title="The documents could not be read"
                message=message
                on_retry=move |()| documents.refetch()
                busy=Signal::derive(move || documents.status().fetching)
            />
        }
        .into_any(),
    })
}

#[component]
fn Form(
    /// The page of documents to choose from.
    page: Signal<Option<DocumentPage>>,
    /// Those that are chosen, in order.
    chosen: RwSignal<Vec<DocumentId>>,
) -> impl IntoView {
    let form = NodeRef::<html::Form>::new();
    let title = kept_title();
    let (of_title, of_chosen) = (RwSignal::new(None::<String>), RwSignal::new(None::<String>));
    let (failure, busy) = (RwSignal::new(None::<String>), RwSignal::new(false));
    let (mutations, navigate) = (mutations(), use_navigate());
    let show = move |refusal: AppError| {
        let place = match &refusal {
            AppError::Invalid { field: Some(field), .. } if field == "title" => of_title,
            AppError::Invalid { field: Some(field), .. } if field == "documentIds" => of_chosen,
            _ => failure,
        };
        // The page may be gone by then.
        place.try_set(Some(refusal.to_string()));
        // The marks are there with the next frame.
        request_animation_frame(move || focus_first_invalid(form));
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        for problem in [of_title, of_chosen, failure] {
            problem.set(None);
        }
        let new = NewPodcast { title: title.get_untracked(), document_ids: chosen.get_untracked() };
        if let Err(refusal) = new.validate() {
            show(refusal);
            return;
        }
        busy.set(true);
        let navigate = navigate.clone();
        mutations.run(create(new).done(move |outcome| {
            busy.try_set(false);
            match outcome {
                Ok(podcast) => {
                    title.try_set(String::new());
                    let path = format!("/podcasts/{}", podcast.row.id);
                    navigate(&path, NavigateOptions::default());
                }
                Err(refusal) => show(refusal),
            }
        }));
    };
    let waits = move || busy.get().then_some("true");
    view! {
        <form class="new-document" novalidate node_ref=form on:submit=submit>
            <TextField
                id="podcast-title"
                label="Title"
                value=title
                error=of_title
                maxlength=u32::try_from(TITLE_MAX_CHARS).unwrap_or(u32::MAX)
            />
            <Sources page=page chosen=chosen error=of_chosen/>
            <p class="form-failure" role="alert">
                {move || failure.get().map(|words| view! {
                    <span class="notice" data-tone="danger"><Icon name=IconName::Alert/>{words}</span>
                })}
            </p>
            <div class="form-actions">
                <button type="submit" class="button primary" aria-busy=waits aria-disabled=waits>
                    "Make podcast"
                </button>
            </div>
        </form>
    }
}

/// What is typed as the title, through reloads.
fn kept_title() -> RwSignal<String> {
    let (title, name) = (RwSignal::new(String::new()), draft_name("podcast"));
    effect(move |before: Option<()>| {
        let typed = title.get();
        if before.is_some() || !typed.is_empty() {
            keep(&name, Some(typed.as_str()).filter(|typed| !typed.is_empty()));
        } else if let Some(kept) = kept(&name) {
            title.set(kept);
        }
    });
    title
}

/// The documents to choose from, a page at a time; those that are chosen say their place.
#[component]
fn Sources(
    /// The page.
    page: Signal<Option<DocumentPage>>,
    /// Those that are chosen, in order.
    chosen: RwSignal<Vec<DocumentId>>,
    /// What is wrong with the choice.
    error: RwSignal<Option<String>>,
) -> impl IntoView {
    let rows = move || {
        let rows = page.get().map(|page| page.rows).unwrap_or_default();
        rows.into_iter().filter(|row| row.status != DocumentStatus::Failed).collect::<Vec<_>>()
    };
    let small = move |of: fn(&DocumentPage) -> u32| {
        Signal::derive(move || page.with(|page| page.as_ref().map_or(0, of)))
    };
    let total =
        Signal::derive(move || page.with(|page| page.as_ref().map_or(0, |page| page.total)));
    let pages = small(|page| page.pages);
    let count = move || match chosen.with(Vec::len) {
        0 => "None chosen".to_owned(),
        count => format!("{count} chosen"),
    };
    view! {
        <fieldset class="sources" aria-describedby="sources-help sources-error">
            <legend>"Documents"</legend>
            <p class="field-help" id="sources-help">
                {format!("Up to {SOURCES_MAX}, talked about in the order in which you choose them. ")}
                <span aria-live="polite">{count}</span>
                "."
            </p>
            <ul class="source-choices">
                <Each each=rows key=|row| format!("{} {}", row.id, row.version) let:row>
                    <Choice row=row chosen=chosen error=error/>
                </Each>
            </ul>
            <div hidden=move || { pages.get() < 2 }>
                <Pagination
                    page=small(|page| page.page)
                    pages=pages
                    total=total
                    href=|page| format!("/podcasts/new?page={page}")
                    noun="document"
                />
            </div>
            <p class="field-error" id="sources-error">
                {move || error.get().map(|words| view! { <Icon name=IconName::Alert/>{words} })}
            </p>
        </fieldset>
    }
}

#[component]
fn Choice(
    /// The document.
    row: DocumentRow,
    /// Those that are chosen, in order.
    chosen: RwSignal<Vec<DocumentId>>,
    /// What is wrong with the choice.
    error: RwSignal<Option<String>>,
) -> impl IntoView {
    let id = StoredValue::new(row.id.clone());
    let place = Memo::new(move |_| {
        chosen.with(|chosen| id.with_value(|id| chosen.iter().position(|one| one == id)))
    });
    let turn = move |event| {
        let on = event_target_checked(&event);
        let id = id.get_value();
        chosen.update(|chosen| {
            chosen.retain(|one| *one != id);
            if on {
                chosen.push(id);
            }
        });
        error.set(None);
    };
    let unread = (row.status == DocumentStatus::Processing).then(|| {
        let (tone, word) = status_in_words(row.status);
        view! { <Badge tone=tone>{word}</Badge> }
    });
    view! {
        <li>
            <label class="source">
                <input
                    type="checkbox"
                    class="check"
                    aria-invalid=move || error.with(Option::is_some).then_some("true")
                    prop:checked=move || place.get().is_some()
                    on:change=turn
                />
                <span class="source-title">{row.title}</span>
                {unread}
                <span class="source-place">{move || place.get().map(|place| place + 1)}</span>
            </label>
        </li>
    }
    .into_any()
}

fn create(new: NewPodcast) -> MutationRequest<StudioEvent, Podcast, AppError> {
    MutationRequest::new("new podcast", move |sending| create_podcast(new.clone(), sending.id))
}
