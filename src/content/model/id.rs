//! What identifies content.

use serde::{Deserialize, Serialize};

use crate::id::random_id;

/// Identifies a document, such as `doc_00f1e2d3c4b5a697`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "ssr", schema(value_type = String, example = "doc_00f1e2d3c4b5a697"))]
pub struct DocumentId(String);

/// Identifies a podcast, such as `pod_00f1e2d3c4b5a697`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "ssr", schema(value_type = String, example = "pod_00f1e2d3c4b5a697"))]
pub struct PodcastId(String);

impl PodcastId {
    /// What its jobs work on.
    pub fn job_target(&self) -> String {
        format!("podcast:{self}")
    }
}

random_id!(DocumentId, "doc_", "a document");
random_id!(PodcastId, "pod_", "a podcast");

/// Identifies an entry of the feed of what happened, such as `act_00f1e2d3c4b5a697`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "ssr", schema(value_type = String, example = "act_00f1e2d3c4b5a697"))]
pub struct ActivityId(String);

random_id!(ActivityId, "act_", "an entry of the feed");

/// Identifies a voiceover, such as `voc_00f1e2d3c4b5a697`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "ssr", schema(value_type = String, example = "voc_00f1e2d3c4b5a697"))]
pub struct VoiceoverId(String);

random_id!(VoiceoverId, "voc_", "a voiceover");

/// Identifies an infographic, such as `inf_00f1e2d3c4b5a697`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "ssr", schema(value_type = String, example = "inf_00f1e2d3c4b5a697"))]
pub struct InfographicId(String);

random_id!(InfographicId, "inf_", "an infographic");

impl VoiceoverId {
    /// What its job works on, as the queue names it.
    pub fn job_target(&self) -> String {
        format!("voiceover:{self}")
    }
}

impl InfographicId {
    /// What its job works on, as the queue names it.
    pub fn job_target(&self) -> String {
        format!("infographic:{self}")
    }
}
