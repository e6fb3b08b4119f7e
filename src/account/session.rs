//! Sessions: signing in, being recognised, and all the ways in which a session ends.
//!
//! Owns the cookie that carries a session's secret. It must not know routes. Whatever ends a
//! session ends its open streams in the same transaction, in log order.

use axum_extra::extract::cookie::{Cookie, SameSite};
use highwater::{AsOf, Committed, MutationId, Stamped, server::By};
use time::{Duration, OffsetDateTime};

use super::{
    caller::{Caller, Credential},
    live::AccountEvent,
    model::{CurrentUser, REASON_MAX_CHARS, Session, SessionId, UserId, device, shown_reason},
    secret::Secret,
    service::{self, author, normal_email},
    store,
};
use crate::{
    error::AppError,
    live::StudioEvent,
    server::{
        configuration::Studio,
        state::{AppState, Live, Write},
    },
};

/// The cookie's name.
pub const COOKIE: &str = "studio_session";

impl SessionId {
    /// The session that a secret proves.
    pub fn of(secret: &Secret) -> Self {
        Self(secret.hash())
    }
}

/// The cookie that carries a secret, for as long as its session lasts.
pub fn cookie(secret: &Secret, settings: &Studio) -> Cookie<'static> {
    let mut cookie = empty_cookie(settings);
    cookie.set_value(secret.reveal());
    cookie.set_max_age(lifetime(settings));
    cookie
}

/// The session's cookie without a value; removing it from a jar makes the browser forget it.
pub fn empty_cookie(settings: &Studio) -> Cookie<'static> {
    Cookie::build((COOKIE, ""))
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(settings.secure_cookies)
        .build()
}

/// Signs in with an email address, whose case means nothing, and a password. Of the user agent is
/// kept what [`device`] says of it.
///
/// # Errors
/// [`AppError::WrongCredentials`], without saying which of both; [`AppError::Invalid`] when one is
/// missing.
pub async fn sign_in(
    state: &AppState,
    email: &str,
    password: &str,
    user_agent: &str,
) -> Result<(Secret, CurrentUser), AppError> {
    let email = normal_email(email);
    for (field, text) in [("email", email.as_str()), ("password", password)] {
        if text.is_empty() {
            return Err(AppError::invalid(field, "Enter your email and your password."));
        }
    }
    let (user, stored) = store::user::find_by_email(&state.db, &email).await?.unzip();
    let matches = state.passwords.matches(password.to_owned(), stored).await?;
    let user = user.filter(|_| matches).ok_or(AppError::WrongCredentials)?;

    let (secret, now) = (Secret::generate()?, state.now());
    let session = Session {
        id: SessionId::of(&secret),
        device: device(user_agent),
        created_at: now,
        last_used_at: now,
        expires_at: now + lifetime(&state.configuration.studio),
        current: false,
    };
    let owner = user.id;
    state
        .live
        .write::<(), AppError>(By::actor(user.id.to_string()), |write| {
            Box::pin(async move {
                store::session::delete_expired(write.tx(), now).await?;
                store::session::insert(write.tx(), owner, &session).await?;
                store::user::note_seen(write.tx(), owner, now).await?;
                let event = StudioEvent::Account(AccountEvent::SessionStarted { session });
                write.record(&[service::audience_of(owner)], &event).await?;
                Ok(())
            })
        })
        .await?;
    Ok((secret, user))
}

/// Whose session a secret proves, if it has not ended. The use is noted, about once a minute.
///
/// # Errors
/// When the database fails.
pub async fn find(state: &AppState, secret: &Secret) -> Result<Option<Caller>, AppError> {
    let id = SessionId::of(secret);
    let Some((session, user)) = store::session::find(&state.db, &id, state.now()).await? else {
        return Ok(None);
    };
    let (credential, expires_at) = (Credential::Session(id), Some(session.expires_at));
    credential.note_use(state, user.id, Some(session.last_used_at));
    Ok(Some(Caller { credential, user, expires_at }))
}

/// The caller's sessions, the newest first. The answer includes at least `min`.
///
/// # Errors
/// When the database or the log fails.
pub async fn list(
    live: &Live,
    caller: &Caller,
    now: OffsetDateTime,
    min: Option<&AsOf>,
) -> Result<Stamped<Result<Vec<Session>, AppError>>, AppError> {
    let (user, own) = (caller.user.id, caller.credential.clone());
    live.read(min, move |tx| {
        Box::pin(async move {
            let mut sessions = store::session::of_user(tx, user, now).await?;
            for session in &mut sessions {
                session.current = own == Credential::Session(session.id.clone());
            }
            Ok(Ok(sessions))
        })
    })
    .await
}

