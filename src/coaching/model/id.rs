//! What identifies the parts of coaching.

use serde::{Deserialize, Serialize};

use crate::id::random_id;

/// Identifies a coaching relationship, such as `rel_00f1e2d3c4b5a697`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "ssr", schema(value_type = String, example = "rel_00f1e2d3c4b5a697"))]
pub struct RelationshipId(String);

/// Identifies a coaching session, such as `ses_00f1e2d3c4b5a697`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "ssr", schema(value_type = String, example = "ses_00f1e2d3c4b5a697"))]
pub struct CoachingSessionId(String);

/// Identifies a note, such as `not_00f1e2d3c4b5a697`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "ssr", schema(value_type = String, example = "not_00f1e2d3c4b5a697"))]
pub struct NoteId(String);

/// Identifies an action, such as `atn_00f1e2d3c4b5a697`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "ssr", schema(value_type = String, example = "atn_00f1e2d3c4b5a697"))]
pub struct ActionId(String);

/// Identifies an agreement, such as `agr_00f1e2d3c4b5a697`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "ssr", schema(value_type = String, example = "agr_00f1e2d3c4b5a697"))]
pub struct AgreementId(String);

/// Identifies an overarching goal, such as `gol_00f1e2d3c4b5a697`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "ssr", schema(value_type = String, example = "gol_00f1e2d3c4b5a697"))]
pub struct GoalId(String);

/// Identifies a notification, such as `ntf_00f1e2d3c4b5a697`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "ssr", schema(value_type = String, example = "ntf_00f1e2d3c4b5a697"))]
pub struct NotificationId(String);

/// Identifies a page of a browser that is open, such as `tab_00f1e2d3c4b5a697`; made by the page.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TabId(String);

random_id!(RelationshipId, "rel_", "a coaching relationship");
random_id!(CoachingSessionId, "ses_", "a coaching session");
random_id!(NoteId, "not_", "a note");
random_id!(ActionId, "atn_", "an action");
random_id!(AgreementId, "agr_", "an agreement");
random_id!(GoalId, "gol_", "a goal");
random_id!(NotificationId, "ntf_", "a notification");
random_id!(TabId, "tab_", "a page");
