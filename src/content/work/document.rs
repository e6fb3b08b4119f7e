//! The job that reads a document: extracts its text, counts and outlines it.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use time::OffsetDateTime;
use tokio::task::spawn_blocking;

use super::{ContentWork, gone};
use crate::{
    content::{
        model::{DocumentId, Format, OUTLINE_MAX},
        service,
        store::Extract,
        text,
    },
    error::AppError,
    jobs::work::{End, JobFailure, Progress, Task, payload, result_of},
    server::state::Write,
};

/// What the job of a document works on.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct OfDocument {
    document_id: DocumentId,
}

impl ContentWork {
    pub(super) async fn read_document(
        &self,
        task: Task,
        progress: Progress,
    ) -> Result<Value, JobFailure> {
        let OfDocument { document_id } = task.read()?;
        let found = service::source_of(&self.db, &self.files, task.owner, &document_id).await;
        let (format, source) = found.map_err(JobFailure::again)?.ok_or_else(|| gone("document"))?;
        progress.report("Reading", 0, None, "");
        let read = spawn_blocking(move || {
            let format = match format {
                Format::Text => text::Format::Text,
                Format::Markdown => text::Format::Markdown,
            };
            text::extract(&source, format)
        });
        let read = read.await.map_err(JobFailure::broken)?;
        let read = read.map_err(|why| JobFailure { message: why.to_string(), retry: false })?;
        let (body, body_bytes) = self.keep(read.body.as_bytes()).await?;
        let found = Extract {
            body,
            body_bytes,
            words: read.words.into(),
            characters: read.characters.into(),
            outline: read.outline.into_iter().take(OUTLINE_MAX).collect(),
            direction: read.direction,
        };
        serde_json::to_value(found).map_err(JobFailure::broken)
    }
}

/// Writes what was found.
pub(super) async fn completed(
    write: &Write,
    task: &Task,
    result: Value,
    now: OffsetDateTime,
) -> Result<(), AppError> {
    let OfDocument { document_id } = payload(task)?;
    let whose = (task.owner, task.job.id.clone());
    service::document_ready(write, whose, document_id, &result_of(result)?, now).await
}

/// Writes why nothing was found.
pub(super) async fn ended(
    write: &Write,
    task: &Task,
    end: &End,
    now: OffsetDateTime,
) -> Result<(), AppError> {
    let OfDocument { document_id } = payload(task)?;
    let why = match end {
        End::Failed { message } => message.as_str(),
        End::Cancelled => "Reading it was cancelled.",
    };
    let whose = (task.owner, task.job.id.clone());
    service::document_failed(write, whose, document_id, why, now).await
}

/// Shows that the document is to be read again.
pub(super) async fn retried(
    write: &Write,
    task: &Task,
    now: OffsetDateTime,
) -> Result<(), AppError> {
    let OfDocument { document_id } = payload(task)?;
    service::document_retried(write, task.owner, document_id, now).await
}
