//! Having concepts proposed: the button, how far it has come, and what came of it. A reload finds it
//! again, because it is a query like any other.

use std::time::Duration;

use highwater::{UseQuery, use_query};
use leptos::prelude::*;

use super::{
    bench::Bench,
    change::{generate, stop},
    counted,
    generation_end::tell_end,
};
use crate::{
    jobs::{
        model::{Job, JobStatus},
        view::{JobError, JobRunning},
    },
    labs::{live::Generation, model::SourceStatus},
    ui::{Icon, IconName, live},
};

/// How long after it was pressed the button can be pressed again: what it does then is the opposite.
const PAUSE: Duration = Duration::from_millis(500);

/// The newest job that proposes concepts, and whether something was just asked of it. Cheap to copy.
#[derive(Clone, Copy)]
pub(super) struct GenerationNow {
    pub bench: Bench,
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

    /// Where that job stands.
    pub fn status(self) -> Signal<Option<JobStatus>> {
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

/// The button: what is under way can be stopped, otherwise it begins, once there is something to read. It
/// stays the same button, so that neither its place nor its width changes below the pointer.
#[component]
pub(super) fn ProposeButton(
    /// What is being proposed.
    generation: GenerationNow,
) -> impl IntoView {
    let GenerationNow { bench, busy, .. } = generation;
    let (job, readable) = (generation.job(), bench.has_readable());
    let runs =
        Memo::new(move |_| job.with(|job| job.as_ref().is_some_and(|job| job.status.is_live())));
    let stops = Memo::new(move |_| {
        runs.get() && job.with(|job| job.as_ref().is_some_and(|job| job.cancel_requested))
    });
    let waits = move || busy.get() || stops.get();
    let press = move |_| match job.get_untracked().filter(|job| job.status.is_live()) {
        Some(job) => generation.stop(job),
        None if readable.get_untracked() => generation.begin(),
        None => {}
    };
    view! {
        <button
            type="button"
            class="button of-two-words"
            class:primary=move || !runs.get()
            aria-busy=move || waits().then_some("true")
            aria-disabled=move || (waits() || !runs.get() && !readable.get()).then_some("true")
            aria-describedby=move || (!runs.get()).then_some("propose-why")
            on:click=press
        >
            <span class:away=move || runs.get()>"Propose concepts"</span>
            <span class:away=move || !runs.get()>"Stop"</span>
        </button>
    }
}

/// What the line tells.
#[derive(Clone, Copy, PartialEq)]
enum Tells {
    /// How far it has come.
    Progress,
    /// Why nothing was proposed, and from what it would be.
    Failure,
    /// From what concepts are proposed.
    Sources,
}

/// How far it has come, or why it did not, or from what it would be. There is always one of them, so that
/// what stands below keeps its place.
#[component]
pub(super) fn GenerationLine(
    /// What is being proposed.
    generation: GenerationNow,
) -> impl IntoView {
    let job = generation.job();
    tell_end(generation);
    let tells = Memo::new(move |_| {
        job.with(|job| match job {
            // What has ended is told before its status.
            Some(job) if job.status.is_live() => match &job.progress {
                Some(told) if told.is_of_end() => Tells::Sources,
                _ => Tells::Progress,
            },
            Some(job) if job.status == JobStatus::Failed => Tells::Failure,
            _ => Tells::Sources,
        })
    });
    live(move || match (tells.get(), job.get_untracked()) {
        (Tells::Progress, Some(first)) => {
            let job = Memo::new(move |_| job.get().unwrap_or_else(|| first.clone()));
            view! { <UnderWay job=job/> }.into_any()
        }
        (Tells::Failure, _) => {
            let why = move || job.with(|job| job.as_ref().and_then(|job| job.error.clone()));
            view! {
                <div class="notice project-notice" data-tone="danger">
                    <Icon name=IconName::Alert/>
                    <span>"No concepts were proposed. " {why}</span>
                </div>
                <Readable generation=generation/>
            }
            .into_any()
        }
        _ => view! { <Readable generation=generation/> }.into_any(),
    })
}

/// From what concepts are proposed, or why they cannot be.
#[component]
fn Readable(
    /// What is being proposed.
    generation: GenerationNow,
) -> impl IntoView {
    let words = generation.bench.sources.select(|answer| {
        let sources = answer?.ok()?;
        let count = |is: fn(SourceStatus) -> bool| {
            sources.iter().filter(|source| is(source.status)).count() as u64
        };
        let ready = count(|status| status == SourceStatus::Completed);
        Some(readable(sources.len() as u64, ready, count(SourceStatus::is_under_way)))
    });
    view! { <p class="project-notice muted" id="propose-why">{move || words.get()}</p> }
}

/// The same in words: of so many sources, so many are ready and so many are being read.
fn readable(all: u64, ready: u64, read: u64) -> String {
    match (ready, read) {
        _ if all == 0 => "There is no source to propose concepts from yet.".to_owned(),
        (0, 0) => "No source could be read.".to_owned(),
        (0, 1) => "1 source is being read.".to_owned(),
        (0, _) => format!("{} are being read.", counted(read, "source")),
        _ if ready == all => format!("Concepts are proposed from {}.", counted(all, "source")),
        _ => format!("Concepts are proposed from {ready} of {}.", counted(all, "source")),
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn from_what_concepts_are_proposed_is_said_in_one_line() {
        assert_eq!(readable(0, 0, 0), "There is no source to propose concepts from yet.");
        assert_eq!(readable(1, 0, 1), "1 source is being read.");
        assert_eq!(readable(3, 0, 2), "2 sources are being read.");
        assert_eq!(readable(1, 0, 0), "No source could be read.");
        assert_eq!(readable(1, 1, 0), "Concepts are proposed from 1 source.");
        assert_eq!(readable(3, 2, 1), "Concepts are proposed from 2 of 3 sources.");
    }
}