/// Ends the caller's own session. A session that has ended is no error.
///
/// # Errors
/// [`AppError::Forbidden`] for an API token; or when the database fails.
pub async fn sign_out(live: &Live, caller: &Caller) -> Result<(), AppError> {
    let own = caller.session()?.clone();
    end(live, caller, own, None).await?;
    Ok(())
}

/// Ends one of the caller's sessions. Ending what has ended is no error.
///
/// # Errors
/// As [`sign_out`].
pub async fn end(
    live: &Live,
    caller: &Caller,
    id: SessionId,
    by: Option<MutationId>,
) -> Result<Committed<()>, AppError> {
    caller.session()?;
    let user = caller.user.id;
    let by = author(user, by);
    live.write(by, move |write| {
        Box::pin(async move {
            if store::session::delete(write.tx(), user, &id).await? {
                record_end(write, user, vec![id]).await?;
            }
            Ok(())
        })
    })
    .await
}

/// Ends all sessions of the caller but the one that asks.
///
/// # Errors
/// As [`sign_out`].
pub async fn end_others(
    live: &Live,
    caller: &Caller,
    by: Option<MutationId>,
) -> Result<Committed<()>, AppError> {
    let (own, user) = (caller.session()?.clone(), caller.user.id);
    let by = author(user, by);
    live.write(by, move |write| {
        Box::pin(async move {
            let ended = store::session::delete_others(write.tx(), user, Some(&own)).await?;
            record_end(write, user, ended).await
        })
    })
    .await
}

/// Ends all sessions of a user, and says how many those were.
///
/// # Errors
/// When the database fails.
pub async fn end_all(state: &AppState, user: UserId) -> Result<usize, AppError> {
    let now = state.now();
    let done = state
        .live
        .write::<usize, AppError>(By::nobody(), move |write| {
            Box::pin(async move {
                // Those have ended already, and are not counted.
                store::session::delete_expired(write.tx(), now).await?;
                let ended = store::session::delete_others(write.tx(), user, None).await?;
                let count = ended.len();
                record_end(write, user, ended).await?;
                Ok(count)
            })
        })
        .await?;
    Ok(done.value)
}

/// Signs a user out everywhere, and keeps why for the pages that ask later: `force_logout` is
/// recorded for them, and the end of each session follows it in the same transaction. Says how many
/// those were. Their API tokens stay.
///
/// # Errors
/// [`AppError::Invalid`] for a reason that is none, or is longer than [`REASON_MAX_CHARS`].
pub async fn force_out(
    state: &AppState,
    by: By,
    user: UserId,
    reason: &str,
) -> Result<Committed<usize>, AppError> {
    let (reason, now) = (reason.to_owned(), state.now());
    let write = state.live.write(by, move |write| {
        Box::pin(async move { record_forced_out(write, user, &reason, now).await })
    });
    write.await
}

/// As [`force_out`], in a transaction.
pub(super) async fn record_forced_out(
    write: &Write,
    user: UserId,
    reason: &str,
    now: OffsetDateTime,
) -> Result<usize, AppError> {
    let too_long = reason.trim().chars().count() > REASON_MAX_CHARS;
    let reason = shown_reason(reason).filter(|_| !too_long).ok_or_else(|| {
        let message = format!("Say why, in 1 to {REASON_MAX_CHARS} characters.");
        AppError::invalid("reason", message)
    })?;
    store::session::delete_expired(write.tx(), now).await?;
    store::ended::note(write.tx(), user, &reason).await?;
    let event = StudioEvent::Account(AccountEvent::ForceLogout { reason });
    write.record(&[service::audience_of(user)], &event).await?;
    let ended = store::session::delete_others(write.tx(), user, None).await?;
    let count = ended.len();
    record_end(write, user, ended).await?;
    Ok(count)
}

/// Why the session that a secret proved was ended, if an admin ended it.
///
/// # Errors
/// When the database fails.
pub async fn why_ended(state: &AppState, secret: &Secret) -> Result<Option<String>, AppError> {
    store::ended::reason(&state.db, &SessionId::of(secret), state.now()).await
}

/// Ends the streams of sessions, and tells the user's other pages.
async fn record_end(write: &Write, user: UserId, ids: Vec<SessionId>) -> Result<(), AppError> {
    if ids.is_empty() {
        return Ok(());
    }
    for id in &ids {
        write.revoke(&Credential::Session(id.clone()).subject()).await?;
    }
    let event = StudioEvent::Account(AccountEvent::SessionEnded { ids });
    write.record(&[service::audience_of(user)], &event).await?;
    Ok(())
}

fn lifetime(settings: &Studio) -> Duration {
    // A setting is far below what the conversion cannot do.
    Duration::try_from(settings.session_lifetime).unwrap_or(Duration::MAX)
}
