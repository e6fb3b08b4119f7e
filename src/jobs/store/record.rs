//! Between rows of the database and the model.
//!
//! Owns both directions. What stands in the database and means nothing to the model is an error of
//! the database, never a guess.

use sea_orm::{ActiveValue::Set, DbErr};

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
    server::database::column::{count, from_count, from_millis, to_millis, unreadable},
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
        run_after: Set(to_millis(job.run_after)),
        lease: Set(lease.as_ref().map(|lease| lease.name.clone())),
        lease_until: Set(lease.as_ref().map(|lease| to_millis(lease.until))),
        cancel_requested: Set(job.cancel_requested),
        error: Set(job.error.clone()),
        progress_stage: Set(progress.map(|progress| progress.stage.clone())),
        progress_current: Set(progress.map(|progress| count(progress.current)).transpose()?),
        progress_total: Set(progress.and_then(|progress| progress.total).map(count).transpose()?),
        progress_message: Set(progress.map(|progress| progress.message.clone())),
        progress_updated_at: Set(progress.map(|progress| to_millis(progress.updated_at))),
        created_at: Set(to_millis(job.created_at)),
        started_at: Set(job.started_at.map(to_millis)),
        finished_at: Set(job.finished_at.map(to_millis)),
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
                current: from_count(row.progress_current.unwrap_or(0))?,
                total: row.progress_total.map(from_count).transpose()?,
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
            attempts: from_count(row.attempts)?,
            max_attempts: from_count(row.max_attempts)?,
            run_after: from_millis(row.run_after)?,
            cancel_requested: row.cancel_requested,
            error: row.error,
            progress,
            created_at: from_millis(row.created_at)?,
            started_at: row.started_at.map(from_millis).transpose()?,
            finished_at: row.finished_at.map(from_millis).transpose()?,
            version: from_count(row.version)?,
        };
        let lease = match row.lease.zip(row.lease_until) {
            Some((name, until)) => Some(Lease { name, until: from_millis(until)? }),
            None => None,
        };
        let payload = serde_json::from_str(&row.payload).map_err(unreadable)?;
        Ok(Self { task: Task { job, owner: UserId(row.owner), payload }, lease })
    }
}
