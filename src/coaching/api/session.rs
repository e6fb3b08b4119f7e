//! The server functions of sessions.

use highwater::{AsOf, Committed, MutationId, Stamped};
use leptos::prelude::*;

use crate::{
    calls::Calls,
    coaching::model::{
        CoachingSession, CoachingSessionId, NewSession, RelationshipId, SessionChange,
    },
    error::AppError,
};

/// The sessions of a relationship, including at least `min`.
#[server(prefix = "/api/fn", endpoint = "list_coaching_sessions", protocol = Calls)]
pub async fn list_coaching_sessions(
    relationship: RelationshipId,
    min: Option<AsOf>,
) -> Result<Stamped<Result<Vec<CoachingSession>, AppError>>, AppError> {
    use crate::{coaching::service, server::request};
    let (state, user) = request::signed_in()?;
    request::stamped(
        service::list_coaching_sessions(&state, &user, relationship, min.as_ref()).await,
    )
}

/// One session of a relationship, including at least `min`.
#[server(prefix = "/api/fn", endpoint = "get_coaching_session", protocol = Calls)]
pub async fn get_coaching_session(
    relationship: RelationshipId,
    id: CoachingSessionId,
    min: Option<AsOf>,
) -> Result<Stamped<Result<CoachingSession, AppError>>, AppError> {
    use crate::{coaching::service, server::request};
    let (state, user) = request::signed_in()?;
    request::stamped(
        service::get_coaching_session(&state, &user, relationship, id, min.as_ref()).await,
    )
}

/// Schedules a session; a repeat of the mutation is answered with the first outcome.
#[server(prefix = "/api/fn", endpoint = "create_coaching_session", protocol = Calls)]
pub async fn create_coaching_session(
    session: NewSession,
    mutation: MutationId,
) -> Result<Committed<CoachingSession>, AppError> {
    use crate::{coaching::service, server::request};
    let (state, user) = request::signed_in()?;
    request::answered(
        service::create_coaching_session(&state, &user, session, Some(mutation)).await,
    )
}

/// Changes, starts or ends a session; a repeat of the mutation is answered with the first outcome.
#[server(prefix = "/api/fn", endpoint = "change_coaching_session", protocol = Calls)]
pub async fn change_coaching_session(
    id: CoachingSessionId,
    change: SessionChange,
    mutation: MutationId,
) -> Result<Committed<CoachingSession>, AppError> {
    use crate::{coaching::service, server::request};
    let (state, user) = request::signed_in()?;
    request::answered(
        service::change_coaching_session(&state, &user, id, change, Some(mutation)).await,
    )
}

/// Deletes a session that was not started; a repeat of the mutation is answered with the first outcome.
#[server(prefix = "/api/fn", endpoint = "delete_coaching_session", protocol = Calls)]
pub async fn delete_coaching_session(
    id: CoachingSessionId,
    version: Option<u64>,
    mutation: MutationId,
) -> Result<Committed<()>, AppError> {
    use crate::{coaching::service, server::request};
    let (state, user) = request::signed_in()?;
    request::answered(
        service::delete_coaching_session(&state, &user, id, version, Some(mutation)).await,
    )
}
