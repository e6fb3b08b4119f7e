//! How far an import has come, and what came of it.

use highwater::{QueryError, UseQuery, use_query};
use leptos::prelude::*;

use crate::{
    error::{AppError, words},
    jobs::{
        live::TargetJob,
        view::{JobAction, JobUnderWay},
    },
    orders::{
        live::OrderImportQuery,
        model::{BadRow, ImportCounts, ImportId, ImportStatus, OrderImport},
    },
    ui::{CollectAny, EmptyState, ErrorState, Icon, IconName, live},
};

/// One import, live. Its id is in the address, so that a reload finds it again.
#[component]
pub(super) fn OneImport(
    /// Which.
    id: ImportId,
) -> impl IntoView {
    let target = id.target();
    let query = use_query(move || OrderImportQuery(id.clone()));
    let job = use_query(move || TargetJob(target.clone()));
    view! {
        <Transition fallback=|| view! { <p class="muted" role="status">"Loading"</p> }>
            <Answer query=query job=job/>
        </Transition>
    }
}

/// Which face it has. Counts change without changing it.
#[derive(Clone, PartialEq)]
enum Face {
    Nothing,
    Running,
    Ended,
    Missing,
    Error(QueryError<AppError>),
}

#[component]
fn Answer(
    /// The import.
    query: UseQuery<OrderImportQuery>,
    /// The job that does it.
    job: UseQuery<TargetJob>,
) -> impl IntoView {
    let face = query.select(|answer| match answer {
        None => Face::Nothing,
        Some(Ok(import)) if import.status == ImportStatus::Running => Face::Running,
        Some(Ok(_)) => Face::Ended,
        Some(Err(QueryError::Refused(AppError::NotFound { .. }))) => Face::Missing,
        Some(Err(error)) => Face::Error(error),
    });
    let import = query.select(|answer| answer.and_then(Result::ok));
    live(move || match face.get() {
        Face::Nothing => ().into_any(),
        Face::Running => view! {
            <div class="import-progress">
                <JobUnderWay query=job/>
                <p class="muted">"You can leave this page; the import goes on."</p>
            </div>
        }
        .into_any(),
        Face::Ended => view! { <Ended import=import job=job/> }.into_any(),
        Face::Missing => view! {
            <EmptyState
                title="There is no such import"
                body="It may be somebody else's, or so old that it is no longer kept."
            >
                <a class="button" href="/orders/import">"Import files"</a>
            </EmptyState>
        }
        .into_any(),
        Face::Error(error) => view! {
            <ErrorState
                title="The import could not be read"
                message=words(&error)
                on_retry=move |()| query.refetch()
                busy=Signal::derive(move || query.status().fetching)
            />
        }
        .into_any(),
    })
}

#[component]
fn Ended(
    /// The import, which does not change any more.
    import: Signal<Option<OrderImport>>,
    /// The job that did it.
    job: UseQuery<TargetJob>,
) -> impl IntoView {
    let import = import.get_untracked();
    import.map(|import| {
        let more = import.more_bad_rows();
        let OrderImport { status, counts, bad_rows, message, .. } = import;
        let (tone, icon, title) = match status {
            ImportStatus::Completed => ("success", IconName::Check, "The import is complete."),
            ImportStatus::Cancelled => {
                ("warning", IconName::Alert, "The import was cancelled. What it added stays.")
            }
            ImportStatus::Failed | ImportStatus::Running => {
                ("danger", IconName::Alert, "The import failed.")
            }
        };
        view! {
            <div class="import-report">
                <p class="notice" data-tone=tone role="status">
                    <Icon name=icon/>
                    <span>{title} " " {message}</span>
                </p>
                <Counts counts=counts/>
                {(counts.bad > 0).then(|| view! { <BadRows rows=bad_rows more=more/> })}
                <div class="button-group">
                    {(status == ImportStatus::Cancelled).then(|| view! { <JobAction query=job/> })}
                    <a class="button primary" href="/orders">"See the orders"</a>
                    <a class="button" href="/orders/import">"Import other files"</a>
                </div>
            </div>
        }
    })
}

#[component]
fn Counts(
    /// What was done.
    counts: ImportCounts,
) -> impl IntoView {
    let ImportCounts { orders, lines, customers, products, skipped, bad, .. } = counts;
    let rows = [
        ("Orders added", orders),
        ("Their lines", lines),
        ("Customers added", customers),
        ("Products added", products),
        ("Orders that were here already", skipped),
        ("Rows that could not be used", bad),
    ];
    let row = |(what, count): (&'static str, u64)| {
        view! {
            <div class="fact">
                <dt>{what}</dt>
                <dd class="number">{count}</dd>
            </div>
        }
    };
    view! { <dl class="facts import-counts">{rows.map(row).collect_any()}</dl> }
}

#[component]
fn BadRows(
    /// The first of them.
    rows: Vec<BadRow>,
    /// How many there are besides.
    more: u64,
) -> impl IntoView {
    let row = |BadRow { file, line, column, reason }: BadRow| {
        view! {
            <tr>
                <th scope="row">{file}</th>
                <td class="number">{line}</td>
                <td>{column.unwrap_or_else(|| "–".to_owned())}</td>
                <td>{reason}</td>
            </tr>
        }
    };
    view! {
        <section class="section" aria-labelledby="bad-rows">
            <h2 class="section-title" id="bad-rows">"Rows that could not be used"</h2>
            <table class="table bad-rows">
                <thead>
                    <tr>
                        <th scope="col">"File"</th>
                        <th scope="col" class="number">"Line"</th>
                        <th scope="col">"Column"</th>
                        <th scope="col">"What is wrong"</th>
                    </tr>
                </thead>
                <tbody>{rows.into_iter().map(row).collect_any()}</tbody>
            </table>
            {(more > 0).then(|| view! { <p class="muted">{format!("And {more} more.")}</p> })}
        </section>
    }
}
