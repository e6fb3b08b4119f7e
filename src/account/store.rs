//! Users, sessions and API tokens in the database.
//!
//! Owns the entities and every query on them. It takes a connection and never opens one, sees
//! secrets and passwords only as hashes, and decides nothing.

pub(super) mod user;
pub(super) mod session;
pub(super) mod ended;
pub(super) mod token;

use time::OffsetDateTime;

use crate::server::database::column::{from_millis, to_millis, unreadable};

/// A credential is noted as used at most this often, in milliseconds: each note is a write.
pub(super) const USE_NOTED_EVERY_MS: i64 = 60_000;

/// Whether a use at `now` is to be noted, after the one noted last.
pub(super) fn is_worth_noting(last: Option<OffsetDateTime>, now: OffsetDateTime) -> bool {
    last.is_none_or(|last| to_millis(now) - to_millis(last) >= USE_NOTED_EVERY_MS)
}
