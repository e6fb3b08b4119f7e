//! Work: what a slice does for its kinds of jobs.
//!
//! Owns the contract between a slice and the runner. It must not know any kind.

use std::{collections::HashMap, fmt, sync::Arc};

use futures::future::BoxFuture;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;

use super::model::Job;
use crate::{account::model::UserId, error::AppError, server::state::Write};

pub use super::runner::Progress;

/// What a slice implements for the kinds of jobs that it queues.
pub trait Work: Send + Sync + 'static {
    /// The kinds that it does. No other work does them.
    fn kinds(&self) -> &'static [&'static str];

    /// Does the work, outside any transaction; nothing of it may be seen until
    /// [`completed`](Self::completed). It may be run again after it was cut off at any point, and
    /// is dropped when the job is cancelled, so what it starts must end with it.
    fn run(&self, task: Task, progress: Progress) -> BoxFuture<'_, Result<Value, JobFailure>>;

    /// Writes the result and records the slice's events, in the transaction that marks the job as
    /// completed. It is committed once for each job. A refusal fails the job with its words; while
    /// the database is busy it is tried again.
    fn completed<'a>(
        &'a self,
        write: &'a Write,
        task: &'a Task,
        result: Value,
    ) -> BoxFuture<'a, Result<(), AppError>>;

    /// Puts the target right and records the slice's events, in the transaction that marks the job
    /// as failed for good or cancelled.
    fn ended<'a>(
        &'a self,
        write: &'a Write,
        task: &'a Task,
        end: &'a End,
    ) -> BoxFuture<'a, Result<(), AppError>>;

    /// Puts the target right and records the slice's events, in the transaction that queues a
    /// failed or cancelled job again because its owner asked for it; or refuses, for instance
    /// because the target is gone.
    fn retried<'a>(
        &'a self,
        write: &'a Write,
        task: &'a Task,
    ) -> BoxFuture<'a, Result<(), AppError>>;
}

/// A job as its work gets it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Task {
    /// The job.
    pub job: Job,
    /// Whose it is.
    pub owner: UserId,
    /// What the slice gave it to work with.
    pub payload: Value,
}

/// Why a run came to nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobFailure {
    /// What went wrong and what can be done about it, in sentences that its owner reads.
    pub message: String,
    /// Whether another run may do better.
    pub retry: bool,
}

/// How a job ended that was not completed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// It failed for good.
    Failed {
        /// Why, in sentences.
        message: String,
    },
    /// It was cancelled.
    Cancelled,
}

/// Every work there is, by kind.
#[derive(Clone, Default)]
pub(super) struct Works(Arc<HashMap<&'static str, Arc<dyn Work>>>);

impl Task {
    /// The payload, as the type that the slice made it from.
    ///
    /// # Errors
    /// A [`JobFailure`] for good, when it is of another shape.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, JobFailure> {
        serde_json::from_value(self.payload.clone()).map_err(|error| {
            tracing::error!(%error, job = %self.job.id, "the payload of a job cannot be read");
            JobFailure { message: AppError::Internal.to_string(), retry: false }
        })
    }
}

impl JobFailure {
    /// A failure of the server's, which another run may not meet.
    pub fn again(error: AppError) -> Self {
        Self { message: error.to_string(), retry: true }
    }

    /// A failure that every run would meet; the user is told no more than that.
    pub fn broken(error: impl fmt::Display) -> Self {
        tracing::error!(%error, "a job's work broke");
        Self { message: AppError::Internal.to_string(), retry: false }
    }
}

/// The payload of a job that has ended.
///
/// # Errors
/// [`AppError::Internal`] when it is of another shape.
pub fn payload<T: DeserializeOwned>(task: &Task) -> Result<T, AppError> {
    task.read().map_err(|_| AppError::Internal)
}

/// What [`Work::run`] came to, as the type that it was made from.
///
/// # Errors
/// [`AppError::Internal`] when it is of another shape.
pub fn result_of<T: DeserializeOwned>(result: Value) -> Result<T, AppError> {
    serde_json::from_value(result).map_err(|error| {
        tracing::error!(%error, "the result of a job cannot be read");
        AppError::Internal
    })
}

impl End {
    /// Why it failed, in sentences; `None` if it was cancelled.
    pub fn why(&self) -> Option<&str> {
        match self {
            Self::Failed { message } => Some(message),
            Self::Cancelled => None,
        }
    }
}

impl Works {
    pub(super) fn new(works: Vec<Arc<dyn Work>>) -> Self {
        let by_kind =
            works.iter().flat_map(|work| work.kinds().iter().map(|kind| (*kind, work.clone())));
        Self(Arc::new(by_kind.collect()))
    }

    pub(super) fn kinds(&self) -> Vec<&'static str> {
        self.0.keys().copied().collect()
    }

    pub(super) fn of(&self, kind: &str) -> Option<&Arc<dyn Work>> {
        self.0.get(kind)
    }
}
