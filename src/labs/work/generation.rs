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

/// What is told of the progress is in per cent of it all: one bar over every stage.
const ALL: u64 = 100;

/// How much of the work is done, in per cent of it all: what comes before the stage, and the part of the
/// stage's steps that is done. A text counts by its length, in bytes, as it is read and weighed.
fn percent(stage: Stage, done: u64, of: u64, lengths: &[usize]) -> u64 {
    let (done, of) = match stage {
        Stage::Linking => (done, of),
        Stage::Reading | Stage::Ranking => {
            let until = usize::try_from(done).unwrap_or(usize::MAX).min(lengths.len());
            let sum = |lengths: &[usize]| lengths.iter().map(|length| *length as u64).sum();
            (sum(&lengths[..until]), sum(lengths))
        }
    };
    let before = Stage::ALL.into_iter().filter(|other| *other < stage).map(Stage::percent);
    let within = (stage.percent() * done).checked_div(of).unwrap_or(0);
    (before.sum::<u64>() + within).min(ALL)
}

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
            let lengths: Vec<usize> = readings.iter().map(|reading| reading.body.len()).collect();
            let found = concepts::extract(&readings, MOST, &mut |stage, current, total| {
                // What is read now, while it is read.
                let at = texts.get(usize::try_from(current).unwrap_or(usize::MAX));
                let name = at.filter(|_| stage != Stage::Linking).map(|text| text.name.as_str());
                let done = percent(stage, current, total, &lengths);
                progress.report(stage.to_string(), done, Some(ALL), name.unwrap_or_default());
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_bar_leads_over_all_stages_and_never_back() {
        let lengths = [100, 300, 0];
        let mut last = 0;
        for stage in Stage::ALL {
            for done in 0..=3 {
                let now = percent(stage, done, 3, &lengths);
                assert!(now >= last, "{stage} {done}");
                last = now;
            }
        }
        assert_eq!(last, ALL);
        assert_eq!(Stage::ALL.map(Stage::percent).iter().sum::<u64>(), ALL);
        assert_eq!(percent(Stage::Reading, 1, 3, &lengths), 12, "a quarter of the text");
    }

    #[test]
    fn of_nothing_to_read_or_to_link_nothing_is_done() {
        assert_eq!(percent(Stage::Reading, 1, 1, &[0]), 0);
        assert_eq!(percent(Stage::Linking, 0, 0, &[5]), 88);
    }
}
