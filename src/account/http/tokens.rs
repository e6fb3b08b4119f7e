//! API tokens for programs. Whoever makes or revokes one must have signed in.

use axum::{
    Json,
    extract::State,
    http::{StatusCode, header::CACHE_CONTROL},
    response::IntoResponse,
};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::SignedIn;
use crate::{
    account::{
        caller::Caller,
        model::{ApiToken, IssuedToken, TokenId},
        token,
    },
    error::AppError,
    server::{
        input::{JsonBody, Segment},
        openapi::{ChangeRefusals, ReadRefusals},
        state::AppState,
    },
};

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list_tokens, create_token)).routes(routes!(delete_token))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewToken {
    name: String,
}

/// The caller's API tokens, the newest first.
#[utoipa::path(
    get,
    path = "/api/v1/tokens",
    tag = "account",
    responses((status = 200, body = Vec<ApiToken>), ReadRefusals),
)]
async fn list_tokens(
    State(state): State<AppState>,
    SignedIn(user): SignedIn,
) -> Result<Json<Vec<ApiToken>>, AppError> {
    Ok(Json(token::list(&state.live, user.id, None).await?.value?))
}

/// Makes an API token. Its secret is not told again. Whoever makes one must have signed in.
#[utoipa::path(
    post,
    path = "/api/v1/tokens",
    tag = "account",
    request_body = NewToken,
    responses((status = 201, body = IssuedToken), ChangeRefusals),
)]
async fn create_token(
    State(state): State<AppState>,
    caller: Caller,
    JsonBody(NewToken { name }): JsonBody<NewToken>,
) -> Result<impl IntoResponse, AppError> {
    let issued = token::create(&state, &caller, &name).await?.value;
    Ok((StatusCode::CREATED, [(CACHE_CONTROL, "no-store")], Json(issued)))
}

/// Revokes an API token: it opens nothing any more, and its streams end.
#[utoipa::path(
    delete,
    path = "/api/v1/tokens/{id}",
    tag = "account",
    params(("id" = TokenId, Path)),
    responses((status = 204), ChangeRefusals),
)]
async fn delete_token(
    State(state): State<AppState>,
    caller: Caller,
    Segment(id): Segment,
) -> Result<StatusCode, AppError> {
    let id = id.parse().map_err(|_| AppError::NotFound { what: "API token".to_owned() })?;
    token::revoke(&state.live, &caller, TokenId(id), None).await?;
    Ok(StatusCode::NO_CONTENT)
}
