//! Accounts: adding them, finding them, changing their role; and who hears of it.
//!
//! Owns what makes an account acceptable, and the audience and subject of a user. It must not
//! decide who may add an account or change a role: `people` does, and whoever runs the binary on
//! the server.

use std::collections::HashMap;

use highwater::{
    AsOf, Committed, MutationId, Stamped,
    server::{Audience, By},
};
use sea_orm::ConnectionTrait;

use super::{
    live::{AccountEvent, AccountTag},
    model::{CurrentUser, Role, UserId},
    password::MIN_PASSWORD_CHARS,
    store::{self, user::NewUser},
};
use crate::{
    error::AppError,
    live::{StudioEvent, StudioTag},
    server::{
        access,
        state::{AppState, Live, Write},
    },
};

/// The longest email address there can be, in bytes (RFC 5321, 4.5.3.1.3, without the brackets).
const MAX_EMAIL_BYTES: usize = 254;
/// The longest name, in characters: what still fits the header of a page.
const MAX_NAME_CHARS: usize = 100;

/// An account to be added.
#[derive(Clone)]
pub struct NewAccount {
    /// Sign-in name; its case means nothing.
    pub email: String,
    /// Name to show.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// In clear; at least [`MIN_PASSWORD_CHARS`] characters.
    pub password: String,
}

/// Adds an account.
///
/// # Errors
/// [`AppError::Invalid`] for a field that cannot be so, [`AppError::Conflict`] for an address that
/// has an account.
pub async fn add_account(state: &AppState, new: NewAccount) -> Result<UserId, AppError> {
    Ok(add_account_as(state, By::nobody(), new).await?.value.id)
}

/// As [`add_account`], by somebody, who is told what was added.
///
/// # Errors
/// As `add_account`.
pub(super) async fn add_account_as(
    state: &AppState,
    by: By,
    new: NewAccount,
) -> Result<Committed<CurrentUser>, AppError> {
    let email = valid_email(&new.email)?;
    let name = new.name.trim().to_owned();
    if name.is_empty() || name.chars().count() > MAX_NAME_CHARS {
        let message = format!("A name has 1 to {MAX_NAME_CHARS} characters.");
        return Err(AppError::invalid("name", message));
    }
    if new.password.chars().count() < MIN_PASSWORD_CHARS as usize {
        let message = format!("A password has at least {MIN_PASSWORD_CHARS} characters.");
        return Err(AppError::invalid("password", message));
    }
    let password_hash = state.passwords.hash(new.password).await?;
    let (role, created_at) = (new.role, state.now());
    let add = state.live.write(by, move |write| {
        Box::pin(async move {
            let (of_row, of_name) = (email.clone(), name.clone());
            let row = NewUser { email: of_row, name: of_name, role, password_hash, created_at };
            let id = store::user::insert(write.tx(), row).await?;
            let user = CurrentUser { id, email, name, role };
            tell_admins(write, user.clone()).await?;
            Ok(user)
        })
    });
    add.await
}

/// The audience of what admins see of people.
fn admins() -> Audience {
    Audience::new("admins")
}

/// The audiences of this slice that somebody belongs to by their role.
pub fn audiences_of_role(role: Role) -> Vec<Audience> {
    if role == Role::Admin { vec![admins()] } else { Vec::new() }
}

/// The tags of this slice that somebody may see by their role.
pub fn tags_of_role(role: Role) -> Vec<StudioTag> {
    let every = StudioTag::Account(AccountTag::Every);
    if role == Role::Admin { vec![every] } else { Vec::new() }
}

/// Tells admins that somebody is new, or has changed.
pub(super) async fn tell_admins(write: &Write, user: CurrentUser) -> Result<(), AppError> {
    let event = StudioEvent::Account(AccountEvent::PersonChanged { user });
    write.record(&[admins()], &event).await?;
    Ok(())
}

/// The audience that is one user: everything of their own goes there.
pub fn audience_of(user: UserId) -> Audience {
    Audience::new(subject_of(user))
}

/// What all of a user's streams are subscribed as, so that a change of role reaches them.
pub fn subject_of(user: UserId) -> String {
    format!("user:{user}")
}

/// A user as they are now. The answer includes at least `min`.
///
/// # Errors
/// When the database or the log fails.
pub async fn get(
    live: &Live,
    user: UserId,
    min: Option<&AsOf>,
) -> Result<Stamped<Result<CurrentUser, AppError>>, AppError> {
    live.read(min, move |tx| {
        Box::pin(
            async move { Ok(store::user::find(tx, user).await?.ok_or(AppError::Unauthenticated)) },
        )
    })
    .await
}

