//! The job that ingests a source: what can be read in it, and how many words that is.

use futures::future::BoxFuture;
use highwater::server::By;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::task::spawn_blocking;

use super::{KIND_INGESTION, LabsWork, OfSource};
use crate::{
    content::text::{self, Format},
    error::AppError,
    jobs::work::{End, JobFailure, Progress, Task, Work, payload, result_of},
    labs::service,
    server::state::Write,
};

/// The jobs of sources.
pub struct IngestionWork(pub LabsWork);

/// What was read.
#[derive(Serialize, Deserialize)]
struct Read {
    readable: String,
    words: u64,
}

impl IngestionWork {
    async fn ingest(&self, task: Task, progress: Progress) -> Result<Value, JobFailure> {
        let Self(labs) = self;
        let OfSource { source_id } = task.read()?;
        let found = service::body_of(&labs.db, &source_id).await.map_err(JobFailure::again)?;
        let gone = || JobFailure { message: "The source has been deleted.".into(), retry: false };
        let (source, body) = found.ok_or_else(gone)?;
        progress.report("Reading", 0, None, source.source_name.clone());
        let (now, job) = (labs.now(), task.job);
        let begun = labs.live.write::<(), AppError>(By::nobody(), move |write| {
            Box::pin(async move { service::begin_ingestion(write, &job, &source_id, now).await })
        });
        begun.await.map_err(JobFailure::again)?;
        let format = format_of(&source.source_name);
        let extracted = spawn_blocking(move || text::extract(body.as_bytes(), format)).await;
        let extracted = extracted
            .map_err(JobFailure::broken)?
            .map_err(|unreadable| JobFailure { message: unreadable.to_string(), retry: false })?;
        let read = Read { readable: extracted.body, words: extracted.words.into() };
        serde_json::to_value(read).map_err(JobFailure::broken)
    }
}

/// How a source is written, by what it is called.
fn format_of(name: &str) -> Format {
    let name = name.to_lowercase();
    match [".md", ".markdown"].iter().any(|ending| name.ends_with(ending)) {
        true => Format::Markdown,
        false => Format::Text,
    }
}

impl Work for IngestionWork {
    fn kinds(&self) -> &'static [&'static str] {
        &[KIND_INGESTION]
    }

    fn run(&self, task: Task, progress: Progress) -> BoxFuture<'_, Result<Value, JobFailure>> {
        Box::pin(self.ingest(task, progress))
    }

    fn completed<'a>(
        &'a self,
        write: &'a Write,
        task: &'a Task,
        result: Value,
    ) -> BoxFuture<'a, Result<(), AppError>> {
        Box::pin(async move {
            let OfSource { source_id } = payload(task)?;
            let Read { readable, words } = result_of(result)?;
            service::end_ingestion(write, &source_id, &readable, words, self.0.now()).await
        })
    }

    fn ended<'a>(
        &'a self,
        write: &'a Write,
        task: &'a Task,
        end: &'a End,
    ) -> BoxFuture<'a, Result<(), AppError>> {
        Box::pin(async move {
            let OfSource { source_id } = payload(task)?;
            service::fail_ingestion(write, &source_id, end.why(), self.0.now()).await
        })
    }

    fn retried<'a>(
        &'a self,
        write: &'a Write,
        task: &'a Task,
    ) -> BoxFuture<'a, Result<(), AppError>> {
        Box::pin(async move {
            let OfSource { source_id } = payload(task)?;
            service::retry_ingestion(write, task.owner, &source_id, self.0.now()).await
        })
    }
}
