//! The stream endpoints: who hears what on which.
//!
//! Owns the audiences of each endpoint and the position of its wire among the hub's. It must not
//! write events; wires and the engine do.

use std::{collections::BTreeSet, time::Duration};

use axum::{
    Extension,
    extract::{FromRequestParts, State},
    http::{HeaderMap, Uri, request::Parts},
    response::Response,
};
use highwater::{
    AsOf, Cursor, Malformed,
    client::PageHead,
    server::{Encoding, Resume, Subscribe, SubscribeError, sse},
};
use serde::Deserialize;
use serde_json::{Map, json};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    access,
    http::handover::Beside,
    input::{self, Params, Segment},
    openapi::StreamRefusals,
    state::AppState,
};
use crate::{
    account::{self, caller::Caller, http::MaybeSession, model::CurrentUser},
    error::AppError,
    labs::{self, live::LabsEvent, model::ProjectId},
    live::EVENT_TYPES,
    orders::service,
};

/// Index of the application's own wire among the hub's.
const APP_WIRE: usize = 0;
/// Index of the orders' wire among the hub's.
const ORDERS_WIRE: usize = 1;
/// Index of the coaching wire among the hub's.
const COACHING_WIRE: usize = 2;
/// Index of the labs' wire among the hub's.
const LABS_WIRE: usize = 3;

/// The stream endpoints.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(app))
        .routes(routes!(orders))
        .routes(routes!(coaching))
        .routes(routes!(project))
}

/// A request for a stream by somebody who is signed in, before it is known what they may hear.
pub struct Listener {
    user: CurrentUser,
    ask: Subscribe,
    encoding: Encoding,
}

/// What a stream may be asked for. A parameter that does not exist is refused: who misspells
/// `types` would hear everything.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Parameters {
    /// Where to resume, if there is no `Last-Event-ID`: the id of the last message that was heard.
    after: Option<String>,
    /// `1` if the client understands `stale`: a backlog that became too long, collapsed.
    collapse: Option<String>,
    /// Events of these types alone, with commas between them.
    #[param(example = "order.created,order.updated")]
    types: Option<String>,
}

/// Everything that the caller may hear, as the application itself listens.
///
/// A stream of server-sent events: unnamed messages with `type` in their JSON; `connected` comes first, after `reset` if there is one. `Last-Event-ID` resumes where a stream ended.
#[utoipa::path(
    get,
    path = "/api/events",
    tag = "streams",
    params(Parameters),
    responses((status = 200, body = String, content_type = "text/event-stream"), StreamRefusals),
)]
async fn app(State(state): State<AppState>, listener: Listener) -> Result<Response, AppError> {
    let Listener { user, mut ask, encoding } = listener;
    ask.wire = APP_WIRE;
    ask.audiences = access::audiences_of(&state.db, &user).await?;
    ask.hello.insert("userId".to_owned(), json!(user.id));
    open(&state, ask, encoding).await
}

/// Orders as they change, each event by itself.
///
/// A stream of server-sent events: unnamed messages `{type,id,patch,ts}`; named `connected`, `ping` and `reset`. `Last-Event-ID` resumes where a stream ended.
#[utoipa::path(
    get,
    path = "/api/v1/stream/events",
    tag = "streams",
    params(Parameters),
    responses((status = 200, body = String, content_type = "text/event-stream"), StreamRefusals),
)]
async fn orders(State(state): State<AppState>, listener: Listener) -> Result<Response, AppError> {
    let Listener { user, mut ask, encoding } = listener;
    ask.wire = ORDERS_WIRE;
    ask.audiences.extend(service::audiences_of(user.role));
    ask.collapse = false;
    if ask.audiences.is_empty() {
        return Err(AppError::Forbidden { message: "Only staff may see orders.".to_owned() });
    }
    open(&state, ask, encoding).await
}

/// What happens in the caller's coaching, and what concerns the caller's session, as it happens.
///
/// A stream of server-sent events: messages named by their type, each `{type,data}`; named `connected`, `ping` and `reset` as well. `Last-Event-ID` resumes where a stream ended.
#[utoipa::path(
    get,
    path = "/api/sse",
    tag = "streams",
    params(Parameters),
    responses((status = 200, body = String, content_type = "text/event-stream"), StreamRefusals),
)]
async fn coaching(State(state): State<AppState>, listener: Listener) -> Result<Response, AppError> {
    let Listener { user, mut ask, encoding } = listener;
    ask.wire = COACHING_WIRE;
    ask.audiences = access::audiences_of(&state.db, &user).await?;
    ask.collapse = false;
    open(&state, ask, encoding).await
}

/// What the stream of a project may be asked for.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ProjectParameters {
    /// Where to resume, if there is no `Last-Event-ID`: the id of the last message that was heard.
    after: Option<String>,
    /// Events of these types alone, with commas between them.
    #[param(example = "progress_update,new_proposal")]
    types: Option<String>,
    /// A token for this project, for a client that can send neither a cookie nor a header.
    token: Option<String>,
}

