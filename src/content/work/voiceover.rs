//! The job that speaks a voiceover.

use futures::future::BoxFuture;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{ContentWork, gone};
use crate::{
    content::{
        model::{Host, Script, Segment, Turn, Voiceover, VoiceoverId},
        service,
        speech::Cast,
    },
    error::AppError,
    jobs::work::{End, JobFailure, Progress, Task, Work, payload, result_of},
    server::state::Write,
};

/// The job that speaks a voiceover.
pub(in crate::content) const KIND_VOICEOVER: &str = "generate-voiceover";

/// What the job of a voiceover works on.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct OfVoiceover {
    voiceover_id: VoiceoverId,
}

/// The jobs of voiceovers.
pub struct VoiceoverWork(pub ContentWork);

impl VoiceoverWork {
    async fn speak(&self, task: Task, progress: Progress) -> Result<Value, JobFailure> {
        let Self(content) = self;
        let OfVoiceover { voiceover_id } = task.read()?;
        let found = service::voiceover_to_speak(&content.db, task.owner, &voiceover_id).await;
        let Voiceover { row, text } =
            found.map_err(JobFailure::again)?.ok_or_else(|| gone("voiceover"))?;
        let cast = Cast { a: row.voice.clone(), b: row.voice, rate: row.rate };
        let sound = content.speak(&by_paragraphs(&text), &cast, &progress).await?;
        serde_json::to_value(sound).map_err(JobFailure::broken)
    }
}

/// A text as a script of one host: each paragraph is a turn, so that there is a breath between two,
/// and something to count. A line without words parts two paragraphs.
fn by_paragraphs(text: &str) -> Script {
    let lines: Vec<&str> = text.lines().collect();
    let paragraphs = lines.split(|line| line.trim().is_empty()).filter(|lines| !lines.is_empty());
    let turns = paragraphs.map(|lines| Turn { host: Host::A, text: lines.join("\n") }).collect();
    let segment = Segment { title: String::new(), turns };
    Script { title: String::new(), segments: vec![segment] }
}

impl Work for VoiceoverWork {
    fn kinds(&self) -> &'static [&'static str] {
        &[KIND_VOICEOVER]
    }

    fn run(&self, task: Task, progress: Progress) -> BoxFuture<'_, Result<Value, JobFailure>> {
        Box::pin(self.speak(task, progress))
    }

    fn completed<'a>(
        &'a self,
        write: &'a Write,
        task: &'a Task,
        result: Value,
    ) -> BoxFuture<'a, Result<(), AppError>> {
        Box::pin(async move {
            let OfVoiceover { voiceover_id } = payload(task)?;
            let whose = (task.owner, task.job.id.clone());
            let sound = result_of(result)?;
            service::voiceover_made(write, whose, &voiceover_id, &sound, self.0.now()).await
        })
    }

    fn ended<'a>(
        &'a self,
        write: &'a Write,
        task: &'a Task,
        end: &'a End,
    ) -> BoxFuture<'a, Result<(), AppError>> {
        Box::pin(async move {
            let OfVoiceover { voiceover_id } = payload(task)?;
            let whose = (task.owner, task.job.id.clone());
            let now = self.0.now();
            service::voiceover_not_made(write, whose, &voiceover_id, end.why(), now).await
        })
    }

    fn retried<'a>(
        &'a self,
        write: &'a Write,
        task: &'a Task,
    ) -> BoxFuture<'a, Result<(), AppError>> {
        Box::pin(async move {
            let OfVoiceover { voiceover_id } = payload(task)?;
            service::voiceover_retried(write, task.owner, voiceover_id, self.0.now()).await
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_paragraph_is_a_turn() {
        let script = by_paragraphs("One\nline.\n\n\nTwo.\r\n \r\nThree.");
        let turns: Vec<_> = script.turns().map(|turn| turn.text.as_str()).collect();
        assert_eq!(turns, ["One\nline.", "Two.", "Three."]);
    }
}
