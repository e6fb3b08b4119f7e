//! Notifications: listing and dismissing one's own, and making them.
//!
//! They are made in the transaction of what they tell of, and dismissed with what they lead to.

use highwater::{AsOf, Committed, MutationId, Stamped};
use time::OffsetDateTime;

use super::{no_such, record};
use crate::{
    account::{
        model::{CurrentUser, UserId},
        service::{audience_of, author},
    },
    coaching::{
        live::CoachingEvent,
        model::{
            ActionId, CoachingSession, LINE_MAX_CHARS, Notification, NotificationId,
            NotificationKind, Notifications,
        },
        store,
    },
    error::AppError,
    id::random_bits,
    server::state::{AppState, Write},
};

/// The user's notifications that they have not dismissed. The answer includes at least `min`.
///
/// # Errors
/// When the database or the log fails.
pub async fn list_notifications(
    state: &AppState,
    user: &CurrentUser,
    min: Option<&AsOf>,
) -> Result<Stamped<Result<Notifications, AppError>>, AppError> {
    let user = user.id;
    let read = state.live.read(min, move |tx| {
        Box::pin(async move { Ok(Ok(store::notifications(tx, user).await?)) })
    });
    read.await
}

/// Dismisses one of the user's notifications, in all of their tabs.
///
/// # Errors
/// [`AppError::NotFound`], also for one that was dismissed; or when the database or the log fails.
pub async fn dismiss_notification(
    state: &AppState,
    user: &CurrentUser,
    id: NotificationId,
    by: Option<MutationId>,
) -> Result<Committed<()>, AppError> {
    let user = user.id;
    state
        .live
        .write::<(), AppError>(author(user, by), move |write| {
            Box::pin(async move { dismiss(write, user, id).await })
        })
        .await
}

/// Dismisses all of the user's notifications, in all of their tabs.
///
/// # Errors
/// When the database or the log fails.
pub async fn dismiss_notifications(
    state: &AppState,
    user: &CurrentUser,
    by: Option<MutationId>,
) -> Result<Committed<()>, AppError> {
    let user = user.id;
    state
        .live
        .write::<(), AppError>(author(user, by), move |write| {
            Box::pin(async move {
                let all = store::notifications_of(write.tx(), user, None).await?;
                dismiss_each(write, all).await
            })
        })
        .await
}

/// A notification that leads to a session. The subject is cut where it is too long for a line.
pub(super) fn of(
    session: &CoachingSession,
    kind: NotificationKind,
    subject: &str,
    by: Option<String>,
    now: OffsetDateTime,
) -> Result<Notification, AppError> {
    Ok(Notification {
        id: NotificationId::of_bits(random_bits()?),
        kind,
        subject: first_line(subject),
        by,
        due_on: None,
        coaching_relationship_id: session.coaching_relationship_id.clone(),
        coaching_session_id: session.id.clone(),
        created_at: now,
    })
}

/// Notifies somebody, about an action if it is about one.
pub(super) async fn notify(
    write: &Write,
    owner: UserId,
    about: Option<&ActionId>,
    notification: Notification,
) -> Result<(), AppError> {
    store::insert_notification(write.tx(), owner, about, &notification).await?;
    let event = CoachingEvent::NotificationCreated { notification };
    record(write, &[audience_of(owner)], event).await
}

/// Dismisses these notifications of these people: what they lead to is no more, for them at least.
pub(super) async fn dismiss_each(
    write: &Write,
    all: Vec<(UserId, NotificationId)>,
) -> Result<(), AppError> {
    for (owner, id) in all {
        dismiss(write, owner, id).await?;
    }
    Ok(())
}

async fn dismiss(write: &Write, owner: UserId, id: NotificationId) -> Result<(), AppError> {
    if !store::dismiss(write.tx(), owner, &id).await? {
        return Err(no_such("notification"));
    }
    let event = CoachingEvent::NotificationDismissed { notification_id: id };
    record(write, &[audience_of(owner)], event).await
}

fn first_line(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    if line.chars().count() <= LINE_MAX_CHARS {
        return line.to_owned();
    }
    let beginning: String = line.chars().take(LINE_MAX_CHARS - 1).collect();
    format!("{}…", beginning.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subject_is_the_beginning_of_what_it_is_about() {
        assert_eq!(first_line("Ask Ben\nand wait"), "Ask Ben");
        let long = "é ".repeat(LINE_MAX_CHARS);
        let cut = first_line(&long);
        assert!(cut.chars().count() <= LINE_MAX_CHARS && cut.ends_with("é…"), "{cut}");
        assert_eq!(first_line(&long[..LINE_MAX_CHARS]), long[..LINE_MAX_CHARS]);
    }
}
