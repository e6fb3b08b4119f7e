//! Who is in a session right now, and where they type.
//!
//! Owns the leases, in this server's memory, and who may have one. A page renews its lease every
//! few seconds and gives it back when it goes; one that is not renewed is over within
//! `PRESENCE_LEASE_S` seconds and the step of the sweep, so that a page that is cut off is gone
//! within 20 s. What changes is told as ephemeral events. No database knows of any of it.

mod leases;
#[cfg(test)]
mod tests;

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use highwater::{
    Cursor,
    server::{ChangeLog, Recorded},
};

use self::leases::{Full, Leases, Page, Told};
use super::{
    model::{CoachingSessionId, PRESENCE_LEASE_S, Person, Place, Present, TabId},
    service::{audience_of_session, own_session},
};
use crate::{
    account::caller::Caller,
    error::AppError,
    live::StudioEvent,
    server::state::{AppState, Live},
};

/// How often it is looked for leases that are over, and for changes of access.
const SWEEP: Duration = Duration::from_secs(1);

/// How many rows of the log are looked at in one go.
const PAGE: u32 = 500;

/// Everybody's leases. Cheap to clone: every clone has the same.
#[derive(Clone, Debug, Default)]
pub struct Presence(Arc<Mutex<Leases>>);

impl Presence {
    fn leases(&self) -> MutexGuard<'_, Leases> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes the leases and tells what came of it, in that order for everybody.
    fn change<T>(&self, live: &Live, change: impl FnOnce(&mut Leases) -> (Vec<Told>, T)) -> T {
        let mut leases = self.leases();
        let (told, answer) = change(&mut leases);
        for (session, event) in told {
            live.hub().publish(&[audience_of_session(&session)], &StudioEvent::Coaching(event));
        }
        answer
    }
}

/// Says that one of the caller's pages is in a session, for the next seconds, and where they type
/// there. Answers who is in it now.
///
/// # Errors
/// [`AppError::NotFound`] of a session that is none of theirs, which takes the page out of it;
/// [`AppError::TooManyRequests`] for more pages than there can be; or when the database fails.
pub async fn renew(
    state: &AppState,
    caller: &Caller,
    session: CoachingSessionId,
    tab: TabId,
    typing: Option<Place>,
) -> Result<Vec<Present>, AppError> {
    let user = &caller.user;
    if let Err(refusal) = own_session(&state.db, user.id, &session).await {
        leave(state, caller, &session, &tab);
        return Err(refusal);
    }
    let person = Person { id: user.id, name: user.name.clone() };
    let page = Page { tab, person, credential: caller.credential.clone(), typing };
    let now = state.now();
    let renewed =
        state.presence.change(&state.live, |leases| match leases.renew(now, &session, page) {
            Ok(told) => (told, Ok(leases.people(&session))),
            Err(Full) => (Vec::new(), Err(Full)),
        });
    renewed.map_err(|Full| AppError::TooManyRequests {
        message: "Too many pages show coaching sessions. Close one first.".to_owned(),
        retry_after_s: PRESENCE_LEASE_S,
    })
}

/// Says that one of the caller's pages is no longer in a session. That it was not is no error.
pub fn leave(state: &AppState, caller: &Caller, session: &CoachingSessionId, tab: &TabId) {
    let user = caller.user.id;
    state.presence.change(&state.live, |leases| (leases.leave(session, user, tab), ()));
}

/// Ends leases whose time is over, and those of people who may no longer be there, for as long as
/// it is polled.
pub async fn watch(state: AppState) {
    let mut tick = tokio::time::interval(SWEEP);
    tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut looked = state.live.hub().routed();
    loop {
        tick.tick().await;
        looked = step(&state, looked).await;
    }
}

/// One look at the time and at the log after a place; answers the place to go on from.
async fn step(state: &AppState, after: Cursor) -> Cursor {
    let now = state.now();
    state.presence.change(&state.live, |leases| (leases.expire(now), ()));
    let routed = state.live.hub().routed();
    if state.presence.leases().is_empty() {
        // Whoever comes later is let in by what is so then.
        return routed;
    }
    if after == routed {
        return after;
    }
    match state.live.log().after(&after, PAGE).await {
        Ok(page) if page.continues(&after) => {
            for row in page.rows {
                if let Recorded::Access(change) = row.what {
                    state.presence.change(&state.live, |leases| (leases.apply(&change), ()));
                }
            }
            page.upto
        }
        // What was trimmed is not known; each page is let in again at its next renewal, or not.
        Ok(page) => page.head,
        Err(error) => {
            tracing::warn!(%error, "changes of access could not be read for who is in a session");
            after
        }
    }
}
