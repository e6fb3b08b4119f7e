//! Reading every order of a list for a download.
//!
//! Owns the snapshot that it is read from and the bound on how long a slow reader may hold it: a
//! snapshot that stays open keeps the database from tidying up.

use std::{error::Error, io, time::Duration};

use axum::body::Bytes;
use futures::{Stream, stream};
use highwater::server::ChangeLog;
use sea_orm::DatabaseTransaction;
use tokio::{
    sync::{OwnedSemaphorePermit, mpsc},
    time::timeout,
};

use super::authorise;
use crate::{
    account::model::CurrentUser,
    error::AppError,
    orders::{export, model::OrderFilter, store},
    server::state::AppState,
};

/// How many orders are read, and in memory, at a time.
const PART: u64 = 500;
/// How long a reader may leave a part waiting.
const PATIENCE: Duration = Duration::from_secs(30);
/// How many seconds to wait for one of the exports under way.
const RETRY_AFTER_S: u32 = 5;

/// Every order that the filter wants, whatever its page, sorted as it says, as CSV in parts. All of
/// it is read from one snapshot; a download that cannot be finished breaks off, so that it does not
/// look whole.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::Invalid`] for the filter, [`AppError::TooManyRequests`]
/// while as many exports as the server allows are under way, or when the database fails.
pub async fn export(
    state: &AppState,
    user: &CurrentUser,
    filter: OrderFilter,
) -> Result<impl Stream<Item = io::Result<Bytes>> + Send + use<>, AppError> {
    authorise(user)?;
    filter.validate()?;
    let permit = state.exports.clone().try_acquire_owned();
    let permit = permit.map_err(|_| AppError::TooManyRequests {
        message: "Other exports are under way. Try again in a moment.".to_owned(),
        retry_after_s: RETRY_AFTER_S,
    })?;
    let tx = state.live.log().begin_read().await?;
    // One part waits while the next is read.
    let (to, from) = mpsc::channel(1);
    tokio::spawn(send(tx, filter, to, permit));
    Ok(stream::unfold(Some(from), |from| async move {
        let mut from = from?;
        match from.recv().await {
            Some(Some(part)) => Some((Ok(part), Some(from))),
            Some(None) => None,
            None => Some((Err(io::Error::other("the export broke off")), None)),
        }
    }))
}

/// Sends part after part, and `None` after the last; nothing more once the reader is gone, keeps
/// one waiting for too long, or the database fails.
async fn send(
    tx: DatabaseTransaction,
    filter: OrderFilter,
    to: mpsc::Sender<Option<Bytes>>,
    _permit: OwnedSemaphorePermit,
) {
    if let Err(error) = send_all(&tx, &filter, &to).await {
        tracing::warn!(%error, "an export broke off");
    }
    // A snapshot that cannot be ended ends with its connection.
    let _ = tx.rollback().await;
}

async fn send_all(
    tx: &DatabaseTransaction,
    filter: &OrderFilter,
    to: &mpsc::Sender<Option<Bytes>>,
) -> Result<(), Box<dyn Error + Send + Sync>> {
    let mut read = 0;
    let mut part = Some(export::header()?);
    loop {
        let is_last = part.is_none();
        timeout(PATIENCE, to.send(part.map(Bytes::from))).await??;
        if is_last {
            return Ok(());
        }
        let orders = store::part(tx, filter, PART, read).await?;
        read += PART;
        part = if orders.is_empty() { None } else { Some(export::lines(&orders)?) };
    }
}
