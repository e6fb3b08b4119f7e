//! Between the model and what columns hold: times are milliseconds since the Unix epoch, counts are
//! not negative, names are of a set.
//!
//! Owns these conversions. What stands in the database and means nothing to the model is an error of
//! the database, never a guess.

use sea_orm::DbErr;
use time::OffsetDateTime;

/// A time as it is stored. Every year that `time` knows fits.
pub fn to_millis(time: OffsetDateTime) -> i64 {
    time.unix_timestamp() * 1000 + i64::from(time.millisecond())
}

/// A stored time.
///
/// # Errors
/// For one that no calendar has.
pub fn from_millis(millis: i64) -> Result<OffsetDateTime, DbErr> {
    let nanos = i128::from(millis) * 1_000_000;
    OffsetDateTime::from_unix_timestamp_nanos(nanos).map_err(unreadable)
}

/// A count as it is stored.
///
/// # Errors
/// For one that is too large.
pub fn count(count: u64) -> Result<i64, DbErr> {
    i64::try_from(count).map_err(unreadable)
}

/// A stored count.
///
/// # Errors
/// For a negative one, and for one that is too large.
pub fn from_count<T: TryFrom<i64, Error: std::error::Error>>(count: i64) -> Result<T, DbErr> {
    T::try_from(count).map_err(unreadable)
}

/// What a stored name stands for, of all that have one.
///
/// # Errors
/// For one that none has.
pub fn named<T: Copy, const N: usize>(
    all: [T; N],
    name_of: impl Fn(T) -> &'static str,
    name: &str,
) -> Result<T, DbErr> {
    let found = all.into_iter().find(|one| name_of(*one) == name);
    found.ok_or_else(|| DbErr::Type(format!("in the database: {name:?} is unknown")))
}

/// The error of what means nothing here.
pub fn unreadable(why: impl std::error::Error) -> DbErr {
    DbErr::Type(format!("in the database: {why}"))
}
