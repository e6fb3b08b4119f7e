//! Jobs as other programs use them: JSON over a session's cookie or an API token.
//!
//! Owns the endpoints and what their headers mean. It must not decide anything; the service does.

use axum::{
    Json, Router,
    extract::State,
    http::HeaderMap,
    response::Response,
    routing::{get, post},
};
use serde::Deserialize;

use super::{model::JobId, service};
use crate::{
    account::http::SignedIn,
    error::AppError,
    server::{
        input::{Params, Segment, mutation_id},
        output::{answer, stamped},
        state::AppState,
    },
};

/// The endpoints below `/api/v1/jobs`.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/api/v1/jobs", get(list_jobs))
        .route("/api/v1/jobs/{id}", get(get_job))
        .route("/api/v1/jobs/{id}/cancel", post(post_cancel))
        .route("/api/v1/jobs/{id}/retry", post(post_retry))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ListQuery {
    page: Option<u32>,
}

/// The user's jobs, with a page of those that have ended.
async fn list_jobs(
    State(state): State<AppState>,
    SignedIn(user): SignedIn,
    Params(query): Params<ListQuery>,
) -> Result<Response, AppError> {
    Ok(answer(service::list(&state.live, &user, query.page.unwrap_or(1), None).await?))
}

/// A job of the user's own.
async fn get_job(
    State(state): State<AppState>,
    SignedIn(user): SignedIn,
    Segment(id): Segment,
) -> Result<Response, AppError> {
    Ok(answer(service::get(&state.live, &user, job_id(id)?, None).await?))
}

/// Stops a job → the job as it is then.
async fn post_cancel(
    State(state): State<AppState>,
    SignedIn(user): SignedIn,
    Segment(id): Segment,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    let by = mutation_id(&headers)?;
    let done =
        service::cancel((&state.live, &state.jobs), &user, job_id(id)?, by, state.now()).await?;
    Ok(stamped(&done.as_of, Json(done.value)))
}

/// Has a job done again that failed or was cancelled → the job as it is then.
async fn post_retry(
    State(state): State<AppState>,
    SignedIn(user): SignedIn,
    Segment(id): Segment,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    let by = mutation_id(&headers)?;
    let done =
        service::retry((&state.live, &state.jobs), &user, job_id(id)?, by, state.now()).await?;
    Ok(stamped(&done.as_of, Json(done.value)))
}

/// There is no job by another form of id.
fn job_id(text: String) -> Result<JobId, AppError> {
    text.parse().map_err(|_| AppError::NotFound { what: "job".to_owned() })
}
