//! Content as other programs use it.
//!
//! Owns the endpoints and what their headers mean. It must not decide anything; the service does.

mod activity;
mod file;
mod podcast;
mod voiceover;
mod infographic;
mod upload;

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::Response,
};
use serde::Deserialize;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    model::{Document, DocumentChange, DocumentId, DocumentRow, Page},
    service,
};
use crate::{
    account::http::SignedIn,
    error::AppError,
    server::{
        input::{JsonBody, Params, Segment, mutation_id},
        openapi::{ChangeRefusals, ReadRefusals, Repeatable},
        output::{answer, stamped},
        state::AppState,
    },
};

/// The endpoints of content.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list_documents, upload::post_document))
        .routes(routes!(get_document, patch_document, delete_document))
        .routes(routes!(file::document_source))
        .routes(routes!(file::document_text))
        .routes(routes!(activity::list_activity))
        .merge(podcast::routes())
        .merge(voiceover::routes())
        .merge(infographic::routes())
}

/// What a list may be asked for.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct ListQuery {
    /// Which page, from 1.
    page: Option<u32>,
}

/// A page of the caller's documents, 25 each, the newest first.
#[utoipa::path(
    get,
    path = "/api/v1/documents",
    tag = "documents",
    params(ListQuery),
    responses((status = 200, body = Page<DocumentRow>), ReadRefusals),
)]
async fn list_documents(
    State(state): State<AppState>,
    SignedIn(user): SignedIn,
    Params(query): Params<ListQuery>,
) -> Result<Response, AppError> {
    let page = query.page.unwrap_or(1);
    Ok(answer(service::list_documents(&state, &user, page, None).await?))
}

/// One document, without its text.
#[utoipa::path(
    get,
    path = "/api/v1/documents/{id}",
    tag = "documents",
    params(("id" = DocumentId, Path)),
    responses((status = 200, body = Document), ReadRefusals),
)]
async fn get_document(
    State(state): State<AppState>,
    SignedIn(user): SignedIn,
    Segment(id): Segment,
) -> Result<Response, AppError> {
    Ok(answer(service::get_document(&state, &user, document_id(&id)?, None).await?))
}

/// Gives a document another title, and answers it as it is then.
///
/// With `version`, only if that is still its version.
#[utoipa::path(
    patch,
    path = "/api/v1/documents/{id}",
    tag = "documents",
    params(("id" = DocumentId, Path), Repeatable),
    request_body = DocumentChange,
    responses((status = 200, body = Document), ChangeRefusals),
)]
async fn patch_document(
    State(state): State<AppState>,
    SignedIn(user): SignedIn,
    Segment(id): Segment,
    headers: HeaderMap,
    JsonBody(change): JsonBody<DocumentChange>,
) -> Result<Response, AppError> {
    let (id, by) = (document_id(&id)?, mutation_id(&headers)?);
    let done = service::rename_document(&state, &user, id, change, by).await?;
    Ok(stamped(&done.as_of, Json(done.value)))
}

/// Deletes a document, and cancels the job that reads it.
#[utoipa::path(
    delete,
    path = "/api/v1/documents/{id}",
    tag = "documents",
    params(("id" = DocumentId, Path), Repeatable),
    responses((status = 204), ChangeRefusals),
)]
async fn delete_document(
    State(state): State<AppState>,
    SignedIn(user): SignedIn,
    Segment(id): Segment,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    let (id, by) = (document_id(&id)?, mutation_id(&headers)?);
    let done = service::delete_document(&state, &user, id, by).await?;
    Ok(stamped(&done.as_of, StatusCode::NO_CONTENT))
}

/// There is no document by another form of id.
fn document_id(text: &str) -> Result<DocumentId, AppError> {
    text.parse().map_err(|_| AppError::NotFound { what: "document".to_owned() })
}
