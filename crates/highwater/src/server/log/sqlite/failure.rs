//! What SQLite's failures mean: whether to ask again, or that something is broken.

use sea_orm::{DbErr, RuntimeErr, SqlxError};

use super::{LogError, SqliteLog};

/// Primary result codes of SQLite (<https://sqlite.org/rescode.html>): the database is locked by
/// another connection, or within a shared cache. Extended codes have them in their low byte.
const BUSY: [u32; 2] = [5, 6];

impl SqliteLog {
    /// Whether a statement failed because somebody else held the database for longer than the busy
    /// timeout, or because no connection became free in time. It was not executed, and may be
    /// tried again. For an application's own statements; the engine's answer [`LogError::Busy`].
    pub fn is_busy(error: &DbErr) -> bool {
        let (DbErr::Conn(cause) | DbErr::Exec(cause) | DbErr::Query(cause)) = error else {
            return matches!(error, DbErr::ConnectionAcquire(_));
        };
        let RuntimeErr::SqlxError(cause) = cause else {
            return false;
        };
        match &**cause {
            SqlxError::PoolTimedOut => true,
            SqlxError::Database(cause) => {
                let code = cause.code().and_then(|code| code.parse::<u32>().ok());
                code.is_some_and(|code| BUSY.contains(&(code & 0xff)))
            }
            _ => false,
        }
    }
}

impl From<DbErr> for LogError {
    fn from(error: DbErr) -> Self {
        match SqliteLog::is_busy(&error) {
            true => Self::Busy(Box::new(error)),
            false => Self::Database(Box::new(error)),
        }
    }
}
