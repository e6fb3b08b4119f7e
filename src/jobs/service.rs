//! What can be done with jobs: ask for one, list them, follow the one of a target, stop one, and
//! have one done again.
//!
//! Owns authorisation (a job is its owner's alone), the transactions and the events recorded in
//! them. It must not know HTTP, and leaves what happens to a row to the queue.

mod slice;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use highwater::{AsOf, Committed, MutationId, Stamped};
use serde_json::Value;
use time::OffsetDateTime;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

pub use self::slice::{
    cancel_of_owner, cancel_of_project, find_of_project, is_same_run, newest_of_target, of_project,
};
use super::{
    metrics::JobMetrics,
    model::{Job, JobId, JobPage, JobStatus},
    queue,
    store::{self, Entry},
    work::{End, Task, Work, Works},
};
use crate::{
    account::{
        model::{CurrentUser, UserId},
        service::author,
    },
    error::AppError,
    id::random_bits,
    server::state::{Live, Write},
};

/// The jobs of one server: what does them, and how whoever runs them is told. Cheap to clone.
#[derive(Clone)]
pub struct Jobs {
    pub(super) works: Works,
    /// Rings when there may be something to begin.
    pub(super) due: Arc<Notify>,
    /// What runs here, by lease: a job that is cancelled stops at once.
    pub(super) runs: Arc<Mutex<HashMap<String, Run>>>,
    pub(super) metrics: Arc<JobMetrics>,
}

/// A job that runs here.
pub(super) struct Run {
    pub(super) job: JobId,
    pub(super) stop: CancellationToken,
}

/// What is to be done.
#[derive(Clone, Debug, PartialEq)]
pub struct NewJob {
    /// One of the kinds of a [`Work`].
    pub kind: &'static str,
    /// Who asks, and alone sees it.
    pub owner: UserId,
    /// The project it belongs to, if it belongs to one.
    pub project_id: Option<String>,
    /// What it works on, such as `podcast:pod_1`; it has one job at a time.
    pub target: String,
    /// What a person reads, such as the name of the target.
    pub title: String,
    /// The page of the target.
    pub link: Option<String>,
    /// What the work needs to know besides. It is not told to anybody.
    pub payload: Value,
    /// How often it may be begun; at least 1.
    pub max_attempts: u32,
}

impl Jobs {
    /// Jobs that these do.
    pub fn new(works: Vec<Arc<dyn Work>>) -> Self {
        Self {
            works: Works::new(works),
            due: Arc::default(),
            runs: Arc::default(),
            metrics: Arc::default(),
        }
    }

    /// Queues a job in the caller's transaction.
    ///
    /// # Errors
    /// [`AppError::Conflict`] while its target has another one; or when the database fails.
    pub async fn enqueue(
        &self,
        write: &Write,
        new: NewJob,
        now: OffsetDateTime,
    ) -> Result<Job, AppError> {
        let NewJob { kind, owner, project_id, target, title, link, payload, max_attempts } = new;
        let now = now.truncate_to_millisecond();
        let job = Job {
            id: JobId::of_bits(random_bits()?),
            kind: kind.to_owned(),
            project_id,
            target,
            title,
            link,
            status: JobStatus::Queued,
            attempts: 0,
            max_attempts,
            run_after: now,
            cancel_requested: false,
            error: None,
            progress: None,
            created_at: now,
            started_at: None,
            finished_at: None,
            version: 1,
        };
        let entry = Entry { task: Task { job, owner, payload }, lease: None };
        store::insert(write.tx(), &entry).await?;
        queue::record(write, &entry.task).await?;
        self.wake_on_commit(write);
        Ok(entry.task.job)
    }

    /// Cancels the job of a target that the caller's transaction deletes, if it has one: whatever
    /// its run comes to is thrown away. Its work is not told; the caller puts right what is left.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn cancel_for_target(
        &self,
        write: &Write,
        target: &str,
        now: OffsetDateTime,
    ) -> Result<(), AppError> {
        let Some(mut entry) = store::live_of_target(write.tx(), target).await? else {
            return Ok(());
        };
        queue::finish(&mut entry, JobStatus::Cancelled, None, now.truncate_to_millisecond());
        queue::change(write, &mut entry).await?;
        self.stop_on_commit(write, &entry.task.job.id);
        Ok(())
    }

    /// What is counted of them.
    pub fn metrics(&self) -> &JobMetrics {
        &self.metrics
    }

    /// Has the runner look for what the transaction has made due.
    fn wake_on_commit(&self, write: &Write) {
        let due = self.due.clone();
        write.on_commit(move || due.notify_one());
    }

    /// The leases of what runs here.
    pub(super) fn leases(&self) -> Vec<String> {
        self.runs.lock().unwrap_or_else(PoisonError::into_inner).keys().cloned().collect()
    }

    /// Stops the run under a lease, if it is here.
    pub(super) fn stop_lease(&self, lease: &str) {
        let runs = self.runs.lock().unwrap_or_else(PoisonError::into_inner);
        runs.get(lease).into_iter().for_each(|run| run.stop.cancel());
    }

    /// Stops the run of a job, if it runs here, once the transaction says that it is to stop.
    fn stop_on_commit(&self, write: &Write, job: &JobId) {
        let (runs, job) = (self.runs.clone(), job.clone());
        write.on_commit(move || {
            let runs = runs.lock().unwrap_or_else(PoisonError::into_inner);
            runs.values().filter(|run| run.job == job).for_each(|run| run.stop.cancel());
        });
    }
}

