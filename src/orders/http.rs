//! Orders as other programs use them: JSON over the session's cookie.
//!
//! Owns the endpoints and what their headers mean. It must not decide anything; the service does.

mod upload;

use axum::{
    Json,
    body::Body,
    extract::State,
    http::{
        HeaderMap, StatusCode,
        header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, LOCATION},
    },
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    model::{
        BulkChange, BulkOutcome, Catalogue, Day, NewOrder, Order, OrderChange, OrderFilter,
        OrderHistory, OrderId, OrderMetrics, OrderPage, OrderStatus,
    },
    service,
};
use crate::{
    account::http::SignedIn,
    error::AppError,
    server::{
        input::{JsonBody, Params, Segment, mutation_id},
        openapi::{ChangeRefusals, ReadRefusals, Repeatable},
        output::{answer, stamped},
        state::AppState,
    },
};

/// The endpoints below `/api/v1/orders`. No order's id is a word, so they do not collide.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list_orders, post_order))
        .routes(routes!(export_orders))
        .routes(routes!(get_order, patch_order))
        .routes(routes!(post_status))
        .routes(routes!(get_metrics))
        .routes(routes!(get_catalogue))
        .routes(routes!(get_history))
        .merge(upload::routes())
}

/// What a list may be asked for; [`OrderFilter::from_query`] reads the values.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ListQuery {
    /// Only orders of this status.
    #[param(value_type = Option<OrderStatus>)]
    status: Option<String>,
    /// Only orders with this in their number, or in their customer's name or id.
    q: Option<String>,
    /// `number`, `created`, `updated`, `customer`, `total` or `status`; `-` in front turns it round.
    #[param(example = "-created")]
    sort: Option<String>,
    /// Which page, from 1.
    #[param(value_type = Option<u32>)]
    page: Option<String>,
}

/// A page of the list, 25 orders each.
#[utoipa::path(
    get,
    path = "/api/v1/orders",
    tag = "orders",
    params(ListQuery),
    responses((status = 200, body = OrderPage), ReadRefusals),
)]
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

/// One order, whole.
#[utoipa::path(
    get,
    path = "/api/v1/orders/{id}",
    tag = "orders",
    params(("id" = OrderId, Path)),
    responses((status = 200, body = Order), ReadRefusals),
)]
async fn get_order(
    State(state): State<AppState>,
    SignedIn(user): SignedIn,
    Segment(id): Segment,
) -> Result<Response, AppError> {
    let id = order_id(id)?;
    Ok(answer(service::get(&state.live, &user, id, None).await?))
}

/// Changes the status, the note or both, and answers the order as it is then.
///
/// With `version`, only if that is still its version.
#[utoipa::path(
    patch,
    path = "/api/v1/orders/{id}",
    tag = "orders",
    params(("id" = OrderId, Path), Repeatable),
    request_body = OrderChange,
    responses((status = 200, body = Order), ChangeRefusals),
)]
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

/// Makes an order of what the catalogue has, and answers it and where it is (`Location`).
#[utoipa::path(
    post,
    path = "/api/v1/orders",
    tag = "orders",
    params(Repeatable),
    request_body = NewOrder,
    responses((status = 201, body = Order), ChangeRefusals),
)]
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

/// Gives many orders a status, and answers what became of each, also when none could take it.
#[utoipa::path(
    post,
    path = "/api/v1/orders/status",
    tag = "orders",
    params(Repeatable),
    request_body = BulkChange,
    responses((status = 200, body = BulkOutcome), ChangeRefusals),
)]
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
#[utoipa::path(
    get,
    path = "/api/v1/orders/{id}/history",
    tag = "orders",
    params(("id" = OrderId, Path)),
    responses((status = 200, body = OrderHistory), ReadRefusals),
)]
async fn get_history(
    State(state): State<AppState>,
    SignedIn(user): SignedIn,
    Segment(id): Segment,
) -> Result<Response, AppError> {
    let id = order_id(id)?;
    Ok(answer(service::history(&state.live, &user, id, None).await?))
}

/// What an export may be asked for: a list, whatever its page.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ExportQuery {
    /// Only orders of this status.
    #[param(value_type = Option<OrderStatus>)]
    status: Option<String>,
    /// Only orders with this in their number, or in their customer's name or id.
    q: Option<String>,
    /// `number`, `created`, `updated`, `customer`, `total` or `status`; `-` in front turns it round.
    #[param(example = "-created")]
    sort: Option<String>,
}

/// Every order of a list, as a file of CSV.
#[utoipa::path(
    get,
    path = "/api/v1/orders.csv",
    tag = "orders",
    params(ExportQuery),
    responses((status = 200, body = String, content_type = "text/csv"), ReadRefusals),
)]
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

/// What all orders amount to.
#[utoipa::path(
    get,
    path = "/api/v1/orders/metrics",
    tag = "orders",
    responses((status = 200, body = OrderMetrics), ReadRefusals),
)]
async fn get_metrics(
    State(state): State<AppState>,
    SignedIn(user): SignedIn,
) -> Result<Response, AppError> {
    Ok(answer(service::metrics(&state.live, &user, None).await?))
}

/// The customers and products that an order can be made of.
#[utoipa::path(
    get,
    path = "/api/v1/orders/catalogue",
    tag = "orders",
    responses((status = 200, body = Catalogue), ReadRefusals),
)]
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
