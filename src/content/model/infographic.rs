//! Infographics: a picture of what is in a document. A document has one at most.
//!
//! Owns what is known of one. It must not know how one is drawn.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::{DocumentId, InfographicId, MediaFile, MediaStatus};

/// An infographic: an SVG file at `/api/v1/infographics/{id}/file`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Infographic {
    /// Identity.
    pub id: InfographicId,
    /// What its document was called when it was last to be made.
    pub title: String,
    /// How far it has come.
    pub status: MediaStatus,
    /// Why it could not be made, as sentences.
    pub error: Option<String>,
    /// What it shows; none if the document was deleted.
    pub document_id: Option<DocumentId>,
    /// The picture, once it was made; while another is being made, the one before.
    pub picture: Option<MediaFile>,
    /// When it was first asked for.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    /// When it last changed.
    #[serde(with = "time::serde::rfc3339")]
    pub updated_at: OffsetDateTime,
    /// 1, and one more for each change.
    pub version: u64,
}

/// A document that has no infographic, and can have one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct InfographicSource {
    /// Which.
    pub document_id: DocumentId,
    /// What it is called.
    pub title: String,
}

/// An infographic to be made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct NewInfographic {
    /// What it is to show: a document that was read.
    pub document_id: DocumentId,
}

impl Infographic {
    /// Lays over it that it is being made.
    pub fn begin(&mut self) {
        (self.status, self.error) = (MediaStatus::Generating, None);
    }

    /// The address of its picture.
    pub fn address(&self) -> Option<String> {
        let picture = self.picture.as_ref()?;
        Some(format!("/api/v1/infographics/{}/file?v={}", self.id, picture.tag))
    }
}
