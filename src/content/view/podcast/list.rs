//! `/podcasts`: one's podcasts, the newest first, with the page in the address.

use highwater::{QueryError, UseQuery, use_query};
use leptos::prelude::*;
use leptos_meta::Title;

use super::{clock, status_in_words};
use crate::{
    content::{
        live::PodcastList,
        model::{PodcastPage, PodcastRow},
    },
    error::{AppError, words},
    ui::{
        Badge, CollectAny, Each, EmptyState, ErrorState, Freshness, LiveText, LiveValue,
        PageHeader, Pagination, TableSkeleton, TimeAgo, asked_page, effect,
    },
};

/// The heads of the columns.
const HEADS: [&str; 4] = ["Title", "Status", "#Length", "Made"];

/// The list of podcasts.
#[component]
pub fn PodcastListPage() -> impl IntoView {
    let page = asked_page();
    let podcasts = use_query(move || PodcastList(page.get()));
    view! {
        <Title text="Podcasts"/>
        <PageHeader title="Podcasts">
            <a class="button primary" href="/podcasts/new">
                "New podcast"
            </a>
        </PageHeader>
        <Freshness what="the list"/>
        <Transition fallback=|| {
            view! { <TableSkeleton rows=4 heads=&HEADS class="as-list document-table podcast-table"/> }
        }>
            <Answer podcasts=podcasts/>
        </Transition>
    }
}

/// Which face the list has. Rows change without changing it.
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
    podcasts: UseQuery<PodcastList>,
) -> impl IntoView {
    let face = podcasts.select(|answer| match answer {
        None => Face::Nothing,
        Some(Ok(page)) if !page.rows.is_empty() => Face::Rows,
        Some(Ok(page)) if page.total > 0 => Face::PastTheEnd,
        Some(Ok(_)) => Face::Empty,
        Some(Err(error)) => Face::Error(error),
    });
    let page = podcasts.select(|answer| answer.and_then(Result::ok));
    move || {
        match face.get() {
        Face::Nothing => ().into_any(),
        Face::Rows => view! { <Rows page=page/> }.into_any(),
        Face::Empty => view! {
            <EmptyState
                title="No podcasts yet"
                body="Two voices talk about documents of yours: the script is written from them, and spoken. Only you hear it."
            >
                <a class="button primary" href="/podcasts/new">"New podcast"</a>
            </EmptyState>
        }
        .into_any(),
        Face::PastTheEnd => view! {
            <EmptyState title="Past the last page" body="There are fewer podcasts than that.">
                <a class="button" href="/podcasts">"Go to the first page"</a>
            </EmptyState>
        }
        .into_any(),
        Face::Error(error) => view! {
            <ErrorState
                title="The podcasts could not be read"
                message=words(&error)
                on_retry=move |()| podcasts.refetch()
                busy=Signal::derive(move || podcasts.status().fetching)
            />
        }
        .into_any(),
    }
    }
}

#[component]
fn Rows(
    /// The page of the list.
    page: Signal<Option<PodcastPage>>,
) -> impl IntoView {
    let rows = move || page.get().map(|page| page.rows).unwrap_or_default();
    let small = move |of: fn(&PodcastPage) -> u32| {
        Signal::derive(move || page.with(|page| page.as_ref().map_or(0, of)))
    };
    let total =
        Signal::derive(move || page.with(|page| page.as_ref().map_or(0, |page| page.total)));
    // Rows slide in when they join a list that was there already.
    let settled = StoredValue::new(false);
    effect(move |_| settled.set_value(true));
    let head = |head: &'static str| {
        view! {
            <th scope="col" class=head.starts_with('#').then_some("number")>
                {head.trim_start_matches('#')}
            </th>
        }
    };
    view! {
        <table class="table as-list document-table podcast-table">
            <thead>
                <tr>{HEADS.map(head).collect_any()}</tr>
            </thead>
            <tbody>
                <Each each=rows key=|row| row.id.clone() let:row>
                    <Row first=row page=page enters=settled.get_value()/>
                </Each>
            </tbody>
        </table>
        <Pagination
            page=small(|page| page.page)
            pages=small(|page| page.pages)
            total=total
            href=|page| format!("/podcasts?page={page}")
            noun="podcast"
        />
    }
}

#[component]
fn Row(
    /// The row when it came.
    first: PodcastRow,
    /// The page it is on.
    page: Signal<Option<PodcastPage>>,
    /// Whether it joins a list that was there already.
    enters: bool,
) -> impl IntoView {
    let id = first.id.clone();
    let row = Memo::new(move |before: Option<&PodcastRow>| {
        let now = page.with(|page| {
            page.as_ref().and_then(|page| page.rows.iter().find(|row| row.id == first.id).cloned())
        });
        now.unwrap_or_else(|| before.unwrap_or(&first).clone())
    });
    let status = Memo::new(move |_| row.with(|row| row.status));
    let length = move || row.with(|row| row.duration_ms.map(clock).unwrap_or_default());
    view! {
        <tr class:row-enter=enters>
            <th scope="row" class="cell-title">
                <a class="row-link" href=format!("/podcasts/{id}")>
                    {move || row.with(|row| row.title.clone())}
                </a>
            </th>
            <td class="cell-status">
                <LiveValue value=move || status.get()>
                    <Badge tone=Signal::derive(move || status_in_words(status.get()).0)>
                        {move || status_in_words(status.get()).1}
                    </Badge>
                </LiveValue>
            </td>
            <td class="cell-words number"><LiveText value=Signal::derive(length)/></td>
            <td class="cell-added">
                <TimeAgo at=Signal::derive(move || row.with(|row| row.created_at))/>
            </td>
        </tr>
    }
    .into_any()
}
