//! Reading what is about orders as a whole: what they amount to, and what one can be made of.

use highwater::{AsOf, Stamped};

use super::authorise;
use crate::{
    account::model::CurrentUser,
    error::AppError,
    orders::{
        model::{Catalogue, OrderMetrics},
        store,
    },
    server::state::Live,
};

/// What all orders amount to. The answer includes at least `min`; a refusal is stamped as well.
///
/// # Errors
/// When the database or the log fails.
pub async fn metrics(
    live: &Live,
    user: &CurrentUser,
    min: Option<&AsOf>,
) -> Result<Stamped<Result<OrderMetrics, AppError>>, AppError> {
    let allowed = authorise(user);
    live.read(min, move |tx| {
        Box::pin(async move {
            if let Err(refusal) = allowed {
                return Ok(Err(refusal));
            }
            let per_day = store::per_day(tx, OrderMetrics::DAYS).await?;
            Ok(Ok(OrderMetrics::new(store::by_status(tx).await?, per_day)))
        })
    })
    .await
}

/// Every customer and product. The answer includes at least `min`; a refusal is stamped as well.
///
/// # Errors
/// When the database or the log fails.
pub async fn catalogue(
    live: &Live,
    user: &CurrentUser,
    min: Option<&AsOf>,
) -> Result<Stamped<Result<Catalogue, AppError>>, AppError> {
    let allowed = authorise(user);
    live.read(min, move |tx| {
        Box::pin(async move {
            match allowed {
                Ok(()) => Ok(Ok(store::catalogue(tx).await?)),
                Err(refusal) => Ok(Err(refusal)),
            }
        })
    })
    .await
}
