//! The slice's jobs: what each kind does, and what becomes of its target.
//!
//! Owns the kinds, their payloads and targets. It must not know the queue; what is written when a
//! job ends, the service says.

mod document;
mod podcast;
mod voiceover;
mod infographic;

use std::sync::Arc;

use futures::future::BoxFuture;
use sea_orm::DatabaseConnection;
use serde_json::Value;
use time::OffsetDateTime;

use super::{
    files::{FileHash, Files},
    model::{DocumentId, Generate},
    service,
    speech::Speaker,
};
use crate::{
    error::AppError,
    jobs::work::{End, JobFailure, Progress, Task, Work},
    server::state::{Clock, Live, Write},
};

pub use infographic::InfographicWork;
pub(super) use infographic::KIND_INFOGRAPHIC;
pub(super) use voiceover::KIND_VOICEOVER;
pub use voiceover::VoiceoverWork;

/// The job that reads a document.
pub(super) const KIND_DOCUMENT: &str = "document";

/// The jobs of documents and podcasts, and what all jobs of the slice work with.
#[derive(Clone)]
pub struct ContentWork {
    /// For reads that need no stamp.
    pub db: DatabaseConnection,
    /// For keeping what a job made.
    pub live: Live,
    /// Where it is kept.
    pub files: Arc<Files>,
    /// What speaks.
    pub speaker: Speaker,
    /// What tells the time.
    pub clock: Clock,
}

/// What the job that reads a document works on.
pub(super) fn target_of_document(id: &DocumentId) -> String {
    format!("document:{id}")
}

impl ContentWork {
    fn now(&self) -> OffsetDateTime {
        (self.clock)().truncate_to_millisecond()
    }

    /// Keeps what a job made, until its target refers to it; answers its hash and its size.
    async fn keep(&self, made: &[u8]) -> Result<(FileHash, u64), JobFailure> {
        let written = self.files.write(made).await.map_err(JobFailure::again)?;
        let bytes = written.bytes();
        let file = service::keep(&self.live, self.files.clone(), written, self.now()).await;
        Ok((file.map_err(JobFailure::again)?, bytes))
    }
}

impl Work for ContentWork {
    fn kinds(&self) -> &'static [&'static str] {
        const {
            &[
                KIND_DOCUMENT,
                Generate::Script.as_str(),
                Generate::Audio.as_str(),
                Generate::Podcast.as_str(),
            ]
        }
    }

    fn run(&self, task: Task, progress: Progress) -> BoxFuture<'_, Result<Value, JobFailure>> {
        match task.job.kind.as_str() {
            KIND_DOCUMENT => Box::pin(self.read_document(task, progress)),
            _ => Box::pin(self.make_podcast(task, progress)),
        }
    }

    fn completed<'a>(
        &'a self,
        write: &'a Write,
        task: &'a Task,
        result: Value,
    ) -> BoxFuture<'a, Result<(), AppError>> {
        match task.job.kind.as_str() {
            KIND_DOCUMENT => Box::pin(document::completed(write, task, result, self.now())),
            _ => Box::pin(podcast::completed(write, task, result, self.now())),
        }
    }

    fn ended<'a>(
        &'a self,
        write: &'a Write,
        task: &'a Task,
        end: &'a End,
    ) -> BoxFuture<'a, Result<(), AppError>> {
        match task.job.kind.as_str() {
            KIND_DOCUMENT => Box::pin(document::ended(write, task, end, self.now())),
            _ => Box::pin(podcast::ended(write, task, end, self.now())),
        }
    }

    fn retried<'a>(
        &'a self,
        write: &'a Write,
        task: &'a Task,
    ) -> BoxFuture<'a, Result<(), AppError>> {
        match task.job.kind.as_str() {
            KIND_DOCUMENT => Box::pin(document::retried(write, task, self.now())),
            _ => Box::pin(podcast::retried(write, task, self.now())),
        }
    }
}

/// The failure of work on what has been deleted.
fn gone(what: &str) -> JobFailure {
    JobFailure { message: format!("The {what} has been deleted."), retry: false }
}
