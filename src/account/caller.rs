//! Who asks, and by what: a session's cookie or an API token.
//!
//! Owns what the two have in common. It must not read requests; `http` does.

use highwater::server::By;
use sea_orm::ConnectionTrait;
use time::OffsetDateTime;

use super::{
    model::{CurrentUser, SessionId, TokenId, UserId},
    store,
};
use crate::{error::AppError, server::state::AppState};

/// What proves who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Credential {
    /// Somebody signed in.
    Session(SessionId),
    /// A program that one of them let in.
    Token(TokenId),
}

/// Somebody whose credential holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// What proves it.
    pub credential: Credential,
    /// Who it is.
    pub user: CurrentUser,
    /// When the credential ends by itself; a token's never does.
    pub expires_at: Option<OffsetDateTime>,
}

impl Credential {
    /// What its streams are subscribed as, so that its end ends them.
    pub fn subject(&self) -> String {
        match self {
            Self::Session(id) => format!("session:{}", id.0),
            Self::Token(id) => format!("token:{id}"),
        }
    }

    /// Writes that it was used now, and its user seen, without anybody waiting for it, unless that was written less
    /// than a minute after `last`. If it fails the use is not known of; the server's log says why.
    pub(super) fn note_use(&self, state: &AppState, user: UserId, last: Option<OffsetDateTime>) {
        let now = state.now();
        if !store::is_worth_noting(last, now) {
            return;
        }
        let (live, used) = (state.live.clone(), self.clone());
        tokio::spawn(async move {
            live.write::<(), AppError>(By::nobody(), move |write| {
                Box::pin(async move {
                    match &used {
                        Self::Session(id) => store::session::note_use(write.tx(), id, now).await?,
                        Self::Token(id) => store::token::note_use(write.tx(), *id, now).await?,
                    }
                    store::user::note_seen(write.tx(), user, now).await
                })
            })
            .await
        });
    }
}

impl Caller {
    /// Whoever holds the credential that a stream was once subscribed as, if it still holds.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn of_subject(
        conn: &impl ConnectionTrait,
        subject: &str,
        user: UserId,
        now: OffsetDateTime,
    ) -> Result<Option<Self>, AppError> {
        if let Some(id) = subject.strip_prefix("session:") {
            let id = SessionId(id.to_owned());
            let found = store::session::find(conn, &id, now).await?;
            return Ok(found.map(|(session, user)| Self {
                credential: Credential::Session(id),
                user,
                expires_at: Some(session.expires_at),
            }));
        }
        let mut tokens = store::token::of_user(conn, user).await?.into_iter();
        let token = tokens.find(|token| Credential::Token(token.id).subject() == subject);
        let (Some(token), Some(user)) = (token, store::user::find(conn, user).await?) else {
            return Ok(None);
        };
        Ok(Some(Self { credential: Credential::Token(token.id), user, expires_at: None }))
    }

    /// The session of somebody who signed in. Whatever lets programs and people in is managed by
    /// people: a token that leaked must not make another, nor shut its owner out.
    ///
    /// # Errors
    /// [`AppError::Forbidden`] for an API token.
    pub fn session(&self) -> Result<&SessionId, AppError> {
        match &self.credential {
            Credential::Session(id) => Ok(id),
            Credential::Token(_) => Err(AppError::Forbidden {
                message: "An API token cannot do this. Sign in for it.".to_owned(),
            }),
        }
    }
}
