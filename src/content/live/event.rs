//! What happens to content, as it is recorded and heard.
//!
//! Owns the events' JSON, whose names and fields other clients rely on. Which queries an event
//! touches stands in `live.rs`.

use serde::{Deserialize, Serialize};

use crate::{
    content::model::{ActivityType, DocumentId},
    jobs::model::JobId,
};

/// Something happened to somebody's content.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum ContentEvent {
    /// The job that reads a document has ended: `{jobId, status, documentId}`.
    DocumentJobCompletion {
        /// The job.
        job_id: JobId,
        /// How it ended.
        status: Finished,
        /// Its document.
        document_id: DocumentId,
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

/// A thing that people change: `{entityType, entityId}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "entityType", content = "entityId", rename_all = "snake_case")]
pub enum Entity {
    /// A document.
    Document(DocumentId),
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
