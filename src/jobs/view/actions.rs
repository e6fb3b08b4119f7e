//! Stopping a job and having it done again: shown at once wherever the job is, and taken back if
//! the server refuses.

use highwater::MutationRequest;

use crate::{
    error::AppError,
    jobs::{
        api::{cancel_job, retry_job},
        live::{JobList, TargetJob},
        model::{Job, JobId, JobPage, JobStatus},
    },
    live::StudioEvent,
};

/// Stops a job. What waits is as good as stopped; of what runs the server says when it has stopped.
pub fn stop(job: &Job) -> MutationRequest<StudioEvent, Job, AppError> {
    let id = job.id.clone();
    let (listed, alone) = (id.clone(), id.clone());
    MutationRequest::new(format!("job {id}"), move |sending| cancel_job(id.clone(), sending.id))
        .overlay_all::<JobList>(move |page| {
            let shown = page.jobs_mut().filter(|job| job.id == listed && job.status.is_live());
            shown.for_each(|job| job.cancel_requested = true);
        })
        .overlay_all::<TargetJob>(move |job| {
            let shown = job.iter_mut().filter(|job| job.id == alone && job.status.is_live());
            shown.for_each(|job| job.cancel_requested = true);
        })
}

/// Has a job done again that failed or was cancelled.
pub fn again(job: &Job) -> MutationRequest<StudioEvent, Job, AppError> {
    let id = job.id.clone();
    let (listed, alone) = (id.clone(), id.clone());
    MutationRequest::new(format!("job {id}"), move |sending| retry_job(id.clone(), sending.id))
        .overlay_all::<JobList>(move |page| queue_again(page, &listed))
        .overlay_all::<TargetJob>(move |job| {
            let shown = job.iter_mut().filter(|job| job.id == alone && job.may_retry());
            shown.for_each(as_new);
        })
}

/// Moves a job from those that have ended to the end of those that wait.
fn queue_again(page: &mut JobPage, id: &JobId) {
    let ended = page.finished.iter().position(|job| job.id == *id && job.may_retry());
    if let Some(at) = ended {
        let mut job = page.finished.remove(at);
        as_new(&mut job);
        page.finished_total = page.finished_total.saturating_sub(1);
        page.queued.push(job);
        page.queued_total += 1;
    }
}

fn as_new(job: &mut Job) {
    job.status = JobStatus::Queued;
    (job.attempts, job.error, job.progress) = (0, None, None);
    (job.started_at, job.finished_at) = (None, None);
}
