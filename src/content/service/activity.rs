//! What happened to somebody's content.

use highwater::{AsOf, Stamped};

use crate::{
    account::model::CurrentUser,
    content::{model::ActivityPage, store},
    error::AppError,
    server::state::AppState,
};

/// A page of what happened to the user's content, the newest first. The answer includes at least
/// `min`; a refusal (there is no page 0) is stamped as well.
///
/// # Errors
/// When the database or the log fails.
pub async fn list_activity(
    state: &AppState,
    user: &CurrentUser,
    page: u32,
    min: Option<&AsOf>,
) -> Result<Stamped<Result<ActivityPage, AppError>>, AppError> {
    let owner = user.id;
    state
        .live
        .read(min, move |tx| {
            Box::pin(async move {
                if page == 0 {
                    return Ok(Err(AppError::invalid("page", "Pages are numbered from 1.")));
                }
                Ok(Ok(store::activities(tx, owner, page).await?))
            })
        })
        .await
}
