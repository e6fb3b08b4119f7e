//! People as an admin sees them.

use std::fmt;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::{CurrentUser, Role, UserId};

/// Somebody with an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Person {
    /// Who.
    pub user: CurrentUser,
    /// When a request last came from them, to the minute; `None` if none ever did.
    #[serde(with = "time::serde::rfc3339::option")]
    pub last_seen_at: Option<OffsetDateTime>,
}

/// A stream that somebody has open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OpenStream {
    /// Who.
    pub user: UserId,
    /// What opened it, as in "Firefox on Linux" or "Token “import”".
    pub device: String,
    /// Since when.
    #[serde(with = "time::serde::rfc3339")]
    pub since: OffsetDateTime,
}

/// An account to be added by an admin.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewPerson {
    /// Sign-in name; its case means nothing.
    pub email: String,
    /// Name to show.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// The first one, in clear.
    pub password: String,
}

/// Without the password.
impl fmt::Debug for NewPerson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { email, name, role, .. } = self;
        f.debug_struct("NewPerson")
            .field("email", email)
            .field("name", name)
            .field("role", role)
            .finish_non_exhaustive()
    }
}
