//! Podcasts as other programs use them.

use axum::{
    Json,
    body::Bytes,
    extract::{Request, State, rejection::BytesRejection},
    http::{HeaderMap, StatusCode, header::LOCATION},
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    ListQuery,
    file::{Shown, serve},
};
use crate::{
    account::http::SignedIn,
    arguments,
    content::{
        model::{Generate, NewPodcast, Page, Podcast, PodcastId, PodcastRow, ScriptEdit},
        service,
    },
    error::AppError,
    jobs::model::JobId,
    server::{
        input::{JsonBody, Params, Segment, expect_json, mutation_id, unread},
        openapi::{ChangeRefusals, ReadRefusals, Repeatable},
        output::{answer, stamped},
        state::AppState,
    },
};

/// The endpoints below `/api/v1/podcasts`.
pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list_podcasts, post_podcast))
        .routes(routes!(get_podcast, patch_podcast, delete_podcast))
        .routes(routes!(generate))
        .routes(routes!(get_audio))
}

/// What is to be made; both, if nothing is said.
#[derive(Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Asked {
    #[serde(default)]
    job_type: Option<Generate>,
}

/// A job that was begun.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Begun {
    pub(super) job_id: JobId,
}

/// A page of the caller's podcasts, 25 each, the newest first.
#[utoipa::path(
    get,
    path = "/api/v1/podcasts",
    tag = "podcasts",
    params(ListQuery),
    responses((status = 200, body = Page<PodcastRow>), ReadRefusals),
)]
async fn list_podcasts(
    State(state): State<AppState>,
    SignedIn(user): SignedIn,
    Params(query): Params<ListQuery>,
) -> Result<Response, AppError> {
    let page = query.page.unwrap_or(1);
    Ok(answer(service::list_podcasts(&state, &user, page, None).await?))
}

/// Makes a podcast of documents, and nothing of it yet; answers it and where it is (`Location`).
#[utoipa::path(
    post,
    path = "/api/v1/podcasts",
    tag = "podcasts",
    params(Repeatable),
    request_body = NewPodcast,
    responses((status = 201, body = Podcast), ChangeRefusals),
)]
async fn post_podcast(
    State(state): State<AppState>,
    SignedIn(user): SignedIn,
    headers: HeaderMap,
    JsonBody(new): JsonBody<NewPodcast>,
) -> Result<Response, AppError> {
    let by = mutation_id(&headers)?;
    let done = service::create_podcast(&state, &user, new, by).await?;
    let location = [(LOCATION, format!("/api/v1/podcasts/{}", done.value.row.id))];
    Ok((StatusCode::CREATED, location, stamped(&done.as_of, Json(done.value))).into_response())
}

/// One podcast, with its script.
#[utoipa::path(
    get,
    path = "/api/v1/podcasts/{id}",
    tag = "podcasts",
    params(("id" = PodcastId, Path)),
    responses((status = 200, body = Podcast), ReadRefusals),
)]
async fn get_podcast(
    State(state): State<AppState>,
    SignedIn(user): SignedIn,
    Segment(id): Segment,
) -> Result<Response, AppError> {
    Ok(answer(service::get_podcast(&state, &user, podcast_id(&id)?, None).await?))
}

/// Deletes a podcast with its script and its sound, and cancels its job.
#[utoipa::path(
    delete,
    path = "/api/v1/podcasts/{id}",
    tag = "podcasts",
    params(("id" = PodcastId, Path), Repeatable),
    responses((status = 204), ChangeRefusals),
)]
async fn delete_podcast(
    State(state): State<AppState>,
    SignedIn(user): SignedIn,
    Segment(id): Segment,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    let (id, by) = (podcast_id(&id)?, mutation_id(&headers)?);
    let done = service::delete_podcast(&state, &user, id, by).await?;
    Ok(stamped(&done.as_of, StatusCode::NO_CONTENT))
}

/// Puts a script in place of that of a podcast, whose sound is taken away; answers the podcast.
///
/// With `version`, only if that is still its version.
#[utoipa::path(
    patch,
    path = "/api/v1/podcasts/{id}",
    tag = "podcasts",
    params(("id" = PodcastId, Path), Repeatable),
    request_body = ScriptEdit,
    responses((status = 200, body = Podcast), ChangeRefusals),
)]
async fn patch_podcast(
    State(state): State<AppState>,
    SignedIn(user): SignedIn,
    Segment(id): Segment,
    headers: HeaderMap,
    JsonBody(edit): JsonBody<ScriptEdit>,
) -> Result<Response, AppError> {
    let (id, by) = (podcast_id(&id)?, mutation_id(&headers)?);
    let done = service::edit_script(&state, &user, id, edit, by).await?;
    Ok(stamped(&done.as_of, Json(done.value)))
}

/// Begins the job that writes a podcast's script, speaks it, or (if nothing is said) both.
#[utoipa::path(
    post,
    path = "/api/v1/podcasts/{id}/generate",
    tag = "podcasts",
    params(("id" = PodcastId, Path), Repeatable),
    request_body = Option<Asked>,
    responses((status = 202, body = Begun), ChangeRefusals),
)]
async fn generate(
    State(state): State<AppState>,
    SignedIn(user): SignedIn,
    Segment(id): Segment,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, AppError> {
    let (id, by) = (podcast_id(&id)?, mutation_id(&headers)?);
    let body = body.map_err(unread)?;
    let Asked { job_type } = if body.is_empty() {
        Asked::default()
    } else {
        expect_json(&headers)?;
        arguments::read(&body)?
    };
    let what = job_type.unwrap_or(Generate::Podcast);
    let done = service::generate_podcast(&state, &user, id, what, by).await?;
    let begun = Json(Begun { job_id: done.value.job_id });
    Ok((StatusCode::ACCEPTED, stamped(&done.as_of, begun)).into_response())
}

/// The sound of a podcast, whole or the `Range` of it that is asked for.
#[utoipa::path(
    get,
    path = "/api/v1/podcasts/{id}/audio",
    tag = "podcasts",
    params(("id" = PodcastId, Path)),
    responses(
        (status = 200, body = Vec<u8>, content_type = "audio/mpeg"),
        (status = 206, body = Vec<u8>, content_type = "audio/mpeg"),
        ReadRefusals,
    ),
)]
async fn get_audio(
    State(state): State<AppState>,
    SignedIn(user): SignedIn,
    Segment(id): Segment,
    request: Request,
) -> Result<Response, AppError> {
    let (title, hash) = service::podcast_audio(&state, &user, &podcast_id(&id)?).await?;
    serve(&state, &hash, "audio/mpeg", (&format!("{title}.mp3"), Shown::InPlace), request).await
}

/// There is no podcast by another form of id.
fn podcast_id(text: &str) -> Result<PodcastId, AppError> {
    text.parse().map_err(|_| AppError::NotFound { what: "podcast".to_owned() })
}
