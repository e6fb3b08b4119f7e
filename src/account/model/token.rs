//! API tokens as their owner sees them.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

/// What every token begins with, so that people and scanners of leaked secrets know one.
pub const TOKEN_PREFIX: &str = "hw_";
/// The longest name, in characters.
pub const TOKEN_NAME_MAX_CHARS: usize = 60;
/// How many tokens one user may have.
pub const MAX_TOKENS: u64 = 50;

/// Identifies an API token. An id is never given twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct TokenId(pub i64);

/// An API token, without what makes it one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct ApiToken {
    /// Identity.
    pub id: TokenId,
    /// What its owner calls it.
    pub name: String,
    /// Its first characters, to tell it by.
    pub prefix: String,
    /// When it was made.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    /// When a request last came with it, to the minute; `None` before the first.
    #[serde(with = "time::serde::rfc3339::option")]
    pub last_used_at: Option<OffsetDateTime>,
}

/// A token that was just made, with its secret: the only time that it is told.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct IssuedToken {
    /// The token.
    pub token: ApiToken,
    /// What a program sends in `Authorization: Bearer`.
    pub secret: String,
}

impl std::fmt::Display for TokenId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl std::fmt::Debug for IssuedToken {
    /// Keeps the secret out of logs.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("IssuedToken").field("token", &self.token).finish_non_exhaustive()
    }
}
