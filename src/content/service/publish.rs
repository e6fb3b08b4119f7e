//! Publishing an event by itself.

use highwater::server::By;

use crate::{
    account::{model::UserId, service::audience_of},
    content::live::ContentEvent,
    error::AppError,
    live::StudioEvent,
    server::state::AppState,
};

/// Tells a user of something that is written already: the event is logged in a transaction of its
/// own. It never fails its caller; a failure is logged and counted. What is written together with
/// an event records it in its own transaction instead.
pub async fn publish(state: &AppState, user: UserId, event: ContentEvent) {
    let event = StudioEvent::Content(event);
    let published = state.live.write::<(), AppError>(By::actor(user.to_string()), |write| {
        Box::pin(async move {
            write.record(&[audience_of(user)], &event).await?;
            Ok(())
        })
    });
    if let Err(error) = published.await {
        tracing::warn!(%error, %user, "an event could not be published");
        state.metrics.publish_failed();
    }
}
