//! The server functions of the labs. Each is a public endpoint: the service it calls authorises.

#![expect(
    missing_docs,
    reason = "the fields in question are the arguments, of structs that a macro writes"
)]

use std::collections::BTreeSet;

use highwater::{AsOf, Committed, MutationId, Stamped};
use leptos::prelude::*;

use super::model::{
    BulkChange, BulkDone, ConceptMap, Member, NewMember, NewProject, NewSource, Node, NodeChange,
    NodeId, NodePage, NodeStatus, NodesById, Project, ProjectChange, ProjectId, Source, SourceId,
};
use crate::{
    account::model::UserId,
    calls::Calls,
    error::AppError,
    jobs::model::{Job, JobId},
};

/// One's own projects, including at least `min`.
#[server(prefix = "/api/fn", endpoint = "list_projects", protocol = Calls)]
pub async fn list_projects(
    min: Option<AsOf>,
) -> Result<Stamped<Result<Vec<Project>, AppError>>, AppError> {
    use crate::{labs::service, server::request};
    let (state, user) = request::signed_in()?;
    request::stamped(service::list_projects(&state, &user, min.as_ref()).await)
}

/// One project, including at least `min`.
#[server(prefix = "/api/fn", endpoint = "get_project", protocol = Calls)]
pub async fn get_project(
    id: ProjectId,
    min: Option<AsOf>,
) -> Result<Stamped<Result<Project, AppError>>, AppError> {
    use crate::{labs::service, server::request};
    let (state, user) = request::signed_in()?;
    request::stamped(service::get_project(&state, &user, id, min.as_ref()).await)
}

/// Who takes part in a project, including at least `min`.
#[server(prefix = "/api/fn", endpoint = "list_members", protocol = Calls)]
pub async fn list_members(
    id: ProjectId,
    min: Option<AsOf>,
) -> Result<Stamped<Result<Vec<Member>, AppError>>, AppError> {
    use crate::{labs::service, server::request};
    let (state, user) = request::signed_in()?;
    request::stamped(service::list_members(&state, &user, id, min.as_ref()).await)
}

/// The sources of a project, including at least `min`.
#[server(prefix = "/api/fn", endpoint = "list_sources", protocol = Calls)]
pub async fn list_sources(
    id: ProjectId,
    min: Option<AsOf>,
) -> Result<Stamped<Result<Vec<Source>, AppError>>, AppError> {
    use crate::{labs::service, server::request};
    let (state, user) = request::signed_in()?;
    request::stamped(service::list_sources(&state, &user, id, min.as_ref()).await)
}

/// The newest job that proposes nodes for a project, including at least `min`.
#[server(prefix = "/api/fn", endpoint = "get_generation", protocol = Calls)]
pub async fn get_generation(
    id: ProjectId,
    min: Option<AsOf>,
) -> Result<Stamped<Result<Option<Job>, AppError>>, AppError> {
    use crate::{labs::service, server::request};
    let (state, user) = request::signed_in()?;
    request::stamped(service::generation(&state, &user, id, min.as_ref()).await)
}

/// A page of a project's nodes, including at least `min`.
#[server(prefix = "/api/fn", endpoint = "list_nodes", protocol = Calls)]
pub async fn list_nodes(
    project: ProjectId,
    status: NodeStatus,
    page: u32,
    min: Option<AsOf>,
) -> Result<Stamped<Result<NodePage, AppError>>, AppError> {
    use crate::{labs::service, server::request};
    let (state, user) = request::signed_in()?;
    request::stamped(service::list_nodes(&state, &user, project, status, page, min.as_ref()).await)
}

/// Some nodes of a project, as far as there are any, including at least `min`.
#[server(prefix = "/api/fn", endpoint = "find_nodes", protocol = Calls)]
pub async fn find_nodes(
    id: ProjectId,
    ids: BTreeSet<NodeId>,
    min: Option<AsOf>,
) -> Result<Stamped<Result<NodesById, AppError>>, AppError> {
    use crate::{labs::service, server::request};
    let (state, user) = request::signed_in()?;
    request::stamped(service::find_nodes(&state, &user, id, ids, min.as_ref()).await)
}

/// The concept map of a project, including at least `min`.
#[server(prefix = "/api/fn", endpoint = "get_map", protocol = Calls)]
pub async fn get_map(
    id: ProjectId,
    min: Option<AsOf>,
) -> Result<Stamped<Result<ConceptMap, AppError>>, AppError> {
    use crate::{labs::service, server::request};
    let (state, user) = request::signed_in()?;
    request::stamped(service::concept_map(&state, &user, id, min.as_ref()).await)
}

/// Makes a project; a repeat of the mutation is answered with the first outcome.
#[server(prefix = "/api/fn", endpoint = "create_project", protocol = Calls)]
pub async fn create_project(
    new: NewProject,
    mutation: MutationId,
) -> Result<Committed<Project>, AppError> {
    use crate::{labs::service, server::request};
    let (state, user) = request::signed_in()?;
    request::answered(service::create_project(&state, &user, new, Some(mutation)).await)
}

/// Changes a project; a repeat of the mutation is answered with the first outcome.
#[server(prefix = "/api/fn", endpoint = "change_project", protocol = Calls)]
pub async fn change_project(
    id: ProjectId,
    change: ProjectChange,
    mutation: MutationId,
) -> Result<Committed<Project>, AppError> {
    use crate::{labs::service, server::request};
    let (state, user) = request::signed_in()?;
    request::answered(service::change_project(&state, &user, id, change, Some(mutation)).await)
}

