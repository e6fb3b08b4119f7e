//! Health: whether the server lives, whether it is to be sent requests, and what it counts.
//!
//! Owns `/healthz`, `/readyz` and `/metrics`. It must not repair anything.

use axum::{
    Json, Router,
    extract::State,
    http::header::CONTENT_TYPE,
    response::{IntoResponse, Response},
    routing::get,
};
use serde_json::{Value, json};

use crate::{
    account::{http::SignedIn, model::Role},
    error::AppError,
    server::state::AppState,
};

/// The media type of what Prometheus reads.
const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Whether it lives and is ready; both need no session.
pub fn routes() -> Router<AppState> {
    Router::new().route("/healthz", get(healthz)).route("/readyz", get(readyz))
}

/// Whether the process answers. It says nothing of the database: a restart would not mend that.
async fn healthz() -> Json<Value> {
    Json(json!({ "status": "ok" }))
}

/// Whether the database can be read, the streams follow the log, and the server is not stopping.
async fn readyz(State(state): State<AppState>) -> Result<Json<Value>, AppError> {
    if !state.live.hub().is_ready() {
        return Err(AppError::UNAVAILABLE);
    }
    // A cause was logged; here it is but not now.
    state.live.head().await.map_err(|_| AppError::UNAVAILABLE)?;
    Ok(Json(json!({ "status": "ready" })))
}

/// `GET /metrics`, for admins: numbers tell how a business goes.
pub async fn metrics(
    State(state): State<AppState>,
    SignedIn(user): SignedIn,
) -> Result<Response, AppError> {
    if user.role != Role::Admin {
        return Err(AppError::Forbidden { message: "Only admins may see metrics.".to_owned() });
    }
    state.jobs.metrics().count(&state.db).await?;
    let text = state.metrics.text(&state.db).map_err(|_| AppError::Internal)?;
    Ok(([(CONTENT_TYPE, OPEN_METRICS)], text).into_response())
}
