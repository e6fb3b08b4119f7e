//! Sources as other programs use them.

use axum::{
    Json,
    extract::{DefaultBodyLimit, FromRequest, Request, State, multipart::Multipart},
    http::{HeaderMap, StatusCode, header::CONTENT_TYPE},
    response::Response,
};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{id_of, made};
use crate::{
    account::http::SignedIn,
    error::AppError,
    labs::{
        model::{NewSource, ProjectId, SOURCE_MAX_BYTES, Source, SourceId},
        service,
    },
    server::{
        input::{JsonBody, Segment, Segments, mutation_id},
        openapi::{ChangeRefusals, ReadRefusals, Repeatable},
        output::{answer, stamped},
        state::AppState,
        upload,
    },
};

/// The largest request, in bytes: in JSON, line ends take two bytes, and what is too large by a
/// little is to be refused in words.
const LIMIT: usize = 2 * SOURCE_MAX_BYTES + 65_536;

/// A source as a form is described.
#[derive(ToSchema)]
#[schema(as = SourceForm)]
#[expect(dead_code, reason = "it describes what `read_form` takes apart")]
struct Form {
    /// A file of text or Markdown in UTF-8, at most 2 MB; the source is called by its name.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list_sources, post_source))
        .routes(routes!(get_source, delete_source))
        .routes(routes!(reingest_source))
}

/// The sources of a project, the oldest first.
#[utoipa::path(
    get,
    path = "/api/projects/{id}/sources",
    tag = "labs",
    params(("id" = ProjectId, Path)),
    responses((status = 200, body = Vec<Source>), ReadRefusals),
)]
async fn list_sources(
    State(state): State<AppState>,
    SignedIn(user): SignedIn,
    Segment(id): Segment,
) -> Result<Response, AppError> {
    Ok(answer(service::list_sources(&state, &user, id_of(&id, "project")?, None).await?))
}

/// Adds a source of at most 2 MB, and answers it, while it waits to be ingested, and where it is
/// (`Location`).
///
/// Either as JSON, or as a form with a `file`.
#[utoipa::path(
    post,
    path = "/api/projects/{id}/sources",
    tag = "labs",
    params(("id" = ProjectId, Path), Repeatable),
    request_body(content((NewSource = "application/json"), (Form = "multipart/form-data"))),
    responses((status = 201, body = Source), ChangeRefusals),
)]
async fn post_source(
    State(state): State<AppState>,
    SignedIn(user): SignedIn,
    Segment(id): Segment,
    mut request: Request,
) -> Result<Response, AppError> {
    let (id, by): (ProjectId, _) = (id_of(&id, "project")?, mutation_id(request.headers())?);
    service::role_in(&state.db, user.id, &id).await?;
    let kind = request.headers().get(CONTENT_TYPE).map(|kind| kind.as_bytes().to_ascii_lowercase());
    let new = if kind.is_some_and(|kind| kind.starts_with(b"multipart/form-data")) {
        read_form(upload::fields(request, LIMIT).await?).await?
    } else {
        DefaultBodyLimit::max(LIMIT).apply(&mut request);
        let JsonBody(new) = JsonBody::<NewSource>::from_request(request, &()).await?;
        new
    };
    let done = service::add_source(&state, &user, id, new, by).await?;
    let address = format!("/api/projects/{}/sources/{}", done.value.project_id, done.value.id);
    Ok(made(done, address))
}

async fn read_form(mut form: Multipart) -> Result<NewSource, AppError> {
    let too_large = || AppError::TooLarge { message: "A source has at most 2 MB.".to_owned() };
    let mut new = None;
    while let Some(field) =
        form.next_field().await.map_err(|error| upload::broken(&error, too_large))?
    {
        match field.name().unwrap_or_default() {
            "file" if new.is_some() => {
                return Err(AppError::invalid("file", "Send one file."));
            }
            "file" => {
                let source_name = field.file_name().unwrap_or_default();
                let source_name = source_name.rsplit(['/', '\\']).next().unwrap_or_default();
                let source_name = source_name.to_owned();
                let bytes = field.bytes().await.map_err(|error| upload::broken(&error, too_large));
                let text = String::from_utf8(bytes?.into());
                let text = text.map_err(|_| {
                    let message = "This is not text in UTF-8. Choose plain text or Markdown.";
                    AppError::invalid("file", message)
                })?;
                new = Some(NewSource { source_name, text });
            }
            other => {
                let message = format!("There is no field {other:?}. There is file.");
                return Err(AppError::Invalid { field: None, message });
            }
        }
    }
    new.ok_or_else(|| AppError::invalid("file", "Choose a file."))
}

/// One source.
#[utoipa::path(
    get,
    path = "/api/projects/{id}/sources/{sourceId}",
    tag = "labs",
    params(("id" = ProjectId, Path), ("sourceId" = SourceId, Path)),
    responses((status = 200, body = Source), ReadRefusals),
)]
async fn get_source(
    State(state): State<AppState>,
    SignedIn(user): SignedIn,
    Segments(id, source): Segments,
) -> Result<Response, AppError> {
    let (id, source) = (id_of(&id, "project")?, id_of(&source, "source")?);
    Ok(answer(service::get_source(&state, &user, (id, source)).await?))
}

/// Deletes a source; what was proposed from it stays.
#[utoipa::path(
    delete,
    path = "/api/projects/{id}/sources/{sourceId}",
    tag = "labs",
    params(("id" = ProjectId, Path), ("sourceId" = SourceId, Path), Repeatable),
    responses((status = 204), ChangeRefusals),
)]
async fn delete_source(
    State(state): State<AppState>,
    SignedIn(user): SignedIn,
    Segments(id, source): Segments,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    let (id, source) = (id_of(&id, "project")?, id_of(&source, "source")?);
    let by = mutation_id(&headers)?;
    let done = service::delete_source(&state, &user, (id, source), by).await?;
    Ok(stamped(&done.as_of, StatusCode::NO_CONTENT))
}

/// Has a source ingested again, and answers it, while it waits for that.
#[utoipa::path(
    post,
    path = "/api/projects/{id}/sources/{sourceId}/ingest",
    tag = "labs",
    params(("id" = ProjectId, Path), ("sourceId" = SourceId, Path), Repeatable),
    responses((status = 200, body = Source), ChangeRefusals),
)]
async fn reingest_source(
    State(state): State<AppState>,
    SignedIn(user): SignedIn,
    Segments(id, source): Segments,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    let (id, source) = (id_of(&id, "project")?, id_of(&source, "source")?);
    let by = mutation_id(&headers)?;
    let done = service::reingest(&state, &user, (id, source), by).await?;
    Ok(stamped(&done.as_of, Json(done.value)))
}
