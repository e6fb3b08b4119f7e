//! What happens in the labs, as the database's triggers record it and as it is heard.
//!
//! Owns the events' JSON, whose names and fields other clients rely on, and which queries an event
//! touches; what it does to them stands in `patch.rs`. What is written here, `migration` writes in
//! SQL.

use highwater::json;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::LabsTag;
use crate::{
    jobs::model::{JobId, JobStatus},
    labs::model::{NodeId, NodeStatus, ProjectId, SourceId, SourceStatus},
    live::StudioTag,
};

/// Something happened in a project. Only its members hear of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum LabsEvent {
    /// The project has another name, description or members.
    ProjectChanged {
        /// Which.
        project_id: ProjectId,
    },
    /// There is another source.
    SourceAdded {
        /// Whose.
        project_id: ProjectId,
        /// Which.
        source_id: SourceId,
    },
    /// A source has come further, or is called something else.
    StatusUpdate {
        /// Whose.
        project_id: ProjectId,
        /// Which.
        source_id: SourceId,
        /// How far it has come.
        status: SourceStatus,
        /// What it is called.
        source_name: String,
        /// Why it could not be ingested.
        error: Option<String>,
        /// How many words it has, once it was ingested.
        words: Option<u64>,
        /// When it changed.
        #[serde(with = "time::serde::rfc3339")]
        updated_at: OffsetDateTime,
        /// The version that results.
        version: u64,
    },
    /// A source is no more.
    SourceDeleted {
        /// Whose it was.
        project_id: ProjectId,
        /// Which.
        source_id: SourceId,
    },
    /// A job of the project was queued, begun, given back, asked to stop, or has ended.
    GenerationChanged {
        /// Whose.
        project_id: ProjectId,
        /// Which job.
        job_id: JobId,
        /// Its status.
        status: JobStatus,
        /// The version that results.
        version: u64,
    },
    /// A job of the project has come further.
    ProgressUpdate {
        /// Whose.
        project_id: ProjectId,
        /// Which job.
        job_id: JobId,
        /// How far it has come.
        progress: Progress,
        /// The version that results.
        version: u64,
    },
    /// A node was proposed.
    NewProposal {
        /// Whose.
        project_id: ProjectId,
        /// Which.
        proposal_id: NodeId,
        /// What it is called.
        title: String,
        /// How much speaks for it, 0 to 1.
        confidence: f64,
        /// When it was proposed.
        #[serde(with = "time::serde::rfc3339")]
        created_at: OffsetDateTime,
    },
    /// A node was decided or edited.
    ProposalUpdate {
        /// Whose.
        project_id: ProjectId,
        /// Which.
        proposal_id: NodeId,
        /// What it is called.
        title: String,
        /// What it is.
        summary: String,
        /// How much speaks for it, 0 to 1.
        confidence: f64,
        /// What was decided.
        status: NodeStatus,
        /// What was decided before.
        was: NodeStatus,
        /// When it changed.
        #[serde(with = "time::serde::rfc3339")]
        updated_at: OffsetDateTime,
        /// The version that results.
        version: u64,
    },
    /// A node is no more.
    ProposalDeleted {
        /// Whose it was.
        project_id: ProjectId,
        /// Which.
        proposal_id: NodeId,
    },
    /// So much happened at once that it is not told one by one.
    BulkChange {
        /// To which project.
        project_id: ProjectId,
        /// To what of it.
        changed: Changed,
    },
}

/// How far a job has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// What is being done, in a word or two; `complete` when it is done.
    pub stage: String,
    /// How many are done.
    pub current: u64,
    /// Of how many; 0 if that is not known.
    pub total: u64,
    /// What there is to say besides; may be empty.
    pub message: String,
    /// When it was told, in milliseconds since the Unix epoch.
    pub timestamp: u64,
}

/// What of a project changed in bulk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Changed {
    /// What it is called, or who takes part.
    Details,
    /// Its sources.
    Sources,
    /// Its jobs.
    Jobs,
    /// Its nodes.
    Proposals,
}

/// The fields of any of them.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Parts {
    project_id: ProjectId,
    source_id: Option<SourceId>,
    job_id: Option<JobId>,
    proposal_id: Option<NodeId>,
    status: Option<String>,
    was: Option<NodeStatus>,
    source_name: Option<String>,
    error: Option<String>,
    words: Option<u64>,
    progress: Option<Progress>,
    title: Option<String>,
    summary: Option<String>,
    confidence: Option<f64>,
    #[serde(default, with = "time::serde::rfc3339::option")]
    created_at: Option<OffsetDateTime>,
    #[serde(default, with = "time::serde::rfc3339::option")]
    updated_at: Option<OffsetDateTime>,
    version: Option<u64>,
    changed: Option<Changed>,
}

