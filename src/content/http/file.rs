//! Files over HTTP, whole or in ranges, to whom what refers to them belongs.

use std::convert::Infallible;

use axum::{
    body::Body,
    extract::{Request, State},
    http::{
        HeaderMap, HeaderValue, StatusCode,
        header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE},
    },
    response::{IntoResponse, Response},
};
use tower::ServiceExt;
use tower_http::services::ServeFile;

use super::document_id;
use crate::{
    account::http::SignedIn,
    content::{files::FileHash, model::DocumentId, service},
    error::AppError,
    server::{input::Segment, openapi::ReadRefusals, state::AppState},
};

/// What came as a document, whole or the `Range` of it that is asked for.
#[utoipa::path(
    get,
    path = "/api/v1/documents/{id}/source",
    tag = "documents",
    params(("id" = DocumentId, Path)),
    responses(
        (status = 200, body = String, content_type = "text/plain"),
        (status = 206, body = String, content_type = "text/plain"),
        ReadRefusals,
    ),
)]
pub(super) async fn document_source(
    State(state): State<AppState>,
    SignedIn(user): SignedIn,
    Segment(id): Segment,
    request: Request,
) -> Result<Response, AppError> {
    let file = service::document_file(&state, &user, &document_id(&id)?, false).await?;
    serve(&state, &file.hash, file.media_type, (&file.name, Shown::Saved), request).await
}

/// The text of a document, whole or the `Range` of it that is asked for.
#[utoipa::path(
    get,
    path = "/api/v1/documents/{id}/text",
    tag = "documents",
    params(("id" = DocumentId, Path)),
    responses(
        (status = 200, body = String, content_type = "text/plain"),
        (status = 206, body = String, content_type = "text/plain"),
        ReadRefusals,
    ),
)]
pub(super) async fn document_text(
    State(state): State<AppState>,
    SignedIn(user): SignedIn,
    Segment(id): Segment,
    request: Request,
) -> Result<Response, AppError> {
    let file = service::document_file(&state, &user, &document_id(&id)?, true).await?;
    serve(&state, &file.hash, file.media_type, (&file.name, Shown::Saved), request).await
}

/// What a browser does with a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shown {
    /// It shows or plays it.
    InPlace,
    /// It saves it.
    Saved,
}

/// Sends a file, or the range of it that is asked for, with the name that it is saved under.
pub(super) async fn serve(
    state: &AppState,
    hash: &FileHash,
    media_type: &'static str,
    (name, shown): (&str, Shown),
    request: Request,
) -> Result<Response, AppError> {
    let served: Result<_, Infallible> =
        ServeFile::new(state.files.path(hash)).oneshot(request).await;
    let mut response = match served {
        Ok(response) => response.map(Body::new).into_response(),
        Err(never) => match never {},
    };
    if response.status() == StatusCode::NOT_FOUND {
        tracing::error!(hash = hash.as_str(), "a file that is referred to is not there");
        return Err(AppError::Internal);
    }
    name_it(response.headers_mut(), media_type, &disposition(name, shown));
    Ok(response)
}

fn name_it(headers: &mut HeaderMap, media_type: &'static str, disposition: &str) {
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    // It may be kept by its owner's browser, which asks each time whether it still is theirs.
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    if let Ok(named) = HeaderValue::from_str(disposition) {
        headers.insert(CONTENT_DISPOSITION, named);
    }
}

/// How a browser is to save a file of this name (RFC 6266).
fn disposition(name: &str, shown: Shown) -> String {
    let kind = match shown {
        Shown::InPlace => "inline",
        Shown::Saved => "attachment",
    };
    let plain = |letter: char| match letter {
        '"' | '\\' | '/' | '%' => '_',
        letter if letter.is_ascii() && !letter.is_ascii_control() => letter,
        _ => '_',
    };
    let ascii: String = name.chars().map(plain).collect();
    let encoded: String = name
        .bytes()
        .map(|byte| match byte {
            byte if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) => {
                char::from(byte).to_string()
            }
            byte => format!("%{byte:02X}"),
        })
        .collect();
    format!("{kind}; filename=\"{ascii}\"; filename*=UTF-8''{encoded}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_files_name_survives_in_a_header() {
        let plain = "attachment; filename=\"No. 10.txt\"; filename*=UTF-8''No.%2010.txt";
        assert_eq!(disposition("No. 10.txt", Shown::Saved), plain);
        let odd = "attachment; filename=\"_a__.md\"; filename*=UTF-8''%22a%C3%BC%2F.md";
        assert_eq!(disposition("\"aü/.md", Shown::Saved), odd);
    }
}
