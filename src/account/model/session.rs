//! Sessions as their owner sees them.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

/// Names a session without proving it: the SHA-256 of what its cookie carries, in hexadecimal
/// digits.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SessionId(pub String);

/// One sign-in that has not ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Session {
    /// Identity.
    pub id: SessionId,
    /// What signed in, as in "Firefox on Linux".
    pub device: String,
    /// When.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    /// When a request last came with it, to the minute.
    #[serde(with = "time::serde::rfc3339")]
    pub last_used_at: OffsetDateTime,
    /// When it ends by itself.
    #[serde(with = "time::serde::rfc3339")]
    pub expires_at: OffsetDateTime,
    /// Whether it is the reader's own. Events never say so: they have many readers.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub current: bool,
}