impl LabsEvent {
    /// The type of [`BulkChange`](Self::BulkChange).
    pub const BULK_CHANGE: &'static str = "bulk_change";

    /// Reads it as [`LiveEvent::read`](highwater::LiveEvent::read) says.
    pub fn read(kind: &str, json: &str) -> Option<Self> {
        let parts: Parts = json::read(json).ok()?;
        let project_id = parts.project_id;
        Some(match kind {
            "project_changed" => Self::ProjectChanged { project_id },
            "source_added" => Self::SourceAdded { project_id, source_id: parts.source_id? },
            "status_update" => Self::StatusUpdate {
                project_id,
                source_id: parts.source_id?,
                status: named(SourceStatus::ALL, SourceStatus::as_str, &parts.status?)?,
                source_name: parts.source_name?,
                error: parts.error,
                words: parts.words,
                updated_at: parts.updated_at?,
                version: parts.version?,
            },
            "source_deleted" => Self::SourceDeleted { project_id, source_id: parts.source_id? },
            "generation_changed" => Self::GenerationChanged {
                project_id,
                job_id: parts.job_id?,
                status: named(JobStatus::ALL, JobStatus::as_str, &parts.status?)?,
                version: parts.version?,
            },
            "progress_update" => Self::ProgressUpdate {
                project_id,
                job_id: parts.job_id?,
                progress: parts.progress?,
                version: parts.version?,
            },
            "new_proposal" => Self::NewProposal {
                project_id,
                proposal_id: parts.proposal_id?,
                title: parts.title?,
                confidence: parts.confidence?,
                created_at: parts.created_at?,
            },
            "proposal_update" => Self::ProposalUpdate {
                project_id,
                proposal_id: parts.proposal_id?,
                title: parts.title?,
                summary: parts.summary?,
                confidence: parts.confidence?,
                status: named(NodeStatus::ALL, NodeStatus::as_str, &parts.status?)?,
                was: parts.was?,
                updated_at: parts.updated_at?,
                version: parts.version?,
            },
            "proposal_deleted" => {
                Self::ProposalDeleted { project_id, proposal_id: parts.proposal_id? }
            }
            Self::BULK_CHANGE => Self::BulkChange { project_id, changed: parts.changed? },
            _ => return None,
        })
    }

    /// What it touches. Every event has its line here: one that has none does not compile.
    pub fn tags(&self) -> Vec<StudioTag> {
        let tags = match self {
            Self::ProjectChanged { project_id }
            | Self::BulkChange { project_id, changed: Changed::Details } => vec![
                LabsTag::Mine,
                LabsTag::Project(project_id.clone()),
                LabsTag::Members(project_id.clone()),
            ],
            Self::SourceAdded { project_id, .. }
            | Self::SourceDeleted { project_id, .. }
            | Self::BulkChange { project_id, changed: Changed::Sources } => vec![
                LabsTag::Mine,
                LabsTag::Project(project_id.clone()),
                LabsTag::Sources(project_id.clone()),
            ],
            Self::StatusUpdate { project_id, .. } => vec![LabsTag::Sources(project_id.clone())],
            Self::GenerationChanged { project_id, .. }
            | Self::ProgressUpdate { project_id, .. }
            | Self::BulkChange { project_id, changed: Changed::Jobs } => {
                vec![LabsTag::Generation(project_id.clone())]
            }
            Self::NewProposal { project_id, .. }
            | Self::ProposalUpdate { project_id, .. }
            | Self::ProposalDeleted { project_id, .. }
            | Self::BulkChange { project_id, changed: Changed::Proposals } => vec![
                LabsTag::Mine,
                LabsTag::Project(project_id.clone()),
                LabsTag::Proposals(project_id.clone()),
            ],
        };
        tags.into_iter().map(StudioTag::Labs).collect()
    }

    /// Events with the same key supersede each other.
    pub fn conflate(&self) -> Option<String> {
        match self {
            Self::ProgressUpdate { job_id, .. } => Some(format!("progress_update:{job_id}")),
            _ => None,
        }
    }
}

/// What a name stands for, of all that have one.
fn named<T: Copy, const N: usize>(
    all: [T; N],
    name_of: fn(T) -> &'static str,
    name: &str,
) -> Option<T> {
    all.into_iter().find(|one| name_of(*one) == name)
}
