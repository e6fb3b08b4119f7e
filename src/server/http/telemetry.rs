//! What is told of each request: one line in the log, under an id, and its place in the metrics.
//!
//! Owns the id, the span that carries it, and which parts of a request may be told. A query string,
//! a header or a body never is: they hold what people typed, cookies and tokens.

use std::time::{Duration, Instant};

use axum::{
    extract::{MatchedPath, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue},
    middleware::Next,
    response::Response,
};
use tracing::{Instrument, Span, field};

use super::handover::Beside;
use crate::{
    account::{http::MaybeSession, model::UserId},
    server::state::AppState,
};

/// The header of a request's id, of the request and of its response.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The longest id that is taken over, in characters.
const MAX_ID_CHARS: usize = 64;

/// Who asked, as a response tells it to the layers around it.
#[derive(Clone, Copy)]
struct AskedBy(UserId);

/// Middleware around everything: gives the request its id and tells of it once it is answered.
pub async fn tell(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let id = request_id(request.headers());
    let method = request.method().clone();
    let path = request.uri().path().to_owned();
    let route = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    // Of the highest level, so that a line that passes the filter has it.
    let span = tracing::error_span!("request", %id, %method, path, user = field::Empty);
    let began = Instant::now();
    let mut response = next.run(request).instrument(span.clone()).await;

    let (status, took) = (response.status(), began.elapsed());
    if let Some(AskedBy(user)) = response.extensions().get() {
        span.record("user", user.0);
    }
    state.metrics.request(&method, route.as_deref(), status, took);
    if let Some(stream) = response.extensions().get::<Beside>() {
        span.in_scope(|| tracing::info!(status = status.as_u16(), "stream opened"));
        stream.drop_at_end(Closing { span, began });
    } else {
        let ms = milliseconds(took);
        span.in_scope(|| tracing::info!(status = status.as_u16(), ms, "answered"));
    }
    if let Ok(id) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    response
}

/// Middleware inside that of the session: names the user in the span and to the layers around.
pub async fn name_user(request: Request, next: Next) -> Response {
    let found = request.extensions().get::<MaybeSession>();
    let user = found.and_then(|found| found.0.as_ref()).map(|caller| caller.user.id);
    if let Some(user) = user {
        Span::current().record("user", user.0);
    }
    let mut response = next.run(request).await;
    if let Some(user) = user {
        response.extensions_mut().insert(AskedBy(user));
    }
    response
}

/// The client's own id, if it is short and plain, else a new one.
fn request_id(headers: &HeaderMap) -> String {
    let given = headers.get(REQUEST_ID).and_then(|id| id.to_str().ok()).filter(|id| {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
        !id.is_empty() && id.len() <= MAX_ID_CHARS && id.bytes().all(plain)
    });
    given.map_or_else(new_id, ToOwned::to_owned)
}

/// 128 random bits; without a source of them, an id that tells nothing apart is better than no
/// answer.
fn new_id() -> String {
    let mut random = [0; 16];
    let _ = getrandom::fill(&mut random);
    hex::encode(random)
}

/// Tells of a stream's end when it is dropped, however it ended.
struct Closing {
    span: Span,
    began: Instant,
}

impl Drop for Closing {
    fn drop(&mut self) {
        let ms = milliseconds(self.began.elapsed());
        self.span.in_scope(|| tracing::info!(ms, "stream closed"));
    }
}

fn milliseconds(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id_for(given: &str) -> String {
        let mut headers = HeaderMap::new();
        headers.insert(REQUEST_ID, given.parse().unwrap());
        request_id(&headers)
    }

    #[test]
    fn a_plain_id_is_taken_over_and_anything_else_replaced() {
        for given in ["a", "0123-abc_DEF.9", &"x".repeat(64)] {
            assert_eq!(id_for(given), given);
        }
        for given in ["", "a b", "a\tb", "a=b", "a\"b", &"x".repeat(65)] {
            let id = id_for(given);
            assert!(id.len() == 32 && id != given, "{given:?} became {id}");
        }
        assert_ne!(request_id(&HeaderMap::new()), request_id(&HeaderMap::new()));
    }
}
