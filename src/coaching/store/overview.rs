//! What several relationships amount to.

use std::collections::HashMap;

use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, ExprTrait, JoinType, Order as Way,
    QueryFilter, QueryOrder, QuerySelect, RelationTrait,
};
use time::OffsetDateTime;

use super::{
    entity::{action, goal, session},
    item::named,
    to_millis, unreadable,
};
use crate::{
    coaching::model::{
        Action, ActionStatus, CoachingSession, GoalStatus, OverarchingGoal, RelationshipId,
        SessionStatus,
    },
    error::AppError,
};

/// The sessions of these relationships that are not over, the next one first.
pub(in crate::coaching) async fn open_sessions(
    conn: &impl ConnectionTrait,
    relationships: &[RelationshipId],
) -> Result<Vec<CoachingSession>, DbErr> {
    let of = relationships.iter().map(RelationshipId::as_str);
    let rows = session::Entity::find()
        .filter(session::Column::CoachingRelationshipId.is_in(of))
        .filter(session::Column::Status.ne(SessionStatus::Done.as_str()))
        .order_by(session::Column::ScheduledAt, Way::Asc)
        .order_by(session::Column::Id, Way::Asc)
        .all(conn)
        .await?;
    rows.into_iter().map(CoachingSession::try_from).collect()
}

/// The actions of these relationships that are not completed and have a day or are blocked, each
/// with its relationship, the oldest first.
pub(in crate::coaching) async fn pressing_actions(
    conn: &impl ConnectionTrait,
    relationships: &[RelationshipId],
) -> Result<Vec<(Action, RelationshipId)>, AppError> {
    let of = relationships.iter().map(RelationshipId::as_str);
    let blocked = action::Column::Status.eq(ActionStatus::Blocked.as_str());
    let found = action::Entity::find()
        .find_also_related(session::Entity)
        .filter(session::Column::CoachingRelationshipId.is_in(of))
        .filter(action::Column::Status.ne(ActionStatus::Completed.as_str()))
        .filter(action::Column::DueOn.is_not_null().or(blocked))
        .order_by(action::Column::CreatedAt, Way::Asc)
        .order_by(action::Column::Id, Way::Asc)
        .all(conn)
        .await?;
    let mut rows = Vec::new();
    let mut of = Vec::new();
    for (action, session) in found {
        let Some(session) = session else { continue };
        rows.push(action);
        of.push(session.coaching_relationship_id.parse().map_err(unreadable)?);
    }
    Ok(named::<Action>(conn, rows).await?.into_iter().zip(of).collect())
}

/// The goals of these relationships that are in progress and of which nothing has changed since,
/// the longest first.
pub(in crate::coaching) async fn stuck_goals(
    conn: &impl ConnectionTrait,
    relationships: &[RelationshipId],
    since: OffsetDateTime,
) -> Result<Vec<OverarchingGoal>, AppError> {
    let of = relationships.iter().map(RelationshipId::as_str);
    let rows = goal::Entity::find()
        .filter(goal::Column::CoachingRelationshipId.is_in(of))
        .filter(goal::Column::Status.eq(GoalStatus::InProgress.as_str()))
        .filter(goal::Column::UpdatedAt.lte(to_millis(since)))
        .order_by(goal::Column::UpdatedAt, Way::Asc)
        .order_by(goal::Column::Id, Way::Asc)
        .all(conn)
        .await?;
    named(conn, rows).await
}

/// How many actions of each of these relationships are not completed; of those that have any.
pub(in crate::coaching) async fn open_actions(
    conn: &impl ConnectionTrait,
    relationships: &[RelationshipId],
) -> Result<HashMap<RelationshipId, u32>, DbErr> {
    let of = relationships.iter().map(RelationshipId::as_str);
    let found = action::Entity::find()
        .select_only()
        .column(session::Column::CoachingRelationshipId)
        .expr(action::Column::Id.count())
        .join(JoinType::InnerJoin, action::Relation::Session.def())
        .filter(session::Column::CoachingRelationshipId.is_in(of))
        .filter(action::Column::Status.ne(ActionStatus::Completed.as_str()))
        .group_by(session::Column::CoachingRelationshipId)
        .into_tuple()
        .all(conn)
        .await?;
    counted(found)
}

/// How many goals of each of these relationships are in progress; of those that have any.
pub(in crate::coaching) async fn goals_in_progress(
    conn: &impl ConnectionTrait,
    relationships: &[RelationshipId],
) -> Result<HashMap<RelationshipId, u32>, DbErr> {
    let of = relationships.iter().map(RelationshipId::as_str);
    let found = goal::Entity::find()
        .select_only()
        .column(goal::Column::CoachingRelationshipId)
        .expr(goal::Column::Id.count())
        .filter(goal::Column::CoachingRelationshipId.is_in(of))
        .filter(goal::Column::Status.eq(GoalStatus::InProgress.as_str()))
        .group_by(goal::Column::CoachingRelationshipId)
        .into_tuple()
        .all(conn)
        .await?;
    counted(found)
}

fn counted(found: Vec<(String, i64)>) -> Result<HashMap<RelationshipId, u32>, DbErr> {
    let one = |(id, count): (String, i64)| {
        Ok((id.parse().map_err(unreadable)?, u32::try_from(count).map_err(unreadable)?))
    };
    found.into_iter().map(one).collect()
}
