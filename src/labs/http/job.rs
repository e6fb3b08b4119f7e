//! Jobs of a project as other programs use them.

use axum::{Json, extract::State, http::HeaderMap, response::Response};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{id_of, made};
use crate::{
    account::http::SignedIn,
    error::AppError,
    jobs::model::{Job, JobId},
    labs::{model::ProjectId, service},
    server::{
        input::{Segment, Segments, mutation_id},
        openapi::{ChangeRefusals, ReadRefusals, Repeatable},
        output::{answer, stamped},
        state::AppState,
    },
};

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list_project_jobs, post_project_job))
        .routes(routes!(get_project_job))
        .routes(routes!(cancel_project_job))
}

/// The newest jobs of a project, 50 at most.
#[utoipa::path(
    get,
    path = "/api/projects/{id}/jobs",
    tag = "labs",
    params(("id" = ProjectId, Path)),
    responses((status = 200, body = Vec<Job>), ReadRefusals),
)]
async fn list_project_jobs(
    State(state): State<AppState>,
    SignedIn(user): SignedIn,
    Segment(id): Segment,
) -> Result<Response, AppError> {
    Ok(answer(service::list_jobs(&state, &user, id_of(&id, "project")?).await?))
}

/// Has nodes proposed from the sources of a project, and answers the job and where it is
/// (`Location`).
#[utoipa::path(
    post,
    path = "/api/projects/{id}/jobs",
    tag = "labs",
    params(("id" = ProjectId, Path), Repeatable),
    responses((status = 201, body = Job), ChangeRefusals),
)]
async fn post_project_job(
    State(state): State<AppState>,
    SignedIn(user): SignedIn,
    Segment(id): Segment,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    let (id, by): (ProjectId, _) = (id_of(&id, "project")?, mutation_id(&headers)?);
    let done = service::generate(&state, &user, id.clone(), by).await?;
    let address = format!("/api/projects/{id}/jobs/{}", done.value.id);
    Ok(made(done, address))
}

/// A job of a project.
#[utoipa::path(
    get,
    path = "/api/projects/{id}/jobs/{jobId}",
    tag = "labs",
    params(("id" = ProjectId, Path), ("jobId" = JobId, Path)),
    responses((status = 200, body = Job), ReadRefusals),
)]
async fn get_project_job(
    State(state): State<AppState>,
    SignedIn(user): SignedIn,
    Segments(id, job): Segments,
) -> Result<Response, AppError> {
    let (id, job) = (id_of(&id, "project")?, id_of(&job, "job")?);
    Ok(answer(service::find_job(&state, &user, id, job).await?))
}

/// Stops a job of a project: what waits has ended then, what runs is asked to.
#[utoipa::path(
    post,
    path = "/api/projects/{id}/jobs/{jobId}/cancel",
    tag = "labs",
    params(("id" = ProjectId, Path), ("jobId" = JobId, Path), Repeatable),
    responses((status = 200, body = Job), ChangeRefusals),
)]
async fn cancel_project_job(
    State(state): State<AppState>,
    SignedIn(user): SignedIn,
    Segments(id, job): Segments,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    let (id, job) = (id_of(&id, "project")?, id_of(&job, "job")?);
    let done = service::cancel_generation(&state, &user, id, job, mutation_id(&headers)?).await?;
    Ok(stamped(&done.as_of, Json(done.value)))
}
