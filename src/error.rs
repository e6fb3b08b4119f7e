//! The one error type at the boundary: safe to show, the same over REST and server functions.
//!
//! Owns the words for the user and the HTTP status. It must not carry causes: those are logged
//! where they are turned into [`AppError::Internal`].

use highwater::{QueryError, json};
use leptos::prelude::{FromServerFnError, ServerFnErrorErr};
use serde::{Deserialize, Serialize};

use crate::answers::TextJson;

/// Why a request was not done. Its text is fit for the user; its JSON is tagged by `code`, and
/// a part of the problem (RFC 9457) that a response tells, so each is read as the other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "code", rename_all = "snake_case", try_from = "Told")]
pub enum AppError {
    /// Nobody is signed in.
    #[error("Sign in first.")]
    Unauthenticated,
    /// A program presented an API token that opens nothing.
    #[error("This API token is not valid. It may have been revoked.")]
    InvalidToken,
    /// There is no account with that email address and password. It does not say which is wrong.
    #[error("The email or the password is wrong.")]
    WrongCredentials,
    /// The signed-in user may not do this.
    #[error("{message}")]
    Forbidden {
        /// What is not allowed.
        #[serde(rename = "detail")]
        message: String,
    },
    /// There is no such thing, or none that this user may know of.
    #[error("There is no such {what}.")]
    NotFound {
        /// The kind of thing, such as `order`.
        what: String,
    },
    /// The input is wrong; nothing was changed.
    #[error("{message}")]
    Invalid {
        /// The input's field, if one is to blame.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        field: Option<String>,
        /// What is wrong with it.
        #[serde(rename = "detail")]
        message: String,
    },
    /// The input was right for a state that has passed; nothing was changed.
    #[error("{message}")]
    Conflict {
        /// What is in the way.
        #[serde(rename = "detail")]
        message: String,
    },
    /// What was to be changed is another version than the one that the change was decided on;
    /// nothing was changed.
    #[error("{message}")]
    VersionConflict {
        /// What has happened, and what to do about it.
        #[serde(rename = "detail")]
        message: String,
        /// The version that it has now.
        current: u64,
    },
    /// The request cannot be read at all: it is no JSON, no UTF-8 or no query string.
    #[error("{message}")]
    Malformed {
        /// What is wrong with it.
        #[serde(rename = "detail")]
        message: String,
    },
    /// The body is of another type than the endpoint reads.
    #[error("{message}")]
    UnsupportedMediaType {
        /// The type to send.
        #[serde(rename = "detail")]
        message: String,
    },
    /// The endpoint knows other methods only.
    #[error("This address does not take requests of that method.")]
    MethodNotAllowed,
    /// The body is larger than the endpoint takes.
    #[error("{message}")]
    TooLarge {
        /// How large it may be.
        #[serde(rename = "detail")]
        message: String,
    },
    /// The address is longer than the server takes.
    #[error("The address is too long.")]
    AddressTooLong,
    /// The headers are larger than the server takes.
    #[error("The headers of the request are too large.")]
    HeadersTooLarge,
    /// It was asked too often; nothing was done.
    #[error("{message}")]
    TooManyRequests {
        /// What there was too much of.
        #[serde(rename = "detail")]
        message: String,
        /// After how many seconds it is worth trying again.
        retry_after_s: u32,
    },
    /// The server cannot answer now.
    #[error("The server cannot answer right now. Try again in a moment.")]
    Unavailable {
        /// After how many seconds it is worth trying again, if that is known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        retry_after_s: Option<u32>,
    },
    /// Something failed on the server; its log says what.
    #[error("Something went wrong on our side. It has been logged.")]
    Internal,
    /// The request or its answer was lost, so whether it was done is unknown.
    #[error("The server could not be reached.")]
    Unreachable,
}

/// Any of them, as it is read. Serde's own reading of a tagged enum keeps the JSON in between, and
/// compiles a reader for that: too much for a browser's bundle.
#[derive(Deserialize)]
struct Told {
    code: String,
    detail: Option<String>,
    what: Option<String>,
    field: Option<String>,
    current: Option<u64>,
    retry_after_s: Option<u32>,
}

impl TryFrom<Told> for AppError {
    type Error = &'static str;

