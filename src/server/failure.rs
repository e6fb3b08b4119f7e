//! Failures at the boundary: how causes become an [`AppError`], and that a response.
//!
//! Owns the one place where a cause is logged, and the response of every error that a program gets.
//! It must not let a cause reach the client.

use std::error::Error;

use axum::{
    http::{
        HeaderValue, StatusCode,
        header::{CONTENT_TYPE, RETRY_AFTER},
    },
    response::{IntoResponse, Response},
};
use highwater::server::{DatabaseLog, LogError};
use sea_orm::{DbErr, RuntimeErr, SqlxError};
use serde_json::Value;

use crate::{account::password::PasswordError, error::AppError};

/// The media type of [`problem`].
pub const PROBLEM: &str = "application/problem+json";

/// SQLSTATEs of PostgreSQL (<https://www.postgresql.org/docs/current/errcodes-appendix.html>):
/// `admin_shutdown`, `crash_shutdown`, `cannot_connect_now`, `idle_session_timeout`,
/// `idle_in_transaction_session_timeout`, `too_many_connections`.
const AWAY: [&str; 6] = ["57P01", "57P02", "57P03", "57P05", "25P03", "53300"];

/// `serialization_failure` and `deadlock_detected`.
const LOST: [&str; 2] = ["40001", "40P01"];

/// `character_not_in_repertoire`: the one character that PostgreSQL cannot store. The encoding is
/// the client's, so nothing else is possible.
const NO_TEXT: &str = "22021";

/// The body of an error response (RFC 9457): `{type,title,status,detail,code,field?}`, and whatever
/// else the error's own JSON holds. It reads as the [`AppError`] that it was made from.
pub fn problem(error: &AppError) -> Value {
    let mut problem = serde_json::to_value(error).unwrap_or_default();
    let status = status_of(error);
    // "about:blank" says that the title is the status's; `code` tells kinds apart.
    problem["type"] = "about:blank".into();
    problem["title"] = status.canonical_reason().into();
    problem["status"] = status.as_u16().into();
    problem["detail"] = error.to_string().into();
    problem
}

/// The status of an error's response.
pub fn status_of(error: &AppError) -> StatusCode {
    StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

/// An error with its causes, outermost first, on one line. A cause that its error's own text
/// quotes already is left out.
pub fn with_causes(error: &dyn Error) -> String {
    let mut line = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let text = error.to_string();
        if !line.contains(&text) {
            line.push_str(": ");
            line.push_str(&text);
        }
        cause = error.source();
    }
    line.replace('\n', " ")
}

impl IntoResponse for AppError {
    fn into_response(self) -> Response {
        let kind = HeaderValue::from_static(PROBLEM);
        let body = problem(&self).to_string();
        let mut response = (status_of(&self), [(CONTENT_TYPE, kind)], body).into_response();
        if let Some(seconds) = self.retry_after_s() {
            response.headers_mut().insert(RETRY_AFTER, seconds.into());
        }
        response
    }
}

impl From<DbErr> for AppError {
    fn from(error: DbErr) -> Self {
        match DatabaseLog::is_busy(&error) {
            true if has_code(&error, &LOST) => {
                // Many writers at a time lose now and then, and are run again.
                tracing::debug!(cause = with_causes(&error), "a transaction lost against another");
                Self::Unavailable { retry_after_s: Some(1) }
            }
            true => busy(&error),
            false if is_away(&error) => away(&error),
            false if has_code(&error, &[NO_TEXT]) => {
                let message = "A text cannot have the character U+0000.".to_owned();
                Self::Invalid { field: None, message }
            }
            false => internal("the database failed", &error),
        }
    }
}

impl From<LogError> for AppError {
    fn from(error: LogError) -> Self {
        match error {
            LogError::Behind => Self::UNAVAILABLE,
            LogError::Busy(_) => busy(&error),
            LogError::Database(ref cause) if cause.downcast_ref().is_some_and(is_away) => {
                away(&error)
            }
            error => internal("the change log failed", &error),
        }
    }
}

impl From<PasswordError> for AppError {
    fn from(error: PasswordError) -> Self {
        internal("a password could not be hashed or checked", &error)
    }
}

impl From<getrandom::Error> for AppError {
    fn from(error: getrandom::Error) -> Self {
        internal("the source of randomness failed", &error)
    }
}

/// Nothing is broken: somebody else has the database, and it may be asked for again.
fn busy(cause: &dyn Error) -> AppError {
    tracing::warn!(cause = with_causes(cause), "the database is busy");
    AppError::Unavailable { retry_after_s: Some(1) }
}

/// The server of the database stops, is yet to start, or cannot be reached.
fn away(cause: &dyn Error) -> AppError {
    tracing::error!(cause = with_causes(cause), "the database is away");
    AppError::UNAVAILABLE
}

/// Whether a statement failed because the server of the database ended the session, or did not let
/// one begin, or because the connection to it broke.
fn is_away(error: &DbErr) -> bool {
    matches!(driver_error(error), Some(SqlxError::Io(_))) || has_code(error, &AWAY)
}

fn has_code(error: &DbErr, codes: &[&str]) -> bool {
    let Some(SqlxError::Database(cause)) = driver_error(error) else {
        return false;
    };
    cause.code().is_some_and(|code| codes.contains(&&*code))
}

fn driver_error(error: &DbErr) -> Option<&SqlxError> {
    match error {
        DbErr::Conn(RuntimeErr::SqlxError(cause))
        | DbErr::Exec(RuntimeErr::SqlxError(cause))
        | DbErr::Query(RuntimeErr::SqlxError(cause)) => Some(cause),
        _ => None,
    }
}

