//! Having concepts proposed: the button, how far it has come, and what came of it. A reload finds it
//! again, because it is a query like any other.

use std::time::Duration;

use highwater::{UseQuery, use_query};
use leptos::prelude::*;

use super::{
    bench::Bench,
    change::{generate, stop},
};
use crate::{
    jobs::{
        model::{Job, JobStatus},
        view::{JobError, JobRunning},
    },
    labs::live::Generation,
    ui::{Icon, IconName, effect, live},
};

/// How long after it was pressed the button can be pressed again: what it does then is the opposite.
const PAUSE: Duration = Duration::from_millis(500);

/// The newest job that proposes concepts, and whether something was just asked of it. Cheap to copy.
#[derive(Clone, Copy)]
pub(super) struct GenerationNow {
    bench: Bench,
    query: UseQuery<Generation>,
    busy: RwSignal<bool>,
}

impl GenerationNow {
    /// Follows that of a project.
    pub fn follow(bench: Bench) -> Self {
        let generation = Generation(bench.id());
        Self { bench, query: use_query(move || generation.clone()), busy: RwSignal::new(false) }
    }

    fn job(self) -> Signal<Option<Job>> {
        self.query.select(|answer| answer.and_then(Result::ok).flatten())
    }

    fn status(self) -> Signal<Option<JobStatus>> {
        self.query.select(|answer| answer.and_then(Result::ok).flatten().map(|job| job.status))
    }

    /// Has concepts proposed.
    fn begin(self) {
        let Self { bench, .. } = self;
        if self.is_free() {
            bench.mutations.run(generate(bench.id()).done(move |outcome| {
                self.answered();
                if let Err(refusal) = outcome {
                    bench.toasts.error(format!("Nothing is being proposed. {refusal}"));
                }
            }));
        }
    }

    /// Stops that.
    fn stop(self, job: Job) {
        let Self { bench, .. } = self;
        if job.may_cancel() && self.is_free() {
            bench.mutations.run(stop(bench.id(), job.id).done(move |outcome| {
                self.answered();
                if let Err(refusal) = outcome {
                    bench.toasts.error(format!("It was not stopped. {refusal}"));
                }
            }));
        }
    }

    /// Whether something may be asked now; if so, it is taken for asked.
    fn is_free(self) -> bool {
        let free = !self.busy.get_untracked();
        self.busy.set(true);
        free
    }

    fn answered(self) {
        // The page may be gone by then.
        set_timeout(move || _ = self.busy.try_set(false), PAUSE);
    }
}

/// The button: what is under way can be stopped, otherwise it begins, once there is something to read.
#[component]
pub(super) fn ProposeButton(
    /// What is being proposed.
    generation: GenerationNow,
) -> impl IntoView {
    let GenerationNow { bench, busy, .. } = generation;
    let (job, readable) = (generation.job(), bench.has_readable());
    let runs =
        Memo::new(move |_| job.with(|job| job.as_ref().is_some_and(|job| job.status.is_live())));
    let stopping =
        move || job.with(|job| job.as_ref().is_some_and(|job| job.cancel_requested)) || busy.get();
    let stop = move |_| {
        if let Some(job) = job.get_untracked() {
            generation.stop(job);
        }
    };
    let begin = move |_| {
        if readable.get_untracked() {
            generation.begin();
        }
    };
    live(move || {
        if runs.get() {
            return view! {
                <button
                    type="button"
                    class="button"
                    aria-busy=move || stopping().then_some("true")
                    aria-disabled=move || stopping().then_some("true")
                    on:click=stop
                >
                    "Stop"
                </button>
            }
            .into_any();
        }
        view! {
            <button
                type="button"
                class="button primary"
                aria-busy=move || busy.get().then_some("true")
                aria-disabled=move || (busy.get() || !readable.get()).then_some("true")
                aria-describedby="propose-why"
                on:click=begin
            >
                "Propose concepts"
            </button>
        }
        .into_any()
    })
}

/// How far it has come, or why it did not; nothing while there is nothing to tell.
#[component]
pub(super) fn GenerationLine(
    /// What is being proposed.
    generation: GenerationNow,
) -> impl IntoView {
    let GenerationNow { bench, .. } = generation;
    let (job, status, readable) = (generation.job(), generation.status(), bench.has_readable());
    let asks_for_source = bench.sources.select(|answer| matches!(answer, Some(Ok(_))));
    effect(move |before: Option<Option<JobStatus>>| {
        let status = status.get();
        let was_live = before.flatten().is_some_and(JobStatus::is_live);
        if was_live && status == Some(JobStatus::Completed) {
            bench.toasts.success("The sources are read. What is new waits among the proposals.");
        }
        status
    });
    live(move || match (status.get(), job.get_untracked()) {
        (Some(JobStatus::Queued | JobStatus::Running), Some(first)) => {
            let job = Memo::new(move |_| job.get().unwrap_or_else(|| first.clone()));
            view! { <UnderWay job=job/> }.into_any()
        }
        (Some(JobStatus::Failed), _) => {
            let why = move || job.with(|job| job.as_ref().and_then(|job| job.error.clone()));
            view! {
                <div class="notice project-notice" data-tone="danger">
                    <Icon name=IconName::Alert/>
                    <span>"No concepts were proposed. " {why}</span>
                    <Again generation=generation/>
                </div>
            }
            .into_any()
        }
        (Some(JobStatus::Cancelled), _) => view! {
            <div class="notice project-notice" data-tone="neutral">
                <span>"Proposing was stopped before anything was found."</span>
                <Again generation=generation/>
            </div>
        }
        .into_any(),
        _ => live(move || {
            (asks_for_source.get() && !readable.get()).then(|| {
                view! {
                    <p class="project-notice muted" id="propose-why">
                        "Concepts are proposed from sources that are ready. There is none yet."
                    </p>
                }
            })
        }),
    })
}

/// A real bar, or why it waits for another run.
#[component]
fn UnderWay(
    /// The job.
    job: Memo<Job>,
) -> impl IntoView {
    let waits =
        Memo::new(move |_| job.with(|job| job.status == JobStatus::Queued && job.error.is_some()));
    view! {
        <div class="project-progress" role="group" aria-label="Proposing concepts">
            {move || if waits.get() {
                view! { <JobError job=job/> }.into_any()
            } else {
                view! { <JobRunning job=job/> }.into_any()
            }}
        </div>
    }
}

#[component]
fn Again(
    /// What is being proposed.
    generation: GenerationNow,
) -> impl IntoView {
    let readable = generation.bench.has_readable();
    let waits = move || (generation.busy.get() || !readable.get()).then_some("true");
    view! {
        <button
            type="button"
            class="button"
            aria-disabled=waits
            on:click=move |_| {
                if readable.get_untracked() {
                    generation.begin();
                }
            }
        >
            "Propose again"
        </button>
    }
}