    fn try_from(told: Told) -> Result<Self, &'static str> {
        let Told { code, detail, what, field, current, retry_after_s } = told;
        let message = detail.ok_or("missing field `detail`");
        Ok(match &*code {
            "unauthenticated" => Self::Unauthenticated,
            "invalid_token" => Self::InvalidToken,
            "wrong_credentials" => Self::WrongCredentials,
            "forbidden" => Self::Forbidden { message: message? },
            "not_found" => Self::NotFound { what: what.ok_or("missing field `what`")? },
            "invalid" => Self::Invalid { field, message: message? },
            "conflict" => Self::Conflict { message: message? },
            "version_conflict" => {
                let current = current.ok_or("missing field `current`")?;
                Self::VersionConflict { message: message?, current }
            }
            "malformed" => Self::Malformed { message: message? },
            "unsupported_media_type" => Self::UnsupportedMediaType { message: message? },
            "method_not_allowed" => Self::MethodNotAllowed,
            "too_large" => Self::TooLarge { message: message? },
            "address_too_long" => Self::AddressTooLong,
            "headers_too_large" => Self::HeadersTooLarge,
            "too_many_requests" => {
                let retry_after_s = retry_after_s.ok_or("missing field `retry_after_s`")?;
                Self::TooManyRequests { message: message?, retry_after_s }
            }
            "unavailable" => Self::Unavailable { retry_after_s },
            "internal" => Self::Internal,
            "unreachable" => Self::Unreachable,
            _ => return Err("unknown code"),
        })
    }
}

impl AppError {
    /// The server cannot answer, and does not know when it will.
    pub const UNAVAILABLE: Self = Self::Unavailable { retry_after_s: None };

    /// A refusal of one field of the input.
    pub fn invalid(field: &str, message: impl Into<String>) -> Self {
        Self::Invalid { field: Some(field.to_owned()), message: message.into() }
    }

    /// Itself as text, for a passage that carries text alone.
    pub(crate) fn to_text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Reads [`to_text`](Self::to_text); any other text is of an exchange that failed.
    fn from_text(text: &str) -> Self {
        json::read(text).unwrap_or(Self::Unreachable)
    }

    /// The HTTP status that goes with it.
    pub fn status(&self) -> u16 {
        match self {
            Self::Malformed { .. } => 400,
            Self::Unauthenticated | Self::InvalidToken | Self::WrongCredentials => 401,
            Self::Forbidden { .. } => 403,
            Self::NotFound { .. } => 404,
            Self::MethodNotAllowed => 405,
            Self::Conflict { .. } | Self::VersionConflict { .. } => 409,
            Self::TooLarge { .. } => 413,
            Self::AddressTooLong => 414,
            Self::UnsupportedMediaType { .. } => 415,
            Self::Invalid { .. } => 422,
            Self::TooManyRequests { .. } => 429,
            Self::HeadersTooLarge => 431,
            Self::Internal => 500,
            Self::Unavailable { .. } | Self::Unreachable => 503,
        }
    }

    /// After how many seconds it is worth trying again, if that is known.
    pub fn retry_after_s(&self) -> Option<u32> {
        match self {
            Self::TooManyRequests { retry_after_s, .. } => Some(*retry_after_s),
            Self::Unavailable { retry_after_s } => *retry_after_s,
            _ => None,
        }
    }
}

/// Why a query has nothing to show, in words.
pub fn words(error: &QueryError<AppError>) -> String {
    match error {
        QueryError::Refused(refusal) => refusal.to_string(),
        QueryError::Failed(failure) => failure.message.clone(),
    }
}

/// A fetch that brought this instead of an answer.
impl From<AppError> for highwater::FetchFailed {
    fn from(error: AppError) -> Self {
        Self { message: error.to_string() }
    }
}

impl highwater::Refusal for AppError {
    /// A server that refused what it had understood refuses it again; in every other case nobody
    /// knows yet, and the mutation is to be repeated.
    fn is_final(&self) -> bool {
        match self {
            Self::Forbidden { .. }
            | Self::NotFound { .. }
            | Self::Invalid { .. }
            | Self::Conflict { .. }
            | Self::VersionConflict { .. }
            | Self::Malformed { .. }
            | Self::UnsupportedMediaType { .. }
            | Self::MethodNotAllowed
            | Self::TooLarge { .. }
            | Self::AddressTooLong
            | Self::HeadersTooLarge
            | Self::Unauthenticated
            | Self::InvalidToken
            | Self::WrongCredentials => true,
            Self::TooManyRequests { .. }
            | Self::Unavailable { .. }
            | Self::Internal
            | Self::Unreachable => false,
        }
    }

    /// A database that is busy is the one thing here that says when to ask again.
    fn is_busy(&self) -> bool {
        matches!(self, Self::Unavailable { retry_after_s: Some(_) })
    }
}

impl FromServerFnError for AppError {
    type Encoder = TextJson;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Args(message) | ServerFnErrorErr::MissingArg(message) => {
                Self::Invalid { field: None, message }
            }
            // On the server it says how the arguments were refused (see `arguments`), in the
            // browser that an answer could not be read.
            ServerFnErrorErr::Deserialization(text) => Self::from_text(&text),
            ServerFnErrorErr::Request(_) | ServerFnErrorErr::Response(_) => Self::Unreachable,
            _ => Self::Internal,
        }
    }
}
