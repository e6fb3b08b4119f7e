//! Files that a request brings, as `multipart/form-data`.
//!
//! Owns the refusals that all uploads share. Which fields there are, and what becomes of them, each
//! endpoint decides.

use axum::{
    extract::{DefaultBodyLimit, FromRequest, Multipart, Request, multipart::MultipartError},
    http::StatusCode,
};

use crate::error::AppError;

/// The fields of a request of at most `limit` bytes.
///
/// # Errors
/// [`AppError::UnsupportedMediaType`] for a body of another type.
pub async fn fields(mut request: Request, limit: usize) -> Result<Multipart, AppError> {
    DefaultBodyLimit::max(limit).apply(&mut request);
    Multipart::from_request(request, &()).await.map_err(|_| {
        let message = "Send the upload as multipart/form-data, with its boundary.".to_owned();
        AppError::UnsupportedMediaType { message }
    })
}

/// Why a field could not be read. `too_large` says what may be how large.
pub fn broken(error: &MultipartError, too_large: impl FnOnce() -> AppError) -> AppError {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        return too_large();
    }
    AppError::Malformed { message: "The upload is not well-formed multipart/form-data.".to_owned() }
}
