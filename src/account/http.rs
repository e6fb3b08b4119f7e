//! Sessions over HTTP: the cookie of each request, and signing in and out by program or form.
//!
//! Owns the session's layer, its extractors and its endpoints. It must not decide anything;
//! `session` does.

use std::convert::Infallible;

use axum::{
    Json, Router,
    extract::{FromRequestParts, Request, State},
    http::{StatusCode, request::Parts},
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use axum_extra::extract::CookieJar;
use serde::Deserialize;

use super::{
    model::CurrentUser,
    session::{self, COOKIE, SignedInSession, Token},
};
use crate::{
    error::AppError,
    server::{input::JsonBody, state::AppState},
};

/// The request's session, or `None`. Without [`session_layer`] around the route it is `None`.
#[derive(Clone, Debug)]
pub struct MaybeSession(pub Option<SignedInSession>);

/// The request's user; who has none is refused with [`AppError::Unauthenticated`].
#[derive(Clone, Debug)]
pub struct SignedIn(pub CurrentUser);

/// The endpoints: `GET`, `POST` and `DELETE /api/v1/session` for programs, `POST /logout` for the form.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/api/v1/session", get(show_session).post(create_session).delete(delete_session))
        .route("/logout", post(log_out))
}

/// Middleware that looks the session up, once for each request that has the cookie, and leaves it
/// in the request's extensions for the extractors.
pub async fn session_layer(
    State(state): State<AppState>,
    jar: CookieJar,
    mut request: Request,
    next: Next,
) -> Response {
    let token = jar.get(COOKIE).and_then(|cookie| Token::parse(cookie.value()));
    let session = match token {
        Some(token) => match session::find(&state, &token).await {
            Ok(session) => session,
            // A database that fails must not look like being signed out.
            Err(error) => return error.into_response(),
        },
        None => None,
    };
    request.extensions_mut().insert(MaybeSession(session));
    next.run(request).await
}

/// Signs in and adds the session's cookie to a jar, which the response must carry.
///
/// # Errors
/// As [`session::sign_in`].
pub async fn sign_in_with_cookie(
    state: &AppState,
    jar: CookieJar,
    email: &str,
    password: &str,
) -> Result<(CookieJar, CurrentUser), AppError> {
    let (token, user) = session::sign_in(state, email, password).await?;
    Ok((jar.add(token.cookie(&state.configuration.studio)), user))
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
        let session = parts.extensions.get::<MaybeSession>().and_then(|found| found.0.as_ref());
        session.map(|session| Self(session.user.clone())).ok_or(AppError::Unauthenticated)
    }
}

#[derive(Deserialize)]
struct Credentials {
    email: String,
    password: String,
}

/// The signed-in user; 401 when the session is over.
async fn show_session(SignedIn(user): SignedIn) -> Json<CurrentUser> {
    Json(user)
}

/// `{email,password}` → the user, and the cookie.
async fn create_session(
    State(state): State<AppState>,
    jar: CookieJar,
    JsonBody(given): JsonBody<Credentials>,
) -> Result<(CookieJar, Json<CurrentUser>), AppError> {
    let (jar, user) = sign_in_with_cookie(&state, jar, &given.email, &given.password).await?;
    Ok((jar, Json(user)))
}

async fn delete_session(
    State(state): State<AppState>,
    MaybeSession(session): MaybeSession,
    jar: CookieJar,
) -> Result<(StatusCode, CookieJar), AppError> {
    Ok((StatusCode::NO_CONTENT, sign_out(&state, session, jar).await?))
}

async fn log_out(
    State(state): State<AppState>,
    MaybeSession(session): MaybeSession,
    jar: CookieJar,
) -> Result<(CookieJar, Redirect), AppError> {
    Ok((sign_out(&state, session, jar).await?, Redirect::to("/login")))
}

/// Ends the session and takes the cookie out of the jar. A request without the cookie, such as a
/// form on another site sends, removes nothing.
async fn sign_out(
    state: &AppState,
    session: Option<SignedInSession>,
    jar: CookieJar,
) -> Result<CookieJar, AppError> {
    if let Some(session) = session {
        session::sign_out(state, &session.id).await?;
    }
    Ok(jar.remove(session::empty_cookie(&state.configuration.studio)))
}
