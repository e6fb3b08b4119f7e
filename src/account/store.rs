//! Users, sessions and API tokens in the database.
//!
//! Owns the entities and every query on them. It takes a connection and never opens one, sees
//! secrets and passwords only as hashes, and decides nothing.

pub(super) mod user;
pub(super) mod session;
pub(super) mod ended;
pub(super) mod token;

use sea_orm::DbErr;
use time::OffsetDateTime;

use crate::error::AppError;

/// A credential is noted as used at most this often, in milliseconds: each note is a write.
pub(super) const USE_NOTED_EVERY_MS: i64 = 60_000;

/// Whether a use at `now` is to be noted, after the one noted last.
pub(super) fn is_worth_noting(last: Option<OffsetDateTime>, now: OffsetDateTime) -> bool {
    last.is_none_or(|last| milliseconds(now) - milliseconds(last) >= USE_NOTED_EVERY_MS)
}

fn milliseconds(at: OffsetDateTime) -> i64 {
    let milliseconds = at.unix_timestamp_nanos() / 1_000_000;
    i64::try_from(milliseconds).unwrap_or(i64::MAX)
}

fn from_milliseconds(milliseconds: i64) -> Result<OffsetDateTime, AppError> {
    OffsetDateTime::from_unix_timestamp_nanos(i128::from(milliseconds) * 1_000_000)
        .map_err(|error| unreadable("a time", &error))
}

fn unreadable(what: &str, error: &dyn std::error::Error) -> AppError {
    DbErr::Type(format!("{what}: {error}")).into()
}
