//! The concept map of a project: what was accepted, and what stands together in the sources.

use serde::{Deserialize, Serialize};

use super::NodeId;

/// The map.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct ConceptMap {
    /// The accepted nodes, in the order in which they were proposed; the 200 most confident, if
    /// there are more.
    pub nodes: Vec<MapNode>,
    /// What of them stands together.
    pub links: Vec<MapLink>,
    /// How many nodes were accepted.
    pub accepted: u64,
}

/// A node of the map.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct MapNode {
    /// Identity.
    pub id: NodeId,
    /// What it is called.
    pub title: String,
    /// What it is.
    pub summary: String,
    /// How much in the sources speaks for it, 0 to 1.
    pub confidence: f64,
}

/// Two nodes that stand together in sentences of the sources.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct MapLink {
    /// One of them.
    pub one: NodeId,
    /// The other.
    pub other: NodeId,
    /// How often, compared with the most frequent pair: more than 0, at most 1.
    pub weight: f64,
}

impl ConceptMap {
    /// How many nodes the picture shows at most.
    pub const MOST: u64 = 200;
}
