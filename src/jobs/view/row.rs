//! One job: what it is, how far it has come, how long that took, and what can be done about it.

use leptos::prelude::*;

use super::{
    actions::{again, stop},
    duration::Duration,
};
use crate::{
    jobs::model::{Job, JobPage, JobStatus},
    line::capitalised,
    live::StudioEvent,
    ui::{Badge, LiveValue, Pace, Progress, TimeAgo, Tone, live, use_toasts},
};

/// What the colour of a status means.
fn tone(status: JobStatus) -> Tone {
    match status {
        JobStatus::Queued | JobStatus::Cancelled => Tone::Neutral,
        JobStatus::Running => Tone::Accent,
        JobStatus::Completed => Tone::Success,
        JobStatus::Failed => Tone::Danger,
    }
}

/// How far a job has come, in a word.
fn word(job: &Job) -> &'static str {
    match job.status {
        _ if job.cancel_requested => "stopping",
        JobStatus::Queued if job.error.is_some() => "trying again",
        JobStatus::Queued => "waiting",
        status => status.as_str(),
    }
}

#[component]
pub(super) fn Row(
    /// The job when it came.
    first: Job,
    /// The page it is on.
    page: Signal<JobPage>,
) -> impl IntoView {
    let id = first.id.clone();
    let (title, kind, link) = (first.title.clone(), first.kind_in_words(), first.link.clone());
    let job = Memo::new(move |before: Option<&Job>| {
        let now = page.with(|page| page.jobs().find(|job| job.id == id).cloned());
        now.unwrap_or_else(|| before.unwrap_or(&first).clone())
    });
    let title = match link {
        Some(link) => view! { <a class="job-link" href=link>{title}</a> }.into_any(),
        None => title.into_any(),
    };
    let runs = Memo::new(move |_| job.with(|job| job.status == JobStatus::Running));
    view! {
        <li class="job">
            <div class="job-what">
                <p class="job-title">{title}</p>
                <p class="job-facts">
                    {kind} {move || job.with(attempts)} " · "
                    <TimeAgo at=Signal::derive(move || job.with(last_moment))/>
                </p>
            </div>
            <div class="job-how">
                {move || if runs.get() {
                    view! { <Running job=job/> }.into_any()
                } else {
                    view! { <Error job=job/> }.into_any()
                }}
            </div>
            <div class="job-state">
                <LiveValue value=move || job.with(word)>
                    <Badge tone=Signal::derive(move || tone(job.with(|job| job.status)))>
                        {move || job.with(word)}
                    </Badge>
                </LiveValue>
                <Duration job=job/>
            </div>
            <div class="job-action">
                <Action job=job/>
            </div>
        </li>
    }
    .into_any()
}

/// When it was asked for, or when it ended.
fn last_moment(job: &Job) -> time::OffsetDateTime {
    job.finished_at.unwrap_or(job.created_at)
}

/// Which attempt it is, unless it is the first.
fn attempts(job: &Job) -> String {
    match job.attempts {
        0 | 1 => String::new(),
        attempt => format!(" · attempt {attempt} of {}", job.max_attempts),
    }
}

/// How far it has come.
#[component]
pub fn Running(
    /// The job.
    job: Memo<Job>,
) -> impl IntoView {
    let progress = move || job.with(|job| job.progress.clone());
    let stage =
        move || progress().map_or_else(|| "Starting".to_owned(), |told| capitalised(&told.stage));
    // All moments are the server's, so that no other clock comes in.
    let pace = Memo::new(move |before: Option<&Option<Pace>>| {
        let told = progress()?;
        let at_ms =
            told.updated_at.unix_timestamp() * 1_000 + i64::from(told.updated_at.millisecond());
        Some(Pace::after(before.copied().flatten(), told.current, told.total?, at_ms))
    });
    let message = move || progress().map(|told| told.message).unwrap_or_default();
    // What has ended is told before its status; a bar would still promise something.
    let ended = Memo::new(move |_| progress().is_some_and(|told| told.is_of_end()));
    view! {
        {move || if ended.get() {
            view! { <p class="job-message">{stage}</p> }.into_any()
        } else {
            view! {
                <Progress
                    stage=Signal::derive(stage)
                    done=Signal::derive(move || progress().map_or(0, |told| told.current))
                    total=Signal::derive(move || progress().and_then(|told| told.total))
                    left_ms=Signal::derive(move || pace.get().and_then(Pace::left_ms))
                />
            }
            .into_any()
        }}
        <p class="job-message">{message}</p>
    }
}

/// Why it failed, for good or the last time.
#[component]
pub fn Error(
    /// The job.
    job: Memo<Job>,
) -> impl IntoView {
    live(move || {
        job.with(|job| job.error.clone()).map(|error| view! { <p class="job-error">{error}</p> })
    })
}

/// The one thing that can be done about it now.
#[component]
pub(super) fn Action(
    /// The job.
    job: Memo<Job>,
) -> impl IntoView {
    let mutations = highwater::use_mutation::<StudioEvent>();
    let toasts = use_toasts();
    let what = Memo::new(move |_| job.with(|job| (job.may_cancel(), job.may_retry())));
    let cancel = move |_| {
        let job = job.get_untracked();
        mutations.run(stop(&job).done(move |outcome| {
            if let Err(error) = outcome {
                toasts.error(format!("The job was not cancelled. {error}"));
            }
        }));
    };
    let retry = move |_| {
        let job = job.get_untracked();
        mutations.run(again(&job).done(move |outcome| {
            if let Err(error) = outcome {
                toasts.error(format!("The job was not queued again. {error}"));
            }
        }));
    };
    let label =
        move |what: &str| format!("{what} “{}”", job.with_untracked(|job| job.title.clone()));
    live(move || match what.get() {
        (true, _) => view! {
            <button type="button" class="button" aria-label=label("Cancel") on:click=cancel>
                "Cancel"
            </button>
        }
        .into_any(),
        (_, true) => view! {
            <button type="button" class="button" aria-label=label("Retry") on:click=retry>
                "Retry"
            </button>
        }
        .into_any(),
        _ => ().into_any(),
    })
}
