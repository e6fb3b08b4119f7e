//! Around the server functions: their input is taken within bounds, and their errors are answered
//! like every other.
//!
//! Owns what leptos leaves to an application here. It must not know any function.

use axum::{
    body::{Body, Bytes, to_bytes},
    extract::{FromRequest, Request},
    http::{HeaderValue, header::ACCEPT},
    middleware::Next,
    response::{IntoResponse, Response},
};
use leptos::server_fn::error::SERVER_FN_ERROR_HEADER;

use crate::{
    error::AppError,
    server::input::{expect_json, unread},
};

/// Where server functions live.
pub const PREFIX: &str = "/api/fn/";

/// Middleware that takes a server function's whole input, and turns its error into a problem with
/// the status that belongs to it.
pub async fn answer(request: Request, next: Next) -> Response {
    if !request.uri().path().starts_with(PREFIX) || request.method().is_safe() {
        return next.run(request).await;
    }
    let request = match whole(request).await {
        Ok(request) => request,
        Err(error) => return error.into_response(),
    };
    let response = next.run(request).await;
    let Some(function) = response.headers().get(SERVER_FN_ERROR_HEADER).cloned() else {
        return response;
    };
    // It was made here, from an error: there is no end that could fail to come.
    let error = match to_bytes(response.into_body(), usize::MAX).await {
        Ok(body) => serde_json::from_slice(&body).unwrap_or(AppError::Internal),
        Err(_) => AppError::Internal,
    };
    let mut response = error.into_response();
    response.headers_mut().insert(SERVER_FN_ERROR_HEADER, function);
    response
}

async fn whole(request: Request) -> Result<Request, AppError> {
    expect_json(request.headers())?;
    let (mut parts, body) = request.into_parts();
    // What asks for HTML would be led back to where it came from, with the error in the address.
    parts.headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
    let body = Request::from_parts(parts.clone(), body);
    let body = Bytes::from_request(body, &()).await.map_err(unread)?;
    Ok(Request::from_parts(parts, Body::from(body)))
}
