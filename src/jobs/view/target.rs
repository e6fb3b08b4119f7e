//! The job of a target, on the target's own page.

use highwater::UseQuery;
use leptos::prelude::*;

use super::row::{Action, Running};
use crate::jobs::{live::TargetJob, model::Job};

/// How far the job has come, and the button that stops it; nothing while there is none.
#[component]
pub fn JobUnderWay(
    /// Its query, of a view around the `Transition` that this is in.
    query: UseQuery<TargetJob>,
) -> impl IntoView {
    with_job(query, |job| {
        view! {
            <div class="job-under-way">
                <div class="job-how"><Running job=job/></div>
                <Action job=job/>
            </div>
        }
        .into_any()
    })
}

/// The one thing that can be done about the job now.
#[component]
pub fn JobAction(
    /// Its query, as above.
    query: UseQuery<TargetJob>,
) -> impl IntoView {
    with_job(query, |job| view! { <Action job=job/> }.into_any())
}

fn with_job(query: UseQuery<TargetJob>, show: fn(Memo<Job>) -> AnyView) -> impl IntoView {
    let job = query.select(|answer| answer.and_then(Result::ok).flatten());
    let is_there = query.select(|answer| matches!(answer, Some(Ok(Some(_)))));
    move || {
        is_there.get().then(|| {
            let first = job.get_untracked()?;
            Some(show(Memo::new(move |_| job.get().unwrap_or_else(|| first.clone()))))
        })
    }
}
