//! `/documents`: one's documents, the newest first, with the page in the address.

use highwater::{QueryError, UseQuery, use_query};
use leptos::prelude::*;
use leptos_meta::Title;

use super::status_in_words;
use crate::{
    content::{
        live::DocumentList,
        model::{DocumentPage, DocumentRow},
    },
    error::{AppError, words},
    ui::{
        Badge, CollectAny, Each, EmptyState, ErrorState, Freshness, LiveText, LiveValue,
        PageHeader, Pagination, TableSkeleton, TimeAgo, asked_page, effect, grouped, live,
    },
};

/// The heads of the columns.
const HEADS: [&str; 4] = ["Title", "Status", "#Words", "Added"];

/// The list of documents.
#[component]
pub fn DocumentListPage() -> impl IntoView {
    let page = asked_page();
    let documents = use_query(move || DocumentList(page.get()));
    view! {
        <Title text="Documents"/>
        <PageHeader title="Documents">
            <a class="button primary" href="/documents/new">
                "Add document"
            </a>
        </PageHeader>
        <Freshness what="the list"/>
        <Transition fallback=|| {
            view! { <TableSkeleton rows=8 heads=&HEADS class="as-list document-table"/> }
        }>
            <Answer documents=documents/>
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
    documents: UseQuery<DocumentList>,
) -> impl IntoView {
    let face = documents.select(|answer| match answer {
        None => Face::Nothing,
        Some(Ok(page)) if !page.rows.is_empty() => Face::Rows,
        Some(Ok(page)) if page.total > 0 => Face::PastTheEnd,
        Some(Ok(_)) => Face::Empty,
        Some(Err(error)) => Face::Error(error),
    });
    let page = documents.select(|answer| answer.and_then(Result::ok));
    live(move || match face.get() {
        Face::Nothing => ().into_any(),
        Face::Rows => view! { <Rows page=page/> }.into_any(),
        Face::Empty => view! {
            <EmptyState
                title="No documents yet"
                body="Add a text, and it is read, counted and outlined here. Only you see it."
            >
                <a class="button primary" href="/documents/new">"Add document"</a>
            </EmptyState>
        }
        .into_any(),
        Face::PastTheEnd => view! {
            <EmptyState title="Past the last page" body="There are fewer documents than that.">
                <a class="button" href="/documents">"Go to the first page"</a>
            </EmptyState>
        }
        .into_any(),
        Face::Error(error) => view! {
            <ErrorState
                title="The documents could not be read"
                message=words(&error)
                on_retry=move |()| documents.refetch()
                busy=Signal::derive(move || documents.status().fetching)
            />
        }
        .into_any(),
    })
}

#[component]
fn Rows(
    /// The page of the list.
    page: Signal<Option<DocumentPage>>,
) -> impl IntoView {
    let rows = move || page.get().map(|page| page.rows).unwrap_or_default();
    let small = move |of: fn(&DocumentPage) -> u32| {
        Signal::derive(move || page.with(|page| page.as_ref().map_or(0, of)))
    };
    let total =
        Signal::derive(move || page.with(|page| page.as_ref().map_or(0, |page| page.total)));
    // Rows slide in when they join a list that was there already.
    let settled = StoredValue::new(false);
    effect(move |_| settled.set_value(true));
    view! {
        <table class="table as-list document-table">
            <thead>
                <tr>
                    {HEADS
                        .map(|head| {
                            view! {
                                <th scope="col" class=head.starts_with('#').then_some("number")>
                                    {head.trim_start_matches('#')}
                                </th>
                            }
                        })
                        .collect_any()}
                </tr>
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
            href=|page| format!("/documents?page={page}")
            noun="document"
        />
    }
}

#[component]
fn Row(
    /// The row when it came.
    first: DocumentRow,
    /// The page it is on.
    page: Signal<Option<DocumentPage>>,
    /// Whether it joins a list that was there already.
    enters: bool,
) -> impl IntoView {
    let id = first.id.clone();
    let row = Memo::new(move |before: Option<&DocumentRow>| {
        let now = page.with(|page| {
            page.as_ref().and_then(|page| page.rows.iter().find(|row| row.id == first.id).cloned())
        });
        now.unwrap_or_else(|| before.unwrap_or(&first).clone())
    });
    let status = Memo::new(move |_| row.with(|row| row.status));
    let counted =
        Signal::derive(move || row.with(|row| row.words.map(grouped).unwrap_or_default()));
    view! {
        <tr class:row-enter=enters>
            <th scope="row" class="cell-title">
                <a class="row-link" href=format!("/documents/{id}")>
                    <LiveText value=Signal::derive(move || row.with(|row| row.title.clone()))/>
                </a>
            </th>
            <td class="cell-status">
                <LiveValue value=move || status.get()>
                    <Badge tone=Signal::derive(move || status_in_words(status.get()).0)>
                        {move || status_in_words(status.get()).1}
                    </Badge>
                </LiveValue>
            </td>
            <td class="cell-words number">
                <LiveText value=counted/>
                <span class="cell-word">" words"</span>
            </td>
            <td class="cell-added">
                <TimeAgo at=Signal::derive(move || row.with(|row| row.created_at))/>
            </td>
        </tr>
    }
    .into_any()
}
