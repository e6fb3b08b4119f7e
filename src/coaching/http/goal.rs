//! Goals as other programs use them.

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::Response,
};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{OfRelationship, OfVersion, id_of, made};
use crate::{
    account::http::SignedIn,
    coaching::{
        model::{GoalChange, GoalId, NewGoal, OverarchingGoal},
        service,
    },
    error::AppError,
    server::{
        input::{JsonBody, Params, Segment, mutation_id},
        openapi::{ChangeRefusals, ReadRefusals, Repeatable},
        output::{answer, stamped},
        state::AppState,
    },
};

/// The endpoints below `/api/v1/overarching_goals`.
pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list_goals, post_goal)).routes(routes!(
        get_goal,
        patch_goal,
        delete_goal
    ))
}

/// The goals of a relationship in which the caller takes part, the oldest first.
#[utoipa::path(
    get,
    path = "/api/v1/overarching_goals",
    tag = "coaching",
    params(OfRelationship),
    responses((status = 200, body = Vec<OverarchingGoal>), ReadRefusals),
)]
async fn list_goals(
    State(state): State<AppState>,
    SignedIn(user): SignedIn,
    Params(query): Params<OfRelationship>,
) -> Result<Response, AppError> {
    let of = query.coaching_relationship_id;
    Ok(answer(service::list_goals(&state, &user, of, None).await?))
}

/// Adds a goal, and answers it and where it is (`Location`).
///
/// How its progress came along is kept.
#[utoipa::path(
    post,
    path = "/api/v1/overarching_goals",
    tag = "coaching",
    params(Repeatable),
    request_body = NewGoal,
    responses((status = 201, body = OverarchingGoal), ChangeRefusals),
)]
async fn post_goal(
    State(state): State<AppState>,
    SignedIn(user): SignedIn,
    headers: HeaderMap,
    JsonBody(new): JsonBody<NewGoal>,
) -> Result<Response, AppError> {
    let done = service::create_goal(&state, &user, new, mutation_id(&headers)?).await?;
    let address = format!("/api/v1/overarching_goals/{}", done.value.id);
    Ok(made(done, address))
}

/// One goal.
#[utoipa::path(
    get,
    path = "/api/v1/overarching_goals/{id}",
    tag = "coaching",
    params(("id" = GoalId, Path)),
    responses((status = 200, body = OverarchingGoal), ReadRefusals),
)]
async fn get_goal(
    State(state): State<AppState>,
    SignedIn(user): SignedIn,
    Segment(id): Segment,
) -> Result<Response, AppError> {
    Ok(answer(service::get_goal(&state, &user, id_of(&id, "goal")?).await?))
}

/// Changes a goal, and answers it as it is then.
///
/// With `version`, only if that is still its version.
#[utoipa::path(
    patch,
    path = "/api/v1/overarching_goals/{id}",
    tag = "coaching",
    params(("id" = GoalId, Path), Repeatable),
    request_body = GoalChange,
    responses((status = 200, body = OverarchingGoal), ChangeRefusals),
)]
async fn patch_goal(
    State(state): State<AppState>,
    SignedIn(user): SignedIn,
    Segment(id): Segment,
    headers: HeaderMap,
    JsonBody(change): JsonBody<GoalChange>,
) -> Result<Response, AppError> {
    let (id, by) = (id_of(&id, "goal")?, mutation_id(&headers)?);
    let done = service::change_goal(&state, &user, id, change, by).await?;
    Ok(stamped(&done.as_of, Json(done.value)))
}

/// Deletes a goal.
#[utoipa::path(
    delete,
    path = "/api/v1/overarching_goals/{id}",
    tag = "coaching",
    params(("id" = GoalId, Path), OfVersion, Repeatable),
    responses((status = 204), ChangeRefusals),
)]
async fn delete_goal(
    State(state): State<AppState>,
    SignedIn(user): SignedIn,
    Segment(id): Segment,
    Params(of): Params<OfVersion>,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    let (id, by) = (id_of(&id, "goal")?, mutation_id(&headers)?);
    let done = service::delete_goal(&state, &user, id, of.version, by).await?;
    Ok(stamped(&done.as_of, StatusCode::NO_CONTENT))
}
