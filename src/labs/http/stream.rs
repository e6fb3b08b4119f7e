//! Tokens for the stream of one project. The stream itself is opened in `server::streams`, beside the
//! others.

use axum::{
    Json,
    extract::State,
    http::{StatusCode, header::CACHE_CONTROL},
    response::{IntoResponse, Response},
};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::id_of;
use crate::{
    account::caller::Caller,
    error::AppError,
    labs::{
        model::{ProjectId, StreamToken},
        service,
    },
    server::{input::Segment, openapi::ChangeRefusals, state::AppState},
};

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(post_stream_token))
}

/// A token that opens the stream of this project, as its parameter `token`, for ten minutes.
///
/// It is told this once. It ends with what the caller has signed in with, and with the membership.
#[utoipa::path(
    post,
    path = "/api/projects/{id}/stream-token",
    tag = "labs",
    params(("id" = ProjectId, Path)),
    responses((status = 201, body = StreamToken), ChangeRefusals),
)]
async fn post_stream_token(
    State(state): State<AppState>,
    caller: Caller,
    Segment(id): Segment,
) -> Result<Response, AppError> {
    let done = service::stream_token(&state, &caller, id_of(&id, "project")?).await?;
    let secret = [(CACHE_CONTROL, "no-store")];
    Ok((StatusCode::CREATED, secret, Json(done.value)).into_response())
}
