//! Sessions: scheduling, changing, starting, ending and deleting them.

use highwater::{AsOf, Committed, MutationId, Stamped};
use time::{OffsetDateTime, UtcOffset};

use super::{
    audience_of_relationship, audience_of_session, found, join, leave, no_such, notification,
    own_relationship, own_session, record,
};
use crate::{
    account::{model::CurrentUser, service::author},
    coaching::{
        live::CoachingEvent,
        model::{
            CoachingSession, CoachingSessionId, NewSession, NotificationKind, RelationshipId,
            SessionChange, SessionStatus, is_of,
        },
        store,
    },
    error::AppError,
    id::random_bits,
    server::state::AppState,
};

/// The sessions of one of the user's relationships, the latest first. The answer includes at least
/// `min`; that there is no such relationship is stamped as well.
///
/// # Errors
/// When the database or the log fails.
pub async fn list_coaching_sessions(
    state: &AppState,
    user: &CurrentUser,
    relationship: RelationshipId,
    min: Option<&AsOf>,
) -> Result<Stamped<Result<Vec<CoachingSession>, AppError>>, AppError> {
    let user = user.id;
    let read = state.live.read(min, move |tx| {
        Box::pin(async move {
            match found(own_relationship(tx, user, &relationship).await)? {
                Ok(own) => Ok(Ok(store::sessions_of(tx, &[own.id]).await?)),
                Err(refusal) => Ok(Err(refusal)),
            }
        })
    });
    read.await
}

/// The sessions of all of the user's relationships, the latest first.
///
/// # Errors
/// When the database or the log fails.
pub async fn list_all_sessions(
    state: &AppState,
    user: &CurrentUser,
) -> Result<Stamped<Result<Vec<CoachingSession>, AppError>>, AppError> {
    let user = user.id;
    let read = state.live.read(None, move |tx| {
        Box::pin(async move {
            let own = store::relationships_of(tx, user).await?;
            let ids: Vec<_> = own.into_iter().map(|relationship| relationship.id).collect();
            Ok(Ok(store::sessions_of(tx, &ids).await?))
        })
    });
    read.await
}

/// One session of the user's, of this relationship if one is named. The answer includes at least
/// `min`; that there is none is stamped as well.
///
/// # Errors
/// When the database or the log fails.
pub async fn get_coaching_session(
    state: &AppState,
    user: &CurrentUser,
    relationship: impl Into<Option<RelationshipId>>,
    id: CoachingSessionId,
    min: Option<&AsOf>,
) -> Result<Stamped<Result<CoachingSession, AppError>>, AppError> {
    let (user, relationship) = (user.id, relationship.into());
    let read = state.live.read(min, move |tx| {
        Box::pin(async move {
            let own = found(own_session(tx, user, &id).await)?;
            Ok(own.and_then(|(session, of)| match relationship {
                Some(named) if named != of.id => Err(no_such("session")),
                _ => Ok(session),
            }))
        })
    });
    read.await
}

/// Schedules a session; from then on both people hear of it. A repeat of the mutation `by` of the
/// same user schedules nothing.
///
/// # Errors
/// [`AppError::NotFound`] without such a relationship, [`AppError::Invalid`] for a title that cannot
/// be; or when the database or the log fails.
pub async fn create_coaching_session(
    state: &AppState,
    user: &CurrentUser,
    new: NewSession,
    by: Option<MutationId>,
) -> Result<Committed<CoachingSession>, AppError> {
    let (user, now) = (user.id, state.now());
    let session = CoachingSession {
        id: CoachingSessionId::of_bits(random_bits()?),
        title: new.title()?,
        coaching_relationship_id: new.coaching_relationship_id,
        scheduled_at: as_stored(new.scheduled_at),
        status: SessionStatus::Scheduled,
        started_at: None,
        ended_at: None,
        created_at: now,
        updated_at: now,
        version: 1,
    };
    state
        .live
        .write(author(user, by), move |write| {
            Box::pin(async move {
                let of = own_relationship(write.tx(), user, &session.coaching_relationship_id);
                let of = of.await?;
                store::insert_session(write.tx(), &session).await?;
                for person in of.people() {
                    join(write, person.id, vec![audience_of_session(&session.id)], &[]).await?;
                }
                let event = CoachingEvent::SessionCreated {
                    coaching_relationship_id: of.id.clone(),
                    coaching_session: session.clone(),
                };
                record(write, &[audience_of_relationship(&of.id)], event).await?;
                Ok(session)
            })
        })
        .await
}

