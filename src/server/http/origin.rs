//! Origins: which other sites' pages may send requests, and which may read the answers.
//!
//! Owns both decisions for all routes. It must not know who is signed in.

use std::{convert::Infallible, time::Duration};

use axum::{
    extract::{Request, State},
    http::{
        HeaderName, HeaderValue, Method,
        header::{AUTHORIZATION, CONTENT_TYPE, HOST, ORIGIN, RETRY_AFTER},
    },
    middleware::Next,
    response::{IntoResponse, Response},
};
use tower::{Layer, ServiceExt, service_fn};
use tower_http::cors::CorsLayer;

use super::functions;
use crate::{
    error::AppError,
    server::{input::IDEMPOTENCY_KEY, output::AS_OF, state::AppState},
};

/// How long a browser may remember what it was allowed, in seconds.
const REMEMBERED: Duration = Duration::from_secs(600);

/// Middleware that refuses requests which change something and were sent by a page of another
/// origin. Browsers say so in `Sec-Fetch-Site`, older ones in `Origin`; what says neither is no
/// browser, and carries no cookie that it was not given. The rules are those of Go's
/// `http.CrossOriginProtection`.
pub async fn refuse_foreign(
    State(state): State<AppState>,
    request: Request,
    next: Next,
) -> Response {
    if request.method().is_safe() || has_token(&request) || is_own(&request) {
        return next.run(request).await;
    }
    if allowed_origin(&state, &request).is_some() {
        return next.run(request).await;
    }
    let message = "This request came from a page of another site.".to_owned();
    AppError::Forbidden { message }.into_response()
}

/// Middleware that lets pages of the configured origins use REST and streams. All others, and all
/// other routes, get no header of it.
pub async fn share(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let Some(origin) = allowed_origin(&state, &request) else {
        return next.run(request).await;
    };
    let layer = CorsLayer::new()
        // A list, so that `Vary` says that the answer depends on it.
        .allow_origin([origin])
        .allow_credentials(true)
        .allow_methods([Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE])
        .allow_headers([
            AUTHORIZATION,
            CONTENT_TYPE,
            IDEMPOTENCY_KEY,
            HeaderName::from_static("last-event-id"),
        ])
        .expose_headers([AS_OF, RETRY_AFTER, HeaderName::from_static("x-request-id")])
        .max_age(REMEMBERED);
    let rest = service_fn(|request| {
        let next = next.clone();
        async { Ok::<_, Infallible>(next.run(request).await) }
    });
    layer.layer(rest).oneshot(request).await.unwrap_or_else(|never| match never {})
}

/// The request's origin, if it is one of those configured and the route is open to them.
fn allowed_origin(state: &AppState, request: &Request) -> Option<HeaderValue> {
    let path = request.uri().path();
    if !path.starts_with("/api/") || path.starts_with(functions::PREFIX) {
        return None;
    }
    let origin = request.headers().get(ORIGIN)?;
    state.configuration.studio.cors_origins.contains(origin).then(|| origin.clone())
}

/// A page of another origin cannot add this header unless it was allowed to, and a request that
/// has it is that of the token, whatever cookie it carries.
fn has_token(request: &Request) -> bool {
    let value = request.headers().get(AUTHORIZATION).map(HeaderValue::as_bytes).unwrap_or_default();
    value.get(..7).is_some_and(|scheme| scheme.eq_ignore_ascii_case(b"bearer "))
}

/// Whether no page of another origin sent it.
fn is_own(request: &Request) -> bool {
    let header = |name: &str| {
        let value = request.headers().get(name)?;
        // What is no text is not what a browser says of our own pages.
        Some(value.to_str().unwrap_or("?")).filter(|text| !text.is_empty())
    };
    if let Some(site) = header("sec-fetch-site") {
        return site == "same-origin" || site == "none";
    }
    let Some(origin) = header(ORIGIN.as_str()) else { return true };
    let origin = origin.split_once("://").map(|(_, host)| host);
    let authority = request.uri().authority().map(|authority| authority.as_str());
    let host = header(HOST.as_str()).or(authority);
    origin.is_some() && origin == host
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    fn request(headers: &[(&str, &str)]) -> Request {
        let mut request = Request::builder().method("POST").uri("/login");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.body(Body::empty()).unwrap()
    }

    #[test]
    fn what_the_browser_says_of_the_site_decides_and_else_the_origin() {
        let host = ("host", "studio.example:3000");
        for (headers, own) in [
            (&[host][..], true),
            (&[host, ("sec-fetch-site", "same-origin")], true),
            (&[host, ("sec-fetch-site", "none")], true),
            (&[host, ("sec-fetch-site", "same-site")], false),
            (&[host, ("sec-fetch-site", "cross-site")], false),
            (
                &[host, ("sec-fetch-site", "cross-site"), ("origin", "http://studio.example:3000")],
                false,
            ),
            (&[host, ("origin", "http://studio.example:3000")], true),
            (&[host, ("origin", "https://studio.example:3000")], true),
            (&[host, ("origin", "http://studio.example")], false),
            (&[host, ("origin", "http://evil.example")], false),
            (&[host, ("origin", "null")], false),
            (&[host, ("origin", "studio.example:3000")], false),
            (&[("origin", "http://studio.example")], false),
        ] {
            assert_eq!(is_own(&request(headers)), own, "{headers:?}");
        }
    }

    #[test]
    fn only_a_bearer_token_is_one() {
        assert!(has_token(&request(&[("authorization", "Bearer x")])));
        assert!(has_token(&request(&[("authorization", "bearer x")])));
        for value in ["", "Basic x", "Bearer", "bearerx x"] {
            assert!(!has_token(&request(&[("authorization", value)])), "{value:?}");
        }
    }
}
