//! The jobs' server functions: authorise, call the service, map the error.
//!
//! Owns the addresses `/api/fn/…` of the functions here, each named like its function.

#![expect(
    missing_docs,
    reason = "the fields in question are the arguments, of structs that a macro writes"
)]

use highwater::{AsOf, Committed, MutationId, Stamped};
use leptos::prelude::*;

use super::model::{Job, JobId, JobPage};
use crate::{calls::Calls, error::AppError};

/// The user's jobs, with a page of those that have ended, including at least `min`.
#[server(prefix = "/api/fn", endpoint = "list_jobs", protocol = Calls)]
pub async fn list_jobs(
    page: u32,
    min: Option<AsOf>,
) -> Result<Stamped<Result<JobPage, AppError>>, AppError> {
    use crate::{jobs::service, server::request};
    let (state, user) = request::signed_in()?;
    request::stamped(service::list(&state.live, &user, page, min.as_ref()).await)
}

/// The newest job of the user for a target, including at least `min`.
#[server(prefix = "/api/fn", endpoint = "get_target_job", protocol = Calls)]
pub async fn get_target_job(
    target: String,
    min: Option<AsOf>,
) -> Result<Stamped<Result<Option<Job>, AppError>>, AppError> {
    use crate::{jobs::service, server::request};
    let (state, user) = request::signed_in()?;
    request::stamped(service::of_target(&state.live, &user, target, min.as_ref()).await)
}

/// Stops a job; a repeat of the mutation is answered with the first outcome.
#[server(prefix = "/api/fn", endpoint = "cancel_job", protocol = Calls)]
pub async fn cancel_job(id: JobId, mutation: MutationId) -> Result<Committed<Job>, AppError> {
    use crate::{jobs::service, server::request};
    let (state, user) = request::signed_in()?;
    request::answered(
        service::cancel((&state.live, &state.jobs), &user, id, Some(mutation), state.now()).await,
    )
}

/// Has a job done again; a repeat of the mutation is answered with the first outcome.
#[server(prefix = "/api/fn", endpoint = "retry_job", protocol = Calls)]
pub async fn retry_job(id: JobId, mutation: MutationId) -> Result<Committed<Job>, AppError> {
    use crate::{jobs::service, server::request};
    let (state, user) = request::signed_in()?;
    request::answered(
        service::retry((&state.live, &state.jobs), &user, id, Some(mutation), state.now()).await,
    )
}
