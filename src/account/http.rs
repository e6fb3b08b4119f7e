//! Who asks, over HTTP: the cookie or the token of each request, and signing in and out by
//! program or form.
//!
//! Owns the layer that finds out, its extractors, and the endpoints of sessions and tokens. It must
//! not decide anything; `session` and `token` do.

mod tokens;

use std::convert::Infallible;

use axum::{
    Json,
    extract::{FromRequestParts, Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts},
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
    routing::post,
};
use axum_extra::extract::CookieJar;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{caller::Caller, credentials::Presented, model::CurrentUser, session, token};
use crate::{
    error::AppError,
    server::{
        http::client::ClientAddress,
        input::JsonBody,
        openapi::{ChangeRefusals, ReadRefusals},
        state::AppState,
    },
};

/// Who sent the request, or `None`. Without [`session_layer`] around the route it is `None`.
#[derive(Clone, Debug)]
pub struct MaybeSession(pub Option<Caller>);

/// Why an admin signed out whoever sent the request; without that it is not there.
#[derive(Clone, Debug)]
pub struct SignedOutFor(pub String);

/// The request's user; who has none is refused with [`AppError::Unauthenticated`].
#[derive(Clone, Debug)]
pub struct SignedIn(pub CurrentUser);

/// The endpoints: `GET`, `POST` and `DELETE /api/v1/session` for programs, `POST /logout` for the
/// form, `GET` and `POST /api/v1/tokens`, and `DELETE /api/v1/tokens/{id}`.
pub fn routes() -> OpenApiRouter<AppState> {
    tokens::routes()
        .routes(routes!(show_session, create_session, delete_session))
        .route("/logout", post(log_out))
}

/// Middleware that finds out who asks, once for each request, and leaves it in the request's
/// extensions for the extractors.
///
/// A request with an API token is that of the token alone: one that opens nothing is refused even
/// beside the cookie of a session, because a program that presents it must learn of it.
pub async fn session_layer(
    State(state): State<AppState>,
    mut request: Request,
    next: Next,
) -> Response {
    let found = match Presented::by(request.headers()) {
        Presented::Token(None) => Err(AppError::InvalidToken),
        Presented::Token(Some(secret)) => match token::find(&state, &secret).await {
            Ok(None) => Err(AppError::InvalidToken),
            found => found,
        },
        Presented::Session(secret) => match session::find(&state, &secret).await {
            Ok(None) => session::why_ended(&state, &secret).await.map(|reason| {
                if let Some(reason) = reason {
                    request.extensions_mut().insert(SignedOutFor(reason));
                }
                None
            }),
            found => found,
        },
        Presented::Nothing => Ok(None),
    };
    match found {
        Ok(caller) => {
            request.extensions_mut().insert(MaybeSession(caller));
            challenged(next.run(request).await, "Bearer")
        }
        // A database that fails must not look like being signed out.
        Err(error) => challenged(error.into_response(), "Bearer error=\"invalid_token\""),
    }
}

/// Every 401 names a way in, as HTTP asks (RFC 9110, 15.5.2).
fn challenged(mut response: Response, challenge: &'static str) -> Response {
    if response.status() == StatusCode::UNAUTHORIZED {
        let challenge = HeaderValue::from_static(challenge);
        response.headers_mut().entry(header::WWW_AUTHENTICATE).or_insert(challenge);
    }
    response
}

/// Signs in and adds the session's cookie to a jar, which the response must carry. `headers` are
/// the request's.
///
/// # Errors
/// As [`session::sign_in`].
pub async fn sign_in_with_cookie(
    state: &AppState,
    jar: CookieJar,
    headers: &HeaderMap,
    email: &str,
    password: &str,
) -> Result<(CookieJar, CurrentUser), AppError> {
    let user_agent = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok());
    let user_agent = user_agent.unwrap_or_default();
    let (secret, user) = session::sign_in(state, email, password, user_agent).await?;
    Ok((jar.add(session::cookie(&secret, &state.configuration.studio)), user))
}

impl<S: Send + Sync> FromRequestParts<S> for MaybeSession {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(parts.extensions.get().cloned().unwrap_or(Self(None)))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for SignedIn {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, AppError> {
        let Caller { user, .. } = Caller::from_request_parts(parts, &()).await?;
        Ok(Self(user))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Caller {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, AppError> {
        let found = parts.extensions.get::<MaybeSession>().and_then(|found| found.0.clone());
        found.ok_or(AppError::Unauthenticated)
    }
}

#[derive(Deserialize, ToSchema)]
struct Credentials {
    email: String,
    password: String,
}

/// The signed-in user.
#[utoipa::path(
    get,
    path = "/api/v1/session",
    tag = "account",
    responses((status = 200, body = CurrentUser), ReadRefusals),
)]
async fn show_session(SignedIn(user): SignedIn) -> Json<CurrentUser> {
    Json(user)
}

/// Signs in: the answer carries the cookie of the session.
#[utoipa::path(
    post,
    path = "/api/v1/session",
    tag = "account",
    request_body = Credentials,
    security(()),
    responses((status = 200, body = CurrentUser), ChangeRefusals),
)]
async fn create_session(
    State(state): State<AppState>,
    client: ClientAddress,
    jar: CookieJar,
    headers: HeaderMap,
    JsonBody(given): JsonBody<Credentials>,
) -> Result<(CookieJar, Json<CurrentUser>), AppError> {
    state.attempts.count(client.0, &given.email)?;
    let signed_in = sign_in_with_cookie(&state, jar, &headers, &given.email, &given.password);
    let (jar, user) = signed_in.await?;
    Ok((jar, Json(user)))
}

/// Signs out.
#[utoipa::path(
    delete,
    path = "/api/v1/session",
    tag = "account",
    responses((status = 204), ChangeRefusals),
)]
async fn delete_session(
    State(state): State<AppState>,
    MaybeSession(caller): MaybeSession,
    jar: CookieJar,
) -> Result<(StatusCode, CookieJar), AppError> {
    Ok((StatusCode::NO_CONTENT, sign_out(&state, caller, jar).await?))
}

/// Signs out, and takes the pages that going back would show out of the browser.
async fn log_out(
    State(state): State<AppState>,
    MaybeSession(caller): MaybeSession,
    jar: CookieJar,
) -> Result<(CookieJar, [(&'static str, &'static str); 1], Redirect), AppError> {
    let forget = [("clear-site-data", "\"cache\"")];
    Ok((sign_out(&state, caller, jar).await?, forget, Redirect::to("/login")))
}

/// Ends the session and takes the cookie out of the jar. A request without the cookie, such as a
/// form on another site sends, removes nothing.
async fn sign_out(
    state: &AppState,
    caller: Option<Caller>,
    jar: CookieJar,
) -> Result<CookieJar, AppError> {
    if let Some(caller) = caller {
        session::sign_out(&state.live, &caller).await?;
    }
    Ok(jar.remove(session::empty_cookie(&state.configuration.studio)))
}
