//! What keeps the labs live: their events, tags and queries, and what an event does to what is
//! already shown.
//!
//! The whole invalidation story of the slice. Every event is of one project and goes to its members,
//! the audience `project:ID`; triggers of the database record it, whoever writes.
//!
//! | event | projects | members | sources | generation | nodes | map |
//! |---|---|---|---|---|---|---|
//! | `project_changed` | stale | stale | | | | |
//! | `source_added`, `source_deleted` | stale | | stale | | | |
//! | `status_update` | | | patched | | | |
//! | `generation_changed` | | | | stale | | |
//! | `progress_update` | | | | patched | | |
//! | `new_proposal` | stale | | | | stale | |
//! | `proposal_update` | stale, if decided | | | | patched, if not decided | stale |
//! | `proposal_deleted` | stale | | | | stale | stale |
//! | `bulk_change` | stale | | stale | stale | stale | stale |
//!
//! Nodes that are asked for by their ids are patched by whatever happens to one of them.

mod event;
mod patch;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use highwater::{AsOf, FetchFailed, Fetched, Patch, Query};
use serde::{Deserialize, Serialize};

use super::{
    api,
    model::{
        ConceptMap, Member, NodeId, NodePage, NodeStatus, NodesById, Project, ProjectId, Source,
    },
};
use crate::{
    error::AppError,
    jobs::model::Job,
    live::{StudioEvent, StudioTag, stale_if_touched},
};

pub use event::{Changed, LabsEvent, Progress};

/// The names of what is cached of the labs.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LabsTag {
    /// Everything of one project: each query about it depends on it and no event touches it. Members
    /// gain it, and lose it with their membership.
    Within(ProjectId),
    /// The list of one's projects.
    Mine,
    /// One project, with its counts.
    Project(ProjectId),
    /// Who takes part in one.
    Members(ProjectId),
    /// The sources of one.
    Sources(ProjectId),
    /// The jobs that propose nodes for one.
    Generation(ProjectId),
    /// The nodes of one.
    Proposals(ProjectId),
}

/// The projects in which one takes part, by name.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ProjectList;

/// One project.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ProjectDetail(pub ProjectId);

/// Who takes part in a project, by name.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct MemberList(pub ProjectId);

/// The sources of a project, the oldest first.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SourceList(pub ProjectId);

/// The newest job that proposes, or proposed, nodes for a project; `None` if there was none yet.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Generation(pub ProjectId);

/// A page of a project's nodes of one status.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct NodeList {
    /// Whose.
    pub project: ProjectId,
    /// Of which status.
    pub status: NodeStatus,
    /// The page, from 1.
    pub page: u32,
}

/// Some nodes of a project, as far as there are any, whatever was decided about each.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SomeNodes {
    /// Whose.
    pub project: ProjectId,
    /// Which, at most [`BULK_MAX`](super::model::BULK_MAX).
    pub ids: BTreeSet<NodeId>,
}

/// The concept map of a project.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct MapQuery(pub ProjectId);

impl Query for ProjectList {
    type Event = StudioEvent;
    type Value = Vec<Project>;
    type Refusal = AppError;

    const NAME: &'static str = "projects";

    fn tags(&self) -> Vec<StudioTag> {
        vec![StudioTag::Labs(LabsTag::Mine)]
    }

    fn patch(&self, _: &mut Vec<Project>, event: &StudioEvent) -> Patch {
        of_this(self, event, patch::counted)
    }

    async fn fetch(self, min: Option<AsOf>) -> Fetched<Self> {
        api::list_projects(min).await.map_err(FetchFailed::from)
    }
}

impl Query for ProjectDetail {
    type Event = StudioEvent;
    type Value = Project;
    type Refusal = AppError;

    const NAME: &'static str = "project";

    fn tags(&self) -> Vec<StudioTag> {
        within(&self.0, LabsTag::Project(self.0.clone()))
    }

    fn patch(&self, _: &mut Project, event: &StudioEvent) -> Patch {
        of_this(self, event, patch::counted)
    }

    async fn fetch(self, min: Option<AsOf>) -> Fetched<Self> {
        api::get_project(self.0, min).await.map_err(FetchFailed::from)
    }
}

impl Query for MemberList {
    type Event = StudioEvent;
    type Value = Vec<Member>;
    type Refusal = AppError;

    const NAME: &'static str = "members of a project";