/// The account with this address.
///
/// # Errors
/// [`AppError::NotFound`] if there is none.
pub async fn find(state: &AppState, email: &str) -> Result<CurrentUser, AppError> {
    let found = store::user::find_by_email(&state.db, &normal_email(email)).await?;
    let (user, _) = found.ok_or_else(|| AppError::NotFound { what: "account".to_owned() })?;
    Ok(user)
}

/// The account of this id.
///
/// # Errors
/// When the database fails.
pub async fn find_by_id(
    conn: &impl ConnectionTrait,
    id: UserId,
) -> Result<Option<CurrentUser>, AppError> {
    store::user::find(conn, id).await
}

/// Gives a user another role. What their open streams hear and their open pages may show follows
/// at once, in log order; requests are judged by the new role from then on. Answers the user as
/// they were.
///
/// # Errors
/// [`AppError::NotFound`] if there is no such user.
pub async fn change_role(live: &Live, id: UserId, role: Role) -> Result<CurrentUser, AppError> {
    let done = live
        .write::<CurrentUser, AppError>(By::nobody(), move |write| {
            Box::pin(async move {
                let before = person(write.tx(), id).await?;
                record_role(write, &before, role).await?;
                Ok(before)
            })
        })
        .await?;
    Ok(done.value)
}

/// A user as they are now.
pub(super) async fn person(
    conn: &impl ConnectionTrait,
    id: UserId,
) -> Result<CurrentUser, AppError> {
    let found = store::user::find(conn, id).await?;
    found.ok_or_else(|| AppError::NotFound { what: "account".to_owned() })
}

/// As [`change_role`], in a transaction, of a user as they are.
pub(super) async fn record_role(
    write: &Write,
    before: &CurrentUser,
    role: Role,
) -> Result<(), AppError> {
    let id = before.id;
    if before.role == role {
        return Ok(());
    }
    store::user::set_role(write.tx(), id, role).await?;
    if let Some(change) = access::change(subject_of(id), before.role, role)? {
        write.record_access(&change).await?;
    }
    let user = CurrentUser { role, ..before.clone() };
    let event = StudioEvent::Account(AccountEvent::Changed { user: user.clone() });
    write.record(&[audience_of(id)], &event).await?;
    tell_admins(write, user).await
}

/// Whether somebody has an account with this address.
///
/// # Errors
/// When the database fails.
pub async fn has_account(state: &AppState, email: &str) -> Result<bool, AppError> {
    store::user::email_is_taken(&state.db, &normal_email(email)).await
}

/// The names of these users, as they are today; of those that there are.
///
/// # Errors
/// When the database fails.
pub async fn names_of(
    conn: &impl ConnectionTrait,
    users: &[UserId],
) -> Result<HashMap<UserId, String>, AppError> {
    Ok(store::user::names_of(conn, users).await?)
}

/// This user, under the mutation id that they sent, if they sent one.
pub fn author(user: UserId, mutation: Option<MutationId>) -> By {
    By::actor(user.to_string()).under(mutation)
}

/// The form in which an address is stored and looked for.
pub(super) fn normal_email(email: &str) -> String {
    email.trim().to_lowercase()
}

/// The normal form of what looks like an address. Whether mail arrives there is not known.
fn valid_email(email: &str) -> Result<String, AppError> {
    let email = normal_email(email);
    let parts = email
        .split_once('@')
        .filter(|(user, host)| !user.is_empty() && !host.is_empty() && !host.contains('@'));
    let strange = |c: char| c.is_whitespace() || c.is_control();
    if parts.is_none() || email.contains(strange) || email.len() > MAX_EMAIL_BYTES {
        return Err(AppError::invalid("email", "That is not an email address."));
    }
    Ok(email)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_stored_without_case_and_outer_space() {
        assert_eq!(valid_email(" Ana@Example.COM\n"), Ok("ana@example.com".to_owned()));
    }

    #[test]
    fn what_is_no_address_is_refused() {
        let long = format!("{}@example.com", "a".repeat(MAX_EMAIL_BYTES));
        for text in ["", "ana", "@example.com", "ana@", "a@b@c", "a na@example.com", &long] {
            let refused = AppError::invalid("email", "That is not an email address.");
            assert_eq!(valid_email(text), Err(refused), "{text:?}");
        }
    }
}
