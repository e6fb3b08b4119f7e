//! The HTTP server: pages, server functions, REST and streams behind one router.
//!
//! Owns which layers surround which routes. It must not hold rules; slices bring their own routes.

mod functions;

use std::io;

use axum::{
    Form, Json, Router,
    body::Body,
    extract::{Query, Request, State},
    http::{HeaderValue, StatusCode, Uri, header, request::Parts},
    middleware::{self, Next},
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use axum_extra::extract::CookieJar;
use highwater::client::PageHead;
use leptos::prelude::{Callback, provide_context};
use leptos_axum::{
    LeptosRoutes, file_and_error_handler_with_context, generate_route_list, site_pkg_dir_service,
    site_pkg_dir_service_route_path,
};
use serde::Deserialize;
use serde_json::json;
use tokio::net::TcpListener;
use tower_http::compression::{
    CompressionLayer,
    predicate::{DefaultPredicate, NotForContentType, Predicate},
};

use super::{state::AppState, streams};
use crate::{
    account::{self, http::sign_in_with_cookie, view::SignInAttempt},
    app::{self, PageStatus, Viewer, shell},
    error::AppError,
    orders,
};

/// The whole site.
pub fn router(state: AppState) -> Router {
    let context = {
        let state = state.clone();
        move || provide_page(&state)
    };
    let options = state.leptos.clone();
    // WebAssembly is large: it is compressed when it is built, not at each request.
    let compressible =
        DefaultPredicate::new().and(NotForContentType::const_new("application/wasm"));
    let page = file_and_error_handler_with_context::<AppState, _>(context.clone(), shell);
    let pages = Router::new()
        .route("/login", post(sign_in))
        .leptos_routes_with_context(&state, generate_route_list(app::App), context, {
            let options = options.clone();
            move || shell(options.clone())
        })
        .layer(middleware::from_fn(functions::answer))
        .fallback(async move |uri: Uri, state: State<AppState>, request: Request| {
            if uri.path() == "/api" || uri.path().starts_with("/api/") {
                return AppError::NotFound { what: "endpoint".to_owned() }.into_response();
            }
            page(uri, state, request).await
        });
    pages
        .merge(account::http::routes())
        .merge(orders::http::routes())
        .route("/api/events", get(streams::app))
        .route("/api/v1/stream/events", get(streams::orders))
        .layer(middleware::from_fn_with_state(state.clone(), account::http::session_layer))
        .layer(middleware::from_fn_with_state(state.clone(), page_head))
        .route("/healthz", get(healthz))
        .method_not_allowed_fallback(async || AppError::MethodNotAllowed)
        .route_service(&site_pkg_dir_service_route_path(&options), site_pkg_dir_service(&options))
        .layer(middleware::from_fn(revalidate))
        .layer(CompressionLayer::new().compress_when(compressible))
        .with_state(state)
}

/// Serves until interrupted.
///
/// # Errors
/// When the listener fails.
pub async fn serve(state: AppState, listener: TcpListener) -> io::Result<()> {
    axum::serve(listener, router(state)).await
}

/// What every page and server function finds in its context.
fn provide_page(state: &AppState) {
    provide_context(state.clone());
    provide_context(Viewer(super::request::caller().map(|caller| caller.user)));
    provide_context(PageStatus(Callback::new(super::request::set_status)));
    let parts = leptos::prelude::use_context::<Parts>();
    if let Some(head) = parts.and_then(|parts| parts.extensions.get::<PageHead>().cloned()) {
        provide_context(head);
    }
}

/// Middleware that reads the log's head before anything else of the request is read: a page's
/// stream opens there, and a stream's audiences are as new as that.
async fn page_head(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    match state.live.head().await {
        Ok(head) => {
            request.extensions_mut().insert(PageHead(head));
            next.run(request).await
        }
        Err(error) => AppError::from(error).into_response(),
    }
}

/// Middleware for files whose names do not change with their content: ask before using a copy.
async fn revalidate(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let no_cache = HeaderValue::from_static("no-cache");
    response.headers_mut().entry(header::CACHE_CONTROL).or_insert(no_cache);
    response
}

async fn healthz(State(state): State<AppState>) -> Result<Json<serde_json::Value>, AppError> {
    state.live.head().await?;
    Ok(Json(json!({ "status": "ok" })))
}

#[derive(Deserialize)]
struct SignInForm {
    #[serde(default)]
    email: String,
    #[serde(default)]
    password: String,
}

#[derive(Deserialize)]
struct SignInQuery {
    next: Option<String>,
}

/// The sign-in form. A failure is the same page again, with what was typed and why it failed.
async fn sign_in(
    State(state): State<AppState>,
    Query(query): Query<SignInQuery>,
    jar: CookieJar,
    parts: Parts,
    Form(form): Form<SignInForm>,
) -> Response {
    let SignInForm { email, password } = &form;
    let error = match sign_in_with_cookie(&state, jar, &parts.headers, email, password).await {
        Ok((jar, _)) => {
            return (jar, Redirect::to(app::local_path(query.next.as_deref()))).into_response();
        }
        Err(error) => error,
    };
    let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
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
    response
}
