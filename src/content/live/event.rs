//! What happens to content, as it is recorded and heard.
//!
//! Owns the events' JSON, whose names and fields other clients rely on. Which queries an event
//! touches stands in `live.rs`.

use highwater::json;
use serde::{Deserialize, Serialize};

use crate::{
    content::model::{ActivityType, DocumentId, Generate, InfographicId, PodcastId, VoiceoverId},
    jobs::model::JobId,
};

/// Something happened to somebody's content.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum ContentEvent {
    /// A job of a podcast has ended: `{jobId, jobType, status, podcastId}`.
    JobCompletion {
        /// The job.
        job_id: JobId,
        /// What it was to make.
        job_type: Generate,
        /// How it ended.
        status: Finished,
        /// Its podcast.
        podcast_id: PodcastId,
    },
    /// The job that reads a document has ended: `{jobId, status, documentId}`.
    DocumentJobCompletion {
        /// The job.
        job_id: JobId,
        /// How it ended.
        status: Finished,
        /// Its document.
        document_id: DocumentId,
    },
    /// The job that speaks a voiceover has ended: `{jobId, status, voiceoverId}`.
    VoiceoverJobCompletion {
        /// The job.
        job_id: JobId,
        /// How it ended.
        status: Finished,
        /// Its voiceover.
        voiceover_id: VoiceoverId,
    },
    /// The job that draws an infographic has ended: `{jobId, status, infographicId}`.
    InfographicJobCompletion {
        /// The job.
        job_id: JobId,
        /// How it ended.
        status: Finished,
        /// Its infographic.
        infographic_id: InfographicId,
    },
    /// Something was added, changed or deleted by a person: `{entityType, changeType, entityId}`.
    EntityChange {
        /// What.
        #[serde(flatten)]
        entity: Entity,
        /// What became of it.
        change_type: ChangeType,
    },
    /// The feed of what happened has a new entry: `{activityType}`.
    ActivityLogged {
        /// What happened.
        activity_type: ActivityType,
    },
}

/// The fields of any of them.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Parts {
    job_id: Option<JobId>,
    status: Option<Finished>,
    document_id: Option<DocumentId>,
    job_type: Option<Generate>,
    podcast_id: Option<PodcastId>,
    voiceover_id: Option<VoiceoverId>,
    infographic_id: Option<InfographicId>,
    entity_type: Option<String>,
    entity_id: Option<String>,
    change_type: Option<ChangeType>,
    activity_type: Option<ActivityType>,
}

impl ContentEvent {
    /// Reads it as [`LiveEvent::read`](highwater::LiveEvent::read) says.
    pub fn read(kind: &str, json: &str) -> Option<Self> {
        let parts: Parts = json::read(json).ok()?;
        Some(match kind {
            "job_completion" => Self::JobCompletion {
                job_id: parts.job_id?,
                job_type: parts.job_type?,
                status: parts.status?,
                podcast_id: parts.podcast_id?,
            },
            "document_job_completion" => Self::DocumentJobCompletion {
                job_id: parts.job_id?,
                status: parts.status?,
                document_id: parts.document_id?,
            },
            "voiceover_job_completion" => Self::VoiceoverJobCompletion {
                job_id: parts.job_id?,
                status: parts.status?,
                voiceover_id: parts.voiceover_id?,
            },
            "infographic_job_completion" => Self::InfographicJobCompletion {
                job_id: parts.job_id?,
                status: parts.status?,
                infographic_id: parts.infographic_id?,
            },
            "entity_change" => {
                let id = parts.entity_id?;
                let entity = match &*parts.entity_type? {
                    "document" => Entity::Document(id.parse().ok()?),
                    "podcast" => Entity::Podcast(id.parse().ok()?),
                    "voiceover" => Entity::Voiceover(id.parse().ok()?),
                    "infographic" => Entity::Infographic(id.parse().ok()?),
                    _ => return None,
                };
                Self::EntityChange { entity, change_type: parts.change_type? }
            }
            "activity_logged" => Self::ActivityLogged { activity_type: parts.activity_type? },
            _ => return None,
        })
    }
}

/// A thing that people change: `{entityType, entityId}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "entityType", content = "entityId", rename_all = "snake_case")]
pub enum Entity {
    /// A document.
    Document(DocumentId),
    /// A podcast.
    Podcast(PodcastId),
    /// A voiceover.
    Voiceover(VoiceoverId),
    /// An infographic.
    Infographic(InfographicId),
}

/// What became of a thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeType {
    /// It is new.
    Insert,
    /// It is another than before.
    Update,
    /// It is no more.
    Delete,
}

/// How a job ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Finished {
    /// What it made is there.
    Completed,
    /// It failed for good, or was cancelled.
    Failed,
}
