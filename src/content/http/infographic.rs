//! Infographics as other programs use them.

use axum::{
    Json,
    extract::{Request, State},
    http::{
        HeaderMap, HeaderValue, StatusCode,
        header::{CONTENT_SECURITY_POLICY, LOCATION},
    },
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
        model::{Infographic, InfographicId, NewInfographic, Page},
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

/// Of a picture that is opened as a page of its own: it loads nothing, runs nothing, and has no
/// part in this site.
const POLICY: &str = "default-src 'none'; sandbox; frame-ancestors 'none'";

/// The endpoints below `/api/v1/infographics`.
pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list_infographics, post_infographic))
        .routes(routes!(get_infographic, delete_infographic))
        .routes(routes!(generate_infographic))
        .routes(routes!(get_infographic_file))
}

/// A page of the caller's infographics, 25 each, the newest first.
#[utoipa::path(
    get,
    path = "/api/v1/infographics",
    tag = "infographics",
    params(ListQuery),
    responses((status = 200, body = Page<Infographic>), ReadRefusals),
)]
async fn list_infographics(
    State(state): State<AppState>,
    SignedIn(user): SignedIn,
    Params(query): Params<ListQuery>,
) -> Result<Response, AppError> {
    let page = query.page.unwrap_or(1);
    Ok(answer(service::list_infographics(&state, &user, page, None).await?))
}

/// Adds the infographic of a document, and answers it, while it is being made, and where it is
/// (`Location`). A document has one at most.
#[utoipa::path(
    post,
    path = "/api/v1/infographics",
    tag = "infographics",
    params(Repeatable),
    request_body = NewInfographic,
    responses((status = 201, body = Infographic), ChangeRefusals),
)]
async fn post_infographic(
    State(state): State<AppState>,
    SignedIn(user): SignedIn,
    headers: HeaderMap,
    JsonBody(new): JsonBody<NewInfographic>,
) -> Result<Response, AppError> {
    let by = mutation_id(&headers)?;
    let done = service::create_infographic(&state, &user, new, by).await?;
    let made = done.value.made;
    let location = [(LOCATION, format!("/api/v1/infographics/{}", made.id))];
    Ok((StatusCode::CREATED, location, stamped(&done.as_of, Json(made))).into_response())
}

/// One infographic, without its picture.
#[utoipa::path(
    get,
    path = "/api/v1/infographics/{id}",
    tag = "infographics",
    params(("id" = InfographicId, Path)),
    responses((status = 200, body = Infographic), ReadRefusals),
)]
async fn get_infographic(
    State(state): State<AppState>,
    SignedIn(user): SignedIn,
    Segment(id): Segment,
) -> Result<Response, AppError> {
    Ok(answer(service::get_infographic(&state, &user, infographic_id(&id)?, None).await?))
}

/// Deletes an infographic with its picture, and cancels the job that makes it.
#[utoipa::path(
    delete,
    path = "/api/v1/infographics/{id}",
    tag = "infographics",
    params(("id" = InfographicId, Path), Repeatable),
    responses((status = 204), ChangeRefusals),
)]
async fn delete_infographic(
    State(state): State<AppState>,
    SignedIn(user): SignedIn,
    Segment(id): Segment,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    let (id, by) = (infographic_id(&id)?, mutation_id(&headers)?);
    let done = service::delete_infographic(&state, &user, id, by).await?;
    Ok(stamped(&done.as_of, StatusCode::NO_CONTENT))
}

/// Begins the job that makes an infographic again.
#[utoipa::path(
    post,
    path = "/api/v1/infographics/{id}/generate",
    tag = "infographics",
    params(("id" = InfographicId, Path), Repeatable),
    responses((status = 202, body = Begun), ChangeRefusals),
)]
async fn generate_infographic(
    State(state): State<AppState>,
    SignedIn(user): SignedIn,
    Segment(id): Segment,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    let (id, by) = (infographic_id(&id)?, mutation_id(&headers)?);
    let done = service::generate_infographic(&state, &user, id, by).await?;
    let begun = Json(Begun { job_id: done.value.job_id });
    Ok((StatusCode::ACCEPTED, stamped(&done.as_of, begun)).into_response())
}

/// The picture of an infographic: SVG, whole or the `Range` of it that is asked for.
#[utoipa::path(
    get,
    path = "/api/v1/infographics/{id}/file",
    tag = "infographics",
    params(("id" = InfographicId, Path)),
    responses(
        (status = 200, body = String, content_type = "image/svg+xml"),
        (status = 206, body = String, content_type = "image/svg+xml"),
        ReadRefusals,
    ),
)]
async fn get_infographic_file(
    State(state): State<AppState>,
    SignedIn(user): SignedIn,
    Segment(id): Segment,
    request: Request,
) -> Result<Response, AppError> {
    let (title, hash) = service::infographic_file(&state, &user, &infographic_id(&id)?).await?;
    let name = format!("{title}.svg");
    let mut response =
        serve(&state, &hash, "image/svg+xml", (&name, Shown::InPlace), request).await?;
    let policy = HeaderValue::from_static(POLICY);
    response.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
    Ok(response)
}

/// There is no infographic by another form of id.
fn infographic_id(text: &str) -> Result<InfographicId, AppError> {
    text.parse().map_err(|_| AppError::NotFound { what: "infographic".to_owned() })
}
