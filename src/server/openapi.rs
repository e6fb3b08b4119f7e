//! The description of the REST endpoints and streams for other programs: OpenAPI 3.1, made from the
//! handlers' code, and a page that shows it.
//!
//! Owns what is the same for every operation: how callers prove who they are, what refusals look
//! like, which headers go with reads and changes. It must not describe an endpoint; each slice
//! describes its own beside the handler.

use std::collections::BTreeMap;

use axum::{
    Router,
    http::{HeaderValue, header::CONTENT_SECURITY_POLICY},
};
use serde::Serialize;
use tower_http::set_header::SetResponseHeaderLayer;
use utoipa::{
    IntoParams, IntoResponses, Modify, OpenApi, ToSchema,
    openapi::{
        ContentBuilder, Ref, RefOr, Response, ResponseBuilder, ResponsesBuilder,
        security::{ApiKey, ApiKeyValue, Http, HttpAuthScheme, SecurityScheme},
    },
};
use utoipa_swagger_ui::{Config, SwaggerUi};

use super::failure::PROBLEM;
use crate::account::session::COOKIE;

/// Where the description is.
pub const DESCRIPTION: &str = "/api/openapi.json";
/// Where the page that shows it is.
pub const REFERENCE: &str = "/reference";

/// The page runs scripts and shows images from here; its own styles are set by those scripts.
const POLICY: &str = "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; \
                      object-src 'none'; base-uri 'none'; frame-ancestors 'none'";

/// What every description begins with; slices add their operations.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Studio",
        description = "Everything that the studio shows, for other programs. Prove who you are by \
                       an API token (`Authorization: Bearer hw_…`, made on the account page) or by \
                       the cookie of a session. Times are RFC 3339 in UTC, amounts are in cents.",
    ),
    components(schemas(Problem)),
    modifiers(&Credentials),
    security(("token" = []), ("session" = [])),
)]
pub struct Description;

struct Credentials;

impl Modify for Credentials {
    fn modify(&self, description: &mut utoipa::openapi::OpenApi) {
        let token = SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer));
        let session = SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::new(COOKIE)));
        let components = description.components.get_or_insert_default();
        components.add_security_scheme("token", token);
        components.add_security_scheme("session", session);
    }
}

/// Why a request was refused (RFC 9457).
#[derive(Serialize, ToSchema)]
pub struct Problem {
    /// `about:blank`.
    r#type: String,
    /// The status in words.
    title: String,
    /// The status.
    #[schema(example = 422)]
    status: u16,
    /// What is wrong, fit to be shown to people.
    detail: String,
    /// What kind of problem it is.
    #[schema(example = "invalid")]
    code: String,
    /// The path of the input that is to blame, if one is.
    #[schema(example = "lines[0].quantity")]
    field: Option<String>,
    /// With the code `version_conflict`: the version that it has now.
    current: Option<u64>,
}

/// The refusals of an operation that reads.
pub struct ReadRefusals;

/// The refusals of a stream.
pub struct StreamRefusals;

/// The refusals of an operation that changes something. Whatever the refusal, nothing was changed.
pub struct ChangeRefusals;

const UNAUTHENTICATED: (&str, &str) = ("401", "Nobody is signed in, or the token opens nothing.");
const FORBIDDEN: (&str, &str) = ("403", "Not for this role.");
const UNKNOWN: (&str, &str) =
    ("404", "There is no such thing, or none that the caller may know of.");
const WRONG: (&str, &str) = ("422", "Understood, but wrong; `field` says where.");
const UNAVAILABLE: (&str, &str) = ("503", "Not now; `Retry-After` says when, if that is known.");

impl IntoResponses for ReadRefusals {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        refusals(&[UNAUTHENTICATED, FORBIDDEN, UNKNOWN, WRONG, UNAVAILABLE])
    }
}

impl IntoResponses for StreamRefusals {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        refusals(&[
            ("400", "The query string cannot be read."),
            UNAUTHENTICATED,
            FORBIDDEN,
            UNKNOWN,
            WRONG,
            ("429", "Too many are open, or they are opened too often; `Retry-After` says when."),
            UNAVAILABLE,
        ])
    }
}

impl IntoResponses for ChangeRefusals {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        refusals(&[
            ("400", "The body cannot be read."),
            UNAUTHENTICATED,
            FORBIDDEN,
            UNKNOWN,
            ("409", "Right for a state that has passed, or for another version."),
            ("413", "The body is too large."),
            ("415", "The body is of another type."),
            WRONG,
            UNAVAILABLE,
        ])
    }
}

fn refusals(of: &[(&str, &str)]) -> BTreeMap<String, RefOr<Response>> {
    let problem = || ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
    let response =
        |text: &str| ResponseBuilder::new().description(text).content(PROBLEM, problem());
    let add = |all: ResponsesBuilder, (status, text): &(&str, &str)| {
        all.response(*status, response(text).build())
    };
    of.iter().fold(ResponsesBuilder::new(), add).build().into()
}

/// What makes a change safe to repeat.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "it describes a header that handlers read themselves")]
pub struct Repeatable {
    /// 32 hexadecimal digits, new for each change: a repeat is answered with the first outcome.
    #[param(rename = "Idempotency-Key", example = "5f0c2a6e8b1d4f3790ab12cd34ef5678")]
    idempotency_key: Option<String>,
}

/// The page that shows a description, and the description.
pub fn routes<S: Clone + Send + Sync + 'static>(
    description: utoipa::openapi::OpenApi,
) -> Router<S> {
    let config = Config::default().use_base_layout().try_it_out_enabled(true).validator_url("none");
    let page = SwaggerUi::new(REFERENCE).config(config).url(DESCRIPTION, description);
    let policy = HeaderValue::from_static(POLICY);
    Router::from(page).layer(SetResponseHeaderLayer::overriding(CONTENT_SECURITY_POLICY, policy))
}
