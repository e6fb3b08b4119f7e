//! Actions as other programs use them.

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::Response,
};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{OfSession, OfVersion, id_of, made};
use crate::{
    account::http::SignedIn,
    coaching::{
        model::{Action, ActionChange, ActionId, NewAction},
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

/// The endpoints below `/api/v1/actions`.
pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list_actions, post_action)).routes(routes!(
        get_action,
        patch_action,
        delete_action
    ))
}

/// The actions of a session in which the caller takes part, the oldest first.
#[utoipa::path(
    get,
    path = "/api/v1/actions",
    tag = "coaching",
    params(OfSession),
    responses((status = 200, body = Vec<Action>), ReadRefusals),
)]
async fn list_actions(
    State(state): State<AppState>,
    SignedIn(user): SignedIn,
    Params(query): Params<OfSession>,
) -> Result<Response, AppError> {
    let of = query.coaching_session_id;
    Ok(answer(service::list_actions(&state, &user, None, of, None).await?))
}

/// Adds an action, and answers it and where it is (`Location`).
///
/// The assignee is one of the two people. Whoever is given an action by the other one is notified.
#[utoipa::path(
    post,
    path = "/api/v1/actions",
    tag = "coaching",
    params(Repeatable),
    request_body = NewAction,
    responses((status = 201, body = Action), ChangeRefusals),
)]
async fn post_action(
    State(state): State<AppState>,
    SignedIn(user): SignedIn,
    headers: HeaderMap,
    JsonBody(new): JsonBody<NewAction>,
) -> Result<Response, AppError> {
    let done = service::create_action(&state, &user, new, mutation_id(&headers)?).await?;
    let address = format!("/api/v1/actions/{}", done.value.id);
    Ok(made(done, address))
}

/// One action.
#[utoipa::path(
    get,
    path = "/api/v1/actions/{id}",
    tag = "coaching",
    params(("id" = ActionId, Path)),
    responses((status = 200, body = Action), ReadRefusals),
)]
async fn get_action(
    State(state): State<AppState>,
    SignedIn(user): SignedIn,
    Segment(id): Segment,
) -> Result<Response, AppError> {
    Ok(answer(service::get_action(&state, &user, id_of(&id, "action")?).await?))
}

/// Changes an action, and answers it as it is then.
///
/// With `version`, only if that is still its version.
#[utoipa::path(
    patch,
    path = "/api/v1/actions/{id}",
    tag = "coaching",
    params(("id" = ActionId, Path), Repeatable),
    request_body = ActionChange,
    responses((status = 200, body = Action), ChangeRefusals),
)]
async fn patch_action(
    State(state): State<AppState>,
    SignedIn(user): SignedIn,
    Segment(id): Segment,
    headers: HeaderMap,
    JsonBody(change): JsonBody<ActionChange>,
) -> Result<Response, AppError> {
    let (id, by) = (id_of(&id, "action")?, mutation_id(&headers)?);
    let done = service::change_action(&state, &user, id, change, by).await?;
    Ok(stamped(&done.as_of, Json(done.value)))
}

/// Deletes an action.
#[utoipa::path(
    delete,
    path = "/api/v1/actions/{id}",
    tag = "coaching",
    params(("id" = ActionId, Path), OfVersion, Repeatable),
    responses((status = 204), ChangeRefusals),
)]
async fn delete_action(
    State(state): State<AppState>,
    SignedIn(user): SignedIn,
    Segment(id): Segment,
    Params(of): Params<OfVersion>,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    let (id, by) = (id_of(&id, "action")?, mutation_id(&headers)?);
    let done = service::delete_action(&state, &user, id, of.version, by).await?;
    Ok(stamped(&done.as_of, StatusCode::NO_CONTENT))
}
