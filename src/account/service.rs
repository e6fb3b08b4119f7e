//! Accounts: adding them, finding them, changing their role; and who hears of it.
//!
//! Owns what makes an account acceptable, and the audience and subject of a user. It must not
//! decide who may add an account or change a role: today that is whoever runs the binary on the
//! server.

use std::collections::HashMap;

use highwater::{
    AsOf, MutationId, Stamped,
    server::{Audience, By},
};
use sea_orm::ConnectionTrait;

use super::{
    live::AccountEvent,
    model::{CurrentUser, Role, UserId},
    password::MIN_PASSWORD_CHARS,
    store::{self, user::NewUser},
};
use crate::{
    error::AppError,
    live::StudioEvent,
    server::{
        access,
        state::{AppState, Live},
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
    let row = NewUser { email, name, role: new.role, password_hash, created_at: state.now() };
    store::user::insert(&state.db, row).await
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
                let before = store::user::find(write.tx(), id).await?;
                let before =
                    before.ok_or_else(|| AppError::NotFound { what: "account".to_owned() })?;
                if before.role == role {
                    return Ok(before);
                }
                store::user::set_role(write.tx(), id, role).await?;
                if let Some(change) = access::change(subject_of(id), before.role, role)? {
                    write.record_access(&change).await?;
                }
                let user = CurrentUser { role, ..before.clone() };
                let event = StudioEvent::Account(AccountEvent::Changed { user });
                write.record(&[audience_of(id)], &event).await?;
                Ok(before)
            })
        })
        .await?;
    Ok(done.value)
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
