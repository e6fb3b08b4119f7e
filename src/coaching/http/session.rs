//! Sessions as other programs use them.

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::Response,
};
use serde::Deserialize;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{OfVersion, id_of, made};
use crate::{
    account::http::SignedIn,
    coaching::{
        model::{CoachingSession, CoachingSessionId, NewSession, RelationshipId, SessionChange},
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

/// The endpoints below `/api/v1/coaching_sessions`.
pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list_coaching_sessions, post_coaching_session))
        .routes(routes!(get_coaching_session, patch_coaching_session, delete_coaching_session))
}

/// What a list of sessions may be asked for.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct SessionQuery {
    /// Only sessions of this relationship.
    coaching_relationship_id: Option<RelationshipId>,
}

/// The sessions of one of the caller's relationships or, if none is named, of all, the latest first.
#[utoipa::path(
    get,
    path = "/api/v1/coaching_sessions",
    tag = "coaching",
    params(SessionQuery),
    responses((status = 200, body = Vec<CoachingSession>), ReadRefusals),
)]
async fn list_coaching_sessions(
    State(state): State<AppState>,
    SignedIn(user): SignedIn,
    Params(query): Params<SessionQuery>,
) -> Result<Response, AppError> {
    let answered = match query.coaching_relationship_id {
        Some(of) => service::list_coaching_sessions(&state, &user, of, None).await?,
        None => service::list_all_sessions(&state, &user).await?,
    };
    Ok(answer(answered))
}

/// Schedules a session, and answers it and where it is (`Location`).
#[utoipa::path(
    post,
    path = "/api/v1/coaching_sessions",
    tag = "coaching",
    params(Repeatable),
    request_body = NewSession,
    responses((status = 201, body = CoachingSession), ChangeRefusals),
)]
async fn post_coaching_session(
    State(state): State<AppState>,
    SignedIn(user): SignedIn,
    headers: HeaderMap,
    JsonBody(new): JsonBody<NewSession>,
) -> Result<Response, AppError> {
    let done = service::create_coaching_session(&state, &user, new, mutation_id(&headers)?).await?;
    let address = format!("/api/v1/coaching_sessions/{}", done.value.id);
    Ok(made(done, address))
}

/// One session.
#[utoipa::path(
    get,
    path = "/api/v1/coaching_sessions/{id}",
    tag = "coaching",
    params(("id" = CoachingSessionId, Path)),
    responses((status = 200, body = CoachingSession), ReadRefusals),
)]
async fn get_coaching_session(
    State(state): State<AppState>,
    SignedIn(user): SignedIn,
    Segment(id): Segment,
) -> Result<Response, AppError> {
    Ok(answer(
        service::get_coaching_session(&state, &user, None, id_of(&id, "session")?, None).await?,
    ))
}

/// Changes a session, and answers it as it is then: the status `running` starts it, `done` ends it.
///
/// With `version`, only if that is still its version.
#[utoipa::path(
    patch,
    path = "/api/v1/coaching_sessions/{id}",
    tag = "coaching",
    params(("id" = CoachingSessionId, Path), Repeatable),
    request_body = SessionChange,
    responses((status = 200, body = CoachingSession), ChangeRefusals),
)]
async fn patch_coaching_session(
    State(state): State<AppState>,
    SignedIn(user): SignedIn,
    Segment(id): Segment,
    headers: HeaderMap,
    JsonBody(change): JsonBody<SessionChange>,
) -> Result<Response, AppError> {
    let (id, by) = (id_of(&id, "session")?, mutation_id(&headers)?);
    let done = service::change_coaching_session(&state, &user, id, change, by).await?;
    Ok(stamped(&done.as_of, Json(done.value)))
}

/// Deletes a session that was not started, with all that was written in it.
#[utoipa::path(
    delete,
    path = "/api/v1/coaching_sessions/{id}",
    tag = "coaching",
    params(("id" = CoachingSessionId, Path), OfVersion, Repeatable),
    responses((status = 204), ChangeRefusals),
)]
async fn delete_coaching_session(
    State(state): State<AppState>,
    SignedIn(user): SignedIn,
    Segment(id): Segment,
    Params(of): Params<OfVersion>,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    let (id, by) = (id_of(&id, "session")?, mutation_id(&headers)?);
    let done = service::delete_coaching_session(&state, &user, id, of.version, by).await?;
    Ok(stamped(&done.as_of, StatusCode::NO_CONTENT))
}
