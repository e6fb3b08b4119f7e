//! How goals came along.

use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, JoinType, Order as Way,
    QueryFilter, QueryOrder, QuerySelect, RelationTrait,
};

use super::{count, entity::goal, entity::goal_point, from_millis, to_millis, unreadable};
use crate::coaching::model::{GoalPoint, OverarchingGoal, RelationshipId};

/// Keeps how far a goal has come now.
pub(in crate::coaching) async fn insert_goal_point(
    conn: &impl ConnectionTrait,
    goal: &OverarchingGoal,
) -> Result<(), DbErr> {
    let row = goal_point::ActiveModel {
        goal_id: Set(goal.id.as_str().to_owned()),
        version: Set(count(goal.version)?),
        at: Set(to_millis(goal.updated_at)),
        progress: Set(goal.progress.into()),
    };
    goal_point::Entity::insert(row).exec_without_returning(conn).await?;
    Ok(())
}

/// How far the goals of a relationship had come when, in the order of time.
pub(in crate::coaching) async fn goal_points(
    conn: &impl ConnectionTrait,
    of: &RelationshipId,
) -> Result<Vec<GoalPoint>, DbErr> {
    let rows = goal_point::Entity::find()
        .join(JoinType::InnerJoin, goal_point::Relation::Goal.def())
        .filter(goal::Column::CoachingRelationshipId.eq(of.as_str()))
        .order_by(goal_point::Column::At, Way::Asc)
        .order_by(goal_point::Column::GoalId, Way::Asc)
        .order_by(goal_point::Column::Version, Way::Asc)
        .all(conn)
        .await?;
    let point = |row: goal_point::Model| {
        Ok(GoalPoint {
            goal_id: row.goal_id.parse().map_err(unreadable)?,
            at: from_millis(row.at)?,
            progress: u8::try_from(row.progress).map_err(unreadable)?,
        })
    };
    rows.into_iter().map(point).collect()
}
