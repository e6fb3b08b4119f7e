//! What every response forbids the browser.
//!
//! Owns the content security policy and the headers beside it, and what may be kept of an answer.
//! It must not know pages.

use axum::{
    extract::{Request, State},
    http::{
        HeaderMap, HeaderName, HeaderValue,
        header::{
            CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY,
            STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS,
        },
    },
    middleware::Next,
    response::Response,
};
use leptos::{
    config::{LeptosOptions, ReloadWSProtocol},
    nonce::use_nonce,
    prelude::use_context,
};
use leptos_axum::ResponseOptions;

use crate::server::state::AppState;

/// Of what is no page: nothing is loaded on its behalf, wherever it is opened.
const POLICY_OF_DATA: &str = "default-src 'none'; frame-ancestors 'none'";

/// For a year, browsers come by TLS only.
const TRANSPORT: &str = "max-age=31536000";

/// Headers that are the same everywhere.
const ALWAYS: [(HeaderName, &str); 4] = [
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    // Other sites are not told what was looked at here.
    (REFERRER_POLICY, "same-origin"),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
    ),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
];

/// Middleware that adds the headers. What a handler said for itself stays.
pub async fn add(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let is_api = request.uri().path().starts_with("/api/");
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in ALWAYS {
        default(headers, name, value);
    }
    default(headers, CONTENT_SECURITY_POLICY, POLICY_OF_DATA);
    if state.configuration.studio.secure_cookies {
        default(headers, STRICT_TRANSPORT_SECURITY, TRANSPORT);
    }
    default(headers, CACHE_CONTROL, keeping(is_api, headers));
    response
}

/// What may be kept. Data is not kept at all. A page is kept by its own browser alone and asked
/// for again each time; only going back and forward shows it as it was left, and signing out
/// clears that away. `no-store` would make going back slow, and lose what was typed. A file's name
/// does not change with its content, so it is asked for again as well.
fn keeping(is_api: bool, headers: &HeaderMap) -> &'static str {
    let kind = headers.get(CONTENT_TYPE).map(HeaderValue::as_bytes).unwrap_or_default();
    if is_api {
        "no-store"
    } else if kind.starts_with(b"text/html") {
        "private, no-cache"
    } else {
        "no-cache"
    }
}

fn default(headers: &mut HeaderMap, name: HeaderName, value: &'static str) {
    headers.entry(name).or_insert(HeaderValue::from_static(value));
}

/// Gives the page that is being rendered its policy: scripts and styles from here, inline scripts
/// by this answer's nonce alone, and no inline style.
pub fn give_page_its_policy(options: &LeptosOptions) {
    let (Some(nonce), Some(response)) = (use_nonce(), use_context::<ResponseOptions>()) else {
        return;
    };
    let reload = reload_source(options, std::env::var_os("LEPTOS_WATCH").is_some());
    if let Ok(policy) = HeaderValue::from_str(&policy(&nonce, &reload)) {
        response.insert_header(CONTENT_SECURITY_POLICY, policy);
    }
}

fn policy(nonce: &str, reload: &str) -> String {
    format!(
        "default-src 'self'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; \
         connect-src 'self'{reload}; object-src 'none'; base-uri 'none'; form-action 'self'; \
         frame-ancestors 'none'"
    )
}

/// Where a page that `cargo leptos watch` serves hears of new builds. It is the one thing that
/// development needs beyond the policy.
fn reload_source(options: &LeptosOptions, watched: bool) -> String {
    if !watched {
        return String::new();
    }
    let scheme = match options.reload_ws_protocol {
        ReloadWSProtocol::WS => "ws",
        ReloadWSProtocol::WSS => "wss",
    };
    let port = options.reload_external_port.unwrap_or(options.reload_port);
    format!(" {scheme}://*:{port}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::configuration::Configuration;

    #[test]
    fn a_page_runs_what_is_ours_and_no_other_inline_script() {
        let policy = policy("abc", "");
        for part in [
            "default-src 'self';",
            "script-src 'self' 'nonce-abc' 'wasm-unsafe-eval';",
            "connect-src 'self';",
            "object-src 'none';",
            "base-uri 'none';",
            "form-action 'self';",
            "frame-ancestors 'none'",
        ] {
            assert!(policy.contains(part), "{part} in {policy}");
        }
        assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"));
    }

    #[test]
    fn only_a_watched_page_may_hear_of_new_builds() {
        let options = Configuration::load(None, []).unwrap().leptos;
        assert_eq!(reload_source(&options, false), "");
        assert_eq!(reload_source(&options, true), " ws://*:3001");
    }

    #[test]
    fn data_is_not_kept_and_pages_only_by_their_reader() {
        let of = |is_api, kind: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
            keeping(is_api, &headers)
        };
        assert_eq!(of(true, "application/json"), "no-store");
        assert_eq!(of(false, "text/html; charset=utf-8"), "private, no-cache");
        assert_eq!(of(false, "text/css"), "no-cache");
    }
}
