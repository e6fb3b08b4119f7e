//! Coaching as other programs use it: relationships, and the endpoints of sessions and items.
//!
//! Owns the endpoints and what their headers mean. It must not decide anything; the service does.

mod session;
mod note;
mod action;
mod agreement;
mod goal;

use std::str::FromStr;

use axum::{
    Json,
    extract::State,
    http::{StatusCode, header::LOCATION},
    response::{IntoResponse, Response},
};
use highwater::Committed;
use serde::{Deserialize, Serialize};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    model::{CoachingRelationship, CoachingSessionId, RelationshipId},
    service,
};
use crate::{
    account::http::SignedIn,
    error::AppError,
    server::{
        openapi::ReadRefusals,
        output::{answer, stamped},
        state::AppState,
    },
};

/// The endpoints of coaching.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list_relationships))
        .merge(session::routes())
        .merge(note::routes())
        .merge(action::routes())
        .merge(agreement::routes())
        .merge(goal::routes())
}

/// Of which session a list is.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct OfSession {
    /// The session.
    coaching_session_id: CoachingSessionId,
}

/// Of which relationship a list is.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct OfRelationship {
    /// The relationship.
    coaching_relationship_id: RelationshipId,
}

/// Which version is to be deleted.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct OfVersion {
    /// The version that this was decided on; another one refuses it. Without it, whatever is there is
    /// deleted.
    version: Option<u64>,
}

/// The relationships in which the caller takes part, the newest first.
#[utoipa::path(
    get,
    path = "/api/v1/coaching_relationships",
    tag = "coaching",
    responses((status = 200, body = Vec<CoachingRelationship>), ReadRefusals),
)]
async fn list_relationships(
    State(state): State<AppState>,
    SignedIn(user): SignedIn,
) -> Result<Response, AppError> {
    Ok(answer(service::list_relationships(&state, &user, None).await?))
}

/// What was made, and where it is.
fn made<T: Serialize>(done: Committed<T>, address: String) -> Response {
    let made = stamped(&done.as_of, Json(done.value));
    (StatusCode::CREATED, [(LOCATION, address)], made).into_response()
}

/// There is no such thing by another form of id.
fn id_of<T: FromStr>(text: &str, what: &str) -> Result<T, AppError> {
    text.parse().map_err(|_| AppError::NotFound { what: what.to_owned() })
}
