//! The sign-in form, as a browser posts it with or without JavaScript.
//!
//! Owns what a failure looks like: the same page again, with what was typed and why it failed. It
//! must not decide who may sign in.

use axum::{
    Form,
    body::Body,
    extract::{FromRequest, Query, Request, State},
    http::{HeaderValue, header::RETRY_AFTER},
    response::{IntoResponse, Redirect, Response},
};
use axum_extra::extract::CookieJar;
use leptos::prelude::provide_context;
use serde::Deserialize;

use super::{client::ClientAddress, provide_page};
use crate::{
    account::{http::sign_in_with_cookie, view::SignInAttempt},
    app::{self, shell},
    server::{failure::status_of, input::unread_form, state::AppState},
};

#[derive(Deserialize)]
struct SignInForm {
    #[serde(default)]
    email: String,
    #[serde(default)]
    password: String,
}

#[derive(Default, Deserialize)]
struct SignInQuery {
    next: Option<String>,
}

/// `POST /login`.
pub async fn sign_in(
    State(state): State<AppState>,
    client: ClientAddress,
    jar: CookieJar,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    let Query(query) = Query::<SignInQuery>::try_from_uri(&parts.uri).unwrap_or_default();
    let request = Request::from_parts(parts.clone(), body);
    let form = match Form::<SignInForm>::from_request(request, &()).await {
        Ok(Form(form)) => form,
        Err(rejection) => return unread_form(rejection).into_response(),
    };
    let counted = state.attempts.count(client.0, &form.email);
    let signed_in = match counted {
        Ok(()) => {
            let SignInForm { email, password } = &form;
            sign_in_with_cookie(&state, jar, &parts.headers, email, password).await
        }
        Err(error) => Err(error),
    };
    let error = match signed_in {
        Ok((jar, _)) => {
            return (jar, Redirect::to(app::local_path(query.next.as_deref()))).into_response();
        }
        Err(error) => error,
    };
    let (status, retry_after) = (status_of(&error), error.retry_after_s());
    let attempt = SignInAttempt { email: form.email, error };
    let options = state.leptos.clone();
    let render = leptos_axum::render_app_async_with_context(
        move || {
            provide_page(&state);
            provide_context(attempt.clone());
        },
        move || shell(options.clone()),
    );
    let mut response = render(Request::from_parts(parts, Body::empty())).await;
    *response.status_mut() = status;
    if let Some(seconds) = retry_after {
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}