fn internal(what: &str, cause: &dyn Error) -> AppError {
    tracing::error!(cause = with_causes(cause), "{what}");
    AppError::Internal
}

#[cfg(test)]
mod tests {
    use sea_orm::{ConnAcquireErr, ConnectOptions, ConnectionTrait, Database};
    use serde_json::json;

    use super::*;
    use crate::server::database::{
        WhenMissing, connect,
        testing::{TestDatabase, on_postgres},
    };

    #[derive(Debug, thiserror::Error)]
    #[error("{text}")]
    struct Layer {
        text: &'static str,
        source: Option<Box<Layer>>,
    }

    fn layers(texts: &[&'static str]) -> Option<Box<Layer>> {
        let (text, rest) = texts.split_first()?;
        Some(Box::new(Layer { text, source: layers(rest) }))
    }

    #[test]
    fn a_problem_tells_status_code_and_the_field_to_blame() {
        let found = problem(&AppError::invalid("email", "That is not an email address."));
        let expected = json!({
            "type": "about:blank", "title": "Unprocessable Entity", "status": 422,
            "detail": "That is not an email address.", "code": "invalid", "field": "email",
        });
        assert_eq!(found, expected);
    }

    #[test]
    fn a_problem_without_a_field_does_not_mention_one() {
        let found = problem(&AppError::WrongCredentials);
        let expected = json!({
            "type": "about:blank", "title": "Unauthorized", "status": 401,
            "detail": "The email or the password is wrong.", "code": "wrong_credentials",
        });
        assert_eq!(found, expected);
    }

    #[test]
    fn a_problem_reads_as_the_error_it_was_made_from() {
        let text = || "Some text.".to_owned();
        for error in [
            AppError::Unauthenticated,
            AppError::Forbidden { message: text() },
            AppError::NotFound { what: "order".to_owned() },
            AppError::Invalid { field: None, message: text() },
            AppError::invalid("note", text()),
            AppError::Malformed { message: text() },
            AppError::TooLarge { message: text() },
            AppError::TooManyRequests { message: text(), retry_after_s: 3 },
            AppError::Unavailable { retry_after_s: Some(5) },
            AppError::UNAVAILABLE,
            AppError::Internal,
        ] {
            let read: AppError = serde_json::from_value(problem(&error)).unwrap();
            assert_eq!(read, error);
        }
    }

    #[test]
    fn when_to_try_again_is_a_header() {
        let after = |error: AppError| {
            let response = error.into_response();
            response.headers().get(RETRY_AFTER).map(|value| value.to_str().unwrap().to_owned())
        };
        assert_eq!(after(AppError::Unavailable { retry_after_s: Some(5) }), Some("5".to_owned()));
        assert_eq!(after(AppError::UNAVAILABLE), None);
    }

    #[test]
    fn a_cause_never_reaches_the_client() {
        let error = AppError::from(DbErr::Custom("secret table".to_owned()));
        assert_eq!(error, AppError::Internal);
        assert!(!problem(&error).to_string().contains("secret"));
    }

    #[tokio::test]
    async fn a_database_that_is_held_is_unavailable_and_not_broken() {
        let directory = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}?mode=rwc", directory.path().join("held.db").display());
        let options = ConnectOptions::new(url).max_connections(1).to_owned();
        let one = Database::connect(options.clone()).await.unwrap();
        let other = Database::connect(options).await.unwrap();
        one.execute_unprepared("BEGIN IMMEDIATE").await.unwrap();
        other.execute_unprepared("PRAGMA busy_timeout = 1").await.unwrap();
        let held = other.execute_unprepared("CREATE TABLE t (a)").await.unwrap_err();
        let unavailable = AppError::Unavailable { retry_after_s: Some(1) };
        assert_eq!(AppError::from(held.clone()), unavailable);
        assert_eq!(AppError::from(LogError::from(held)), unavailable);
        let none = DbErr::ConnectionAcquire(ConnAcquireErr::Timeout);
        assert_eq!(AppError::from(none), unavailable);
    }

    #[tokio::test]
    async fn what_postgresql_refuses_for_now_is_unavailable() {
        if !on_postgres() {
            return;
        }
        let database = TestDatabase::empty().await;
        let one = connect(database.url(), WhenMissing::Refuse).await.unwrap();
        let other = connect(database.url(), WhenMissing::Refuse).await.unwrap();
        one.execute_unprepared("CREATE TABLE t (a TEXT)").await.unwrap();
        one.execute_unprepared("BEGIN; LOCK TABLE t").await.unwrap();
        let failed = async |sql: &str| other.execute_unprepared(sql).await.unwrap_err();
        let held = failed("SET lock_timeout = 1; TABLE t").await;
        assert_eq!(AppError::from(held), AppError::Unavailable { retry_after_s: Some(1) });
        let ended = failed("SELECT pg_terminate_backend(pg_backend_pid())").await;
        assert_eq!(AppError::from(ended.clone()), AppError::UNAVAILABLE);
        assert_eq!(AppError::from(LogError::from(ended)), AppError::UNAVAILABLE);
        // The next statement has another session.
        other.execute_unprepared("SELECT 1").await.unwrap();
    }

    #[test]
    fn causes_are_told_once_and_on_one_line() {
        let error = layers(&["cannot open", "query: no such\ntable", "no such\ntable"]).unwrap();
        assert_eq!(with_causes(&*error), "cannot open: query: no such table");
    }
}
