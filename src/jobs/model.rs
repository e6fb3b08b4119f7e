//! What a job is to the person who waits for it.
//!
//! Owns the types both targets share. It must not know how the queue works, nor what a kind of job
//! does.

mod page;

use std::fmt;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::{error::AppError, id::random_id, line::capitalised};

pub use page::JobPage;

/// Identifies a job, such as `job_00f1e2d3c4b5a697`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "ssr", schema(value_type = String, example = "job_00f1e2d3c4b5a697"))]
#[serde(try_from = "String", into = "String")]
pub struct JobId(String);

random_id!(JobId, "job_", "a job");

/// How far a job has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum JobStatus {
    /// It waits for its turn, the first one or another after a failure.
    Queued,
    /// It is being done.
    Running,
    /// It is done, and its result is there.
    Completed,
    /// It could not be done; its error says why.
    Failed,
    /// Its owner, or what deleted its target, did not want it any more.
    Cancelled,
}

/// A job as its owner follows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Job {
    /// Identity.
    pub id: JobId,
    /// What is to be done, such as `generate-script`; words with dashes between them.
    pub kind: String,
    /// The project it belongs to, if it belongs to one.
    pub project_id: Option<String>,
    /// What it works on, such as `podcast:pod_1`. A target has one job at a time.
    pub target: String,
    /// What a person reads.
    pub title: String,
    /// The page of the target, such as `/podcasts/pod_1`.
    pub link: Option<String>,
    /// How far it has come.
    pub status: JobStatus,
    /// How often it was begun.
    pub attempts: u32,
    /// How often it may be begun before it has failed for good.
    pub max_attempts: u32,
    /// When it may be begun, while it is queued.
    #[serde(with = "time::serde::rfc3339")]
    pub run_after: OffsetDateTime,
    /// Whether it runs and is to stop.
    pub cancel_requested: bool,
    /// Why it failed, in sentences: for good, or the last time while it waits for another.
    pub error: Option<String>,
    /// How far this run has come, once it says so.
    pub progress: Option<JobProgress>,
    /// When it was asked for, the last time if that was more than once.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    /// When its last run began.
    #[serde(with = "time::serde::rfc3339::option")]
    pub started_at: Option<OffsetDateTime>,
    /// When it ended.
    #[serde(with = "time::serde::rfc3339::option")]
    pub finished_at: Option<OffsetDateTime>,
    /// Grows with every change.
    pub version: u64,
}

/// How far a run of a job has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct JobProgress {
    /// What is being done, in a few words: "Speaking".
    pub stage: String,
    /// How many are done.
    pub current: u64,
    /// Of how many, if that is known.
    pub total: Option<u64>,
    /// What there is to say besides; empty for nothing.
    pub message: String,
    /// When it was told.
    #[serde(with = "time::serde::rfc3339")]
    pub updated_at: OffsetDateTime,
}

impl JobProgress {
    /// The stage of a job of a project that is done; clients know it by that.
    pub const COMPLETE: &'static str = "complete";
    /// That of one that has failed for good.
    pub const FAILED: &'static str = "failed";
    /// That of one that was cancelled.
    pub const CANCELLED: &'static str = "cancelled";

    /// That all is done, of as many as it was last.
    pub fn complete(last: Option<&Self>, now: OffsetDateTime) -> Self {
        let all = last.map_or(1, |last| last.total.unwrap_or(last.current).max(1));
        Self {
            stage: Self::COMPLETE.to_owned(),
            current: all,
            total: Some(all),
            message: String::new(),
            updated_at: now,
        }
    }

    /// The stages in which the progress of a job of a project ends.
    pub const LAST_STAGES: [&str; 3] = [Self::COMPLETE, Self::FAILED, Self::CANCELLED];

    /// Whether nothing more comes after it.
    pub fn is_of_end(&self) -> bool {
        Self::LAST_STAGES.contains(&self.stage.as_str())
    }

    /// That it ended before all was done, and why.
    pub fn ended(last: Option<&Self>, stage: &str, why: &str, now: OffsetDateTime) -> Self {
        Self {
            stage: stage.to_owned(),
            current: last.map_or(0, |last| last.current),
            total: last.and_then(|last| last.total),
            message: why.to_owned(),
            updated_at: now,
        }
    }
}

impl JobStatus {
    /// Every status.
    pub const ALL: [Self; 5] =
        [Self::Queued, Self::Running, Self::Completed, Self::Failed, Self::Cancelled];

    /// Its name in the database and in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Completed => "completed",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }

    /// Whether it is still to end.
    pub fn is_live(self) -> bool {
        matches!(self, Self::Queued | Self::Running)
    }
}

impl Job {
    /// Whether its owner can still stop it.
    pub fn may_cancel(&self) -> bool {
        self.status.is_live() && !self.cancel_requested
    }

    /// Whether its owner can have it done again.
    pub fn may_retry(&self) -> bool {
        matches!(self.status, JobStatus::Failed | JobStatus::Cancelled)
    }

    /// Its kind in words: "Generate script".
    pub fn kind_in_words(&self) -> String {
        capitalised(&self.kind.replace('-', " "))
    }

    /// The refusal of a second job for a target beside one that is under way.
    pub fn one_at_a_time(title: &str) -> AppError {
        AppError::Conflict {
            message: format!("“{title}” cannot begin: a job for the same thing is under way."),
        }
    }
}

impl fmt::Display for JobStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