/// Deletes a project; a repeat of the mutation is answered with the first outcome.
#[server(prefix = "/api/fn", endpoint = "delete_project", protocol = Calls)]
pub async fn delete_project(
    id: ProjectId,
    mutation: MutationId,
) -> Result<Committed<()>, AppError> {
    use crate::{labs::service, server::request};
    let (state, user) = request::signed_in()?;
    request::answered(service::delete_project(&state, &user, id, Some(mutation)).await)
}

/// Has somebody take part; a repeat of the mutation is answered with the first outcome.
#[server(prefix = "/api/fn", endpoint = "add_member", protocol = Calls)]
pub async fn add_member(
    id: ProjectId,
    new: NewMember,
    mutation: MutationId,
) -> Result<Committed<Vec<Member>>, AppError> {
    use crate::{labs::service, server::request};
    let (state, user) = request::signed_in()?;
    request::answered(service::add_member(&state, &user, id, new, Some(mutation)).await)
}

/// Has somebody take part no longer; a repeat of the mutation is answered with the first outcome.
#[server(prefix = "/api/fn", endpoint = "remove_member", protocol = Calls)]
pub async fn remove_member(
    id: ProjectId,
    member: UserId,
    mutation: MutationId,
) -> Result<Committed<Vec<Member>>, AppError> {
    use crate::{labs::service, server::request};
    let (state, user) = request::signed_in()?;
    request::answered(service::remove_member(&state, &user, id, member, Some(mutation)).await)
}

/// Adds pasted text as a source; a repeat of the mutation is answered with the first outcome.
#[server(prefix = "/api/fn", endpoint = "add_source", protocol = Calls)]
pub async fn add_source(
    id: ProjectId,
    new: NewSource,
    mutation: MutationId,
) -> Result<Committed<Source>, AppError> {
    use crate::{labs::service, server::request};
    let (state, user) = request::signed_in()?;
    request::answered(service::add_source(&state, &user, id, new, Some(mutation)).await)
}

/// Has a source ingested again; a repeat of the mutation is answered with the first outcome.
#[server(prefix = "/api/fn", endpoint = "reingest_source", protocol = Calls)]
pub async fn reingest_source(
    project: ProjectId,
    id: SourceId,
    mutation: MutationId,
) -> Result<Committed<Source>, AppError> {
    use crate::{labs::service, server::request};
    let (state, user) = request::signed_in()?;
    request::answered(service::reingest(&state, &user, (project, id), Some(mutation)).await)
}

/// Deletes a source; a repeat of the mutation is answered with the first outcome.
#[server(prefix = "/api/fn", endpoint = "delete_source", protocol = Calls)]
pub async fn delete_source(
    project: ProjectId,
    id: SourceId,
    mutation: MutationId,
) -> Result<Committed<()>, AppError> {
    use crate::{labs::service, server::request};
    let (state, user) = request::signed_in()?;
    request::answered(service::delete_source(&state, &user, (project, id), Some(mutation)).await)
}

/// Has nodes proposed; a repeat of the mutation is answered with the first outcome.
#[server(prefix = "/api/fn", endpoint = "generate_nodes", protocol = Calls)]
pub async fn generate_nodes(
    id: ProjectId,
    mutation: MutationId,
) -> Result<Committed<Job>, AppError> {
    use crate::{labs::service, server::request};
    let (state, user) = request::signed_in()?;
    request::answered(service::generate(&state, &user, id, Some(mutation)).await)
}

/// Stops the proposing of nodes; a repeat of the mutation is answered with the first outcome.
#[server(prefix = "/api/fn", endpoint = "cancel_generation", protocol = Calls)]
pub async fn cancel_generation(
    id: ProjectId,
    job: JobId,
    mutation: MutationId,
) -> Result<Committed<Job>, AppError> {
    use crate::{labs::service, server::request};
    let (state, user) = request::signed_in()?;
    request::answered(service::cancel_generation(&state, &user, id, job, Some(mutation)).await)
}

/// Decides about a node or edits it; a repeat of the mutation is answered with the first outcome.
#[server(prefix = "/api/fn", endpoint = "change_node", protocol = Calls)]
pub async fn change_node(
    project: ProjectId,
    id: NodeId,
    change: NodeChange,
    mutation: MutationId,
) -> Result<Committed<Node>, AppError> {
    use crate::{labs::service, server::request};
    let (state, user) = request::signed_in()?;
    request::answered(
        service::change_node(&state, &user, (project, id), change, Some(mutation)).await,
    )
}

/// Does one thing with many nodes; a repeat of the mutation is answered with the first outcome.
#[server(prefix = "/api/fn", endpoint = "change_nodes", protocol = Calls)]
pub async fn change_nodes(
    id: ProjectId,
    change: BulkChange,
    mutation: MutationId,
) -> Result<Committed<BulkDone>, AppError> {
    use crate::{labs::service, server::request};
    let (state, user) = request::signed_in()?;
    request::answered(service::change_nodes(&state, &user, id, change, Some(mutation)).await)
}

/// Deletes a node; a repeat of the mutation is answered with the first outcome.
#[server(prefix = "/api/fn", endpoint = "delete_node", protocol = Calls)]
pub async fn delete_node(
    project: ProjectId,
    id: NodeId,
    version: Option<u64>,
    mutation: MutationId,
) -> Result<Committed<()>, AppError> {
    use crate::{labs::service, server::request};
    let (state, user) = request::signed_in()?;
    request::answered(
        service::delete_node(&state, &user, (project, id), version, Some(mutation)).await,
    )
}