/// What happens in one project, whoever changes it, as it happens. For its members.
///
/// A stream of server-sent events: unnamed messages with `type` in their JSON; `connected` comes first, and a named `ping` now and then. A `proposal_update` of no proposal says that more has changed than is told one by one, or that messages may have been missed: read anew. `Last-Event-ID` resumes where a stream ended.
#[utoipa::path(
    get,
    path = "/api/projects/{id}/status",
    tag = "streams",
    params(("id" = ProjectId, Path), ProjectParameters),
    responses((status = 200, body = String, content_type = "text/event-stream"), StreamRefusals),
)]
async fn project(
    State(state): State<AppState>,
    Extension(PageHead(head)): Extension<PageHead>,
    MaybeSession(session): MaybeSession,
    Segment(id): Segment,
    Params(query): Params<ProjectParameters>,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    let no_such = |_| AppError::NotFound { what: "project".to_owned() };
    let id: Result<ProjectId, AppError> = id.parse().map_err(no_such);
    let caller = match (&query.token, session) {
        (Some(token), _) => labs::service::open_with(&state, token, id.as_ref().ok()).await?,
        (None, session) => session.ok_or(AppError::Unauthenticated)?,
    };
    let (id, user) = (id?, caller.user.id);
    state.arrivals.count(user)?;
    labs::service::role_in(&state.db, user, &id).await?;
    let asked = Asked {
        after: Resume::position(&headers, query.after.as_deref()),
        collapse: false,
        types: types(query.types.as_deref())?,
    };
    let mut ask = subscribe(&caller, &head, asked);
    ask.wire = LABS_WIRE;
    // It is of this project alone: that its reader joins another one is nothing to it.
    ask.subjects.remove(&account::service::subject_of(user));
    ask.subjects.insert(labs::service::subject_of_member(&id, user));
    ask.audiences.insert(labs::service::audience_of_project(&id));
    // Whatever was chosen, that so much has changed that it is not told one by one concerns it.
    if let Some(types) = &mut ask.types {
        types.insert(LabsEvent::BULK_CHANGE.to_owned());
    }
    open(&state, ask, Encoding::accepted(&headers)).await
}

/// What a request says of the stream that it asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Where its client left off; what is no position is one that nobody knows.
    pub after: Option<Result<Cursor, Malformed>>,
    /// Whether its client understands `stale`.
    pub collapse: bool,
    /// The types of events to hear of; `None` for all.
    pub types: Option<BTreeSet<String>>,
}

impl Asked {
    /// Reads it from the request's address and headers.
    ///
    /// # Errors
    /// [`AppError::Malformed`] or [`AppError::Invalid`] for a query string that says something
    /// else. A position that means nothing is no error.
    pub fn read(address: &Uri, headers: &HeaderMap) -> Result<Self, AppError> {
        let query: Parameters = input::parameters(address)?;
        Ok(Self {
            after: Resume::position(headers, query.after.as_deref()),
            collapse: query.collapse.as_deref() == Some("1"),
            types: types(query.types.as_deref())?,
        })
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Listener {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, AppError> {
        let MaybeSession(session) = parts.extensions.get().cloned().unwrap_or(MaybeSession(None));
        let caller = session.ok_or(AppError::Unauthenticated)?;
        let PageHead(head) = parts.extensions.get().cloned().ok_or(AppError::UNAVAILABLE)?;
        let asked = Asked::read(&parts.uri, &parts.headers)?;
        let ask = subscribe(&caller, &head, asked);
        let encoding = Encoding::accepted(&parts.headers);
        Ok(Self { user: caller.user, ask, encoding })
    }
}

/// What a caller asks for, before it is known what they may hear.
fn subscribe(caller: &Caller, head: &Cursor, asked: Asked) -> Subscribe {
    let user = account::service::subject_of(caller.user.id);
    Subscribe {
        wire: APP_WIRE,
        audiences: BTreeSet::new(),
        evaluated: AsOf::upto(head),
        subjects: BTreeSet::from([caller.credential.subject(), user.clone()]),
        after: asked.after,
        collapse: asked.collapse,
        expires: caller.expires_at.map(Into::into),
        hello: Map::new(),
        types: asked.types,
        owner: user,
    }
}

/// The types of events that a request asks for.
fn types(asked: Option<&str>) -> Result<Option<BTreeSet<String>>, AppError> {
    let known = |name: &str| match EVENT_TYPES.contains(&name) {
        true => Ok(name.to_owned()),
        false => {
            let there_are = EVENT_TYPES.join(", ");
            let message = format!("There is no event type {name:?}. There are: {there_are}.");
            Err(AppError::invalid("types", message))
        }
    };
    asked.map(|names| names.split(',').map(|name| known(name.trim())).collect()).transpose()
}

async fn open(state: &AppState, ask: Subscribe, encoding: Encoding) -> Result<Response, AppError> {
    match state.live.hub().subscribe(ask).await {
        Ok(subscription) => Ok(Beside::put(sse(subscription, encoding))),
        Err(error) => Err(refused(&error)),
    }
}

fn refused(error: &SubscribeError) -> AppError {
    match error {
        // The session was read before what it is to be checked against: the client asks again.
        SubscribeError::Outdated | SubscribeError::Unavailable => AppError::UNAVAILABLE,
        SubscribeError::TooMany { limit, retry_after } => AppError::TooManyRequests {
            message: format!("You have {limit} streams open already. Close one first."),
            retry_after_s: whole_seconds(*retry_after),
        },
        SubscribeError::Full { retry_after, .. } | SubscribeError::Draining { retry_after } => {
            AppError::Unavailable { retry_after_s: Some(whole_seconds(*retry_after)) }
        }
    }
}

/// Rounded up, so that nobody is told to come too soon.
fn whole_seconds(time: Duration) -> u32 {
    u32::try_from(time.as_millis().div_ceil(1000)).unwrap_or(u32::MAX)
}
