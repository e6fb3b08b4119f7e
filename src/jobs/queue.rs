//! The queue: how a job is claimed, kept, told of, given back and ended.
//!
//! Owns every change of a job's row and the event that goes with it, each in a transaction that it
//! is given. It must not know tasks, timers or processes: it is told the time and the claim.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use time::OffsetDateTime;

use super::{
    live::JobEvent,
    model::{Job, JobProgress, JobStatus},
    store::{self, Entry, Lease},
    work::{End, JobFailure, Task, Work, Works},
};
use crate::{
    account::service::audience_of, error::AppError, id::random_bits, live::StudioEvent,
    server::state::Write,
};

/// How long a job waits after its first failure; twice as long after each further one.
const FIRST_WAIT: Duration = Duration::from_secs(5);

/// The longest wait between two runs.
const LONGEST_WAIT: Duration = Duration::from_secs(300);

/// A job that the caller holds now.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Claim {
    pub(super) task: Task,
    /// The name of the lease.
    pub(super) lease: String,
}

/// What became of a lease.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Kept {
    pub(super) lease: String,
    /// Whether the job is to stop.
    pub(super) cancel_requested: bool,
}

/// What a run came to.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Outcome {
    /// This result.
    Completed(Value),
    /// Nothing.
    Failed(JobFailure),
    /// It was cut off: because the job was cancelled, as its row says then, or because whoever ran
    /// it stops.
    CutOff,
}

/// What a run's end made of the job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Settled {
    /// It has ended so.
    Ended(JobStatus),
    /// It waits for another run.
    Queued,
    /// Somebody else holds it or has ended it; nothing was done.
    Lost,
}

/// A report of a run, under its lease.
pub(super) type Report = (String, JobProgress);

