//! The one error type at the boundary: safe to show, the same over REST and server functions.
//!
//! Owns the words for the user and the HTTP status. It must not carry causes: those are logged
//! where they are turned into [`AppError::Internal`].

use leptos::prelude::{FromServerFnError, ServerFnErrorErr};
use leptos::server_fn::codec::JsonEncoding;
use serde::{Deserialize, Serialize};

/// Why a request was not done. Its text is fit for the user; its JSON is tagged by `code`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum AppError {
    /// Nobody is signed in.
    #[error("Sign in first.")]
    Unauthenticated,
    /// There is no account with that email address and password. It does not say which is wrong.
    #[error("The email or the password is wrong.")]
    WrongCredentials,
    /// The signed-in user may not do this.
    #[error("{message}")]
    Forbidden {
        /// What is not allowed.
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
        field: Option<String>,
        /// What is wrong with it.
        message: String,
    },
    /// The input was right for a state that has passed; nothing was changed.
    #[error("{message}")]
    Conflict {
        /// What is in the way.
        message: String,
    },
    /// The server cannot answer now.
    #[error("The server cannot answer right now. Try again in a moment.")]
    Unavailable,
    /// Something failed on the server; its log says what.
    #[error("Something went wrong on our side. It has been logged.")]
    Internal,
    /// The request or its answer was lost, so whether it was done is unknown.
    #[error("The server could not be reached.")]
    Unreachable,
}

impl AppError {
    /// A refusal of one field of the input.
    pub fn invalid(field: &str, message: impl Into<String>) -> Self {
        Self::Invalid { field: Some(field.to_owned()), message: message.into() }
    }

    /// The HTTP status that goes with it.
    pub fn status(&self) -> u16 {
        match self {
            Self::Unauthenticated | Self::WrongCredentials => 401,
            Self::Forbidden { .. } => 403,
            Self::NotFound { .. } => 404,
            Self::Conflict { .. } => 409,
            Self::Invalid { .. } => 422,
            Self::Internal => 500,
            Self::Unavailable | Self::Unreachable => 503,
        }
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
            | Self::Unauthenticated
            | Self::WrongCredentials => true,
            Self::Unavailable | Self::Internal | Self::Unreachable => false,
        }
    }
}

impl FromServerFnError for AppError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Args(message) | ServerFnErrorErr::MissingArg(message) => {
                Self::Invalid { field: None, message }
            }
            ServerFnErrorErr::Request(_)
            | ServerFnErrorErr::Response(_)
            | ServerFnErrorErr::Deserialization(_) => Self::Unreachable,
            _ => Self::Internal,
        }
    }
}
