//! Voiceovers as other programs use them.

use axum::{
    Json,
    extract::{Request, State},
    http::{HeaderMap, StatusCode, header::LOCATION},
    response::{IntoResponse, Response},
};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    ListQuery,
    file::{Shown, serve},
    podcast::Begun,
};
use crate::{
    account::http::SignedIn,
    content::{
        model::{NewVoiceover, Page, Voiceover, VoiceoverChange, VoiceoverId, VoiceoverRow},
        service,
    },
    error::AppError,
    server::{
        input::{JsonBody, Params, Segment, mutation_id},
        openapi::{ChangeRefusals, ReadRefusals, Repeatable},
        output::{answer, stamped},
        state::AppState,
    },
};

/// The endpoints below `/api/v1/voiceovers`.
pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list_voiceovers, post_voiceover))
        .routes(routes!(get_voiceover, patch_voiceover, delete_voiceover))
        .routes(routes!(generate_voiceover))
        .routes(routes!(get_voiceover_audio))
}

/// A page of the caller's voiceovers, 25 each, the newest first.
#[utoipa::path(
    get,
    path = "/api/v1/voiceovers",
    tag = "voiceovers",
    params(ListQuery),
    responses((status = 200, body = Page<VoiceoverRow>), ReadRefusals),
)]
async fn list_voiceovers(
    State(state): State<AppState>,
    SignedIn(user): SignedIn,
    Params(query): Params<ListQuery>,
) -> Result<Response, AppError> {
    let page = query.page.unwrap_or(1);
    Ok(answer(service::list_voiceovers(&state, &user, page, None).await?))
}

/// Adds a voiceover, and answers it, while it is being spoken, and where it is (`Location`).
#[utoipa::path(
    post,
    path = "/api/v1/voiceovers",
    tag = "voiceovers",
    params(Repeatable),
    request_body = NewVoiceover,
    responses((status = 201, body = Voiceover), ChangeRefusals),
)]
async fn post_voiceover(
    State(state): State<AppState>,
    SignedIn(user): SignedIn,
    headers: HeaderMap,
    JsonBody(new): JsonBody<NewVoiceover>,
) -> Result<Response, AppError> {
    let by = mutation_id(&headers)?;
    let done = service::create_voiceover(&state, &user, new, by).await?;
    let made = done.value.made;
    let location = [(LOCATION, format!("/api/v1/voiceovers/{}", made.row.id))];
    Ok((StatusCode::CREATED, location, stamped(&done.as_of, Json(made))).into_response())
}

/// One voiceover, with its text.
#[utoipa::path(
    get,
    path = "/api/v1/voiceovers/{id}",
    tag = "voiceovers",
    params(("id" = VoiceoverId, Path)),
    responses((status = 200, body = Voiceover), ReadRefusals),
)]
async fn get_voiceover(
    State(state): State<AppState>,
    SignedIn(user): SignedIn,
    Segment(id): Segment,
) -> Result<Response, AppError> {
    Ok(answer(service::get_voiceover(&state, &user, voiceover_id(&id)?, None).await?))
}

/// Changes a voiceover, and answers it as it is then. Another text, voice or rate takes its sound
/// away and begins the job that speaks it again.
///
/// With `version`, only if that is still its version.
#[utoipa::path(
    patch,
    path = "/api/v1/voiceovers/{id}",
    tag = "voiceovers",
    params(("id" = VoiceoverId, Path), Repeatable),
    request_body = VoiceoverChange,
    responses((status = 200, body = Voiceover), ChangeRefusals),
)]
async fn patch_voiceover(
    State(state): State<AppState>,
    SignedIn(user): SignedIn,
    Segment(id): Segment,
    headers: HeaderMap,
    JsonBody(change): JsonBody<VoiceoverChange>,
) -> Result<Response, AppError> {
    let (id, by) = (voiceover_id(&id)?, mutation_id(&headers)?);
    let done = service::change_voiceover(&state, &user, id, change, by).await?;
    Ok(stamped(&done.as_of, Json(done.value)))
}

/// Deletes a voiceover with its sound, and cancels the job that speaks it.
#[utoipa::path(
    delete,
    path = "/api/v1/voiceovers/{id}",
    tag = "voiceovers",
    params(("id" = VoiceoverId, Path), Repeatable),
    responses((status = 204), ChangeRefusals),
)]
async fn delete_voiceover(
    State(state): State<AppState>,
    SignedIn(user): SignedIn,
    Segment(id): Segment,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    let (id, by) = (voiceover_id(&id)?, mutation_id(&headers)?);
    let done = service::delete_voiceover(&state, &user, id, by).await?;
    Ok(stamped(&done.as_of, StatusCode::NO_CONTENT))
}

/// Begins the job that speaks a voiceover again.
#[utoipa::path(
    post,
    path = "/api/v1/voiceovers/{id}/generate",
    tag = "voiceovers",
    params(("id" = VoiceoverId, Path), Repeatable),
    responses((status = 202, body = Begun), ChangeRefusals),
)]
async fn generate_voiceover(
    State(state): State<AppState>,
    SignedIn(user): SignedIn,
    Segment(id): Segment,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    let (id, by) = (voiceover_id(&id)?, mutation_id(&headers)?);
    let done = service::generate_voiceover(&state, &user, id, by).await?;
    let begun = Json(Begun { job_id: done.value.job_id });
    Ok((StatusCode::ACCEPTED, stamped(&done.as_of, begun)).into_response())
}

/// The sound of a voiceover, whole or the `Range` of it that is asked for.
#[utoipa::path(
    get,
    path = "/api/v1/voiceovers/{id}/audio",
    tag = "voiceovers",
    params(("id" = VoiceoverId, Path)),
    responses(
        (status = 200, body = Vec<u8>, content_type = "audio/mpeg"),
        (status = 206, body = Vec<u8>, content_type = "audio/mpeg"),
        ReadRefusals,
    ),
)]
async fn get_voiceover_audio(
    State(state): State<AppState>,
    SignedIn(user): SignedIn,
    Segment(id): Segment,
    request: Request,
) -> Result<Response, AppError> {
    let (title, hash) = service::voiceover_audio(&state, &user, &voiceover_id(&id)?).await?;
    serve(&state, &hash, "audio/mpeg", (&format!("{title}.mp3"), Shown::InPlace), request).await
}

/// There is no voiceover by another form of id.
fn voiceover_id(text: &str) -> Result<VoiceoverId, AppError> {
    text.parse().map_err(|_| AppError::NotFound { what: "voiceover".to_owned() })
}
