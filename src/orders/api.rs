//! The orders' server functions: authorise, call the service, map the error.
//!
//! Owns the addresses `/api/fn/…` of the functions here, each named like its function.

#![expect(
    missing_docs,
    reason = "the fields in question are the arguments, of structs that a macro writes"
)]

use highwater::{AsOf, Committed, MutationId, Stamped};
use leptos::prelude::*;

use super::model::{
    BulkChange, BulkOutcome, Catalogue, ImportId, NewOrder, Order, OrderChange, OrderFilter,
    OrderHistory, OrderId, OrderImport, OrderMetrics, OrderPage,
};
use crate::{calls::Calls, error::AppError};

/// A page of the list that includes at least `min`.
#[server(prefix = "/api/fn", endpoint = "list_orders", protocol = Calls)]
pub async fn list_orders(
    filter: OrderFilter,
    min: Option<AsOf>,
) -> Result<Stamped<Result<OrderPage, AppError>>, AppError> {
    use crate::{orders::service, server::request};
    let (state, user) = request::signed_in()?;
    request::stamped(service::list(&state.live, &user, filter, min.as_ref()).await)
}

/// One order that includes at least `min`.
#[server(prefix = "/api/fn", endpoint = "get_order", protocol = Calls)]
pub async fn get_order(
    id: OrderId,
    min: Option<AsOf>,
) -> Result<Stamped<Result<Order, AppError>>, AppError> {
    use crate::{orders::service, server::request};
    let (state, user) = request::signed_in()?;
    request::stamped(service::get(&state.live, &user, id, min.as_ref()).await)
}

/// Changes an order; a repeat of the mutation is answered with the first outcome.
#[server(prefix = "/api/fn", endpoint = "update_order", protocol = Calls)]
pub async fn update_order(
    id: OrderId,
    change: OrderChange,
    mutation: MutationId,
) -> Result<Committed<Order>, AppError> {
    use crate::{orders::service, server::request};
    let (state, user) = request::signed_in()?;
    let changed =
        service::change(&state.live, &user, id, change, Some(mutation), state.now()).await;
    request::answered(changed)
}

/// Makes an order; a repeat of the mutation is answered with the first outcome.
#[server(prefix = "/api/fn", endpoint = "create_order", protocol = Calls)]
pub async fn create_order(
    order: NewOrder,
    mutation: MutationId,
) -> Result<Committed<Order>, AppError> {
    use crate::{orders::service, server::request};
    let (state, user) = request::signed_in()?;
    let created = service::create(&state.live, &user, order, Some(mutation), state.now()).await;
    request::answered(created)
}

/// Gives many orders a status, and tells which could not take it; a repeat of the mutation is
/// answered with the first outcome.
#[server(prefix = "/api/fn", endpoint = "change_orders", protocol = Calls)]
pub async fn change_orders(
    change: BulkChange,
    mutation: MutationId,
) -> Result<Committed<BulkOutcome>, AppError> {
    use crate::{orders::service, server::request};
    let (state, user) = request::signed_in()?;
    let changed =
        service::change_many(&state.live, &user, change, Some(mutation), state.now()).await;
    request::answered(changed)
}

/// What all orders amount to, including at least `min`.
#[server(name = ReadMetrics, prefix = "/api/fn", endpoint = "order_metrics", protocol = Calls)]
pub async fn order_metrics(
    min: Option<AsOf>,
) -> Result<Stamped<Result<OrderMetrics, AppError>>, AppError> {
    use crate::{orders::service, server::request};
    let (state, user) = request::signed_in()?;
    request::stamped(service::metrics(&state.live, &user, min.as_ref()).await)
}

/// What an order can be made of, including at least `min`.
#[server(prefix = "/api/fn", endpoint = "order_catalogue", protocol = Calls)]
pub async fn order_catalogue(
    min: Option<AsOf>,
) -> Result<Stamped<Result<Catalogue, AppError>>, AppError> {
    use crate::{orders::service, server::request};
    let (state, user) = request::signed_in()?;
    request::stamped(service::catalogue(&state.live, &user, min.as_ref()).await)
}

/// What happened to an order, including at least `min`.
#[server(name = ReadHistory, prefix = "/api/fn", endpoint = "order_history", protocol = Calls)]
pub async fn order_history(
    id: OrderId,
    min: Option<AsOf>,
) -> Result<Stamped<Result<OrderHistory, AppError>>, AppError> {
    use crate::{orders::service, server::request};
    let (state, user) = request::signed_in()?;
    request::stamped(service::history(&state.live, &user, id, min.as_ref()).await)
}

/// How far an import of the user has come, including at least `min`.
#[server(prefix = "/api/fn", endpoint = "get_import", protocol = Calls)]
pub async fn get_import(
    id: ImportId,
    min: Option<AsOf>,
) -> Result<Stamped<Result<OrderImport, AppError>>, AppError> {
    use crate::{orders::service, server::request};
    let (state, user) = request::signed_in()?;
    request::stamped(service::import(&state.live, &user, id, min.as_ref()).await)
}
