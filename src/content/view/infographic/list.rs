//! `/infographics`: the form that makes one, and one's infographics, the newest first, with the page
//! in the address.

use highwater::{QueryError, UseQuery, use_query};
use leptos::prelude::*;
use leptos_meta::Title;

use super::{Picture, new::NewInfographicForm};
use crate::{
    content::{
        live::InfographicList,
        model::{Infographic, MediaStatus, Page},
        view::media::status_in_words,
    },
    error::{AppError, words},
    ui::{
        Badge, Each, EmptyState, ErrorState, Freshness, LiveText, LiveValue, PageHeader,
        Pagination, TableSkeleton, TimeAgo, asked_page, effect, live,
    },
};

/// The form and the list of infographics.
#[component]
pub fn InfographicListPage() -> impl IntoView {
    let page = asked_page();
    let infographics = use_query(move || InfographicList(page.get()));
    view! {
        <Title text="Infographics"/>
        <PageHeader title="Infographics"/>
        <Freshness what="the list"/>
        <NewInfographicForm/>
        <Transition fallback=|| {
            view! { <TableSkeleton rows=4 heads=&["Title", "Status"] class="as-list"/> }
        }>
            <Answer infographics=infographics/>
        </Transition>
    }
}

/// Which face the list has. Infographics change without changing it.
#[derive(Clone, PartialEq)]
enum Face {
    Nothing,
    Rows,
    Empty,
    PastTheEnd,
    Error(QueryError<AppError>),
}

#[component]
fn Answer(
    /// The list.
    infographics: UseQuery<InfographicList>,
) -> impl IntoView {
    let face = infographics.select(|answer| match answer {
        None => Face::Nothing,
        Some(Ok(page)) if !page.rows.is_empty() => Face::Rows,
        Some(Ok(page)) if page.total > 0 => Face::PastTheEnd,
        Some(Ok(_)) => Face::Empty,
        Some(Err(error)) => Face::Error(error),
    });
    let page = infographics.select(|answer| answer.and_then(Result::ok));
    live(move || match face.get() {
        Face::Nothing => ().into_any(),
        Face::Rows => view! { <Cards page=page/> }.into_any(),
        Face::Empty => view! {
            <EmptyState
                title="No infographics yet"
                body="Choose a document, and its figures, terms and key sentences become a picture."
            />
        }
        .into_any(),
        Face::PastTheEnd => view! {
            <EmptyState title="Past the last page" body="There are fewer infographics than that.">
                <a class="button" href="/infographics">"Go to the first page"</a>
            </EmptyState>
        }
        .into_any(),
        Face::Error(error) => view! {
            <ErrorState
                title="The infographics could not be read"
                message=words(&error)
                on_retry=move |()| infographics.refetch()
                busy=Signal::derive(move || infographics.status().fetching)
            />
        }
        .into_any(),
    })
}

#[component]
fn Cards(
    /// The page of the list.
    page: Signal<Option<Page<Infographic>>>,
) -> impl IntoView {
    let rows = move || page.get().map(|page| page.rows).unwrap_or_default();
    let small = move |of: fn(&Page<Infographic>) -> u32| {
        Signal::derive(move || page.with(|page| page.as_ref().map_or(0, of)))
    };
    let total =
        Signal::derive(move || page.with(|page| page.as_ref().map_or(0, |page| page.total)));
    // Pictures slide in when they join a list that was there already.
    let settled = StoredValue::new(false);
    effect(move |_| settled.set_value(true));
    view! {
        <ul class="infographics" aria-label="Your infographics">
            <Each each=rows key=|row| row.id.clone() let:row>
                <Card first=row page=page enters=settled.get_value()/>
            </Each>
        </ul>
        <Pagination
            page=small(|page| page.page)
            pages=small(|page| page.pages)
            total=total
            href=|page| format!("/infographics?page={page}")
            noun="infographic"
        />
    }
}

#[component]
fn Card(
    /// The infographic when it came.
    first: Infographic,
    /// The page it is on.
    page: Signal<Option<Page<Infographic>>>,
    /// Whether it joins a list that was there already.
    enters: bool,
) -> impl IntoView {
    // The server has not heard of it yet.
    let is_new = first.version == 0;
    let href = (!is_new).then(|| format!("/infographics/{}", first.id));
    let row = Memo::new(move |before: Option<&Infographic>| {
        let now = page.with(|page| {
            page.as_ref().and_then(|page| page.rows.iter().find(|row| row.id == first.id).cloned())
        });
        now.unwrap_or_else(|| before.unwrap_or(&first).clone())
    });
    let title = Signal::derive(move || row.with(|row| row.title.clone()));
    let status = Memo::new(move |_| row.with(|row| row.status));
    let src = Memo::new(move |_| row.with(Infographic::address));
    let waiting = move || match status.get() {
        MediaStatus::Generating => "Being drawn",
        MediaStatus::Failed => "Could not be drawn",
        MediaStatus::Draft | MediaStatus::Ready => "Not drawn yet",
    };
    let picture = move || match src.get() {
        Some(src) => view! { <Picture title=title src=Signal::stored(src) lazy=true/> }.into_any(),
        None => view! { <span class="picture-none">{waiting}</span> }.into_any(),
    };
    view! {
        <li class="infographic-card" class:row-enter=enters>
            // The title below leads there as well, and is what is read out.
            <a class="infographic-thumb" href=href.clone() tabindex="-1" aria-hidden="true">
                {picture}
            </a>
            <p class="infographic-title">
                <a class="media-title" href=href><LiveText value=title/></a>
            </p>
            <p class="infographic-facts">
                <LiveValue value=move || status.get()>
                    <Badge tone=Signal::derive(move || status_in_words(status.get()).0)>
                        {move || status_in_words(status.get()).1}
                    </Badge>
                </LiveValue>
                {(!is_new).then(|| view! {
                    <TimeAgo at=Signal::derive(move || row.with(|row| row.created_at))/>
                })}
            </p>
        </li>
    }
    .into_any()
}
