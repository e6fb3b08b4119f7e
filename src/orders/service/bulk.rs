//! Giving many orders a status.
//!
//! Owns the transaction around it. What one order may do stands in the model.

use std::collections::HashMap;

use highwater::{Committed, MutationId};
use time::OffsetDateTime;

use super::{authorise, no_such_order, record, whole_millis};
use crate::{
    account::{model::CurrentUser, service::author},
    error::AppError,
    orders::{
        live::OrderEvent,
        model::{BulkChange, BulkOutcome, BulkRefusal, Order, OrderChange, OrderId, OrderRow},
        store,
    },
    server::state::{Live, Write},
};

/// Gives each of the orders the status, if it may take it, at the time `now`: all in one
/// transaction, with one event for each that changed. A repeat of the mutation `by` of the same
/// user is answered with the first outcome.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::Invalid`] as [`BulkChange::validate`] has it, or when the
/// database or the log fails. What a single order refuses is told in the outcome.
pub async fn change_many(
    live: &Live,
    user: &CurrentUser,
    change: BulkChange,
    by: Option<MutationId>,
    now: OffsetDateTime,
) -> Result<Committed<BulkOutcome>, AppError> {
    authorise(user)?;
    let by = author(user.id, by);
    let now = whole_millis(now);
    live.write(by, move |write| {
        Box::pin(async move {
            change.validate()?;
            let rows = store::rows_of(write.tx(), &change.ids).await?;
            let mut rows: HashMap<OrderId, OrderRow> =
                rows.into_iter().map(|row| (row.id.clone(), row)).collect();
            let wanted = OrderChange { status: Some(change.status), ..OrderChange::default() };
            let mut outcome = BulkOutcome::default();
            for id in change.ids {
                let changed = match rows.remove(&id) {
                    Some(row) => change_one(write, row, &wanted, now).await,
                    None => Err(no_such_order()),
                };
                match changed {
                    Ok(Some(row)) => outcome.changed.push(row),
                    Ok(None) => outcome.unchanged.push(id),
                    Err(refused @ (AppError::NotFound { .. } | AppError::Conflict { .. })) => {
                        outcome.refused.push(BulkRefusal { id, reason: refused.to_string() });
                    }
                    Err(failed) => return Err(failed),
                }
            }
            if !outcome.changed.is_empty() {
                record(write, OrderEvent::metrics(now)).await?;
            }
            Ok(outcome)
        })
    })
    .await
}

/// The order as it is then; `None` if it is so already.
async fn change_one(
    write: &Write,
    mut row: OrderRow,
    change: &OrderChange,
    now: OffsetDateTime,
) -> Result<Option<OrderRow>, AppError> {
    let Some(edit) = row.plan_change(change)? else {
        return Ok(None);
    };
    let before = row.version;
    row.apply(&edit, now);
    if !store::update(write.tx(), &row, before).await? {
        return Err(Order::moved_on(before));
    }
    record(write, OrderEvent::updated(&row, &edit, now)).await?;
    Ok(Some(row))
}
