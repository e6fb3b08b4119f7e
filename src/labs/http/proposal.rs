//! Proposed nodes and the map as other programs use them.

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::Response,
};
use serde::Deserialize;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::id_of;
use crate::{
    account::http::SignedIn,
    error::AppError,
    labs::{
        model::{
            BulkChange, BulkDone, ConceptMap, Node, NodeChange, NodeId, NodePage, NodeStatus,
            ProjectId,
        },
        service,
    },
    server::{
        input::{JsonBody, Params, Segment, Segments, mutation_id},
        openapi::{ChangeRefusals, ReadRefusals, Repeatable},
        output::{answer, stamped},
        state::AppState,
    },
};

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list_proposals, post_proposals))
        .routes(routes!(get_proposal, patch_proposal, delete_proposal))
        .routes(routes!(get_map))
}

/// Which proposals are listed.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Which {
    /// Those of this status; those that wait for a decision if it is left out.
    status: Option<NodeStatus>,
    /// The page, from 1.
    #[serde(default = "first")]
    page: u32,
}

/// Which version is to be deleted.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct OfVersion {
    /// The version that this was decided on; another one refuses it.
    version: Option<u64>,
}

fn first() -> u32 {
    1
}

/// A page of a project's proposals of one status, the most confident first.
#[utoipa::path(
    get,
    path = "/api/projects/{id}/proposals",
    tag = "labs",
    params(("id" = ProjectId, Path), Which),
    responses((status = 200, body = NodePage), ReadRefusals),
)]
async fn list_proposals(
    State(state): State<AppState>,
    SignedIn(user): SignedIn,
    Segment(id): Segment,
    Params(which): Params<Which>,
) -> Result<Response, AppError> {
    let status = which.status.unwrap_or(NodeStatus::Proposed);
    let id = id_of(&id, "project")?;
    Ok(answer(service::list_nodes(&state, &user, id, status, which.page, None).await?))
}

/// Does one thing with many proposals, all or none.
///
/// Those that are gone are answered, and keep no other from being changed.
#[utoipa::path(
    post,
    path = "/api/projects/{id}/proposals",
    tag = "labs",
    params(("id" = ProjectId, Path), Repeatable),
    request_body = BulkChange,
    responses((status = 200, body = BulkDone), ChangeRefusals),
)]
async fn post_proposals(
    State(state): State<AppState>,
    SignedIn(user): SignedIn,
    Segment(id): Segment,
    headers: HeaderMap,
    JsonBody(change): JsonBody<BulkChange>,
) -> Result<Response, AppError> {
    let (id, by) = (id_of(&id, "project")?, mutation_id(&headers)?);
    let done = service::change_nodes(&state, &user, id, change, by).await?;
    Ok(stamped(&done.as_of, Json(done.value)))
}

/// One proposal.
#[utoipa::path(
    get,
    path = "/api/projects/{id}/proposals/{proposalId}",
    tag = "labs",
    params(("id" = ProjectId, Path), ("proposalId" = NodeId, Path)),
    responses((status = 200, body = Node), ReadRefusals),
)]
async fn get_proposal(
    State(state): State<AppState>,
    SignedIn(user): SignedIn,
    Segments(id, node): Segments,
) -> Result<Response, AppError> {
    let (id, node) = (id_of(&id, "project")?, id_of(&node, "proposal")?);
    Ok(answer(service::get_node(&state, &user, (id, node)).await?))
}

/// Accepts, rejects or edits a proposal, and answers it as it is then.
///
/// With `version`, only if that is still its version.
#[utoipa::path(
    patch,
    path = "/api/projects/{id}/proposals/{proposalId}",
    tag = "labs",
    params(("id" = ProjectId, Path), ("proposalId" = NodeId, Path), Repeatable),
    request_body = NodeChange,
    responses((status = 200, body = Node), ChangeRefusals),
)]
async fn patch_proposal(
    State(state): State<AppState>,
    SignedIn(user): SignedIn,
    Segments(id, node): Segments,
    headers: HeaderMap,
    JsonBody(change): JsonBody<NodeChange>,
) -> Result<Response, AppError> {
    let (id, node) = (id_of(&id, "project")?, id_of(&node, "proposal")?);
    let by = mutation_id(&headers)?;
    let done = service::change_node(&state, &user, (id, node), change, by).await?;
    Ok(stamped(&done.as_of, Json(done.value)))
}

/// Deletes a proposal: it may be proposed again.
#[utoipa::path(
    delete,
    path = "/api/projects/{id}/proposals/{proposalId}",
    tag = "labs",
    params(("id" = ProjectId, Path), ("proposalId" = NodeId, Path), OfVersion, Repeatable),
    responses((status = 204), ChangeRefusals),
)]
async fn delete_proposal(
    State(state): State<AppState>,
    SignedIn(user): SignedIn,
    Segments(id, node): Segments,
    Params(of): Params<OfVersion>,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    let (id, node) = (id_of(&id, "project")?, id_of(&node, "proposal")?);
    let by = mutation_id(&headers)?;
    let done = service::delete_node(&state, &user, (id, node), of.version, by).await?;
    Ok(stamped(&done.as_of, StatusCode::NO_CONTENT))
}

/// The concept map of a project: what was accepted, and what of it stands together in the sources.
#[utoipa::path(
    get,
    path = "/api/projects/{id}/map",
    tag = "labs",
    params(("id" = ProjectId, Path)),
    responses((status = 200, body = ConceptMap), ReadRefusals),
)]
async fn get_map(
    State(state): State<AppState>,
    SignedIn(user): SignedIn,
    Segment(id): Segment,
) -> Result<Response, AppError> {
    Ok(answer(service::concept_map(&state, &user, id_of(&id, "project")?, None).await?))
}
