//! Notes as other programs use them.

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::Response,
};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{OfSession, OfVersion, id_of, made};
use crate::{
    account::http::SignedIn,
    coaching::{
        model::{NewNote, Note, NoteChange, NoteId},
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

/// The endpoints below `/api/v1/notes`.
pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list_notes, post_note)).routes(routes!(
        get_note,
        patch_note,
        delete_note
    ))
}

/// The notes of a session in which the caller takes part, the oldest first.
#[utoipa::path(
    get,
    path = "/api/v1/notes",
    tag = "coaching",
    params(OfSession),
    responses((status = 200, body = Vec<Note>), ReadRefusals),
)]
async fn list_notes(
    State(state): State<AppState>,
    SignedIn(user): SignedIn,
    Params(query): Params<OfSession>,
) -> Result<Response, AppError> {
    let of = query.coaching_session_id;
    Ok(answer(service::list_notes(&state, &user, None, of, None).await?))
}

/// Adds a note, and answers it and where it is (`Location`).
#[utoipa::path(
    post,
    path = "/api/v1/notes",
    tag = "coaching",
    params(Repeatable),
    request_body = NewNote,
    responses((status = 201, body = Note), ChangeRefusals),
)]
async fn post_note(
    State(state): State<AppState>,
    SignedIn(user): SignedIn,
    headers: HeaderMap,
    JsonBody(new): JsonBody<NewNote>,
) -> Result<Response, AppError> {
    let done = service::create_note(&state, &user, new, mutation_id(&headers)?).await?;
    let address = format!("/api/v1/notes/{}", done.value.id);
    Ok(made(done, address))
}

/// One note.
#[utoipa::path(
    get,
    path = "/api/v1/notes/{id}",
    tag = "coaching",
    params(("id" = NoteId, Path)),
    responses((status = 200, body = Note), ReadRefusals),
)]
async fn get_note(
    State(state): State<AppState>,
    SignedIn(user): SignedIn,
    Segment(id): Segment,
) -> Result<Response, AppError> {
    Ok(answer(service::get_note(&state, &user, id_of(&id, "note")?).await?))
}

/// Changes a note, and answers it as it is then.
///
/// With `version`, only if that is still its version.
#[utoipa::path(
    patch,
    path = "/api/v1/notes/{id}",
    tag = "coaching",
    params(("id" = NoteId, Path), Repeatable),
    request_body = NoteChange,
    responses((status = 200, body = Note), ChangeRefusals),
)]
async fn patch_note(
    State(state): State<AppState>,
    SignedIn(user): SignedIn,
    Segment(id): Segment,
    headers: HeaderMap,
    JsonBody(change): JsonBody<NoteChange>,
) -> Result<Response, AppError> {
    let (id, by) = (id_of(&id, "note")?, mutation_id(&headers)?);
    let done = service::change_note(&state, &user, id, change, by).await?;
    Ok(stamped(&done.as_of, Json(done.value)))
}

/// Deletes a note.
#[utoipa::path(
    delete,
    path = "/api/v1/notes/{id}",
    tag = "coaching",
    params(("id" = NoteId, Path), OfVersion, Repeatable),
    responses((status = 204), ChangeRefusals),
)]
async fn delete_note(
    State(state): State<AppState>,
    SignedIn(user): SignedIn,
    Segment(id): Segment,
    Params(of): Params<OfVersion>,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    let (id, by) = (id_of(&id, "note")?, mutation_id(&headers)?);
    let done = service::delete_note(&state, &user, id, of.version, by).await?;
    Ok(stamped(&done.as_of, StatusCode::NO_CONTENT))
}
