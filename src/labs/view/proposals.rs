//! `/labs/{id}`: what was proposed, by what was decided about it, with status and page in the address.

use highwater::use_query;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::{
    bench::Bench,
    concepts::{Concepts, Held},
    decide::BulkConcepts,
};
use crate::{
    labs::{
        live::NodeList,
        model::{NodeId, NodePage, NodeStatus, StatusCounts},
    },
    shown::Shown,
    ui::{CollectAny, EmptyState, Selection, TableSkeleton, asked_page, grouped, live},
};

/// The heads of the columns.
pub(super) const HEADS: [&str; 5] = ["", "Concept", "Confidence", "#Mentions", ""];

/// The selected concepts, with what was decided about each when it was last seen.
pub(super) type Selected = Selection<NodeId, NodeStatus>;

/// The proposals of a project.
#[component]
pub fn ProposalsPage() -> impl IntoView {
    let bench = Bench::here();
    let (asked, page) = (use_query_map(), asked_page());
    let status = Memo::new(move |_| {
        asked.with(|asked| asked.get("status")?.parse().ok()).unwrap_or(NodeStatus::Proposed)
    });
    let list = Memo::new(move |_| NodeList {
        project: bench.id(),
        status: status.get(),
        page: page.get(),
    });
    let nodes = use_query(move || list.get());
    let selected = Selected::new();
    let busy = move || nodes.is_previous().then_some("true");
    view! {
        <Transition fallback=|| {
            view! { <TableSkeleton rows=8 heads=&HEADS class="as-list concept-table"/> }
        }>
            <div class="concept-list" aria-busy=busy>
                <Shown query=nodes what="the proposals" show=move |page| {
                    view! { <Whole bench=bench list=list page=page selected=selected/> }.into_any()
                }/>
            </div>
        </Transition>
    }
}

/// Which face the list has. Rows change without changing it.
#[derive(Clone, Copy, PartialEq)]
enum Face {
    Rows,
    Empty(NodeStatus),
    PastTheEnd(NodeStatus),
}

#[component]
fn Whole(
    /// The page.
    bench: Bench,
    /// What is asked for.
    list: Memo<NodeList>,
    /// What is shown.
    page: Signal<Option<NodePage>>,
    /// Which concepts are selected.
    selected: Selected,
) -> impl IntoView {
    // Above the faces: a text that is being written keeps its field when all else has left the list.
    let held = Held::new(Vec::new());
    let holds = Memo::new(move |_| held.with(|held| !held.is_empty()));
    let face = Memo::new(move |before: Option<&Face>| {
        let holds = holds.get();
        let face = page.with(|page| {
            page.as_ref().map(|page| match page.rows.is_empty() && !holds {
                false => Face::Rows,
                true if page.counts.of(page.status) > 0 => match page.page {
                    // All of it was just decided; the rest is on its way.
                    1 => Face::Rows,
                    _ => Face::PastTheEnd(page.status),
                },
                true => Face::Empty(page.status),
            })
        });
        face.or(before.copied()).unwrap_or(Face::Rows)
    });
    let counts = Memo::new(move |_| page.with(|page| page.as_ref().map(|page| page.counts)));
    view! {
        <Statuses bench=bench list=list counts=counts/>
        {live(move || match face.get() {
            Face::Rows => {
                view! { <Concepts bench=bench list=list page=page selected=selected held=held/> }.into_any()
            }
            Face::Empty(status) => view! { <Empty bench=bench status=status/> }.into_any(),
            // The last ones of this page were decided; the rest stands before it.
            Face::PastTheEnd(status) => view! {
                <EmptyState title="Nothing on this page any more" body="What is left stands before it.">
                    <a class="button" href=address(bench, status, 1)>"Go to the first page"</a>
                </EmptyState>
            }
            .into_any(),
        })}
        <BulkConcepts bench=bench list=list page=page selected=selected/>
    }
}

/// The address of a page of the concepts of a status.
pub(super) fn address(bench: Bench, status: NodeStatus, page: u32) -> String {
    let status = (status != NodeStatus::Proposed).then(|| format!("status={status}"));
    let page = (page > 1).then(|| format!("page={page}"));
    let query = [status, page].into_iter().flatten().collect::<Vec<_>>().join("&");
    if query.is_empty() { bench.address("") } else { format!("{}?{query}", bench.address("")) }
}

/// What a status is called.
pub(super) fn status_in_words(status: NodeStatus) -> &'static str {
    match status {
        NodeStatus::Proposed => "Waiting",
        NodeStatus::Accepted => "Accepted",
        NodeStatus::Rejected => "Rejected",
    }
}

/// The filter, with how many there are of each.
#[component]
fn Statuses(
    /// The page.
    bench: Bench,
    /// What is asked for.
    list: Memo<NodeList>,
    /// How many there are.
    counts: Memo<Option<StatusCounts>>,
) -> impl IntoView {
    let tab = move |status: NodeStatus| {
        let current = move || list.with(|list| list.status == status).then_some("true");
        let count = move || counts.get().map(|counts| grouped(counts.of(status)));
        view! {
            <a
                class="tab"
                href=address(bench, status, 1)
                aria-current=current
                data-noscroll=""
            >
                {status_in_words(status)}
                <span class="tab-count">{count}</span>
            </a>
        }
    };
    view! {
        <nav class="tabs concept-statuses" aria-label="Status">
            {NodeStatus::ALL.map(tab).collect_any()}
        </nav>
    }
}

/// What to do next.
#[component]
fn Empty(
    /// The page.
    bench: Bench,
    /// Of which status there is nothing.
    status: NodeStatus,
) -> impl IntoView {
    let readable = bench.has_readable();
    let accepted = bench.part(|project| project.accepted > 0);
    let to_sources = move || {
        view! {
            <a class="button primary" href=bench.address("sources")>"Add a source"</a>
        }
    };
    let state = |title: &'static str, body: &'static str| {
        view! { <EmptyState title=title body=body/> }.into_any()
    };
    live(move || {
        match status {
        NodeStatus::Accepted => {
            state("Nothing is accepted yet", "What you accept makes up the map of the project.")
        }
        NodeStatus::Rejected => {
            state("Nothing is rejected", "What you reject stays here, and is not proposed again.")
        }
        NodeStatus::Proposed if !readable.get() => view! {
            <EmptyState
                title="Begin with a source"
                body="Paste a text or choose files. Then have concepts proposed from them, and decide \
                      which belong in the map."
            >
                {to_sources()}
            </EmptyState>
        }
        .into_any(),
        NodeStatus::Proposed if accepted.get() => view! {
            <EmptyState
                title="Everything is decided"
                body="Have concepts proposed again when there are new sources, or look at the map."
            >
                <a class="button" href=bench.address("map")>"See the map"</a>
            </EmptyState>
        }
        .into_any(),
        NodeStatus::Proposed => state(
            "Nothing waits for a decision",
            "“Propose concepts” above reads the sources, and what they speak of is listed here.",
        ),
    }
    })
}
