//! The slice's jobs: ingesting a source, and proposing nodes from all of a project's.
//!
//! Owns the kinds and their payloads. It must not know the queue; what is written when a job ends,
//! the service says.

mod ingestion;
mod generation;

use sea_orm::DatabaseConnection;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::model::{ProjectId, SourceId};
use crate::server::state::{Clock, Live};

pub use generation::GenerationWork;
pub use ingestion::IngestionWork;

/// The job that ingests a source.
pub(super) const KIND_INGESTION: &str = "ingest-source";
/// The job that proposes nodes.
pub(super) const KIND_GENERATION: &str = "propose-concepts";

/// What the jobs of the slice work with.
#[derive(Clone)]
pub struct LabsWork {
    /// For reads that need no stamp.
    pub db: DatabaseConnection,
    /// For telling that a job has begun.
    pub live: Live,
    /// What tells the time.
    pub clock: Clock,
}

/// What the job of a source works on.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct OfSource {
    pub(super) source_id: SourceId,
}

/// What the job of a project works on.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct OfProject {
    pub(super) project_id: ProjectId,
}

/// What a job found in the sources of a project.
#[derive(Serialize, Deserialize)]
pub struct Proposed {
    pub(super) concepts: Vec<Concept>,
    /// Which two of them stand together, and how often compared with the most frequent pair.
    pub(super) links: Vec<(usize, usize, f64)>,
}

/// One thing that the sources speak of.
#[derive(Serialize, Deserialize)]
pub(super) struct Concept {
    pub(super) title: String,
    pub(super) summary: String,
    pub(super) confidence: f64,
    pub(super) mentions: u64,
    /// The source of the summary.
    pub(super) source: Option<SourceId>,
}

impl LabsWork {
    fn now(&self) -> OffsetDateTime {
        (self.clock)().truncate_to_millisecond()
    }
}
