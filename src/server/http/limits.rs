//! Limits of one request: how large its head may be, and how long its answer may take to begin.
//!
//! Owns the refusals 414, 431 and 503. Bodies have axum's own limit; `account::attempts` counts
//! sign-ins.

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use tokio::time::timeout;

use crate::{error::AppError, server::state::AppState};

/// What a header takes on the wire beside its name and value: `: ` and a line's end.
const AROUND_HEADER: usize = 4;

/// Middleware that refuses an address or a head that is too large.
pub async fn size(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let limits = &state.configuration.studio.limits;
    let address = request.uri().path_and_query().map_or(0, |address| address.as_str().len());
    if address > limits.address_bytes {
        return AppError::AddressTooLong.into_response();
    }
    let headers = request.headers().iter();
    let headers = headers.map(|(name, value)| name.as_str().len() + value.len() + AROUND_HEADER);
    if address + headers.sum::<usize>() > limits.head_bytes {
        return AppError::HeadersTooLarge.into_response();
    }
    next.run(request).await
}

/// Middleware that gives a request up whose answer does not begin in time. A transaction that was
/// under way is rolled back or, if it was just being committed, its outcome is unknown: 503 is not
/// final.
pub async fn time(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let limit = state.configuration.studio.limits.request;
    match timeout(limit, next.run(request)).await {
        Ok(response) => response,
        Err(_) => AppError::UNAVAILABLE.into_response(),
    }
}
