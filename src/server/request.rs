//! What a server function knows of its request, and the HTTP status of its answer.
//!
//! Owns the way from Leptos's context to the state and the session. It must not decide who may do
//! what; services do.

use axum::http::{StatusCode, request::Parts};
use highwater::Stamped;
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;

use super::state::AppState;
use crate::{
    account::{caller::Caller, http::MaybeSession, model::CurrentUser},
    error::AppError,
};

/// The state and the signed-in user of the request under way.
///
/// # Errors
/// [`AppError::Unauthenticated`] without a session.
pub fn signed_in() -> Result<(AppState, CurrentUser), AppError> {
    identified().map(|(state, caller)| (state, caller.user))
}

/// The state, and who sent the request under way by what.
///
/// # Errors
/// As [`signed_in`].
pub fn identified() -> Result<(AppState, Caller), AppError> {
    let state = use_context::<AppState>().ok_or(AppError::Internal);
    let caller = caller().ok_or(AppError::Unauthenticated);
    answered(state.and_then(|state| Ok((state, caller?))))
}

/// Who sent the request under way, if that is known.
pub fn caller() -> Option<Caller> {
    let parts = use_context::<Parts>()?;
    parts.extensions.get::<MaybeSession>()?.0.clone()
}

/// Gives the response the status of the error, if it is one.
///
/// # Errors
/// The one it is given.
pub fn answered<T>(result: Result<T, AppError>) -> Result<T, AppError> {
    result.inspect_err(|error| set_status(error.status()))
}

/// As [`answered`], also for a refusal with a stamp, which travels as an answer.
///
/// # Errors
/// The one it is given.
pub fn stamped<T>(
    result: Result<Stamped<Result<T, AppError>>, AppError>,
) -> Result<Stamped<Result<T, AppError>>, AppError> {
    let answer = answered(result)?;
    if is_page()
        && let Err(refusal) = &answer.value
    {
        set_status(refusal.status());
    }
    Ok(answer)
}

/// Whether a page is being rendered. Its refusals are pages of their own, with their status; to a
/// server function's caller a stamped refusal is an answer like any other.
fn is_page() -> bool {
    use_context::<Parts>().is_some_and(|parts| !parts.uri.path().starts_with("/api/"))
}

/// Gives the response under way a status.
pub fn set_status(status: u16) {
    let status = StatusCode::from_u16(status);
    if let (Some(response), Ok(status)) = (use_context::<ResponseOptions>(), status) {
        response.set_status(status);
    }
}
