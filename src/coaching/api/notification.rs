//! The server functions of notifications.

use highwater::{AsOf, Committed, MutationId, Stamped};
use leptos::prelude::*;

use crate::{
    calls::Calls,
    coaching::model::{NotificationId, Notifications},
    error::AppError,
};

/// One's notifications, including at least `min`.
#[server(prefix = "/api/fn", endpoint = "list_notifications", protocol = Calls)]
pub async fn list_notifications(
    min: Option<AsOf>,
) -> Result<Stamped<Result<Notifications, AppError>>, AppError> {
    use crate::{coaching::service, server::request};
    let (state, user) = request::signed_in()?;
    request::stamped(service::list_notifications(&state, &user, min.as_ref()).await)
}

/// Puts a notification aside; a repeat of the mutation is answered with the first outcome.
#[server(prefix = "/api/fn", endpoint = "dismiss_notification", protocol = Calls)]
pub async fn dismiss_notification(
    id: NotificationId,
    mutation: MutationId,
) -> Result<Committed<()>, AppError> {
    use crate::{coaching::service, server::request};
    let (state, user) = request::signed_in()?;
    request::answered(service::dismiss_notification(&state, &user, id, Some(mutation)).await)
}

/// Puts all notifications aside; a repeat of the mutation is answered with the first outcome.
#[server(prefix = "/api/fn", endpoint = "dismiss_notifications", protocol = Calls)]
pub async fn dismiss_notifications(mutation: MutationId) -> Result<Committed<()>, AppError> {
    use crate::{coaching::service, server::request};
    let (state, user) = request::signed_in()?;
    request::answered(service::dismiss_notifications(&state, &user, Some(mutation)).await)
}
