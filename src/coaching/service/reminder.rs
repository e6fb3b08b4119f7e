//! Reminders: whoever has an action that is due tomorrow is notified of it, once.
//!
//! A day is one of UTC, as days of actions are. Nothing is remembered but in the database, so that a
//! server which was off makes up for it when it starts.

use std::time::Duration;

use highwater::server::By;
use time::OffsetDateTime;
use tokio::time::{MissedTickBehavior, interval};

use super::notification;
use crate::{
    coaching::{
        model::{Action, CoachingSession, Notification, NotificationKind},
        store,
    },
    error::AppError,
    server::state::AppState,
};

/// How often it is looked for what is due.
const PERIOD: Duration = Duration::from_secs(60);

/// Notifies everybody who was not yet of what is due on the day after `now` and not completed.
/// Answers how many notifications it made.
///
/// # Errors
/// When the database or the log fails.
pub async fn remind(state: &AppState, now: OffsetDateTime) -> Result<u32, AppError> {
    let Some(tomorrow) = now.date().next_day() else { return Ok(0) };
    // A look needs no turn to write.
    if store::actions_to_remind_of(&state.db, tomorrow).await?.is_empty() {
        return Ok(0);
    }
    let done = state.live.write::<u32, AppError>(By::nobody(), move |write| {
        Box::pin(async move {
            let mut made = 0;
            for (action, session) in store::actions_to_remind_of(write.tx(), tomorrow).await? {
                let Some(assignee) = &action.assignee else { continue };
                let new = reminder(&action, &session, now)?;
                notification::notify(write, assignee.id, Some(&action.id), new).await?;
                made += 1;
            }
            Ok(made)
        })
    });
    Ok(done.await?.value)
}

/// Reminds people for as long as the server runs, by its clock.
pub async fn remind_forever(state: AppState) {
    let mut period = interval(PERIOD);
    period.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        period.tick().await;
        if let Err(error) = remind(&state, state.now()).await {
            // The next look makes up for it.
            tracing::warn!(%error, "nobody could be reminded of what is due");
        }
    }
}

fn reminder(
    action: &Action,
    session: &CoachingSession,
    now: OffsetDateTime,
) -> Result<Notification, AppError> {
    let kind = NotificationKind::DueTomorrow;
    let new = notification::of(session, kind, &action.body, None, now)?;
    Ok(Notification { due_on: action.due_on, ..new })
}
