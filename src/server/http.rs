//! The HTTP server: pages, server functions, REST and streams behind one router.
//!
//! Owns which layers surround which routes. It must not hold rules; slices bring their own routes.

mod connections;
pub(super) mod handover;
mod telemetry;
mod origin;
mod limits;
mod security_headers;
mod functions;
mod sign_in;
mod health;
pub mod client;
#[cfg(test)]
mod tests;

use std::{any::Any, sync::LazyLock};

use axum::{
    Router,
    extract::{DefaultBodyLimit, Request, State},
    http::{Uri, request::Parts},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use highwater::client::PageHead;
use leptos::prelude::{Callback, provide_context};
use leptos_axum::{
    AxumRouteListing, LeptosRoutes, file_and_error_handler_with_context, generate_route_list,
    site_pkg_dir_service, site_pkg_dir_service_route_path,
};
use tower_http::{
    catch_panic::CatchPanicLayer,
    compression::{
        CompressionLayer,
        predicate::{DefaultPredicate, NotForContentType, Predicate},
    },
};

use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;

pub use self::connections::serve;
use super::{
    openapi::{self, Description},
    state::AppState,
    streams,
};
use crate::{
    account::{self, http::SignedOutFor, view::ForcedOut},
    app::{self, PageStatus, Viewer, shell},
    coaching, content,
    error::AppError,
    jobs, labs, orders,
};

/// The whole site.
pub fn router(state: AppState) -> Router {
    let context = {
        let state = state.clone();
        move || provide_page(&state)
    };
    let options = state.leptos.clone();
    let page = file_and_error_handler_with_context::<AppState, _>(context.clone(), shell);
    let pages = Router::new()
        .route("/login", post(sign_in::sign_in))
        .leptos_routes_with_context(&state, pages(), context, {
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
    let (endpoints, description) = OpenApiRouter::with_openapi(Description::openapi())
        .merge(account::http::routes())
        .merge(orders::http::routes())
        .merge(jobs::http::routes())
        .merge(content::http::routes())
        .merge(coaching::http::routes())
        .merge(labs::http::routes())
        .merge(streams::routes())
        .split_for_parts();
    let routes = pages
        .merge(endpoints)
        .route("/metrics", get(health::metrics))
        .layer(middleware::from_fn(telemetry::name_user))
        .layer(middleware::from_fn_with_state(state.clone(), account::http::session_layer))
        .layer(middleware::from_fn_with_state(state.clone(), page_head))
        .merge(health::routes())
        .merge(openapi::routes(description))
        .route_service(&site_pkg_dir_service_route_path(&options), site_pkg_dir_service(&options))
        .method_not_allowed_fallback(async || AppError::MethodNotAllowed);
    surround(routes, state)
}

/// The pages that the application has.
///
/// They are found once in a process: while Leptos looks for them, no resource loads anywhere in the
/// process, and a page that is rendered meanwhile never ends (`IS_SUPPRESSING_RESOURCE_LOAD` of
/// `leptos_server` 0.8). Tests have several servers in one process.
pub fn pages() -> Vec<AxumRouteListing> {
    static PAGES: LazyLock<Vec<AxumRouteListing>> = LazyLock::new(|| generate_route_list(app::App));
    PAGES.clone()
}

/// What surrounds every route, inside out: a request is first given its id, then measured, then
/// judged by its origin, then timed.
fn surround(routes: Router<AppState>, state: AppState) -> Router {
    // WebAssembly is large: it is compressed when it is built, not at each request.
    let compressible =
        DefaultPredicate::new().and(NotForContentType::const_new("application/wasm"));
    let body_bytes = state.configuration.studio.limits.body_bytes;
    routes
        .layer(DefaultBodyLimit::max(body_bytes))
        .layer(CompressionLayer::new().compress_when(compressible))
        .layer(middleware::from_fn_with_state(state.clone(), limits::time))
        .layer(middleware::from_fn_with_state(state.clone(), origin::refuse_foreign))
        .layer(middleware::from_fn_with_state(state.clone(), limits::size))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(middleware::from_fn_with_state(state.clone(), origin::share))
        .layer(middleware::from_fn_with_state(state.clone(), security_headers::add))
        .layer(middleware::from_fn_with_state(state.clone(), telemetry::tell))
        .with_state(state)
}

/// The answer when a handler panicked. What it said of that is for the log alone.
fn panicked(_: Box<dyn Any + Send>) -> Response {
    tracing::error!("a request made its handler panic");
    AppError::Internal.into_response()
}

/// What every page and server function finds in its context.
fn provide_page(state: &AppState) {
    provide_context(state.clone());
    provide_context(Viewer(super::request::caller().map(|caller| caller.user)));
    security_headers::give_page_its_policy(&state.leptos);
    provide_context(PageStatus(Callback::new(super::request::set_status)));
    let Some(parts) = leptos::prelude::use_context::<Parts>() else { return };
    if let Some(head) = parts.extensions.get::<PageHead>().cloned() {
        provide_context(head);
    }
    if let Some(SignedOutFor(reason)) = parts.extensions.get().cloned() {
        provide_context(ForcedOut { reason });
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
