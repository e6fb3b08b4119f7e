//! Who works here: users and roles, and what they sign in and let programs in with.
//!
//! Owns the types both targets share. It must not know passwords, nor any secret but the one that
//! its owner is told once.

mod device;
mod person;
mod session;
mod sign_out;
mod token;

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

pub use self::{
    device::device,
    person::{NewPerson, OpenStream, Person},
    session::{Session, SessionId},
    sign_out::{REASON_MAX_CHARS, shown_reason},
    token::{ApiToken, IssuedToken, MAX_TOKENS, TOKEN_NAME_MAX_CHARS, TOKEN_PREFIX, TokenId},
};

/// Identifies a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct UserId(pub i64);

/// What a user may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub enum Role {
    /// Works on orders.
    Staff,
    /// Coaches members.
    Coach,
    /// Is coached.
    Member,
    /// Manages people, and sees all that staff sees.
    Admin,
}

/// The signed-in user, as pages and services see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct CurrentUser {
    /// Identity.
    pub id: UserId,
    /// Sign-in name.
    pub email: String,
    /// Name to show.
    pub name: String,
    /// What they may do.
    pub role: Role,
}

/// The text names no role.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a role; use staff, coach, member or admin")]
pub struct UnknownRole(String);

impl Role {
    /// Every role.
    pub const ALL: [Self; 4] = [Self::Staff, Self::Coach, Self::Member, Self::Admin];

    /// Its name in the database, in JSON and on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Staff => "staff",
            Self::Coach => "coach",
            Self::Member => "member",
            Self::Admin => "admin",
        }
    }

    /// Whether this role may see and change orders.
    pub fn may_use_orders(self) -> bool {
        matches!(self, Self::Staff | Self::Admin)
    }

    /// Whether somebody of this role takes part in coaching.
    pub fn coaches_or_is_coached(self) -> bool {
        matches!(self, Self::Coach | Self::Member)
    }
}

impl fmt::Display for UserId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Role {
    type Err = UnknownRole;

    fn from_str(text: &str) -> Result<Self, UnknownRole> {
        let found = Self::ALL.into_iter().find(|role| role.as_str() == text);
        found.ok_or_else(|| UnknownRole(text.to_owned()))
    }
}
