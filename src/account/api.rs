//! The account's server functions: authorise, call the service, map the error.
//!
//! Owns the addresses `/api/fn/get_me`, `/api/fn/list_tokens`, `/api/fn/create_token`,
//! `/api/fn/revoke_token`, `/api/fn/list_sessions`, `/api/fn/end_session` and
//! `/api/fn/end_other_sessions`: each concerns the caller's own account and no other. Those of
//! `people` are for admins.

#![expect(
    missing_docs,
    reason = "the fields in question are the arguments, of structs that a macro writes"
)]

mod people;

use highwater::{AsOf, Committed, MutationId, Stamped};
use leptos::prelude::*;

pub use self::people::{add_person, change_role, list_open_streams, list_people, sign_person_out};
use super::model::{ApiToken, CurrentUser, IssuedToken, Session, SessionId, TokenId};
use crate::{calls::Calls, error::AppError};

/// Who asks.
#[server(prefix = "/api/fn", endpoint = "get_me", protocol = Calls)]
pub async fn get_me(min: Option<AsOf>) -> Result<Stamped<Result<CurrentUser, AppError>>, AppError> {
    use crate::{account::service, server::request};
    let (state, user) = request::signed_in()?;
    request::stamped(service::get(&state.live, user.id, min.as_ref()).await)
}

/// The caller's API tokens.
#[server(prefix = "/api/fn", endpoint = "list_tokens", protocol = Calls)]
pub async fn list_tokens(
    min: Option<AsOf>,
) -> Result<Stamped<Result<Vec<ApiToken>, AppError>>, AppError> {
    use crate::{account::token, server::request};
    let (state, user) = request::signed_in()?;
    request::stamped(token::list(&state.live, user.id, min.as_ref()).await)
}

/// Makes an API token; the answer tells its secret, which is not told again. It has no mutation
/// id, because the first outcome of a mutation is stored, and this one must not be.
#[server(prefix = "/api/fn", endpoint = "create_token", protocol = Calls)]
pub async fn create_token(name: String) -> Result<Committed<IssuedToken>, AppError> {
    use crate::{account::token, server::request};
    let (state, caller) = request::identified()?;
    request::answered(token::create(&state, &caller, &name).await)
}

/// Revokes an API token.
#[server(prefix = "/api/fn", endpoint = "revoke_token", protocol = Calls)]
pub async fn revoke_token(id: TokenId, mutation: MutationId) -> Result<Committed<()>, AppError> {
    use crate::{account::token, server::request};
    let (state, caller) = request::identified()?;
    request::answered(token::revoke(&state.live, &caller, id, Some(mutation)).await)
}

/// The caller's sessions.
#[server(prefix = "/api/fn", endpoint = "list_sessions", protocol = Calls)]
pub async fn list_sessions(
    min: Option<AsOf>,
) -> Result<Stamped<Result<Vec<Session>, AppError>>, AppError> {
    use crate::{account::session, server::request};
    let (state, caller) = request::identified()?;
    request::stamped(session::list(&state.live, &caller, state.now(), min.as_ref()).await)
}

/// Ends one of the caller's sessions.
#[server(prefix = "/api/fn", endpoint = "end_session", protocol = Calls)]
pub async fn end_session(id: SessionId, mutation: MutationId) -> Result<Committed<()>, AppError> {
    use crate::{account::session, server::request};
    let (state, caller) = request::identified()?;
    request::answered(session::end(&state.live, &caller, id, Some(mutation)).await)
}

/// Ends all sessions of the caller but the one that asks.
#[server(prefix = "/api/fn", endpoint = "end_other_sessions", protocol = Calls)]
pub async fn end_other_sessions(mutation: MutationId) -> Result<Committed<()>, AppError> {
    use crate::{account::session, server::request};
    let (state, caller) = request::identified()?;
    request::answered(session::end_others(&state.live, &caller, Some(mutation)).await)
}
