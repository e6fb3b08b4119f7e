//! What keeps jobs live: their events, tags and queries, and what an event does to what is already
//! shown.
//!
//! The whole invalidation story of the slice. All of it concerns one owner and goes to that user's
//! own audience alone.
//!
//! | event | the jobs of an owner | the newest job of a target |
//! |---|---|---|
//! | `job.changed` | patched while all that moves is listed, else stale | replaced |
//! | `job.progress` | patched | patched |

mod patch;
#[cfg(test)]
mod tests;

use highwater::{AsOf, FetchFailed, Fetched, Patch, Query, json};
use serde::{Deserialize, Serialize};

use super::{
    api,
    model::{Job, JobId, JobPage, JobProgress},
};
use crate::{
    error::AppError,
    live::{StudioEvent, StudioTag},
};

/// Something happened to a job. Only its owner hears of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type")]
pub enum JobEvent {
    /// It was queued, begun, given back, asked to stop, or has ended; its status says which.
    #[serde(rename = "job.changed")]
    Changed {
        /// The job as it is now.
        job: Box<Job>,
    },
    /// A run has come further. It says all that changes meanwhile, so the newest supersedes the
    /// others.
    #[serde(rename = "job.progress")]
    Progress {
        /// Which job.
        id: JobId,
        /// What it works on.
        target: String,
        /// How far it has come.
        progress: JobProgress,
        /// The version of the job that results.
        version: u64,
    },
}

/// The names of cached jobs.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JobTag {
    /// Every page of an owner's jobs.
    List,
    /// The jobs of a target.
    Target(String),
}

/// One's jobs, with a page of those that have ended.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct JobList {
    /// The page, from 1.
    pub page: u32,
}

/// The newest job of a target; `None` if it never had one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TargetJob(pub String);

/// The fields of any of them.
#[derive(Deserialize)]
struct Parts {
    job: Option<Box<Job>>,
    id: Option<JobId>,
    target: Option<String>,
    progress: Option<JobProgress>,
    version: Option<u64>,
}

impl JobEvent {
    /// Reads it as [`LiveEvent::read`](highwater::LiveEvent::read) says.
    pub fn read(kind: &str, json: &str) -> Option<Self> {
        if !kind.starts_with("job.") {
            return None;
        }
        let Parts { job, id, target, progress, version } = json::read(json).ok()?;
        Some(match kind {
            "job.changed" => Self::Changed { job: job? },
            "job.progress" => {
                Self::Progress { id: id?, target: target?, progress: progress?, version: version? }
            }
            _ => return None,
        })
    }

    /// The job is as it is.
    pub fn changed(job: &Job) -> Self {
        Self::Changed { job: Box::new(job.clone()) }
    }

    /// What it touches.
    pub fn tags(&self) -> Vec<StudioTag> {
        let target = match self {
            Self::Changed { job } => &job.target,
            Self::Progress { target, .. } => target,
        };
        [JobTag::List, JobTag::Target(target.clone())].map(StudioTag::Jobs).into()
    }

    /// Events with the same key supersede each other.
    pub fn conflate(&self) -> Option<String> {
        match self {
            Self::Changed { .. } => None,
            Self::Progress { id, .. } => Some(format!("job_progress:{id}")),
        }
    }
}

impl Query for JobList {
    type Event = StudioEvent;
    type Value = JobPage;
    type Refusal = AppError;

    const NAME: &'static str = "jobs";

    fn tags(&self) -> Vec<StudioTag> {
        vec![StudioTag::Jobs(JobTag::List)]
    }

    fn patch(&self, page: &mut JobPage, event: &StudioEvent) -> Patch {
        let StudioEvent::Job(event) = event else { return Patch::Unaffected };
        patch::page(page, event)
    }

    async fn fetch(self, min: Option<AsOf>) -> Fetched<Self> {
        api::list_jobs(self.page, min).await.map_err(FetchFailed::from)
    }
}

impl Query for TargetJob {
    type Event = StudioEvent;
    type Value = Option<Job>;
    type Refusal = AppError;

    const NAME: &'static str = "job of a target";

    fn tags(&self) -> Vec<StudioTag> {
        vec![StudioTag::Jobs(JobTag::Target(self.0.clone()))]
    }

    fn patch(&self, job: &mut Option<Job>, event: &StudioEvent) -> Patch {
        let StudioEvent::Job(event) = event else { return Patch::Unaffected };
        patch::of_target(&self.0, job, event)
    }

    async fn fetch(self, min: Option<AsOf>) -> Fetched<Self> {
        api::get_target_job(self.0, min).await.map_err(FetchFailed::from)
    }
}
