//! Sources: the texts that a project's nodes are proposed from.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::{ProjectId, SourceId, text::line};
use crate::error::AppError;

/// The largest source, in bytes of UTF-8.
pub const SOURCE_MAX_BYTES: usize = 2_000_000;

/// How many sources a project can have.
pub const PROJECT_MAX_SOURCES: usize = 500;
/// How large its sources can be together, in bytes of UTF-8: a job has all of them in memory.
pub const PROJECT_MAX_BYTES: u64 = 50_000_000;

/// A source of a project.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Source {
    /// Identity.
    pub id: SourceId,
    /// Whose.
    pub project_id: ProjectId,
    /// What it is called.
    pub source_name: String,
    /// How far it has come.
    pub status: SourceStatus,
    /// Why it could not be ingested, as a sentence.
    pub error: Option<String>,
    /// How large it was when it came, in bytes.
    pub bytes: u64,
    /// How many words it has, once it was ingested.
    pub words: Option<u64>,
    /// When it was added.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    /// When it last changed.
    #[serde(with = "time::serde::rfc3339")]
    pub updated_at: OffsetDateTime,
    /// 1, and one more for each change.
    pub version: u64,
}

/// How far a source has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "ssr", schema(as = IngestionStatus))]
pub enum SourceStatus {
    /// It waits to be ingested.
    Pending,
    /// It is being ingested.
    Processing,
    /// Nodes can be proposed from it.
    Completed,
    /// It could not be ingested.
    Failed,
}

/// A source to be added: pasted text, or what a file holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct NewSource {
    /// What it is called; one that ends in `.md` is read as Markdown.
    pub source_name: String,
    /// Its text, at most 2 MB.
    pub text: String,
}

impl SourceStatus {
    /// Every status.
    pub const ALL: [Self; 4] = [Self::Pending, Self::Processing, Self::Completed, Self::Failed];

    /// Its name in the database and in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Processing => "processing",
            Self::Completed => "completed",
            Self::Failed => "failed",
        }
    }

    /// Whether its job is still to end.
    pub fn is_under_way(self) -> bool {
        matches!(self, Self::Pending | Self::Processing)
    }
}

impl NewSource {
    /// As it is stored.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for a name or a text that may not be; [`AppError::TooLarge`].
    pub fn checked(self) -> Result<Self, AppError> {
        let source_name = line("sourceName", &self.source_name)?;
        if self.text.len() > SOURCE_MAX_BYTES {
            let megabytes = SOURCE_MAX_BYTES / 1_000_000;
            let message = format!("A source has at most {megabytes} MB.");
            return Err(AppError::TooLarge { message });
        }
        if self.text.trim().is_empty() {
            return Err(AppError::invalid("text", "There is no text in it."));
        }
        if self.text.contains('\0') {
            let message = "This is not text. Choose a file of plain text or Markdown.";
            return Err(AppError::invalid("text", message));
        }
        Ok(Self { source_name, text: self.text })
    }
}
