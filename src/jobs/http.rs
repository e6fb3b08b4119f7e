//! Jobs as other programs use them: JSON over a session's cookie or an API token.
//!
//! Owns the endpoints and what their headers mean. It must not decide anything; the service does.

use axum::{Json, extract::State, http::HeaderMap, response::Response};
use serde::Deserialize;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    model::{Job, JobId, JobPage},
    service,
};
use crate::{
    account::http::SignedIn,
    error::AppError,
    server::{
        input::{Params, Segment, mutation_id},
        openapi::{ChangeRefusals, ReadRefusals, Repeatable},
        output::{answer, stamped},
        state::AppState,
    },
};

/// The endpoints below `/api/v1/jobs`.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list_jobs))
        .routes(routes!(get_job))
        .routes(routes!(post_cancel))
        .routes(routes!(post_retry))
}

#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ListQuery {
    /// Which page of those that have ended, from 1.
    page: Option<u32>,
}

/// The caller's jobs, with a page of those that have ended.
#[utoipa::path(
    get,
    path = "/api/v1/jobs",
    tag = "jobs",
    params(ListQuery),
    responses((status = 200, body = JobPage), ReadRefusals),
)]
async fn list_jobs(
    State(state): State<AppState>,
    SignedIn(user): SignedIn,
    Params(query): Params<ListQuery>,
) -> Result<Response, AppError> {
    Ok(answer(service::list(&state.live, &user, query.page.unwrap_or(1), None).await?))
}

/// A job of the caller's own.
#[utoipa::path(
    get,
    path = "/api/v1/jobs/{id}",
    tag = "jobs",
    params(("id" = JobId, Path)),
    responses((status = 200, body = Job), ReadRefusals),
)]
async fn get_job(
    State(state): State<AppState>,
    SignedIn(user): SignedIn,
    Segment(id): Segment,
) -> Result<Response, AppError> {
    Ok(answer(service::get(&state.live, &user, job_id(id)?, None).await?))
}

/// Stops a job that waits or runs, and answers it as it is then: what runs stops a moment later.
#[utoipa::path(
    post,
    path = "/api/v1/jobs/{id}/cancel",
    tag = "jobs",
    params(("id" = JobId, Path), Repeatable),
    responses((status = 200, body = Job), ChangeRefusals),
)]
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

/// Has a job done again that failed or was cancelled, and answers it as it is then.
#[utoipa::path(
    post,
    path = "/api/v1/jobs/{id}/retry",
    tag = "jobs",
    params(("id" = JobId, Path), Repeatable),
    responses((status = 200, body = Job), ChangeRefusals),
)]
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
