//! People, as admins manage them: who there is and where they are, their roles, signing them out.
//!
//! Owns that only admins may, and what none of them may do by accident. What a change of an
//! account is stands in `service` and `session`.

use std::collections::HashMap;

use highwater::{AsOf, Committed, MutationId, Stamped};
use sea_orm::ConnectionTrait;
use time::OffsetDateTime;

use super::{
    caller::{Caller, Credential},
    model::{CurrentUser, NewPerson, OpenStream, Person, Role, SessionId, UserId},
    service::{self, NewAccount, author},
    session, store,
};
use crate::{
    error::AppError,
    server::state::{AppState, Live},
};

/// Everybody with an account, by name. The answer includes at least `min`; a refusal is stamped as
/// well.
///
/// # Errors
/// When the database or the log fails.
pub async fn list(
    live: &Live,
    user: &CurrentUser,
    min: Option<&AsOf>,
) -> Result<Stamped<Result<Vec<Person>, AppError>>, AppError> {
    let allowed = authorise(user);
    live.read(min, move |tx| {
        Box::pin(async move {
            match allowed {
                Ok(()) => Ok(Ok(store::user::people(tx).await?)),
                Err(refusal) => Ok(Err(refusal)),
            }
        })
    })
    .await
}

/// The streams that are open on this server, the newest first. They are no rows of the database:
/// the stamp says what is known of who opened them.
///
/// # Errors
/// When the database or the log fails.
pub async fn open_streams(
    state: &AppState,
    user: &CurrentUser,
    min: Option<&AsOf>,
) -> Result<Stamped<Result<Vec<OpenStream>, AppError>>, AppError> {
    let allowed = authorise(user);
    let hub = state.live.hub().clone();
    let read = state.live.read(min, move |tx| {
        Box::pin(async move {
            if let Err(refusal) = allowed {
                return Ok(Err(refusal));
            }
            let users = store::user::people(tx).await?.into_iter().map(|person| person.user.id);
            let owners: HashMap<String, UserId> =
                users.map(|user| (service::subject_of(user), user)).collect();
            let devices = devices(tx).await?;
            let mut streams: Vec<OpenStream> = hub
                .streams()
                .into_iter()
                .filter_map(|stream| {
                    let user = *owners.get(&stream.owner)?;
                    let device = stream.subjects.iter().find_map(|subject| devices.get(subject));
                    let device = device.cloned().unwrap_or_else(|| "A browser".to_owned());
                    let since = OffsetDateTime::from(stream.opened_at);
                    Some(OpenStream { user, device, since })
                })
                .collect();
            streams.sort_by_key(|stream| std::cmp::Reverse(stream.since));
            Ok(Ok(streams))
        })
    });
    read.await
}

/// What opens streams, by what these are subscribed as.
async fn devices(conn: &impl ConnectionTrait) -> Result<HashMap<String, String>, AppError> {
    let sessions = store::session::devices(conn).await?.into_iter();
    let sessions =
        sessions.map(|(id, device)| (Credential::Session(SessionId(id)).subject(), device));
    let tokens = store::token::all(conn, None).await?.into_iter();
    let tokens = tokens.map(|(token, _)| {
        (Credential::Token(token.id).subject(), format!("Token “{}”", token.name))
    });
    Ok(sessions.chain(tokens).collect())
}

/// Gives somebody another role, and answers them as they are then. A repeat of the mutation `by` of
/// the same caller is answered with the first outcome.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`] if there is no such person;
/// [`AppError::Conflict`] if nobody would be admin; or when the database or the log fails.
pub async fn change_role(
    state: &AppState,
    caller: &Caller,
    id: UserId,
    role: Role,
    by: Option<MutationId>,
) -> Result<Committed<CurrentUser>, AppError> {
    authorise_session(caller)?;
    state
        .live
        .write(author(caller.user.id, by), move |write| {
            Box::pin(async move {
                let before = service::person(write.tx(), id).await?;
                if role != Role::Admin && is_last_admin(write.tx(), &before).await? {
                    let name = &before.name;
                    let message = format!(
                        "{name} is the only admin. Make somebody else an admin before {name} \
                         becomes {role}."
                    );
                    return Err(AppError::Conflict { message });
                }
                service::record_role(write, &before, role).await?;
                Ok(CurrentUser { role, ..before })
            })
        })
        .await
}

/// Signs somebody out everywhere, and says how many sessions that ended. A repeat of the mutation `by`
/// of the same caller is answered with the first outcome.
///
/// # Errors
/// As [`change_role`]; [`AppError::Conflict`] if it is the caller, and nobody else could let them in
/// again; [`AppError::Invalid`] for a reason that is none.
pub async fn sign_out(
    state: &AppState,
    caller: &Caller,
    id: UserId,
    reason: String,
    by: Option<MutationId>,
) -> Result<Committed<u32>, AppError> {
    authorise_session(caller)?;
    let (own, now) = (caller.user.id, state.now());
    state
        .live
        .write(author(own, by), move |write| {
            Box::pin(async move {
                let person = service::person(write.tx(), id).await?;
                if id == own && is_last_admin(write.tx(), &person).await? {
                    let message =
                        "You are the only admin. Sign out by the button below your name, \
                                   or let another admin sign you out."
                            .to_owned();
                    return Err(AppError::Conflict { message });
                }
                let ended = session::record_forced_out(write, id, &reason, now).await?;
                service::tell_admins(write, person).await?;
                Ok(u32::try_from(ended).unwrap_or(u32::MAX))
            })
        })
        .await
}

/// Adds an account, and answers its person. A repeat of the mutation `by` of the same caller is
/// answered with the first outcome.
///
/// # Errors
/// [`AppError::Forbidden`]; as [`service::add_account`].
pub async fn add(
    state: &AppState,
    caller: &Caller,
    new: NewPerson,
    by: Option<MutationId>,
) -> Result<Committed<CurrentUser>, AppError> {
    authorise_session(caller)?;
    let NewPerson { email, name, role, password } = new;
    let account = NewAccount { email, name, role, password };
    service::add_account_as(state, author(caller.user.id, by), account).await
}

fn authorise(user: &CurrentUser) -> Result<(), AppError> {
    if user.role == Role::Admin {
        return Ok(());
    }
    Err(AppError::Forbidden { message: "Only admins manage people.".to_owned() })
}

/// Who is let in is managed by people, not by programs that one of them let in.
fn authorise_session(caller: &Caller) -> Result<(), AppError> {
    authorise(&caller.user)?;
    caller.session()?;
    Ok(())
}

async fn is_last_admin(conn: &impl ConnectionTrait, user: &CurrentUser) -> Result<bool, AppError> {
    Ok(user.role == Role::Admin && store::user::count_admins(conn).await? == 1)
}
