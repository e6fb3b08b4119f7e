//! Nodes: concepts that were proposed from the sources, and what was decided about each.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    str::FromStr,
};

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::{
    NodeId, ProjectId, SourceId,
    text::{line, summary},
};
use crate::error::AppError;

/// How many nodes can be asked for by their ids, or decided, at once.
pub const BULK_MAX: usize = 500;

/// A node that was proposed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "ssr", schema(as = ProposedNode))]
pub struct Node {
    /// Identity.
    pub id: NodeId,
    /// Whose.
    pub project_id: ProjectId,
    /// What it is called.
    pub title: String,
    /// What it is, in a sentence or two of the sources.
    pub summary: String,
    /// How much in the sources speaks for it, 0 to 1.
    pub confidence: f64,
    /// How often the sources mention it.
    pub mentions: u64,
    /// What was decided.
    pub status: NodeStatus,
    /// The source of the summary, if it is still there.
    pub source_id: Option<SourceId>,
    /// What that is called.
    pub source_name: Option<String>,
    /// When it was proposed.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    /// When it last changed.
    #[serde(with = "time::serde::rfc3339")]
    pub updated_at: OffsetDateTime,
    /// 1, and one more for each change.
    pub version: u64,
}

/// What was decided about a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "ssr", schema(as = ProposalStatus))]
pub enum NodeStatus {
    /// Nothing yet.
    Proposed,
    /// It is in the map.
    Accepted,
    /// It is not to be proposed again.
    Rejected,
}

/// How many nodes of a project there are of each status.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "ssr", schema(as = ProposalCounts))]
pub struct StatusCounts {
    /// That wait for a decision.
    pub proposed: u64,
    /// That were accepted.
    pub accepted: u64,
    /// That were rejected.
    pub rejected: u64,
}

/// One page of a project's nodes of one status.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "ssr", schema(as = ProposalPage))]
pub struct NodePage {
    /// What is on it: the most confident first. Empty beyond the last page.
    pub rows: Vec<Node>,
    /// Of which status.
    pub status: NodeStatus,
    /// How many there are of each, on all pages.
    pub counts: StatusCounts,
    /// Which page this is, from 1.
    pub page: u32,
    /// How many pages there are; at least 1.
    pub pages: u32,
}

/// Nodes by their ids; `None` for one that is no more.
pub type NodesById = BTreeMap<NodeId, Option<Node>>;

/// What is to be changed of a node.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "ssr", schema(as = ProposalChange))]
pub struct NodeChange {
    /// What it is called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// What it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub summary: Option<String>,
    /// What was decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<NodeStatus>,
    /// The version that this was decided on; another one refuses it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<u64>,
}

/// What is to be done with many nodes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub enum BulkAction {
    /// They belong in the map.
    Accept,
    /// They do not.
    Reject,
    /// Nothing was decided after all.
    Reopen,
    /// They go, and may be proposed again.
    Delete,
}

/// One thing to be done with many nodes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct BulkChange {
    /// Which nodes, 1 to 500; each counts once.
    pub ids: Vec<NodeId>,
    /// What is to be done.
    pub action: BulkAction,
}

/// What became of many nodes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct BulkDone {
    /// How many were changed.
    pub changed: u64,
    /// How many were so already.
    pub unchanged: u64,
    /// Which are not there any more.
    pub missing: Vec<NodeId>,
}

impl NodeStatus {
    /// Every status, in the order in which they are shown.
    pub const ALL: [Self; 3] = [Self::Proposed, Self::Accepted, Self::Rejected];

    /// Its name in the database, in JSON and in addresses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Proposed => "proposed",
            Self::Accepted => "accepted",
            Self::Rejected => "rejected",
        }
    }
}

impl fmt::Display for NodeStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for NodeStatus {
    type Err = AppError;

    fn from_str(text: &str) -> Result<Self, AppError> {
        let found = Self::ALL.into_iter().find(|status| status.as_str() == text);
        found.ok_or_else(|| {
            AppError::invalid("status", "There are proposed, accepted and rejected.")
        })
    }
}

impl StatusCounts {
    /// How many there are of a status.
    pub fn of(&self, status: NodeStatus) -> u64 {
        match status {
            NodeStatus::Proposed => self.proposed,
            NodeStatus::Accepted => self.accepted,
            NodeStatus::Rejected => self.rejected,
        }
    }

    /// One that was of a status is of another, or gone.
    pub fn move_one(&mut self, was: NodeStatus, to: Option<NodeStatus>) {
        let before = self.of_mut(was);
        *before = before.saturating_sub(1);
        if let Some(to) = to {
            *self.of_mut(to) += 1;
        }
    }

    fn of_mut(&mut self, status: NodeStatus) -> &mut u64 {
        match status {
            NodeStatus::Proposed => &mut self.proposed,
            NodeStatus::Accepted => &mut self.accepted,
            NodeStatus::Rejected => &mut self.rejected,
        }
    }
}

impl NodePage {
    /// How many rows a full page has.
    pub const PER_PAGE: u32 = 50;

    /// Takes it that nodes, each with its status until now, have another one, or are gone.
    pub fn move_to(&mut self, nodes: &[(NodeId, NodeStatus)], to: Option<NodeStatus>) {
        for (_, was) in nodes {
            self.counts.move_one(*was, to);
        }
        if to != Some(self.status) {
            self.rows.retain(|row| !nodes.iter().any(|(id, _)| *id == row.id));
        }
    }

    /// How many pages so many rows take.
    pub fn pages(total: u64) -> u32 {
        let pages = total.div_ceil(u64::from(Self::PER_PAGE)).max(1);
        u32::try_from(pages).unwrap_or(u32::MAX)
    }
}

impl NodeChange {
    /// A decision, on the version that was seen.
    pub fn decide(status: NodeStatus, version: u64) -> Self {
        Self { status: Some(status), version: Some(version), ..Self::default() }
    }

    /// As it is stored.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for what may not be written.
    pub fn checked(self) -> Result<Self, AppError> {
        Ok(Self {
            title: self.title.map(|title| line("title", &title)).transpose()?,
            summary: self.summary.map(|text| summary("summary", &text)).transpose()?,
            ..self
        })
    }
}

impl BulkAction {
    /// What the nodes' status is after it; `None` when they are gone.
    pub fn status(self) -> Option<NodeStatus> {
        match self {
            Self::Accept => Some(NodeStatus::Accepted),
            Self::Reject => Some(NodeStatus::Rejected),
            Self::Reopen => Some(NodeStatus::Proposed),
            Self::Delete => None,
        }
    }
}

impl BulkChange {
    /// Each node once.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for none, and for too many.
    pub fn checked(self) -> Result<(BTreeSet<NodeId>, BulkAction), AppError> {
        let ids: BTreeSet<NodeId> = self.ids.into_iter().collect();
        if ids.is_empty() {
            return Err(AppError::invalid("ids", "Choose at least one."));
        }
        not_too_many(&ids)?;
        Ok((ids, self.action))
    }
}

/// # Errors
/// [`AppError::Invalid`] for more nodes than are answered or changed at once.
pub fn not_too_many(ids: &BTreeSet<NodeId>) -> Result<(), AppError> {
    if ids.len() > BULK_MAX {
        return Err(AppError::invalid("ids", format!("Choose at most {BULK_MAX} at once.")));
    }
    Ok(())
}
