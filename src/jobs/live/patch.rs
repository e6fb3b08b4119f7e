//! What an event does to jobs that are shown.

use highwater::Patch;

use super::JobEvent;
use crate::jobs::model::{Job, JobPage, JobStatus};

/// What `event` does to the jobs of an owner.
pub(super) fn page(page: &mut JobPage, event: &JobEvent) -> Patch {
    match event {
        JobEvent::Changed { job } => match page.place((**job).clone()) {
            true => Patch::Patched,
            false => Patch::Stale,
        },
        JobEvent::Progress { id, .. } => {
            // What is not listed changes nothing: progress moves no job.
            let shown = page.running.iter_mut().find(|job| job.id == *id);
            shown.map_or(Patch::Unaffected, |job| progress(job, event))
        }
    }
}

/// What `event` does to the newest job of a target.
pub(super) fn of_target(target: &str, shown: &mut Option<Job>, event: &JobEvent) -> Patch {
    match event {
        JobEvent::Changed { job } if job.target == target => {
            // An older one can still be told of: its end came first, or nothing newer would be.
            let older = |shown: &Job| shown.id != job.id && newer(shown, job);
            if shown.as_ref().is_some_and(older) {
                return Patch::Unaffected;
            }
            *shown = Some((**job).clone());
            Patch::Patched
        }
        JobEvent::Progress { id, .. } => match shown {
            Some(job) if job.id == *id => progress(job, event),
            _ => Patch::Unaffected,
        },
        JobEvent::Changed { .. } => Patch::Unaffected,
    }
}

fn newer(one: &Job, other: &Job) -> bool {
    (one.created_at, &one.id) > (other.created_at, &other.id)
}

fn progress(job: &mut Job, event: &JobEvent) -> Patch {
    let JobEvent::Progress { progress, version, .. } = event else { return Patch::Unaffected };
    if job.status != JobStatus::Running {
        return Patch::Stale;
    }
    if *version > job.version {
        job.progress = Some(progress.clone());
        job.version = *version;
    }
    Patch::Patched
}
