//! The job that draws an infographic.

use futures::future::BoxFuture;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::task::spawn_blocking;

use super::{ContentWork, gone};
use crate::{
    content::{model::InfographicId, service, store::Picture, text},
    error::AppError,
    jobs::work::{End, JobFailure, Progress, Task, Work, payload, result_of},
    server::state::Write,
};

/// The job that draws an infographic.
pub(in crate::content) const KIND_INFOGRAPHIC: &str = "generate-infographic";

/// What the job of an infographic works on.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct OfInfographic {
    infographic_id: InfographicId,
}

/// The jobs of infographics.
pub struct InfographicWork(pub ContentWork);

impl InfographicWork {
    async fn draw(&self, task: Task, progress: Progress) -> Result<Value, JobFailure> {
        let Self(content) = self;
        let OfInfographic { infographic_id } = task.read()?;
        let (db, files) = (&content.db, &content.files);
        let found = service::text_of_infographic(db, files, task.owner, &infographic_id).await;
        let (title, body) = found.map_err(JobFailure::again)?.ok_or_else(|| gone("document"))?;
        progress.report("Drawing", 0, None, "");
        let drawn = spawn_blocking(move || text::infographic::draw(&title, &body));
        let drawn = drawn.await.map_err(JobFailure::broken)?;
        let (file, bytes) = content.keep(drawn.as_bytes()).await?;
        serde_json::to_value(Picture { file, bytes }).map_err(JobFailure::broken)
    }
}

impl Work for InfographicWork {
    fn kinds(&self) -> &'static [&'static str] {
        &[KIND_INFOGRAPHIC]
    }

    fn run(&self, task: Task, progress: Progress) -> BoxFuture<'_, Result<Value, JobFailure>> {
        Box::pin(self.draw(task, progress))
    }

    fn completed<'a>(
        &'a self,
        write: &'a Write,
        task: &'a Task,
        result: Value,
    ) -> BoxFuture<'a, Result<(), AppError>> {
        Box::pin(async move {
            let OfInfographic { infographic_id } = payload(task)?;
            let whose = (task.owner, task.job.id.clone());
            let picture = result_of(result)?;
            let now = self.0.now();
            service::infographic_made(write, whose, &infographic_id, &picture, now).await
        })
    }

    fn ended<'a>(
        &'a self,
        write: &'a Write,
        task: &'a Task,
        end: &'a End,
    ) -> BoxFuture<'a, Result<(), AppError>> {
        Box::pin(async move {
            let OfInfographic { infographic_id } = payload(task)?;
            let whose = (task.owner, task.job.id.clone());
            let now = self.0.now();
            service::infographic_not_made(write, whose, &infographic_id, end.why(), now).await
        })
    }

    fn retried<'a>(
        &'a self,
        write: &'a Write,
        task: &'a Task,
    ) -> BoxFuture<'a, Result<(), AppError>> {
        Box::pin(async move {
            let OfInfographic { infographic_id } = payload(task)?;
            service::infographic_retried(write, task.owner, infographic_id, self.0.now()).await
        })
    }
}
