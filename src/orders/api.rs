//! The orders' server functions: authorise, call the service, map the error.
//!
//! Owns the addresses `/api/fn/list_orders`, `/api/fn/get_order` and `/api/fn/update_order`.

#![expect(
    missing_docs,
    reason = "the fields in question are the arguments, of structs that a macro writes"
)]

use highwater::{AsOf, Committed, MutationId, Stamped};
use leptos::prelude::*;

use super::model::{Order, OrderChange, OrderFilter, OrderId, OrderPage};
use crate::{arguments::Arguments, error::AppError};

/// A page of the list that includes at least `min`.
#[server(prefix = "/api/fn", endpoint = "list_orders", input = Arguments)]
pub async fn list_orders(
    filter: OrderFilter,
    min: Option<AsOf>,
) -> Result<Stamped<Result<OrderPage, AppError>>, AppError> {
    use crate::{orders::service, server::request};
    let (state, user) = request::signed_in()?;
    request::stamped(service::list(&state.live, &user, filter, min.as_ref()).await)
}

/// One order that includes at least `min`.
#[server(prefix = "/api/fn", endpoint = "get_order", input = Arguments)]
pub async fn get_order(
    id: OrderId,
    min: Option<AsOf>,
) -> Result<Stamped<Result<Order, AppError>>, AppError> {
    use crate::{orders::service, server::request};
    let (state, user) = request::signed_in()?;
    request::stamped(service::get(&state.live, &user, id, min.as_ref()).await)
}

/// Changes an order; a repeat of the mutation is answered with the first outcome.
#[server(prefix = "/api/fn", endpoint = "update_order", input = Arguments)]
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
