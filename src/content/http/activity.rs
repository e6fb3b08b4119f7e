//! What happened, as other programs read it.

use axum::{extract::State, response::Response};

use super::ListQuery;
use crate::{
    account::http::SignedIn,
    content::{model::ActivityPage, service},
    error::AppError,
    server::{input::Params, openapi::ReadRefusals, output::answer, state::AppState},
};

/// A page of what happened to the caller's content, 25 entries each, the newest first.
#[utoipa::path(
    get,
    path = "/api/v1/activity",
    tag = "activity",
    params(ListQuery),
    responses((status = 200, body = ActivityPage), ReadRefusals),
)]
pub(super) async fn list_activity(
    State(state): State<AppState>,
    SignedIn(user): SignedIn,
    Params(query): Params<ListQuery>,
) -> Result<Response, AppError> {
    let page = query.page.unwrap_or(1);
    Ok(answer(service::list_activity(&state, &user, page, None).await?))
}
