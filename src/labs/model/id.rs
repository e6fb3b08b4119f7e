//! What identifies the parts of the labs.

use serde::{Deserialize, Serialize};

use crate::id::random_id;

/// Identifies a project, such as `prj_00f1e2d3c4b5a697`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "ssr", schema(value_type = String, example = "prj_00f1e2d3c4b5a697"))]
pub struct ProjectId(String);

/// Identifies a source, such as `src_00f1e2d3c4b5a697`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "ssr", schema(value_type = String, example = "src_00f1e2d3c4b5a697"))]
pub struct SourceId(String);

/// Identifies a node that was proposed, such as `nod_00f1e2d3c4b5a697`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "ssr", schema(value_type = String, example = "nod_00f1e2d3c4b5a697"))]
pub struct NodeId(String);

random_id!(ProjectId, "prj_", "a project");
random_id!(SourceId, "src_", "a source");
random_id!(NodeId, "nod_", "a node");
