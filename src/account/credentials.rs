//! What a request presents to say who sent it: an API token, else the cookie of a session.
//!
//! Owns reading both from the headers. It must not know whom they belong to, nor whether they open
//! anything.

use axum::http::{HeaderMap, header};
use axum_extra::extract::CookieJar;

use super::{model::TOKEN_PREFIX, secret::Secret, session::COOKIE};

/// What a request presents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Presented {
    /// An API token; `None` is one that never was, and opens nothing.
    Token(Option<Secret>),
    /// The cookie of a session.
    Session(Secret),
    /// Nothing, or what was never a session's.
    Nothing,
}

impl Presented {
    /// What the headers of a request present. A request with an API token is that of the token
    /// alone, whatever its cookies are.
    pub fn by(headers: &HeaderMap) -> Self {
        if let Some(token) = bearer(headers) {
            let digits = token.strip_prefix(TOKEN_PREFIX.as_bytes());
            return Self::Token(digits.and_then(Secret::parse));
        }
        let jar = CookieJar::from_headers(headers);
        let secret = jar.get(COOKIE).and_then(|cookie| Secret::parse(cookie.value().as_bytes()));
        secret.map_or(Self::Nothing, Self::Session)
    }
}

/// The token of an `Authorization: Bearer` header, if there is one. Other schemes concern others,
/// such as a proxy on the way.
fn bearer(headers: &HeaderMap) -> Option<&[u8]> {
    headers.get_all(header::AUTHORIZATION).iter().find_map(|value| {
        let (scheme, rest) = value.as_bytes().split_at_checked("bearer".len())?;
        let ends = rest.first().is_none_or(|byte| *byte == b' ');
        (ends && scheme.eq_ignore_ascii_case(b"bearer")).then(|| rest.trim_ascii())
    })
}
