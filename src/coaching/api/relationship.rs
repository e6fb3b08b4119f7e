//! The server functions of relationships and of what is put together from them.

use highwater::{AsOf, Committed, MutationId, Stamped};
use leptos::prelude::*;

use crate::{
    account::model::UserId,
    calls::Calls,
    coaching::model::{
        CoachingRelationship, GoalPoint, Overview, RelationshipChange, RelationshipId,
        RelationshipRow,
    },
    error::AppError,
};

/// One's own relationships, including at least `min`.
#[server(prefix = "/api/fn", endpoint = "my_relationships", protocol = Calls)]
pub async fn my_relationships(
    min: Option<AsOf>,
) -> Result<Stamped<Result<Vec<RelationshipRow>, AppError>>, AppError> {
    use crate::{coaching::service, server::request};
    let (state, user) = request::signed_in()?;
    request::stamped(service::my_relationships(&state, &user, min.as_ref()).await)
}

/// What is due and what is stuck where one coaches, including at least `min`.
#[server(prefix = "/api/fn", endpoint = "coaching_overview", protocol = Calls)]
pub async fn coaching_overview(
    min: Option<AsOf>,
) -> Result<Stamped<Result<Overview, AppError>>, AppError> {
    use crate::{coaching::service, server::request};
    let (state, user) = request::signed_in()?;
    request::stamped(service::coaching_overview(&state, &user, min.as_ref()).await)
}

/// Every relationship, including at least `min`.
#[server(prefix = "/api/fn", endpoint = "all_relationships", protocol = Calls)]
pub async fn all_relationships(
    min: Option<AsOf>,
) -> Result<Stamped<Result<Vec<CoachingRelationship>, AppError>>, AppError> {
    use crate::{coaching::service, server::request};
    let (state, user) = request::signed_in()?;
    request::stamped(service::all_relationships(&state, &user, min.as_ref()).await)
}

/// One relationship, including at least `min`.
#[server(prefix = "/api/fn", endpoint = "get_relationship", protocol = Calls)]
pub async fn get_relationship(
    id: RelationshipId,
    min: Option<AsOf>,
) -> Result<Stamped<Result<CoachingRelationship, AppError>>, AppError> {
    use crate::{coaching::service, server::request};
    let (state, user) = request::signed_in()?;
    request::stamped(service::get_relationship(&state, &user, id, min.as_ref()).await)
}

/// How the goals of a relationship came along, including at least `min`.
#[server(prefix = "/api/fn", endpoint = "goal_history", protocol = Calls)]
pub async fn goal_history(
    relationship: RelationshipId,
    min: Option<AsOf>,
) -> Result<Stamped<Result<Vec<GoalPoint>, AppError>>, AppError> {
    use crate::{coaching::service, server::request};
    let (state, user) = request::signed_in()?;
    request::stamped(service::goal_history(&state, &user, relationship, min.as_ref()).await)
}

/// Begins a relationship; a repeat of the mutation is answered with the first outcome.
#[server(prefix = "/api/fn", endpoint = "create_relationship", protocol = Calls)]
pub async fn create_relationship(
    coach: UserId,
    member: UserId,
    mutation: MutationId,
) -> Result<Committed<CoachingRelationship>, AppError> {
    use crate::{coaching::service, server::request};
    let (state, user) = request::signed_in()?;
    request::answered(
        service::create_relationship(&state, &user, coach, member, Some(mutation)).await,
    )
}

/// Puts somebody else, or nobody, into a place of a relationship; a repeat of the mutation is answered with the first outcome.
#[server(prefix = "/api/fn", endpoint = "change_relationship", protocol = Calls)]
pub async fn change_relationship(
    id: RelationshipId,
    change: RelationshipChange,
    mutation: MutationId,
) -> Result<Committed<CoachingRelationship>, AppError> {
    use crate::{coaching::service, server::request};
    let (state, user) = request::signed_in()?;
    request::answered(service::change_relationship(&state, &user, id, change, Some(mutation)).await)
}