/// The user's jobs, with a page of those that have ended. The answer includes at least `min`; a
/// refusal (there is no page 0) is stamped as well.
///
/// # Errors
/// When the database or the log fails.
pub async fn list(
    live: &Live,
    user: &CurrentUser,
    page: u32,
    min: Option<&AsOf>,
) -> Result<Stamped<Result<JobPage, AppError>>, AppError> {
    let user = user.id;
    live.read(min, move |tx| {
        Box::pin(async move {
            if page == 0 {
                return Ok(Err(AppError::invalid("page", "Pages are counted from 1.")));
            }
            Ok(Ok(store::page(tx, user, page).await?))
        })
    })
    .await
}

/// A job of the user's own. The answer includes at least `min`; a refusal (no such job of theirs) is
/// stamped as well.
///
/// # Errors
/// When the database or the log fails.
pub async fn get(
    live: &Live,
    user: &CurrentUser,
    id: JobId,
    min: Option<&AsOf>,
) -> Result<Stamped<Result<Job, AppError>>, AppError> {
    let user = user.id;
    live.read(min, move |tx| {
        Box::pin(async move {
            let found = store::find_own(tx, user, &id).await?;
            Ok(found.map(|entry| entry.task.job).ok_or_else(no_such_job))
        })
    })
    .await
}

/// The job of the user that was asked for last for a target, if there is one. The answer includes at
/// least `min`.
///
/// # Errors
/// When the database or the log fails.
pub async fn of_target(
    live: &Live,
    user: &CurrentUser,
    target: String,
    min: Option<&AsOf>,
) -> Result<Stamped<Result<Option<Job>, AppError>>, AppError> {
    let user = user.id;
    live.read(min, move |tx| {
        Box::pin(async move {
            let found = store::newest_of_target(tx, Some(user), &target).await?;
            Ok(Ok(found.map(|entry| entry.task.job)))
        })
    })
    .await
}

/// Stops a job of the user's own, at the time `now`: what waits has ended then, what runs is asked
/// to. A repeat of the mutation `by` of the same user is answered with the first outcome.
///
/// # Errors
/// [`AppError::NotFound`]; [`AppError::Conflict`] when it has ended; or when the database, the log
/// or the work fails.
pub async fn cancel(
    (live, jobs): (&Live, &Jobs),
    user: &CurrentUser,
    id: JobId,
    by: Option<MutationId>,
    now: OffsetDateTime,
) -> Result<Committed<Job>, AppError> {
    let owner = user.id;
    let done = live.write(author(user.id, by), {
        let jobs = jobs.clone();
        move |write| {
            Box::pin(async move {
                let entry = own(write, owner, &id).await?;
                stop_entry(write, &jobs, entry, now).await
            })
        }
    });
    done.await
}

/// Has a job of the user's own done again that failed or was cancelled, at the time `now` and as if
/// it were new. A repeat of the mutation `by` of the same user is answered with the first outcome.
///
/// # Errors
/// [`AppError::NotFound`]; [`AppError::Conflict`] when it is under way or was completed, or its
/// target has another job; what the work refuses; or when the database or the log fails.
pub async fn retry(
    (live, jobs): (&Live, &Jobs),
    user: &CurrentUser,
    id: JobId,
    by: Option<MutationId>,
    now: OffsetDateTime,
) -> Result<Committed<Job>, AppError> {
    let (jobs, owner) = (jobs.clone(), user.id);
    let done = live.write(author(user.id, by), move |write| {
        Box::pin(async move {
            let mut entry = own(write, owner, &id).await?;
            let job = &mut entry.task.job;
            if !job.may_retry() {
                return Err(AppError::Conflict {
                    message: format!("“{}” is {}; it cannot be done again.", job.title, job.status),
                });
            }
            let work = jobs.works.of(&job.kind).ok_or_else(|| queue::nobody_does(job))?.clone();
            (job.attempts, job.error, job.finished_at, job.created_at) = (0, None, None, now);
            queue::requeue(&mut entry, now);
            queue::change(write, &mut entry).await?;
            work.retried(write, &entry.task).await?;
            jobs.wake_on_commit(write);
            Ok::<_, AppError>(entry.task.job)
        })
    });
    done.await
}

/// Ends a job that waits, and asks one that runs to stop.
async fn stop_entry(
    write: &Write,
    jobs: &Jobs,
    mut entry: Entry,
    now: OffsetDateTime,
) -> Result<Job, AppError> {
    let job = &mut entry.task.job;
    match job.status {
        JobStatus::Queued => {
            let work = jobs.works.of(&job.kind);
            let work = work.ok_or_else(|| queue::nobody_does(job))?;
            let ended = queue::end(write, &**work, &mut entry, End::Cancelled, now).await?;
            let (metrics, kind) = (jobs.metrics.clone(), entry.task.job.kind.clone());
            write.on_commit(move || metrics.settled(&kind, ended));
        }
        JobStatus::Running => {
            if !job.cancel_requested {
                job.cancel_requested = true;
                queue::change(write, &mut entry).await?;
            }
            jobs.stop_on_commit(write, &entry.task.job.id);
        }
        _ => return Err(has_ended(job)),
    }
    Ok(entry.task.job)
}

async fn own(write: &Write, owner: UserId, id: &JobId) -> Result<Entry, AppError> {
    store::find_own(write.tx(), owner, id).await?.ok_or_else(no_such_job)
}

fn has_ended(job: &Job) -> AppError {
    AppError::Conflict {
        message: format!("“{}” is {} already; it cannot be stopped.", job.title, job.status),
    }
}

fn no_such_job() -> AppError {
    AppError::NotFound { what: "job".to_owned() }
}
