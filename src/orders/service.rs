//! What can be done with orders: list them, look at one and its history, change one or many, make
//! one, count them, and bring them in and out as files.
//!
//! Owns authorisation, the transactions and the events recorded in them. It must not know HTTP,
//! and leaves the rules of a change to the model.

mod create;
mod bulk;
mod overview;
mod history;
mod export;
mod import;
#[cfg(test)]
mod tests;

use highwater::{
    AsOf, Committed, MutationId, Stamped,
    server::{Audience, LogError},
};
use time::OffsetDateTime;

use super::{
    live::{self, OrderEvent, OrderTag},
    model::{Order, OrderChange, OrderFilter, OrderId, OrderPage, OrderRow},
    store,
};
use crate::{
    account::{
        model::{CurrentUser, Role},
        service::author,
    },
    error::AppError,
    live::{StudioEvent, StudioTag},
    server::state::{Live, Write},
};

pub use bulk::change_many;
pub use create::create;
pub use export::export;
pub use history::history;
pub use import::{import, start_import};
pub(super) use import::{import_done, import_not_done, import_retried, import_to_do};
pub use overview::{catalogue, metrics};

/// The audience that hears of every order.
pub fn audience() -> Audience {
    Audience::new(live::AUDIENCE)
}

/// The audiences of this slice that somebody of that role belongs to.
pub fn audiences_of(role: Role) -> Vec<Audience> {
    if role.may_use_orders() { vec![audience()] } else { Vec::new() }
}

/// The tags of this slice that somebody of that role may see.
pub fn tags_of(role: Role) -> Vec<StudioTag> {
    if role.may_use_orders() { vec![StudioTag::Orders(OrderTag::Every)] } else { Vec::new() }
}

/// A page of the list. The answer includes at least `min`; a refusal (forbidden, or a filter that
/// cannot be) is stamped as well.
///
/// # Errors
/// When the database or the log fails.
pub async fn list(
    live: &Live,
    user: &CurrentUser,
    filter: OrderFilter,
    min: Option<&AsOf>,
) -> Result<Stamped<Result<OrderPage, AppError>>, AppError> {
    let allowed = authorise(user).and_then(|()| filter.validate());
    live.read(min, move |tx| {
        Box::pin(async move {
            if let Err(refusal) = allowed {
                return Ok(Err(refusal));
            }
            Ok(Ok(store::page(tx, &filter).await?))
        })
    })
    .await
}

/// One order, whole. The answer includes at least `min`; a refusal (forbidden, or no such order)
/// is stamped as well.
///
/// # Errors
/// When the database or the log fails.
pub async fn get(
    live: &Live,
    user: &CurrentUser,
    id: OrderId,
    min: Option<&AsOf>,
) -> Result<Stamped<Result<Order, AppError>>, AppError> {
    let allowed = authorise(user);
    live.read(min, move |tx| {
        Box::pin(async move {
            if let Err(refusal) = allowed {
                return Ok(Err(refusal));
            }
            Ok(store::find(tx, &id).await?.ok_or_else(no_such_order))
        })
    })
    .await
}

/// Changes an order, at the time `now`, and answers it as it is then. A change to what is already
/// so writes nothing. A repeat of the mutation `by` of the same user is answered with the first
/// outcome.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], and as [`Order::plan_change`]; or when the
/// database or the log fails.
pub async fn change(
    live: &Live,
    user: &CurrentUser,
    id: OrderId,
    change: OrderChange,
    by: Option<MutationId>,
    now: OffsetDateTime,
) -> Result<Committed<Order>, AppError> {
    authorise(user)?;
    let by = author(user.id, by);
    let now = whole_millis(now);
    live.write(by, move |write| {
        Box::pin(async move {
            let mut order = store::find(write.tx(), &id).await?.ok_or_else(no_such_order)?;
            let Some(edit) = order.plan_change(&change)? else {
                return Ok(order);
            };
            let before = order.version;
            order.apply(&edit, now);
            let row = OrderRow::from(&order);
            if !store::update(write.tx(), &row, before).await? {
                return Err(Order::moved_on(before));
            }
            record(write, OrderEvent::updated(&row, &edit, now)).await?;
            if edit.status.is_some() {
                record(write, OrderEvent::metrics(now)).await?;
            }
            Ok(order)
        })
    })
    .await
}

/// The time as it is stored, so that what an event carries is what a read answers.
pub(super) fn whole_millis(time: OffsetDateTime) -> OffsetDateTime {
    let beyond = time.nanosecond() % 1_000_000;
    time - time::Duration::nanoseconds(beyond.into())
}

/// Records an event for all who may use orders.
pub(super) async fn record(write: &Write, event: OrderEvent) -> Result<(), LogError> {
    write.record(&[audience()], &StudioEvent::Order(event)).await?;
    Ok(())
}

/// Refuses an upload before it is read.
///
/// # Errors
/// [`AppError::Forbidden`].
pub fn may_import(user: &CurrentUser) -> Result<(), AppError> {
    authorise(user)
}

fn authorise(user: &CurrentUser) -> Result<(), AppError> {
    if user.role.may_use_orders() {
        return Ok(());
    }
    Err(AppError::Forbidden { message: "Only staff may see orders.".to_owned() })
}

fn no_such_order() -> AppError {
    AppError::NotFound { what: "order".to_owned() }
}
