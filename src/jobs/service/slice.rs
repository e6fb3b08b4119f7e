//! Jobs for the slice whose targets and projects they are about. It decides who may see and stop them.

use sea_orm::ConnectionTrait;
use time::OffsetDateTime;

use super::{Jobs, no_such_job, stop_entry};
use crate::{
    account::model::UserId,
    error::AppError,
    jobs::{
        model::{Job, JobId, JobStatus},
        store,
    },
    server::state::Write,
};

/// The job that was asked for last for a target, whoever asked.
///
/// # Errors
/// When the database fails.
pub async fn newest_of_target(
    conn: &impl ConnectionTrait,
    target: &str,
) -> Result<Option<Job>, AppError> {
    let found = store::newest_of_target(conn, None, target).await?;
    Ok(found.map(|entry| entry.task.job))
}

/// The newest jobs of a project, at most `limit`.
///
/// # Errors
/// When the database fails.
pub async fn of_project(
    conn: &impl ConnectionTrait,
    project: &str,
    limit: u64,
) -> Result<Vec<Job>, AppError> {
    let found = store::of_project(conn, project, limit).await?;
    Ok(found.into_iter().map(|entry| entry.task.job).collect())
}

/// A job of a project.
///
/// # Errors
/// [`AppError::NotFound`]; or when the database fails.
pub async fn find_of_project(
    conn: &impl ConnectionTrait,
    project: &str,
    id: &JobId,
) -> Result<Job, AppError> {
    let found = store::find(conn, id).await?.map(|entry| entry.task.job);
    found.filter(|job| job.project_id.as_deref() == Some(project)).ok_or_else(no_such_job)
}

/// Whether a job, as its work got it, is still under the same run: not when that was lost and
/// another one took the job up.
///
/// # Errors
/// When the database fails.
pub async fn is_same_run(conn: &impl ConnectionTrait, job: &Job) -> Result<bool, AppError> {
    let now = store::find(conn, &job.id).await?.map(|entry| entry.task.job);
    Ok(now.is_some_and(|now| {
        now.status == JobStatus::Running
            && (now.attempts, now.started_at) == (job.attempts, job.started_at)
    }))
}

/// Stops the job of a target in the caller's transaction, if it is this owner's and still to end.
///
/// # Errors
/// When the database or the work fails.
pub async fn cancel_of_owner(
    write: &Write,
    jobs: &Jobs,
    owner: UserId,
    target: &str,
    now: OffsetDateTime,
) -> Result<(), AppError> {
    let live = store::live_of_target(write.tx(), target).await?;
    match live.filter(|entry| entry.task.owner == owner) {
        Some(entry) => stop_entry(write, jobs, entry, now).await.map(|_| ()),
        None => Ok(()),
    }
}

/// Stops a job of a project in the caller's transaction.
///
/// # Errors
/// As [`cancel`](super::cancel).
pub async fn cancel_of_project(
    write: &Write,
    jobs: &Jobs,
    project: &str,
    id: &JobId,
    now: OffsetDateTime,
) -> Result<Job, AppError> {
    let found = store::find(write.tx(), id).await?;
    let found = found.filter(|entry| entry.task.job.project_id.as_deref() == Some(project));
    stop_entry(write, jobs, found.ok_or_else(no_such_job)?, now).await
}
