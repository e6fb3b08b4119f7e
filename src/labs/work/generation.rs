//! The job that proposes nodes: it reads every source of a project, and says what they speak of.

use std::ops::ControlFlow;

use futures::future::BoxFuture;
use serde_json::Value;
use tokio::task::spawn_blocking;

use super::{Concept, KIND_GENERATION, LabsWork, OfProject, Proposed};
use crate::{
    error::AppError,
    jobs::work::{End, JobFailure, Progress, Task, Work, payload, result_of},
    labs::{
        concepts::{self, Concepts, Reading, Stage},
        service,
    },
    server::state::Write,
};

/// How many nodes are proposed at a time: what one person decides about in one go.
const MOST: usize = 40;

/// The jobs of projects.
pub struct GenerationWork(pub LabsWork);

impl GenerationWork {
    async fn propose(&self, task: Task, progress: Progress) -> Result<Value, JobFailure> {
        let OfProject { project_id } = task.read()?;
        let texts = service::texts_of(&self.0.db, &project_id).await;
        let texts = texts.map_err(JobFailure::again)?;
        if texts.is_empty() {
            let message = "There is no source to read. Add one, and generate again.".to_owned();
            return Err(JobFailure { message, retry: false });
        }
        let read = spawn_blocking(move || {
            let readings: Vec<Reading<'_>> = texts
                .iter()
                .map(|text| Reading { title: &text.name, body: &text.readable })
                .collect();
            let found = concepts::extract(&readings, MOST, &mut |stage, current, total| {
                // What is read now, while it is read.
                let at = texts.get(usize::try_from(current).unwrap_or(usize::MAX));
                let name = at.filter(|_| stage != Stage::Linking).map(|text| text.name.as_str());
                progress.report(stage.to_string(), current, Some(total), name.unwrap_or_default());
                match progress.is_cancelled() {
                    true => ControlFlow::Break(()),
                    false => ControlFlow::Continue(()),
                }
            });
            found.map(|Concepts { concepts, links }| Proposed {
                concepts: concepts
                    .into_iter()
                    .map(|concept| Concept {
                        title: concept.title,
                        summary: concept.summary,
                        confidence: concept.confidence,
                        mentions: concept.mentions.into(),
                        source: texts.get(concept.source).map(|text| text.id.clone()),
                    })
                    .collect(),
                links: links.into_iter().map(|link| (link.one, link.other, link.weight)).collect(),
            })
        });
        let found = read.await.map_err(JobFailure::broken)?;
        // Who cancelled it has dropped this already.
        let found = found
            .ok_or_else(|| JobFailure { message: "It was given up.".to_owned(), retry: true })?;
        serde_json::to_value(found).map_err(JobFailure::broken)
    }
}

impl Work for GenerationWork {
    fn kinds(&self) -> &'static [&'static str] {
        &[KIND_GENERATION]
    }

    fn run(&self, task: Task, progress: Progress) -> BoxFuture<'_, Result<Value, JobFailure>> {
        Box::pin(self.propose(task, progress))
    }

    fn completed<'a>(
        &'a self,
        write: &'a Write,
        task: &'a Task,
        result: Value,
    ) -> BoxFuture<'a, Result<(), AppError>> {
        Box::pin(async move {
            let OfProject { project_id } = payload(task)?;
            service::propose(write, &project_id, result_of(result)?, self.0.now()).await
        })
    }

    /// The job's own row says how it ended; nothing else was begun.
    fn ended<'a>(
        &'a self,
        _: &'a Write,
        _: &'a Task,
        _: &'a End,
    ) -> BoxFuture<'a, Result<(), AppError>> {
        Box::pin(async { Ok(()) })
    }

    fn retried<'a>(
        &'a self,
        write: &'a Write,
        task: &'a Task,
    ) -> BoxFuture<'a, Result<(), AppError>> {
        Box::pin(async move {
            let OfProject { project_id } = payload(task)?;
            service::role_in(write.tx(), task.owner, &project_id).await.map(|_| ())
        })
    }
}
