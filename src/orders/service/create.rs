//! Making an order.
//!
//! Owns the transaction in which a new order gets its number, its prices and its event.

use highwater::{Committed, MutationId};
use time::OffsetDateTime;

use super::{authorise, record, whole_millis};
use crate::{
    account::{model::CurrentUser, service::author},
    error::AppError,
    orders::{
        live::OrderEvent,
        model::{NewOrder, Order, OrderId, OrderRow},
        store,
    },
    server::state::Live,
};

/// Makes an order at the time `now`, with the number after the largest there is, at the prices of
/// that moment, and answers it. A repeat of the mutation `by` of the same user is answered with the
/// first outcome.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::Invalid`] as [`NewOrder::place`] has it, and for a customer
/// that there is not; or when the database or the log fails.
pub async fn create(
    live: &Live,
    user: &CurrentUser,
    order: NewOrder,
    by: Option<MutationId>,
    now: OffsetDateTime,
) -> Result<Committed<Order>, AppError> {
    authorise(user)?;
    let by = author(user.id, by);
    let now = whole_millis(now);
    let asked = order.trimmed();
    live.write(by, move |write| {
        Box::pin(async move {
            asked.validate()?;
            let tx = write.tx();
            let customer = store::customer_name(tx, &asked.customer_id).await?;
            let customer = customer.ok_or_else(|| {
                AppError::invalid(
                    "customerId",
                    format!("There is no customer {}.", asked.customer_id),
                )
            })?;
            let wanted: Vec<_> = asked.lines.iter().map(|line| line.product_id).collect();
            let products = store::products(tx, &wanted).await?;
            // Writers take turns, so nobody takes this number in between.
            let number = store::largest_number(tx).await?.saturating_add(1);
            let id = u64::try_from(number).ok().and_then(OrderId::of_number);
            let id = id.ok_or_else(|| AppError::Conflict {
                message: "There is no order number left after the largest.".to_owned(),
            })?;
            let order = asked.place(id, customer, &products, now)?;
            store::insert(tx, std::slice::from_ref(&order)).await?;
            record(write, OrderEvent::created(&OrderRow::from(&order), now)).await?;
            record(write, OrderEvent::metrics(now)).await?;
            Ok(order)
        })
    })
    .await
}
