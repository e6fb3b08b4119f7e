//! The job of a target, on the target's own page.

use highwater::UseQuery;
use leptos::prelude::*;

use super::row::{Action, Error, Running};
use crate::jobs::{
    live::TargetJob,
    model::{Job, JobStatus},
};

/// How far the job has come, or why it waits for another run, and the button that stops it; nothing
/// while none is under way.
#[component]
pub fn JobUnderWay(
    /// Its query, of a view around the `Transition` that this is in.
    query: UseQuery<TargetJob>,
) -> impl IntoView {
    with_job(
        query,
        |job| job.status.is_live(),
        |job| {
            let waits = Memo::new(move |_| {
                job.with(|job| job.status == JobStatus::Queued && job.error.is_some())
            });
            view! {
                <div class="job-under-way">
                    <div class="job-how">
                        {move || if waits.get() {
                            view! { <Error job=job/> }.into_any()
                        } else {
                            view! { <Running job=job/> }.into_any()
                        }}
                    </div>
                    <Action job=job/>
                </div>
            }
            .into_any()
        },
    )
}

/// The one thing that can be done about the job now.
#[component]
pub fn JobAction(
    /// Its query, as above.
    query: UseQuery<TargetJob>,
) -> impl IntoView {
    with_job(query, |_| true, |job| view! { <Action job=job/> }.into_any())
}

fn with_job(
    query: UseQuery<TargetJob>,
    which: fn(&Job) -> bool,
    show: fn(Memo<Job>) -> AnyView,
) -> impl IntoView {
    let job = query.select(move |answer| answer.and_then(Result::ok).flatten().filter(which));
    let is_there = query.select(move |answer| matches!(answer, Some(Ok(Some(job))) if which(&job)));
    move || {
        is_there.get().then(|| {
            let first = job.get_untracked()?;
            Some(show(Memo::new(move |_| job.get().unwrap_or_else(|| first.clone()))))
        })
    }
}
