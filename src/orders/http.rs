//! Orders as other programs use them: JSON over the session's cookie.
//!
//! Owns the endpoints and what their headers mean. It must not decide anything; the service does.

mod upload;

use axum::{
    Json, Router,
    body::Body,
    extract::State,
    http::{
        HeaderMap, StatusCode,
        header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, LOCATION},
    },
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde::Deserialize;

use super::{
    model::{BulkChange, Day, NewOrder, OrderChange, OrderFilter, OrderId},
    service,
};
use crate::{
    account::http::SignedIn,
    error::AppError,
    server::{
        input::{JsonBody, Params, Segment, mutation_id},
        output::{answer, stamped},
        state::AppState,
    },
};

/// The endpoints below `/api/v1/orders`. No order's id is a word, so they do not collide.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/api/v1/orders.csv", get(export_orders))
        .route("/api/v1/orders", get(list_orders).post(post_order))
        .route("/api/v1/orders/{id}", get(get_order).patch(patch_order))
        .route("/api/v1/orders/status", post(post_status))
        .route("/api/v1/orders/metrics", get(get_metrics))
        .route("/api/v1/orders/catalogue", get(get_catalogue))
        .route("/api/v1/orders/{id}/history", get(get_history))
        .merge(upload::routes())
}

/// What a list may be asked for; [`OrderFilter::from_query`] reads the values.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ListQuery {
    status: Option<String>,
    q: Option<String>,
    sort: Option<String>,
    page: Option<String>,
}

async fn list_orders(
    State(state): State<AppState>,
    SignedIn(user): SignedIn,
    Params(query): Params<ListQuery>,
) -> Result<Response, AppError> {
    let filter = OrderFilter::from_query(|name| match name {
        "status" => query.status.clone(),
        "q" => query.q.clone(),
        "sort" => query.sort.clone(),
        "page" => query.page.clone(),
        _ => None,
    })?;
    Ok(answer(service::list(&state.live, &user, filter, None).await?))
}

async fn get_order(
    State(state): State<AppState>,
    SignedIn(user): SignedIn,
    Segment(id): Segment,
) -> Result<Response, AppError> {
    let id = order_id(id)?;
    Ok(answer(service::get(&state.live, &user, id, None).await?))
}

/// `{status?,note?,version?}` → the order as it is then.
async fn patch_order(
    State(state): State<AppState>,
    SignedIn(user): SignedIn,
    Segment(id): Segment,
    headers: HeaderMap,
    JsonBody(change): JsonBody<OrderChange>,
) -> Result<Response, AppError> {
    let id = order_id(id)?;
    let by = mutation_id(&headers)?;
    let done = service::change(&state.live, &user, id, change, by, state.now()).await?;
    Ok(stamped(&done.as_of, Json(done.value)))
}

/// A new order → 201, the order, and where it is.
async fn post_order(
    State(state): State<AppState>,
    SignedIn(user): SignedIn,
    headers: HeaderMap,
    JsonBody(order): JsonBody<NewOrder>,
) -> Result<Response, AppError> {
    let by = mutation_id(&headers)?;
    let done = service::create(&state.live, &user, order, by, state.now()).await?;
    let location = [(LOCATION, format!("/api/v1/orders/{}", done.value.id))];
    Ok((StatusCode::CREATED, location, stamped(&done.as_of, Json(done.value))).into_response())
}

/// `{ids,status}` → what became of each, also when none of them could take it.
async fn post_status(
    State(state): State<AppState>,
    SignedIn(user): SignedIn,
    headers: HeaderMap,
    JsonBody(change): JsonBody<BulkChange>,
) -> Result<Response, AppError> {
    let by = mutation_id(&headers)?;
    let done = service::change_many(&state.live, &user, change, by, state.now()).await?;
    Ok(stamped(&done.as_of, Json(done.value)))
}

/// What happened to an order, newest first.
async fn get_history(
    State(state): State<AppState>,
    SignedIn(user): SignedIn,
    Segment(id): Segment,
) -> Result<Response, AppError> {
    let id = order_id(id)?;
    Ok(answer(service::history(&state.live, &user, id, None).await?))
}

/// What an export may be asked for: a list, whatever its page.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ExportQuery {
    status: Option<String>,
    q: Option<String>,
    sort: Option<String>,
}

/// Every order of a list, as a file.
async fn export_orders(
    State(state): State<AppState>,
    SignedIn(user): SignedIn,
    Params(query): Params<ExportQuery>,
) -> Result<Response, AppError> {
    let filter = OrderFilter::from_query(|name| match name {
        "status" => query.status.clone(),
        "q" => query.q.clone(),
        "sort" => query.sort.clone(),
        _ => None,
    })?;
    let parts = service::export(&state, &user, filter).await?;
    let file = format!("attachment; filename=\"orders-{}.csv\"", Day(state.now().date()));
    let headers = [
        (CONTENT_TYPE, "text/csv; charset=utf-8; header=present".to_owned()),
        (CONTENT_DISPOSITION, file),
        (CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((headers, Body::from_stream(parts)).into_response())
}

async fn get_metrics(
    State(state): State<AppState>,
    SignedIn(user): SignedIn,
) -> Result<Response, AppError> {
    Ok(answer(service::metrics(&state.live, &user, None).await?))
}

async fn get_catalogue(
    State(state): State<AppState>,
    SignedIn(user): SignedIn,
) -> Result<Response, AppError> {
    Ok(answer(service::catalogue(&state.live, &user, None).await?))
}

/// There is no order by another form of id.
fn order_id(text: String) -> Result<OrderId, AppError> {
    OrderId::new(text).map_err(|_| AppError::NotFound { what: "order".to_owned() })
}
