//! What happened to an order, from the change log.
//!
//! Owns how recorded events are read as a history. Who the actors are, the account slice says.

use std::collections::HashMap;

use highwater::{
    AsOf, Stamped,
    server::{ChangeLog, DatabaseLog, History, Recorded, Row},
};
use time::{Duration, OffsetDateTime};

use super::{authorise, no_such_order};
use crate::{
    account::{
        model::{CurrentUser, UserId},
        service::names_of,
    },
    error::AppError,
    live::StudioEvent,
    orders::{
        live::{self, OrderEvent, unix_millis},
        model::{HistoryEntry, HistoryStep, OrderHistory, OrderId, OrderRow, OrderStatus},
        store,
    },
    server::state::Live,
};

/// The history of an order. The answer includes at least `min`; a refusal (forbidden, or no such
/// order) is stamped as well.
///
/// # Errors
/// When the database or the log fails.
pub async fn history(
    live: &Live,
    user: &CurrentUser,
    id: OrderId,
    min: Option<&AsOf>,
) -> Result<Stamped<Result<OrderHistory, AppError>>, AppError> {
    let allowed = authorise(user);
    live.read(min, move |tx| {
        Box::pin(async move {
            if let Err(refusal) = allowed {
                return Ok(Err(refusal));
            }
            let Some(order) = store::rows_of(tx, std::slice::from_ref(&id)).await?.pop() else {
                return Ok(Err(no_such_order()));
            };
            let about = live::about(&id);
            let kept = DatabaseLog::history(tx, &about, None, OrderHistory::CHANGES).await?;
            let actors = kept.rows.iter().filter_map(actor).collect::<Vec<_>>();
            let names = names_of(tx, &actors).await?;
            Ok(Ok(told(&order, &kept, &names)))
        })
    })
    .await
}

/// The account that caused a row, if one did.
fn actor(row: &Row) -> Option<UserId> {
    row.actor.as_ref()?.parse().ok().map(UserId)
}

fn told(order: &OrderRow, kept: &History, names: &HashMap<UserId, String>) -> OrderHistory {
    let mut status = None;
    let oldest_first = kept.rows.iter().rev();
    let mut entries: Vec<HistoryEntry> =
        oldest_first.filter_map(|row| entry(row, &mut status, names)).collect();
    let first = entries.first().map(|entry| (entry.version, entry.at));
    let kept_since = match first {
        Some((version, at)) => (version > 1).then_some(at),
        // Not one of its changes is in the log any more.
        None => (order.version > 1).then(|| {
            let of_log = kept.kept_since_ms.and_then(|ms| i64::try_from(ms).ok()).map(of_millis);
            of_log.map_or(order.updated_at, |of_log| of_log.max(order.updated_at))
        }),
    };
    if first.is_none_or(|(version, _)| version > 1) {
        let what = vec![HistoryStep::Created];
        entries.insert(0, HistoryEntry { at: order.created_at, actor: None, what, version: 1 });
    }
    entries.reverse();
    OrderHistory { entries, kept_since }
}

/// What a row of the log tells; `status` is that before it, and becomes that after it.
fn entry(
    row: &Row,
    status: &mut Option<OrderStatus>,
    names: &HashMap<UserId, String>,
) -> Option<HistoryEntry> {
    let Recorded::Event { json, .. } = &row.what else { return None };
    let StudioEvent::Order(event) = serde_json::from_str(json).ok()? else { return None };
    let (ts, what, patch) = match event {
        // One that was placed here was recorded when it was placed.
        OrderEvent::Created { patch, ts, .. } if patch.created_at.map(unix_millis) == Some(ts) => {
            (ts, vec![HistoryStep::Created], patch)
        }
        OrderEvent::Created { patch, ts, .. } => (ts, vec![HistoryStep::Imported], patch),
        OrderEvent::Updated { patch, ts, .. } => {
            let to = patch.status.map(|to| HistoryStep::Status { from: *status, to });
            let note = patch.note.clone().map(|note| HistoryStep::Note { note });
            (ts, to.into_iter().chain(note).collect(), patch)
        }
        _ => return None,
    };
    *status = patch.status.or(*status);
    Some(HistoryEntry {
        at: of_millis(ts),
        actor: actor(row).and_then(|id| names.get(&id).cloned()),
        what,
        version: patch.version?,
    })
}

fn of_millis(millis: i64) -> OffsetDateTime {
    OffsetDateTime::UNIX_EPOCH.saturating_add(Duration::milliseconds(millis))
}
