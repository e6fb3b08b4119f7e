//! Imports over HTTP: files in, progress out.
//!
//! Owns how an upload is read, and how large it may be. What becomes of it, the service decides.

use axum::{
    Json,
    extract::{Multipart, Request, State, multipart::MultipartError},
    http::{StatusCode, header::LOCATION},
    response::{IntoResponse, Response},
};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    account::http::SignedIn,
    error::AppError,
    orders::{
        import::{FILES, ImportFiles},
        model::{ImportId, OrderImport},
        service,
    },
    server::{
        input::{Segment, mutation_id},
        openapi::{ChangeRefusals, ReadRefusals, Repeatable},
        output::{answer, stamped},
        state::AppState,
        upload,
    },
};

/// `POST /api/v1/orders/imports` and `GET /api/v1/orders/imports/{id}`.
pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(post_import)).routes(routes!(get_import))
}

/// The files of an import; the parts' file names count.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes what `read` takes apart")]
struct Form {
    #[schema(rename = "customers.csv", value_type = String, format = Binary)]
    customers: Vec<u8>,
    #[schema(rename = "products.csv", value_type = String, format = Binary)]
    products: Vec<u8>,
    #[schema(rename = "orders.csv", value_type = String, format = Binary)]
    orders: Vec<u8>,
    #[schema(rename = "order_details.csv", value_type = String, format = Binary)]
    order_details: Vec<u8>,
}

/// Imports four CSV files, and answers the import that has begun and where it is (`Location`).
#[utoipa::path(
    post,
    path = "/api/v1/orders/imports",
    tag = "orders",
    params(Repeatable),
    request_body(content = Form, content_type = "multipart/form-data"),
    responses((status = 202, body = OrderImport), ChangeRefusals),
)]
async fn post_import(
    State(state): State<AppState>,
    SignedIn(user): SignedIn,
    request: Request,
) -> Result<Response, AppError> {
    service::may_import(&user)?;
    let by = mutation_id(request.headers())?;
    let limit = state.configuration.studio.import_bytes;
    let files = read(upload::fields(request, limit).await?, limit).await?;
    let begun = service::start_import(&state, &user, files, by).await?;
    let location = [(LOCATION, format!("/api/v1/orders/imports/{}", begun.value.id))];
    Ok((StatusCode::ACCEPTED, location, stamped(&begun.as_of, Json(begun.value))).into_response())
}

/// How far an import of the caller's own has come, and what could not be used.
#[utoipa::path(
    get,
    path = "/api/v1/orders/imports/{id}",
    tag = "orders",
    params(("id" = ImportId, Path)),
    responses((status = 200, body = OrderImport), ReadRefusals),
)]
async fn get_import(
    State(state): State<AppState>,
    SignedIn(user): SignedIn,
    Segment(id): Segment,
) -> Result<Response, AppError> {
    let id: ImportId = id.parse().map_err(|_| AppError::NotFound { what: "import".to_owned() })?;
    Ok(answer(service::import(&state.live, &user, id, None).await?))
}

/// The files of an upload, told apart by their names; the names of the form's fields mean nothing.
async fn read(mut multipart: Multipart, limit: usize) -> Result<ImportFiles, AppError> {
    let mut files = ImportFiles::new();
    let too_large = || {
        let message = format!("The files of an import may have {limit} bytes together.");
        AppError::TooLarge { message }
    };
    let broken = |error: MultipartError| upload::broken(&error, too_large);
    while let Some(part) = multipart.next_field().await.map_err(broken)? {
        let Some(name) = part.file_name().map(str::to_owned) else {
            return Err(refused("Send files, and nothing else."));
        };
        let Some(file) = FILES.into_iter().find(|file| *file == name) else {
            return Err(refused(format!("{name:?} is none of the files: {}.", FILES.join(", "))));
        };
        let content = part.bytes().await.map_err(broken)?;
        if files.insert(file, content).is_some() {
            return Err(refused(format!("{file} was sent twice.")));
        }
    }
    let missing: Vec<&str> = FILES.into_iter().filter(|file| !files.contains_key(file)).collect();
    if missing.is_empty() {
        return Ok(files);
    }
    let is_are = if missing.len() == 1 { "is" } else { "are" };
    Err(refused(format!("{} {is_are} missing.", missing.join(", "))))
}

fn refused(message: impl Into<String>) -> AppError {
    AppError::invalid("files", message)
}
