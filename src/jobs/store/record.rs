//! Between rows of the database and the model.
//!
//! Owns both directions. What stands in the database and means nothing to the model is an error of
//! the database, never a guess.

use sea_orm::{ActiveValue::Set, DbErr};
use time::OffsetDateTime;

use super::{
    Entry, Lease,
    entity::{ActiveModel, Model},
};
use crate::{
    account::model::UserId,
    jobs::{
        model::{Job, JobProgress, JobStatus},
        work::Task,
    },
};

pub(super) fn row(entry: &Entry) -> Result<ActiveModel, DbErr> {
    let Entry { task: Task { job, owner, payload }, lease } = entry;
    let progress = job.progress.as_ref();
    Ok(ActiveModel {
        id: Set(job.id.as_str().to_owned()),
        kind: Set(job.kind.clone()),
        owner: Set(owner.0),
        project_id: Set(job.project_id.clone()),
        target: Set(job.target.clone()),
        title: Set(job.title.clone()),
        link: Set(job.link.clone()),
        payload: Set(payload.to_string()),
        status: Set(job.status.as_str().to_owned()),
        attempts: Set(job.attempts.into()),
        max_attempts: Set(job.max_attempts.into()),
        run_after: Set(millis(job.run_after)),
        lease: Set(lease.as_ref().map(|lease| lease.name.clone())),
        lease_until: Set(lease.as_ref().map(|lease| millis(lease.until))),
        cancel_requested: Set(job.cancel_requested),
        error: Set(job.error.clone()),
        progress_stage: Set(progress.map(|progress| progress.stage.clone())),
        progress_current: Set(progress.map(|progress| count(progress.current)).transpose()?),
        progress_total: Set(progress.and_then(|progress| progress.total).map(count).transpose()?),
        progress_message: Set(progress.map(|progress| progress.message.clone())),
        progress_updated_at: Set(progress.map(|progress| millis(progress.updated_at))),
        created_at: Set(millis(job.created_at)),
        started_at: Set(job.started_at.map(millis)),
        finished_at: Set(job.finished_at.map(millis)),
        version: Set(count(job.version)?),
    })
}

impl TryFrom<Model> for Entry {
    type Error = DbErr;

    fn try_from(row: Model) -> Result<Self, DbErr> {
        let mut statuses = JobStatus::ALL.into_iter();
        let status = statuses.find(|status| status.as_str() == row.status);
        let progress = match (row.progress_stage, row.progress_updated_at) {
            (Some(stage), Some(updated_at)) => Some(JobProgress {
                stage,
                current: number(row.progress_current.unwrap_or(0))?,
                total: row.progress_total.map(number).transpose()?,
                message: row.progress_message.unwrap_or_default(),
                updated_at: from_millis(updated_at)?,
            }),
            _ => None,
        };
        let job = Job {
            id: row.id.parse().map_err(unreadable)?,
            kind: row.kind,
            project_id: row.project_id,
            target: row.target,
            title: row.title,
            link: row.link,
            status: status.ok_or_else(|| DbErr::Type(format!("the status {:?}", row.status)))?,
            attempts: number(row.attempts)?,
            max_attempts: number(row.max_attempts)?,
            run_after: from_millis(row.run_after)?,
            cancel_requested: row.cancel_requested,
            error: row.error,
            progress,
            created_at: from_millis(row.created_at)?,
            started_at: row.started_at.map(from_millis).transpose()?,
            finished_at: row.finished_at.map(from_millis).transpose()?,
            version: number(row.version)?,
        };
        let lease = match row.lease.zip(row.lease_until) {
            Some((name, until)) => Some(Lease { name, until: from_millis(until)? }),
            None => None,
        };
        let payload = serde_json::from_str(&row.payload).map_err(unreadable)?;
        Ok(Self { task: Task { job, owner: UserId(row.owner), payload }, lease })
    }
}

/// Unix milliseconds. They fit for every year that `time` knows.
pub(super) fn millis(time: OffsetDateTime) -> i64 {
    time.unix_timestamp() * 1000 + i64::from(time.millisecond())
}

/// A count as it is stored.
pub(super) fn count(count: u64) -> Result<i64, DbErr> {
    i64::try_from(count).map_err(unreadable)
}

fn number<T: TryFrom<i64, Error: std::error::Error>>(number: i64) -> Result<T, DbErr> {
    T::try_from(number).map_err(unreadable)
}

fn from_millis(millis: i64) -> Result<OffsetDateTime, DbErr> {
    let nanos = i128::from(millis) * 1_000_000;
    OffsetDateTime::from_unix_timestamp_nanos(nanos).map_err(unreadable)
}

fn unreadable(why: impl std::error::Error) -> DbErr {
    DbErr::Type(format!("a job in the database: {why}"))
}
