//! What a request brings, read the same way at every endpoint: JSON bodies, query strings and
//! segments of the path.
//!
//! Owns the extractors that refuse with an [`AppError`]. It must not know what is read.

use std::{error::Error, iter};

use axum::{
    body::Bytes,
    extract::{
        FromRequest, FromRequestParts, Path, Query, Request,
        rejection::{BytesRejection, FailedToBufferBody, FormRejection, PathRejection},
    },
    http::{HeaderMap, HeaderName, Uri, header::CONTENT_TYPE, request::Parts},
};
use highwater::MutationId;
use serde::de::{DeserializeOwned, value};

use crate::{arguments, error::AppError};

/// The request header that makes a repeated change safe: 32 hexadecimal digits, new for each
/// change. A repeat is answered with the first outcome.
pub const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// A body of JSON, an object.
pub struct JsonBody<T>(pub T);

/// The query string's parameters.
pub struct Params<T>(pub T);

/// The one segment of the path that the route leaves open.
pub struct Segment(pub String);

/// The two segments of the path that the route leaves open.
pub struct Segments(pub String, pub String);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for JsonBody<T> {
    type Rejection = AppError;

    async fn from_request(request: Request, state: &S) -> Result<Self, AppError> {
        expect_json(request.headers())?;
        let body = Bytes::from_request(request, state).await.map_err(unread)?;
        arguments::read(&body).map(Self)
    }
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Params<T> {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, AppError> {
        parameters(&parts.uri).map(Self)
    }
}

/// The parameters of an address.
///
/// # Errors
/// [`AppError::Malformed`] for what is no query string, [`AppError::Invalid`] for another one.
pub fn parameters<T: DeserializeOwned>(address: &Uri) -> Result<T, AppError> {
    if !is_text(address.query().unwrap_or_default()) {
        let message = "The query string is not percent-encoded UTF-8.".to_owned();
        return Err(AppError::Malformed { message });
    }
    Query::try_from_uri(address).map(|Query(read)| read).map_err(|rejection| {
        let causes = iter::successors(rejection.source(), |cause| (*cause).source());
        let mut faults = causes.filter_map(<dyn Error>::downcast_ref);
        let fault: Option<&serde_path_to_error::Error<value::Error>> = faults.next();
        let field = fault.map(|fault| fault.path().to_string()).filter(|path| path != ".");
        let message = fault.map_or_else(|| rejection.body_text(), ToString::to_string);
        AppError::Invalid { field, message: format!("{message}.") }
    })
}

impl<S: Send + Sync> FromRequestParts<S> for Segment {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, AppError> {
        Path::from_request_parts(parts, state).await.map(|Path(text)| Self(text)).map_err(no_text)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Segments {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, AppError> {
        let Path((one, other)) = Path::from_request_parts(parts, state).await.map_err(no_text)?;
        Ok(Self(one, other))
    }
}

/// Why a segment could not be taken.
fn no_text(_: PathRejection) -> AppError {
    AppError::Malformed { message: "The path is not UTF-8.".to_owned() }
}

/// Requires a body to be of JSON. A form on another site cannot send that.
///
/// # Errors
/// [`AppError::UnsupportedMediaType`] for another type, or none.
pub fn expect_json(headers: &HeaderMap) -> Result<(), AppError> {
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    if kind.eq_ignore_ascii_case("application/json") {
        return Ok(());
    }
    let message = "Send the body as application/json.".to_owned();
    Err(AppError::UnsupportedMediaType { message })
}

/// The mutation that a request is, if it says so.
///
/// # Errors
/// [`AppError::Invalid`] for a key of another form.
pub fn mutation_id(headers: &HeaderMap) -> Result<Option<MutationId>, AppError> {
    let Some(value) = headers.get(IDEMPOTENCY_KEY) else {
        return Ok(None);
    };
    let key = value.to_str().ok().and_then(|text| text.to_ascii_lowercase().parse().ok());
    let wrong = || AppError::invalid("Idempotency-Key", "It must be 32 hexadecimal digits.");
    key.map(Some).ok_or_else(wrong)
}

/// Why a body could not be taken.
pub fn unread(rejection: BytesRejection) -> AppError {
    match rejection {
        BytesRejection::FailedToBufferBody(FailedToBufferBody::LengthLimitError(_)) => {
            AppError::TooLarge { message: "The body is too large.".to_owned() }
        }
        _ => AppError::Malformed { message: "The body broke off.".to_owned() },
    }
}

/// Why a form could not be taken.
pub fn unread_form(rejection: FormRejection) -> AppError {
    match rejection {
        FormRejection::BytesRejection(rejection) => unread(rejection),
        FormRejection::InvalidFormContentType(_) => {
            let message = "Send the form as application/x-www-form-urlencoded.".to_owned();
            AppError::UnsupportedMediaType { message }
        }
        _ => AppError::Malformed { message: "The form cannot be read.".to_owned() },
    }
}

/// Whether each `%` begins a byte in hexadecimal digits, and the bytes are UTF-8.
fn is_text(encoded: &str) -> bool {
    let mut decoded = Vec::with_capacity(encoded.len());
    let mut rest = encoded.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        if byte != b'%' {
            decoded.push(byte);
            continue;
        }
        let mut pair = [0];
        let Some((digits, after)) = rest.split_at_checked(2) else { return false };
        if hex::decode_to_slice(digits, &mut pair).is_err() {
            return false;
        }
        decoded.extend(pair);
        rest = after;
    }
    std::str::from_utf8(&decoded).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_encoded_utf_8_is_text() {
        for text in ["", "a=b&c=%20d", "q=M%C3%BCller", "q=a+b", "q=%25"] {
            assert!(is_text(text), "{text}");
        }
        for text in ["q=%", "q=%2", "q=%zz", "q=%ff", "q=%C3", "q=%C3x"] {
            assert!(!is_text(text), "{text}");
        }
    }

    #[test]
    fn the_type_of_json_may_have_parameters() {
        let of = |kind: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(CONTENT_TYPE, kind.parse().unwrap());
            expect_json(&headers).is_ok()
        };
        assert!(of("application/json") && of("Application/JSON; charset=utf-8"));
        assert!(!of("text/plain") && !of("application/json5") && !of(""));
        assert!(expect_json(&HeaderMap::new()).is_err());
    }
}
