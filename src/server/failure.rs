//! Failures at the boundary: how causes become an [`AppError`], and that a response.
//!
//! Owns the one place where a cause is logged, and the JSON of every error that a program gets.
//! It must not let a cause reach the client.

use std::error::Error;

use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use highwater::server::LogError;
use sea_orm::DbErr;
use serde_json::{Map, Value, json};

use crate::{account::password::PasswordError, error::AppError};

/// The body of an error response: `{"error":{"code","message","field"?}}`.
pub fn body(error: &AppError) -> Value {
    // Its own JSON has the code and, where one is to blame, the field.
    let own = serde_json::to_value(error).unwrap_or_default();
    let mut described = Map::new();
    described.insert("code".to_owned(), own["code"].clone());
    described.insert("message".to_owned(), error.to_string().into());
    if let Some(field) = own["field"].as_str() {
        described.insert("field".to_owned(), field.into());
    }
    json!({ "error": described })
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
        let status =
            StatusCode::from_u16(self.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        (status, Json(body(&self))).into_response()
    }
}

impl From<DbErr> for AppError {
    fn from(error: DbErr) -> Self {
        internal("the database failed", &error)
    }
}

impl From<LogError> for AppError {
    fn from(error: LogError) -> Self {
        match error {
            LogError::Behind => Self::Unavailable,
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

fn internal(what: &str, cause: &dyn Error) -> AppError {
    tracing::error!(cause = with_causes(cause), "{what}");
    AppError::Internal
}

#[cfg(test)]
mod tests {
    use super::*;

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
    fn a_body_has_code_message_and_the_field_to_blame() {
        let found = body(&AppError::invalid("email", "That is not an email address."));
        let expected = json!({"error": {
            "code": "invalid", "message": "That is not an email address.", "field": "email",
        }});
        assert_eq!(found, expected);
    }

    #[test]
    fn a_body_without_a_field_does_not_mention_one() {
        let found = body(&AppError::WrongCredentials);
        let expected = json!({"error": {
            "code": "wrong_credentials", "message": "The email or the password is wrong.",
        }});
        assert_eq!(found, expected);
    }

    #[test]
    fn a_cause_never_reaches_the_client() {
        let error = AppError::from(DbErr::Custom("secret table".to_owned()));
        assert_eq!(error, AppError::Internal);
        assert!(!body(&error).to_string().contains("secret"));
    }

    #[test]
    fn causes_are_told_once_and_on_one_line() {
        let error = layers(&["cannot open", "query: no such\ntable", "no such\ntable"]).unwrap();
        assert_eq!(with_causes(&*error), "cannot open: query: no such table");
    }
}
