//! Projects and members as other programs use them.

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::Response,
};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{id_of, made};
use crate::{
    account::{http::SignedIn, model::UserId},
    error::AppError,
    labs::{
        model::{Member, NewMember, NewProject, Project, ProjectChange, ProjectId},
        service,
    },
    server::{
        input::{JsonBody, Segment, Segments, mutation_id},
        openapi::{ChangeRefusals, ReadRefusals, Repeatable},
        output::{answer, stamped},
        state::AppState,
    },
};

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list_projects, post_project))
        .routes(routes!(get_project, patch_project, delete_project))
        .routes(routes!(list_members, post_member))
        .routes(routes!(delete_member))
}

/// The projects in which the caller takes part, by name.
#[utoipa::path(
    get,
    path = "/api/projects",
    tag = "labs",
    responses((status = 200, body = Vec<Project>), ReadRefusals),
)]
async fn list_projects(
    State(state): State<AppState>,
    SignedIn(user): SignedIn,
) -> Result<Response, AppError> {
    Ok(answer(service::list_projects(&state, &user, None).await?))
}

/// Makes a project, which the caller owns, and answers it and where it is (`Location`).
#[utoipa::path(
    post,
    path = "/api/projects",
    tag = "labs",
    params(Repeatable),
    request_body = NewProject,
    responses((status = 201, body = Project), ChangeRefusals),
)]
async fn post_project(
    State(state): State<AppState>,
    SignedIn(user): SignedIn,
    headers: HeaderMap,
    JsonBody(new): JsonBody<NewProject>,
) -> Result<Response, AppError> {
    let done = service::create_project(&state, &user, new, mutation_id(&headers)?).await?;
    let address = format!("/api/projects/{}", done.value.id);
    Ok(made(done, address))
}

/// One project.
#[utoipa::path(
    get,
    path = "/api/projects/{id}",
    tag = "labs",
    params(("id" = ProjectId, Path)),
    responses((status = 200, body = Project), ReadRefusals),
)]
async fn get_project(
    State(state): State<AppState>,
    SignedIn(user): SignedIn,
    Segment(id): Segment,
) -> Result<Response, AppError> {
    Ok(answer(service::get_project(&state, &user, id_of(&id, "project")?, None).await?))
}

/// Changes what a project is called and is about, and answers it as it is then.
///
/// With `version`, only if that is still its version.
#[utoipa::path(
    patch,
    path = "/api/projects/{id}",
    tag = "labs",
    params(("id" = ProjectId, Path), Repeatable),
    request_body = ProjectChange,
    responses((status = 200, body = Project), ChangeRefusals),
)]
async fn patch_project(
    State(state): State<AppState>,
    SignedIn(user): SignedIn,
    Segment(id): Segment,
    headers: HeaderMap,
    JsonBody(change): JsonBody<ProjectChange>,
) -> Result<Response, AppError> {
    let (id, by) = (id_of(&id, "project")?, mutation_id(&headers)?);
    let done = service::change_project(&state, &user, id, change, by).await?;
    Ok(stamped(&done.as_of, Json(done.value)))
}

/// Deletes a project with all that belongs to it. Its owner may.
#[utoipa::path(
    delete,
    path = "/api/projects/{id}",
    tag = "labs",
    params(("id" = ProjectId, Path), Repeatable),
    responses((status = 204), ChangeRefusals),
)]
async fn delete_project(
    State(state): State<AppState>,
    SignedIn(user): SignedIn,
    Segment(id): Segment,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    let (id, by) = (id_of(&id, "project")?, mutation_id(&headers)?);
    let done = service::delete_project(&state, &user, id, by).await?;
    Ok(stamped(&done.as_of, StatusCode::NO_CONTENT))
}

/// Who takes part in a project, by name.
#[utoipa::path(
    get,
    path = "/api/projects/{id}/members",
    tag = "labs",
    params(("id" = ProjectId, Path)),
    responses((status = 200, body = Vec<Member>), ReadRefusals),
)]
async fn list_members(
    State(state): State<AppState>,
    SignedIn(user): SignedIn,
    Segment(id): Segment,
) -> Result<Response, AppError> {
    Ok(answer(service::list_members(&state, &user, id_of(&id, "project")?, None).await?))
}

/// Has somebody take part in a project, and answers who does then. Its owner may.
#[utoipa::path(
    post,
    path = "/api/projects/{id}/members",
    tag = "labs",
    params(("id" = ProjectId, Path), Repeatable),
    request_body = NewMember,
    responses((status = 200, body = Vec<Member>), ChangeRefusals),
)]
async fn post_member(
    State(state): State<AppState>,
    SignedIn(user): SignedIn,
    Segment(id): Segment,
    headers: HeaderMap,
    JsonBody(new): JsonBody<NewMember>,
) -> Result<Response, AppError> {
    let (id, by) = (id_of(&id, "project")?, mutation_id(&headers)?);
    let done = service::add_member(&state, &user, id, new, by).await?;
    Ok(stamped(&done.as_of, Json(done.value)))
}

/// Has somebody take part no longer, and answers who does then. Its owner may, and everybody for
/// themself.
#[utoipa::path(
    delete,
    path = "/api/projects/{id}/members/{userId}",
    tag = "labs",
    params(("id" = ProjectId, Path), ("userId" = UserId, Path), Repeatable),
    responses((status = 200, body = Vec<Member>), ChangeRefusals),
)]
async fn delete_member(
    State(state): State<AppState>,
    SignedIn(user): SignedIn,
    Segments(id, member): Segments,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    let (id, by) = (id_of(&id, "project")?, mutation_id(&headers)?);
    let member = UserId(id_of(&member, "member")?);
    let done = service::remove_member(&state, &user, id, member, by).await?;
    Ok(stamped(&done.as_of, Json(done.value)))
}
