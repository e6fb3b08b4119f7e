//! What keeps accounts live: their events, tags and queries, and what an event does to what is
//! already shown.
//!
//! The whole invalidation story of the slice. What concerns one user goes to that user's own
//! audience alone, what admins see of everybody to theirs. No event carries a secret.
//!
//! | event | who one is | tokens | sessions |
//! |---|---|---|---|
//! | `account.changed` | patched | | |
//! | `account.token_created`, `account.token_revoked` | | patched | |
//! | `account.session_started`, `account.session_ended` | | | patched |
//! | `force_logout` | | | |
//!
//! | event | to | people | open streams |
//! |---|---|---|---|
//! | `account.person_changed` | `admins` | patched, stale if they are new | stale |
//!
//! A stream that opens or ends is no row of the log, so no event tells of it: who shows them asks
//! again now and then.
//!
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
    model::{ApiToken, CurrentUser, OpenStream, Person, Session, SessionId, TokenId},
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
    /// An account is new, or its person changed or was signed out.
    #[serde(rename = "account.person_changed")]
    PersonChanged {
        /// The person as they are now.
        user: CurrentUser,
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
    /// Everybody, for admins.
    People,
    /// The streams that are open, for admins.
    Streams,
    /// All that admins see of people; no event touches it. Who is no admin any more loses it.
    Every,
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

/// Everybody with an account, by name.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct People;

/// The streams that are open on the server, the newest first.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct OpenStreams;

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
            "account.person_changed" => Self::PersonChanged { user: user? },
            "force_logout" => Self::ForceLogout { reason: reason? },
            _ => return None,
        })
    }

    /// What it touches.
    pub fn tags(&self) -> Vec<StudioTag> {
        let people = [AccountTag::People, AccountTag::Streams].map(StudioTag::Account);
        let tag = match self {
            Self::PersonChanged { .. } => return people.to_vec(),
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

impl Query for People {
    type Event = StudioEvent;
    type Value = Vec<Person>;
    type Refusal = AppError;

    const NAME: &'static str = "people";

    fn tags(&self) -> Vec<StudioTag> {
        [AccountTag::People, AccountTag::Every].map(StudioTag::Account).to_vec()
    }

    fn patch(&self, people: &mut Vec<Person>, event: &StudioEvent) -> Patch {
        let StudioEvent::Account(AccountEvent::PersonChanged { user }) = event else {
            return Patch::Unaffected;
        };
        match people.iter_mut().find(|person| person.user.id == user.id) {
            // Its name is where it stands in the list.
            Some(person) if person.user.name == user.name => {
                person.user.clone_from(user);
                Patch::Patched
            }
            _ => Patch::Stale,
        }
    }

    async fn fetch(self, min: Option<AsOf>) -> Fetched<Self> {
        api::list_people(min).await.map_err(FetchFailed::from)
    }
}

impl Query for OpenStreams {
    type Event = StudioEvent;
    type Value = Vec<OpenStream>;
    type Refusal = AppError;

    const NAME: &'static str = "open streams";

    fn tags(&self) -> Vec<StudioTag> {
        [AccountTag::Streams, AccountTag::Every].map(StudioTag::Account).to_vec()
    }

    fn patch(&self, _: &mut Vec<OpenStream>, event: &StudioEvent) -> Patch {
        match event {
            StudioEvent::Account(AccountEvent::PersonChanged { .. }) => Patch::Stale,
            _ => Patch::Unaffected,
        }
    }

    async fn fetch(self, min: Option<AsOf>) -> Fetched<Self> {
        api::list_open_streams(min).await.map_err(FetchFailed::from)
    }
}
