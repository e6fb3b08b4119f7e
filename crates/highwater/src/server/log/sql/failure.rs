//! What failures of a database mean: whether to ask again, or that something is broken.

use sea_orm::{DbErr, RuntimeErr, SqlxError};

use crate::server::LogError;

/// Primary result codes of SQLite (<https://sqlite.org/rescode.html>): the database is locked by
/// another connection, or within a shared cache. Extended codes have them in their low byte.
const SQLITE_BUSY: [u32; 2] = [5, 6];

/// SQLSTATEs of PostgreSQL (<https://www.postgresql.org/docs/current/errcodes-appendix.html>): the
/// transaction lost against another one (`serialization_failure`, `deadlock_detected`), or waited
/// for a lock for longer than it was to (`lock_not_available`).
const POSTGRES_BUSY: [&str; 3] = ["40001", "40P01", "55P03"];

/// Whether a statement failed because somebody else held what it needed, or was first, or because no
/// connection became free in time. Its transaction has left nothing behind and may be tried again.
pub(in crate::server::log) fn is_busy(error: &DbErr) -> bool {
    let (DbErr::Conn(cause) | DbErr::Exec(cause) | DbErr::Query(cause)) = error else {
        return matches!(error, DbErr::ConnectionAcquire(_));
    };
    let RuntimeErr::SqlxError(cause) = cause else {
        return false;
    };
    match &**cause {
        SqlxError::PoolTimedOut => true,
        SqlxError::Database(cause) => cause.code().is_some_and(|code| is_busy_code(&code)),
        _ => false,
    }
}

/// A SQLSTATE has five characters, and SQLite's codes that are meant here have fewer.
fn is_busy_code(code: &str) -> bool {
    match code.len() {
        5 => POSTGRES_BUSY.contains(&code),
        _ => code.parse::<u32>().is_ok_and(|code| SQLITE_BUSY.contains(&(code & 0xff))),
    }
}

impl From<DbErr> for LogError {
    fn from(error: DbErr) -> Self {
        match is_busy(&error) {
            true => Self::Busy(Box::new(error)),
            false => Self::Database(Box::new(error)),
        }
    }
}

pub(in crate::server::log) fn unreadable(what: &str, error: &dyn std::fmt::Display) -> LogError {
    LogError::Unreadable(format!("{what}: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_one_database_are_not_taken_for_those_of_the_other() {
        for code in ["5", "6", "261", "517", "40001", "40P01", "55P03"] {
            assert!(is_busy_code(code), "{code}");
        }
        // `insufficient_privilege` ends in 5 where SQLite's codes do, and `unique_violation` is none.
        for code in ["42501", "23505", "1", "19", "11274", ""] {
            assert!(!is_busy_code(code), "{code}");
        }
    }
}
