//! Adding accounts.
//!
//! Owns what makes an account acceptable. It must not decide who may add one: today that is
//! whoever runs the binary on the server.

use super::{
    model::{Role, UserId},
    password::MIN_PASSWORD_CHARS,
    store::{self, NewUser},
};
use crate::{error::AppError, server::state::AppState};

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
    store::insert_user(&state.db, row).await
}

/// Whether somebody has an account with this address.
///
/// # Errors
/// When the database fails.
pub async fn has_account(state: &AppState, email: &str) -> Result<bool, AppError> {
    store::email_is_taken(&state.db, &normal_email(email)).await
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
