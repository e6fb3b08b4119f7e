//! `/jobs`: what runs, what waits and what has ended, with its page in the address.

use highwater::{QueryError, UseQuery, use_query};
use leptos::prelude::*;
use leptos_meta::Title;

use super::row::Row;
use crate::{
    error::{AppError, words},
    jobs::{
        live::JobList,
        model::{Job, JobPage},
    },
    ui::{
        Each, EmptyState, ErrorState, Freshness, PageHeader, Pagination, TableSkeleton, asked_page,
    },
};

/// One's jobs.
#[component]
pub fn JobsPage() -> impl IntoView {
    let page = asked_page();
    let jobs = use_query(move || JobList { page: page.get() });
    view! {
        <Title text="Jobs"/>
        <PageHeader title="Jobs"/>
        <Freshness what="your jobs"/>
        <Transition fallback=|| {
            view! { <TableSkeleton rows=8 heads=&["Job", "Progress", "#Time"] class="as-list"/> }
        }>
            <Answer jobs=jobs/>
        </Transition>
    }
}

/// Which face the page has. Jobs change without changing it.
#[derive(Clone, PartialEq)]
enum Face {
    Nothing,
    Jobs,
    Empty,
    Error(QueryError<AppError>),
}

#[component]
fn Answer(
    /// What there is.
    jobs: UseQuery<JobList>,
) -> impl IntoView {
    let face = jobs.select(|answer| match answer {
        None => Face::Nothing,
        Some(Ok(page)) if page.is_empty() => Face::Empty,
        Some(Ok(_)) => Face::Jobs,
        Some(Err(error)) => Face::Error(error),
    });
    let page = jobs.select(|answer| answer.and_then(Result::ok).unwrap_or_default());
    let busy = move || jobs.is_previous().then_some("true");
    view! {
        <div class="job-list" aria-busy=busy>
            {move || match face.get() {
                Face::Nothing => ().into_any(),
                Face::Jobs => view! { <Groups page=page/> }.into_any(),
                Face::Empty => {
                    view! {
                        <EmptyState
                            title="No jobs yet"
                            body="What takes longer than a moment is done in the background. Here \
                                  you see how far it has come, and can stop it or have it done again."
                        />
                    }
                        .into_any()
                }
                Face::Error(error) => {
                    view! {
                        <ErrorState
                            title="Your jobs could not be read"
                            message=words(&error)
                            on_retry=move |()| jobs.refetch()
                            busy=Signal::derive(move || jobs.status().fetching)
                        />
                    }
                        .into_any()
                }
            }}
        </div>
    }
}

#[component]
fn Groups(
    /// What there is.
    page: Signal<JobPage>,
) -> impl IntoView {
    let past_the_end = move || {
        page.with(|page| page.finished.is_empty() && page.page > page.pages).then(|| {
            view! {
                <p class="muted">
                    "Fewer jobs than that have ended. " <a href="/jobs">"Go to the first page"</a>
                </p>
            }
        })
    };
    view! {
        <Group
            id="running"
            title="Running"
            page=page
            jobs=|page| &page.running
            total=|page| page.running_total
        />
        <Group
            id="waiting"
            title="Waiting"
            page=page
            jobs=|page| &page.queued
            total=|page| page.queued_total
        />
        <Group
            id="finished"
            title="Finished"
            page=page
            jobs=|page| &page.finished
            total=|page| page.finished_total
        />
        {past_the_end}
        <Show when=move || page.with(|page| page.pages > 1)>
            <Pagination
                page=Signal::derive(move || page.with(|page| page.page))
                pages=Signal::derive(move || page.with(|page| page.pages))
                total=Signal::derive(move || page.with(|page| page.finished_total))
                href=address
                noun="finished job"
            />
        </Show>
    }
}

/// The address of a page.
fn address(page: u32) -> String {
    if page > 1 { format!("/jobs?page={page}") } else { "/jobs".to_owned() }
}

/// One group, unless it is empty.
#[component]
fn Group(
    /// Names its heading.
    id: &'static str,
    /// The heading.
    title: &'static str,
    /// What there is.
    page: Signal<JobPage>,
    /// Which of it the group shows.
    jobs: fn(&JobPage) -> &Vec<Job>,
    /// How many there are.
    total: fn(&JobPage) -> u64,
) -> impl IntoView {
    let shown = Memo::new(move |_| page.with(|page| !jobs(page).is_empty()));
    let rows = move || page.with(|page| jobs(page).clone());
    let hidden = move || page.with(|page| total(page).saturating_sub(jobs(page).len() as u64));
    view! {
        <Show when=move || shown.get()>
            <section class="job-group" aria-labelledby=id>
                <h2 class="section-title" id=id>
                    {title} " " <span class="job-count">{move || page.with(total)}</span>
                </h2>
                <ul class="jobs">
                    <Each each=rows key=|job| job.id.clone() let:job>
                        <Row first=job page=page/>
                    </Each>
                </ul>
                // Of those that have ended the pages below tell.
                <Show when=move || id != "finished" && hidden() != 0>
                    <p class="muted">{move || format!("And {} more.", hidden())}</p>
                </Show>
            </section>
        </Show>
    }
}
