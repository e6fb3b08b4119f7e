//! The labs as other programs use them: projects, members, sources, jobs and proposals, and the
//! stream of one project.
//!
//! Owns the endpoints and what their headers mean. It must not decide anything; the service does.

mod project;
mod source;
mod job;
mod proposal;
mod stream;

use std::str::FromStr;

use axum::{
    Json,
    http::{StatusCode, header::LOCATION},
    response::{IntoResponse, Response},
};
use highwater::Committed;
use serde::Serialize;
use utoipa_axum::router::OpenApiRouter;

use crate::{
    error::AppError,
    server::{output::stamped, state::AppState},
};

/// The endpoints below `/api/projects`.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .merge(project::routes())
        .merge(source::routes())
        .merge(job::routes())
        .merge(proposal::routes())
        .merge(stream::routes())
}

/// What was made, and where it is.
fn made<T: Serialize>(done: Committed<T>, address: String) -> Response {
    let made = stamped(&done.as_of, Json(done.value));
    (StatusCode::CREATED, [(LOCATION, address)], made).into_response()
}

/// There is no such thing by another form of id.
fn id_of<T: FromStr>(text: &str, what: &str) -> Result<T, AppError> {
    text.parse().map_err(|_| AppError::NotFound { what: what.to_owned() })
}
