//! Sessions: signing in, being recognised, signing out.
//!
//! Owns the token, what is stored of it, and the cookie that carries it. It must not know routes.

use std::fmt;

use axum_extra::extract::cookie::{Cookie, SameSite};
use highwater::server::By;
use sha2::{Digest, Sha256};
use time::{Duration, OffsetDateTime};

use super::{
    model::CurrentUser,
    service::normal_email,
    store::{self, NewSession},
};
use crate::{
    error::AppError,
    server::{configuration::Studio, state::AppState},
};

/// The cookie's name.
pub const COOKIE: &str = "studio_session";

/// Proves a sign-in: 256 random bits, known only to the one who signed in.
#[derive(Clone, PartialEq, Eq)]
pub struct Token([u8; 32]);

/// Names a session without proving it: the SHA-256 of its token, in hexadecimal digits. The token
/// is random, so a fast hash without salt keeps it secret.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SessionId(String);

/// A session that has not expired, and whose it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedInSession {
    /// Which session.
    pub id: SessionId,
    /// Who signed in.
    pub user: CurrentUser,
    /// When it ends.
    pub expires_at: OffsetDateTime,
}

impl Token {
    fn generate() -> Result<Self, getrandom::Error> {
        let mut random = [0; 32];
        getrandom::fill(&mut random)?;
        Ok(Self(random))
    }

    /// Reads a cookie's value; `None` for what was never a token.
    pub fn parse(text: &str) -> Option<Self> {
        let mut random = [0; 32];
        hex::decode_to_slice(text, &mut random).ok()?;
        Some(Self(random))
    }

    /// The session that it proves.
    pub fn id(&self) -> SessionId {
        SessionId(hex::encode(Sha256::digest(self.0)))
    }

    /// The cookie that carries it, for as long as the session lasts.
    pub fn cookie(&self, settings: &Studio) -> Cookie<'static> {
        let mut cookie = empty_cookie(settings);
        cookie.set_value(hex::encode(self.0));
        cookie.set_max_age(lifetime(settings));
        cookie
    }
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

impl fmt::Debug for Token {
    /// Keeps it out of logs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

impl SessionId {
    /// What this session's streams are subscribed as, so that signing out ends them.
    pub fn subject(&self) -> String {
        format!("session:{}", self.0)
    }
}

/// Signs in with an email address, whose case means nothing, and a password.
///
/// # Errors
/// [`AppError::WrongCredentials`], without saying which of both; [`AppError::Invalid`] when one is
/// missing.
pub async fn sign_in(
    state: &AppState,
    email: &str,
    password: &str,
) -> Result<(Token, CurrentUser), AppError> {
    let email = normal_email(email);
    for (field, text) in [("email", email.as_str()), ("password", password)] {
        if text.is_empty() {
            return Err(AppError::invalid(field, "Enter your email and your password."));
        }
    }
    let (user, stored) = store::user_by_email(&state.db, &email).await?.unzip();
    let matches = state.passwords.matches(password.to_owned(), stored).await?;
    let user = user.filter(|_| matches).ok_or(AppError::WrongCredentials)?;

    let (token, now) = (Token::generate()?, state.now());
    let session = NewSession {
        token_hash: token.id().0,
        user: user.id,
        created_at: now,
        expires_at: now + lifetime(&state.configuration.studio),
    };
    state
        .live
        .write::<(), AppError>(By::actor(user.id.to_string()), |write| {
            Box::pin(async move {
                store::delete_expired_sessions(write.tx(), now).await?;
                store::insert_session(write.tx(), session).await
            })
        })
        .await?;
    Ok((token, user))
}

/// The session that a token proves, if it has not ended.
///
/// # Errors
/// When the database fails.
pub async fn find(state: &AppState, token: &Token) -> Result<Option<SignedInSession>, AppError> {
    let id = token.id();
    let found = store::session_user(&state.db, &id.0, state.now()).await?;
    Ok(found.map(|(user, expires_at)| SignedInSession { id, user, expires_at }))
}

/// Ends a session and, in log order, its open streams. Ending what has ended is no error.
///
/// # Errors
/// When the database fails.
pub async fn sign_out(state: &AppState, session: &SessionId) -> Result<(), AppError> {
    let session = session.clone();
    state
        .live
        .write::<(), AppError>(By::nobody(), |write| {
            Box::pin(async move {
                if store::delete_session(write.tx(), &session.0).await? {
                    write.revoke(&session.subject()).await?;
                }
                Ok(())
            })
        })
        .await?;
    Ok(())
}

fn lifetime(settings: &Studio) -> Duration {
    Duration::days(settings.session_days.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_survives_its_cookie_and_only_its_hash_names_the_session() {
        let token = Token::generate().unwrap();
        let text = hex::encode(token.0);
        assert_eq!(Token::parse(&text), Some(token.clone()));
        assert_eq!(token.id().0.len(), 64);
        assert_ne!(token.id().0, text);
        assert_eq!(format!("{token:?}"), "Token(…)");
    }

    #[test]
    fn what_is_no_token_is_not_looked_up() {
        for text in ["", "12", &"0".repeat(63), &"g".repeat(64), &"0".repeat(66)] {
            assert_eq!(Token::parse(text), None, "{text:?}");
        }
    }

    #[test]
    fn two_tokens_differ() {
        assert_ne!(Token::generate().unwrap(), Token::generate().unwrap());
    }
}