    fn tags(&self) -> Vec<StudioTag> {
        within(&self.0, LabsTag::Members(self.0.clone()))
    }

    fn patch(&self, _: &mut Vec<Member>, event: &StudioEvent) -> Patch {
        stale_if_touched(self, event)
    }

    async fn fetch(self, min: Option<AsOf>) -> Fetched<Self> {
        api::list_members(self.0, min).await.map_err(FetchFailed::from)
    }
}

impl Query for SourceList {
    type Event = StudioEvent;
    type Value = Vec<Source>;
    type Refusal = AppError;

    const NAME: &'static str = "sources of a project";

    fn tags(&self) -> Vec<StudioTag> {
        within(&self.0, LabsTag::Sources(self.0.clone()))
    }

    fn patch(&self, sources: &mut Vec<Source>, event: &StudioEvent) -> Patch {
        of_this(self, event, |event| patch::sources(sources, event))
    }

    async fn fetch(self, min: Option<AsOf>) -> Fetched<Self> {
        api::list_sources(self.0, min).await.map_err(FetchFailed::from)
    }
}

impl Query for Generation {
    type Event = StudioEvent;
    type Value = Option<Job>;
    type Refusal = AppError;

    const NAME: &'static str = "generation of a project";

    fn tags(&self) -> Vec<StudioTag> {
        within(&self.0, LabsTag::Generation(self.0.clone()))
    }

    fn patch(&self, job: &mut Option<Job>, event: &StudioEvent) -> Patch {
        of_this(self, event, |event| patch::generation(job, event))
    }

    async fn fetch(self, min: Option<AsOf>) -> Fetched<Self> {
        api::get_generation(self.0, min).await.map_err(FetchFailed::from)
    }
}

impl Query for NodeList {
    type Event = StudioEvent;
    type Value = NodePage;
    type Refusal = AppError;

    const NAME: &'static str = "nodes of a project";

    fn tags(&self) -> Vec<StudioTag> {
        within(&self.project, LabsTag::Proposals(self.project.clone()))
    }

    fn patch(&self, page: &mut NodePage, event: &StudioEvent) -> Patch {
        of_this(self, event, |event| patch::page(page, event))
    }

    async fn fetch(self, min: Option<AsOf>) -> Fetched<Self> {
        api::list_nodes(self.project, self.status, self.page, min).await.map_err(FetchFailed::from)
    }
}

impl Query for SomeNodes {
    type Event = StudioEvent;
    type Value = NodesById;
    type Refusal = AppError;

    const NAME: &'static str = "some nodes of a project";

    fn tags(&self) -> Vec<StudioTag> {
        within(&self.project, LabsTag::Proposals(self.project.clone()))
    }

    fn patch(&self, nodes: &mut NodesById, event: &StudioEvent) -> Patch {
        of_this(self, event, |event| patch::some(nodes, event))
    }

    async fn fetch(self, min: Option<AsOf>) -> Fetched<Self> {
        api::find_nodes(self.project, self.ids, min).await.map_err(FetchFailed::from)
    }
}

impl Query for MapQuery {
    type Event = StudioEvent;
    type Value = ConceptMap;
    type Refusal = AppError;

    const NAME: &'static str = "concept map";

    fn tags(&self) -> Vec<StudioTag> {
        within(&self.0, LabsTag::Proposals(self.0.clone()))
    }

    fn patch(&self, map: &mut ConceptMap, event: &StudioEvent) -> Patch {
        of_this(self, event, |event| patch::map(map, event))
    }

    async fn fetch(self, min: Option<AsOf>) -> Fetched<Self> {
        api::get_map(self.0, min).await.map_err(FetchFailed::from)
    }
}

/// The tags of a query about a project.
fn within(project: &ProjectId, tag: LabsTag) -> Vec<StudioTag> {
    [tag, LabsTag::Within(project.clone())].map(StudioTag::Labs).into()
}

/// What an event does to a query that it touches, which only one of the labs can.
fn of_this<Q: Query<Event = StudioEvent>>(
    query: &Q,
    event: &StudioEvent,
    patch: impl FnOnce(&LabsEvent) -> Patch,
) -> Patch {
    match (stale_if_touched(query, event), event) {
        (Patch::Stale, StudioEvent::Labs(event)) => patch(event),
        (untouched, _) => untouched,
    }
}