/// Claims at most `limit` jobs that may be begun, each until `until` under a lease of its own. What
/// cannot be read is ended.
pub(super) async fn claim(
    write: &Write,
    kinds: &[&'static str],
    limit: usize,
    until: OffsetDateTime,
    now: OffsetDateTime,
) -> Result<Vec<Claim>, AppError> {
    let mut claims = Vec::new();
    let due = store::due(write.tx(), kinds, now, limit as u64).await?;
    let given_up = store::given_up(write.tx(), kinds, now).await?;
    for id in due.unreadable.iter().chain(&given_up.unreadable) {
        store::end_unreadable(write.tx(), id).await?;
    }
    for mut entry in due.entries {
        let name = format!("{:016x}", random_bits()?);
        let job = &mut entry.task.job;
        job.status = JobStatus::Running;
        job.attempts += 1;
        job.started_at = Some(now);
        job.progress = None;
        entry.lease = Some(Lease { name: name.clone(), until });
        change(write, &mut entry).await?;
        claims.push(Claim { task: entry.task, lease: name });
    }
    Ok(claims)
}

/// Keeps these leases until `until`; answers those that there still are.
pub(super) async fn keep(
    write: &Write,
    leases: &[String],
    until: OffsetDateTime,
) -> Result<Vec<Kept>, AppError> {
    store::renew(write.tx(), leases, until).await?;
    let held = store::held(write.tx(), leases).await?;
    let kept = held.into_iter().filter_map(|Entry { task, lease }| {
        let cancel_requested = task.job.cancel_requested;
        lease.map(|lease| Kept { lease: lease.name, cancel_requested })
    });
    Ok(kept.collect())
}

/// Writes how far runs have come; what is no longer held is left out.
pub(super) async fn tell(write: &Write, reports: &[Report]) -> Result<(), AppError> {
    let leases: Vec<String> = reports.iter().map(|(lease, _)| lease.clone()).collect();
    for mut entry in store::held(write.tx(), &leases).await? {
        let held = entry.lease.as_ref().map(|lease| lease.name.as_str());
        let report = reports.iter().find(|(lease, _)| Some(lease.as_str()) == held);
        let Some((_, progress)) = report else { continue };
        entry.task.job.progress = Some(progress.clone());
        save(write, &mut entry).await?;
        let Job { id, target, version, .. } = entry.task.job;
        let event = JobEvent::Progress { id, target, progress: progress.clone(), version };
        write.record(&[audience_of(entry.task.owner)], &StudioEvent::Job(event)).await?;
    }
    Ok(())
}

/// Settles what a run came to, if its lease is still held: so a result is written once, whoever
/// else took the job up meanwhile.
pub(super) async fn settle(
    write: &Write,
    work: &dyn Work,
    lease: &str,
    outcome: Outcome,
    now: OffsetDateTime,
) -> Result<Settled, AppError> {
    let Some(mut entry) = store::held(write.tx(), &[lease.to_owned()]).await?.pop() else {
        return Ok(Settled::Lost);
    };
    let job = &mut entry.task.job;
    match outcome {
        _ if job.cancel_requested => end(write, work, &mut entry, End::Cancelled, now).await,
        Outcome::Completed(result) => {
            if job.project_id.is_some() {
                job.progress = Some(JobProgress::complete(job.progress.as_ref(), now));
            }
            finish(&mut entry, JobStatus::Completed, None, now);
            change(write, &mut entry).await?;
            work.completed(write, &entry.task, result).await?;
            Ok(Settled::Ended(JobStatus::Completed))
        }
        Outcome::Failed(JobFailure { message, retry })
            if retry && job.attempts < job.max_attempts =>
        {
            job.error = Some(message);
            let wait = wait_after(job.attempts);
            requeue(&mut entry, now + wait);
            change(write, &mut entry).await?;
            Ok(Settled::Queued)
        }
        Outcome::Failed(JobFailure { message, .. }) => {
            end(write, work, &mut entry, End::Failed { message }, now).await
        }
        Outcome::CutOff => {
            // This run does not count: nothing was wrong with it.
            job.attempts = job.attempts.saturating_sub(1);
            requeue(&mut entry, now);
            change(write, &mut entry).await?;
            Ok(Settled::Queued)
        }
    }
}

/// Ends a job whose runner was lost, if it must not be run again and nobody has ended it yet.
pub(super) async fn give_up(
    write: &Write,
    works: &Works,
    job: &Job,
    now: OffsetDateTime,
) -> Result<Settled, AppError> {
    let found = store::find(write.tx(), &job.id).await?;
    let Some(mut entry) = found.filter(|entry| entry.task.job.version == job.version) else {
        return Ok(Settled::Lost);
    };
    let work = works.of(&job.kind).ok_or_else(|| nobody_does(job))?;
    let how = if job.cancel_requested {
        End::Cancelled
    } else {
        let times = match job.attempts {
            1 => "once".to_owned(),
            attempts => format!("{attempts} times"),
        };
        End::Failed { message: format!("It was begun {times}, and the server stopped each time.") }
    };
    end(write, &**work, &mut entry, how, now).await
}

/// Ends a job that was not completed.
pub(super) async fn end(
    write: &Write,
    work: &dyn Work,
    entry: &mut Entry,
    how: End,
    now: OffsetDateTime,
) -> Result<Settled, AppError> {
    let (status, stage, error) = match &how {
        End::Failed { message } => (JobStatus::Failed, JobProgress::FAILED, Some(message.clone())),
        End::Cancelled => (JobStatus::Cancelled, JobProgress::CANCELLED, None),
    };
    let job = &mut entry.task.job;
    if job.project_id.is_some() {
        let (last, why) = (job.progress.as_ref(), error.as_deref().unwrap_or_default());
        job.progress = Some(JobProgress::ended(last, stage, why, now));
    }
    finish(entry, status, error, now);
    change(write, entry).await?;
    work.ended(write, &entry.task, &how).await?;
    Ok(Settled::Ended(status))
}

/// Marks a job as ended.
pub(super) fn finish(
    entry: &mut Entry,
    status: JobStatus,
    error: Option<String>,
    now: OffsetDateTime,
) {
    let job = &mut entry.task.job;
    job.status = status;
    job.error = error;
    job.finished_at = Some(now);
    job.cancel_requested = false;
    entry.lease = None;
}

/// Marks a job as waiting.
pub(super) fn requeue(entry: &mut Entry, run_after: OffsetDateTime) {
    let job = &mut entry.task.job;
    job.status = JobStatus::Queued;
    job.run_after = run_after;
    job.started_at = None;
    job.progress = None;
    entry.lease = None;
}

/// Writes a job as it is now, and tells its owner.
pub(super) async fn change(write: &Write, entry: &mut Entry) -> Result<(), AppError> {
    save(write, entry).await?;
    record(write, &entry.task).await
}

/// Tells the owner of a job how it is now.
pub(super) async fn record(write: &Write, task: &Task) -> Result<(), AppError> {
    let event = StudioEvent::Job(JobEvent::changed(&task.job));
    write.record(&[audience_of(task.owner)], &event).await?;
    Ok(())
}

/// The refusal where a kind has no work: a newer version of the server queued it, and can do what
/// is asked.
pub(super) fn nobody_does(job: &Job) -> AppError {
    tracing::warn!(job = %job.id, kind = %job.kind, "no work here does this kind of job");
    AppError::UNAVAILABLE
}

async fn save(write: &Write, entry: &mut Entry) -> Result<(), AppError> {
    entry.task.job.version += 1;
    if store::save(write.tx(), entry).await? {
        return Ok(());
    }
    // A transaction that writes has the database to itself where there is one writer; elsewhere it
    // was read before another one wrote.
    Err(AppError::UNAVAILABLE)
}

/// How long a job waits after that many runs.
fn wait_after(attempts: u32) -> Duration {
    let doublings = attempts.saturating_sub(1).min(16);
    (FIRST_WAIT * 2_u32.pow(doublings)).min(LONGEST_WAIT)
}
