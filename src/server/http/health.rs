//! Health: whether the server lives, and whether it is to be sent requests.
//!
//! Owns `/healthz` and `/readyz`. It must not repair anything.

use axum::{Json, Router, extract::State, routing::get};
use serde_json::{Value, json};

use crate::{error::AppError, server::state::AppState};

/// Both endpoints; they need no session.
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
