//! What keeps accounts live: their events, tags and queries, and what an event does to what is
//! already shown.
//!
//! The whole invalidation story of the slice. All of it concerns one user and goes to that user's
//! own audience alone. No event carries a secret.
//!
//! | event | who one is | tokens | sessions |
//! |---|---|---|---|
//! | `account.changed` | patched | | |
//! | `account.token_created`, `account.token_revoked` | | patched | |
//! | `account.session_started`, `account.session_ended` | | | patched |
//! | `force_logout` | | | |
//!
//! A page that hears `force_logout` does nothing about it: its session's end comes next, leads it to
//! the sign-in page, and that page is told the reason by the server, which also knows the pages that
//! heard nothing. The event is for other clients.
//!
//! When a token or a session was last used is read with the lists and is no event: it changes with
//! every request.

use highwater::{AsOf, FetchFailed, Fetched, Patch, Query, json};
use serde::{Deserialize, Serialize};

use super::{
    api,
    model::{ApiToken, CurrentUser, Session, SessionId, TokenId},
};
use crate::{
    error::AppError,
    live::{StudioEvent, StudioTag},
};

/// Something happened to an account.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type")]
pub enum AccountEvent {
    /// Its name or role is another one.
    #[serde(rename = "account.changed")]
    Changed {
        /// The user as they are now.
        user: CurrentUser,
    },
    /// There is a new API token.
    #[serde(rename = "account.token_created")]
    TokenCreated {
        /// The token.
        token: ApiToken,
    },
    /// An API token is no more.
    #[serde(rename = "account.token_revoked")]
    TokenRevoked {
        /// Which.
        id: TokenId,
    },
    /// Somebody signed in.
    #[serde(rename = "account.session_started")]
    SessionStarted {
        /// The session.
        session: Session,
    },
    /// Sessions were ended before their time.
    #[serde(rename = "account.session_ended")]
    SessionEnded {
        /// Which.
        ids: Vec<SessionId>,
    },
    /// An admin signs the user out: the end of all their sessions follows in the same transaction.
    #[serde(rename = "force_logout")]
    ForceLogout {
        /// Why, in the admin's words.
        reason: String,
    },
}

/// The names of what is cached of one's own account.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountTag {
    /// Who one is.
    Me,
    /// One's API tokens.
    Tokens,
    /// One's sessions.
    Sessions,
}

/// Who one is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Me;

/// One's API tokens, the newest first.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TokenList;

/// One's sessions, the newest first.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SessionList;

/// The fields of any of them.
#[derive(Deserialize)]
struct Parts {
    user: Option<CurrentUser>,
    token: Option<ApiToken>,
    id: Option<TokenId>,
    session: Option<Session>,
    ids: Option<Vec<SessionId>>,
    reason: Option<String>,
}

impl AccountEvent {
    /// Reads it as [`LiveEvent::read`](highwater::LiveEvent::read) says.
    pub fn read(kind: &str, json: &str) -> Option<Self> {
        if !kind.starts_with("account.") && kind != "force_logout" {
            return None;
        }
        let Parts { user, token, id, session, ids, reason } = json::read(json).ok()?;
        Some(match kind {
            "account.changed" => Self::Changed { user: user? },
            "account.token_created" => Self::TokenCreated { token: token? },
            "account.token_revoked" => Self::TokenRevoked { id: id? },
            "account.session_started" => Self::SessionStarted { session: session? },
            "account.session_ended" => Self::SessionEnded { ids: ids? },
            "force_logout" => Self::ForceLogout { reason: reason? },
            _ => return None,
        })
    }

    /// What it touches.
    pub fn tags(&self) -> Vec<StudioTag> {
        let tag = match self {
            Self::Changed { .. } => AccountTag::Me,
            Self::TokenCreated { .. } | Self::TokenRevoked { .. } => AccountTag::Tokens,
            Self::SessionStarted { .. } | Self::SessionEnded { .. } | Self::ForceLogout { .. } => {
                AccountTag::Sessions
            }
        };
        vec![StudioTag::Account(tag)]
    }
}

impl Query for Me {
    type Event = StudioEvent;
    type Value = CurrentUser;
    type Refusal = AppError;

    const NAME: &'static str = "me";

    fn tags(&self) -> Vec<StudioTag> {
        vec![StudioTag::Account(AccountTag::Me)]
    }

    fn patch(&self, me: &mut CurrentUser, event: &StudioEvent) -> Patch {
        let StudioEvent::Account(AccountEvent::Changed { user }) = event else {
            return Patch::Unaffected;
        };
        me.clone_from(user);
        Patch::Patched
    }

    async fn fetch(self, min: Option<AsOf>) -> Fetched<Self> {
        api::get_me(min).await.map_err(FetchFailed::from)
    }
}

impl Query for TokenList {
    type Event = StudioEvent;
    type Value = Vec<ApiToken>;
    type Refusal = AppError;

    const NAME: &'static str = "api tokens";

    fn tags(&self) -> Vec<StudioTag> {
        vec![StudioTag::Account(AccountTag::Tokens)]
    }

    fn patch(&self, tokens: &mut Vec<ApiToken>, event: &StudioEvent) -> Patch {
        match event {
            StudioEvent::Account(AccountEvent::TokenCreated { token }) => {
                tokens.insert(0, token.clone());
            }
            StudioEvent::Account(AccountEvent::TokenRevoked { id }) => {
                tokens.retain(|token| token.id != *id);
            }
            _ => return Patch::Unaffected,
        }
        Patch::Patched
    }

    async fn fetch(self, min: Option<AsOf>) -> Fetched<Self> {
        api::list_tokens(min).await.map_err(FetchFailed::from)
    }
}

impl Query for SessionList {
    type Event = StudioEvent;
    type Value = Vec<Session>;
    type Refusal = AppError;

    const NAME: &'static str = "sessions";

    fn tags(&self) -> Vec<StudioTag> {
        vec![StudioTag::Account(AccountTag::Sessions)]
    }

    fn patch(&self, sessions: &mut Vec<Session>, event: &StudioEvent) -> Patch {
        match event {
            StudioEvent::Account(AccountEvent::SessionStarted { session }) => {
                sessions.insert(0, session.clone());
            }
            StudioEvent::Account(AccountEvent::SessionEnded { ids }) => {
                sessions.retain(|session| !ids.contains(&session.id));
            }
            _ => return Patch::Unaffected,
        }
        Patch::Patched
    }

    async fn fetch(self, min: Option<AsOf>) -> Fetched<Self> {
        api::list_sessions(min).await.map_err(FetchFailed::from)
    }
}
