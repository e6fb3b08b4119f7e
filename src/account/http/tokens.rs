//! API tokens for programs. Whoever makes or revokes one must have signed in.

use axum::{
    Json, Router,
    extract::State,
    http::{StatusCode, header::CACHE_CONTROL},
    response::IntoResponse,
    routing::{delete, get},
};
use serde::Deserialize;

use super::SignedIn;
use crate::{
    account::{
        caller::Caller,
        model::{ApiToken, TokenId},
        token,
    },
    error::AppError,
    server::{
        input::{JsonBody, Segment},
        state::AppState,
    },
};

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/api/v1/tokens", get(list_tokens).post(create_token))
        .route("/api/v1/tokens/{id}", delete(delete_token))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewToken {
    name: String,
}

/// The caller's tokens, the newest first.
async fn list_tokens(
    State(state): State<AppState>,
    SignedIn(user): SignedIn,
) -> Result<Json<Vec<ApiToken>>, AppError> {
    Ok(Json(token::list(&state.live, user.id, None).await?.value?))
}

/// `{name}` → 201 with `{token, secret}`. The secret is not told again, nor kept on the way.
async fn create_token(
    State(state): State<AppState>,
    caller: Caller,
    JsonBody(NewToken { name }): JsonBody<NewToken>,
) -> Result<impl IntoResponse, AppError> {
    let issued = token::create(&state, &caller, &name).await?.value;
    Ok((StatusCode::CREATED, [(CACHE_CONTROL, "no-store")], Json(issued)))
}

/// 204, and 404 for a token that the caller does not have.
async fn delete_token(
    State(state): State<AppState>,
    caller: Caller,
    Segment(id): Segment,
) -> Result<StatusCode, AppError> {
    let id = id.parse().map_err(|_| AppError::NotFound { what: "API token".to_owned() })?;
    token::revoke(&state.live, &caller, TokenId(id), None).await?;
    Ok(StatusCode::NO_CONTENT)
}