/// Changes a session, starts it or ends it, and answers it as it is then. That it starts is told to
/// the other one. A repeat of the mutation `by` of the same user is answered with the first outcome.
///
/// # Errors
/// [`AppError::NotFound`], and as [`CoachingSession::changed`]; or when the database or the log
/// fails.
pub async fn change_coaching_session(
    state: &AppState,
    user: &CurrentUser,
    id: CoachingSessionId,
    mut change: SessionChange,
    by: Option<MutationId>,
) -> Result<Committed<CoachingSession>, AppError> {
    let (me, now) = (user.clone(), state.now());
    change.scheduled_at = change.scheduled_at.map(as_stored);
    state
        .live
        .write(author(user.id, by), move |write| {
            Box::pin(async move {
                let (before, of) = own_session(write.tx(), me.id, &id).await?;
                let next = before.changed(&change, now)?;
                if next == before {
                    return Ok(before);
                }
                store::update_session(write.tx(), &next).await?;
                let (coaching_session_id, coaching_session) = (id, next.clone());
                let event = match next.status {
                    status if status == before.status => {
                        CoachingEvent::SessionUpdated { coaching_session_id, coaching_session }
                    }
                    SessionStatus::Done => {
                        CoachingEvent::SessionEnded { coaching_session_id, coaching_session }
                    }
                    _ => CoachingEvent::SessionStarted { coaching_session_id, coaching_session },
                };
                let started = matches!(event, CoachingEvent::SessionStarted { .. });
                record(write, &[audience_of_session(&next.id)], event).await?;
                if let Some(other) = of.other(me.id).filter(|_| started) {
                    let kind = NotificationKind::SessionStarted;
                    let new = notification::of(&next, kind, &next.title, Some(me.name), now)?;
                    notification::notify(write, other.id, None, new).await?;
                }
                Ok(next)
            })
        })
        .await
}

/// Deletes a session that was not started, with all that was written in it. A repeat of the mutation
/// `by` of the same user is answered with the first outcome.
///
/// # Errors
/// [`AppError::NotFound`]; [`AppError::VersionConflict`] if it has changed;
/// [`AppError::Conflict`] once it was started; or when the database or the log fails.
pub async fn delete_coaching_session(
    state: &AppState,
    user: &CurrentUser,
    id: CoachingSessionId,
    version: Option<u64>,
    by: Option<MutationId>,
) -> Result<Committed<()>, AppError> {
    let user = user.id;
    state
        .live
        .write::<(), AppError>(author(user, by), move |write| {
            Box::pin(async move {
                let (session, of) = own_session(write.tx(), user, &id).await?;
                is_of("session", version, session.version)?;
                if session.status != SessionStatus::Scheduled {
                    let message = "A session that was started cannot be deleted.".to_owned();
                    return Err(AppError::Conflict { message });
                }
                let theirs = store::notifications_in(write.tx(), &id).await?;
                notification::dismiss_each(write, theirs).await?;
                store::delete_session(write.tx(), &id).await?;
                let event = CoachingEvent::SessionDeleted {
                    coaching_relationship_id: of.id.clone(),
                    coaching_session_id: id.clone(),
                };
                record(write, &[audience_of_relationship(&of.id)], event).await?;
                for person in of.people() {
                    leave(write, person.id, vec![audience_of_session(&id)], &[]).await?;
                }
                Ok(())
            })
        })
        .await
}

/// A time as it is stored, so that what is answered or recorded is what a read answers.
fn as_stored(time: OffsetDateTime) -> OffsetDateTime {
    time.to_offset(UtcOffset::UTC).truncate_to_millisecond()
}
