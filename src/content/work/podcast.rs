//! The jobs of podcasts: writing a script, speaking it, or both.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use time::OffsetDateTime;
use tokio::task::spawn_blocking;

use super::{ContentWork, gone};
use crate::{
    content::{
        model::{Generate, PodcastId, Script},
        service::{self, Material},
        speech::{self, Cast, SpeechError},
        store::Sound,
        text::{Extractive, ScriptWriter, Source},
    },
    error::AppError,
    jobs::work::{End, JobFailure, Progress, Task, payload, result_of},
    server::state::Write,
};

/// What the job of a podcast works on.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct OfPodcast {
    podcast_id: PodcastId,
    what: Generate,
}

/// What it made: what was asked for.
#[derive(Serialize, Deserialize)]
struct Made {
    script: Option<Script>,
    sound: Option<Sound>,
}

impl ContentWork {
    pub(super) async fn make_podcast(
        &self,
        task: Task,
        progress: Progress,
    ) -> Result<Value, JobFailure> {
        let OfPodcast { podcast_id, what } = task.read()?;
        let made = match what {
            Generate::Script => {
                let script = self.write_script(&task, &podcast_id, &progress).await?;
                Made { script: Some(script), sound: None }
            }
            Generate::Audio => {
                let script = service::script_of(&self.db, task.owner, &podcast_id).await;
                let script = script.map_err(JobFailure::again)?.ok_or_else(|| gone("script"))?;
                let sound = self.speak(&script, &Cast::of(&script), &progress).await?;
                Made { script: None, sound: Some(sound) }
            }
            Generate::Podcast => {
                let script = self.write_script(&task, &podcast_id, &progress).await?;
                let sound = self.speak(&script, &Cast::of(&script), &progress).await?;
                Made { script: Some(script), sound: Some(sound) }
            }
        };
        serde_json::to_value(made).map_err(JobFailure::broken)
    }

    async fn write_script(
        &self,
        task: &Task,
        id: &PodcastId,
        progress: &Progress,
    ) -> Result<Script, JobFailure> {
        let found = service::material_of(&self.db, &self.files, task.owner, id).await;
        let texts = match found.map_err(JobFailure::again)?.ok_or_else(|| gone("podcast"))? {
            Material::Texts(texts) if texts.is_empty() => return Err(gone("document")),
            Material::Texts(texts) => texts,
            Material::Unread(title) => {
                let message = format!("“{title}” is still being read.");
                return Err(JobFailure { message, retry: true });
            }
            Material::Unreadable(title) => {
                let message = format!("“{title}” could not be read.");
                return Err(JobFailure { message, retry: false });
            }
        };
        progress.report("Writing the script", 0, None, "");
        let written = spawn_blocking(move || {
            let source = |(title, body)| Source { title, body };
            let sources = texts.iter().map(|(title, body)| (title.as_str(), body.as_str()));
            Extractive.write(&sources.map(source).collect::<Vec<_>>())
        });
        let written = written.await.map_err(JobFailure::broken)?;
        written.map_err(|nothing| JobFailure { message: nothing.to_string(), retry: false })
    }

    /// Speaks a script and keeps the sound.
    pub(super) async fn speak(
        &self,
        script: &Script,
        cast: &Cast,
        progress: &Progress,
    ) -> Result<Sound, JobFailure> {
        let told = |done: u32, total: u32| {
            progress.report("Speaking", done.into(), Some(total.into()), "");
        };
        let spoken = speech::record(&self.speaker, script, cast, told).await;
        let audio = spoken.map_err(|error| unspoken(&error))?;
        let (file, bytes) = self.keep(&audio.bytes).await?;
        let starts_ms = audio.segments_ms.iter().scan(0, |from, length| {
            let start = *from;
            *from += length;
            Some(start)
        });
        Ok(Sound { file, bytes, duration_ms: audio.duration_ms, starts_ms: starts_ms.collect() })
    }
}

/// Writes what was made.
pub(super) async fn completed(
    write: &Write,
    task: &Task,
    result: Value,
    now: OffsetDateTime,
) -> Result<(), AppError> {
    let OfPodcast { podcast_id, what } = payload(task)?;
    let Made { script, sound } = result_of(result)?;
    let whose = (task.owner, task.job.id.clone());
    service::podcast_made(write, whose, (podcast_id, what), (script, sound), now).await
}

/// Writes why nothing was made.
pub(super) async fn ended(
    write: &Write,
    task: &Task,
    end: &End,
    now: OffsetDateTime,
) -> Result<(), AppError> {
    let OfPodcast { podcast_id, what } = payload(task)?;
    let whose = (task.owner, task.job.id.clone());
    service::podcast_not_made(write, whose, (podcast_id, what), end.why(), now).await
}

/// Shows that it is being made again.
pub(super) async fn retried(
    write: &Write,
    task: &Task,
    now: OffsetDateTime,
) -> Result<(), AppError> {
    let OfPodcast { podcast_id, what } = payload(task)?;
    service::podcast_retried(write, task.owner, podcast_id, what, now).await
}

fn unspoken(error: &SpeechError) -> JobFailure {
    JobFailure { message: error.to_string(), retry: error.may_pass() }
}
