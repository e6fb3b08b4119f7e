//! What a program is answered, the same way at every endpoint: JSON and the stamp of what it
//! includes.
//!
//! Owns the header of the stamp. It must not know what is answered.

use axum::{
    Json,
    http::{HeaderName, header::CACHE_CONTROL},
    response::{IntoResponse, Response},
};
use highwater::{AsOf, Stamped};
use serde::Serialize;

use crate::error::AppError;

/// The response header that says which changes the answer includes: a stamp.
pub const AS_OF: HeaderName = HeaderName::from_static("x-highwater-as-of");

/// A stamped answer or refusal.
pub fn answer<T: Serialize>(answer: Stamped<Result<T, AppError>>) -> Response {
    stamped(&answer.as_of, answer.value.map(Json))
}

/// An answer that includes what the stamp says.
pub fn stamped(as_of: &AsOf, body: impl IntoResponse) -> Response {
    // What one user may see is no matter of caches on the way.
    ([(AS_OF, as_of.to_string()), (CACHE_CONTROL, "no-store".to_owned())], body).into_response()
}
