//! Coaching relationships, and who takes part.

use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, Order as Way,
    QueryFilter, QueryOrder, Select, sea_query::Expr,
};

use super::{Names, count, entity::relationship, from_count, from_millis, to_millis, unreadable};
use crate::{
    account::model::UserId,
    coaching::model::{CoachingRelationship, RelationshipId},
    error::AppError,
};

/// Every relationship, the newest first.
pub(in crate::coaching) async fn relationships(
    conn: &impl ConnectionTrait,
) -> Result<Vec<CoachingRelationship>, AppError> {
    read(conn, relationship::Entity::find()).await
}

/// The relationships in which somebody takes part, the newest first.
pub(in crate::coaching) async fn relationships_of(
    conn: &impl ConnectionTrait,
    user: UserId,
) -> Result<Vec<CoachingRelationship>, AppError> {
    let takes_part = Condition::any()
        .add(relationship::Column::CoachId.eq(user.0))
        .add(relationship::Column::MemberId.eq(user.0));
    read(conn, relationship::Entity::find().filter(takes_part)).await
}

/// One relationship.
pub(in crate::coaching) async fn find_relationship(
    conn: &impl ConnectionTrait,
    id: &RelationshipId,
) -> Result<Option<CoachingRelationship>, AppError> {
    let one = relationship::Entity::find().filter(relationship::Column::Id.eq(id.as_str()));
    Ok(read(conn, one).await?.pop())
}

/// Adds a relationship.
pub(in crate::coaching) async fn insert_relationship(
    conn: &impl ConnectionTrait,
    new: &CoachingRelationship,
) -> Result<(), AppError> {
    let row = relationship::ActiveModel {
        id: Set(new.id.as_str().to_owned()),
        coach_id: Set(new.coach.as_ref().map(|person| person.id.0)),
        member_id: Set(new.member.as_ref().map(|person| person.id.0)),
        created_at: Set(to_millis(new.created_at)),
        version: Set(count(new.version)?),
    };
    relationship::Entity::insert(row).exec_without_returning(conn).await?;
    Ok(())
}

/// Writes who takes part.
pub(in crate::coaching) async fn update_relationship(
    conn: &impl ConnectionTrait,
    now: &CoachingRelationship,
) -> Result<(), AppError> {
    let id_of = |person: &Option<_>| person.as_ref().map(|person: &super::Person| person.id.0);
    relationship::Entity::update_many()
        .col_expr(relationship::Column::CoachId, Expr::value(id_of(&now.coach)))
        .col_expr(relationship::Column::MemberId, Expr::value(id_of(&now.member)))
        .col_expr(relationship::Column::Version, Expr::value(count(now.version)?))
        .filter(relationship::Column::Id.eq(now.id.as_str()))
        .exec(conn)
        .await?;
    Ok(())
}

async fn read(
    conn: &impl ConnectionTrait,
    select: Select<relationship::Entity>,
) -> Result<Vec<CoachingRelationship>, AppError> {
    let rows = select
        .order_by(relationship::Column::CreatedAt, Way::Desc)
        .order_by(relationship::Column::Id, Way::Desc)
        .all(conn)
        .await?;
    let people = rows.iter().flat_map(|row| [row.coach_id, row.member_id]).flatten();
    let names = Names::of(conn, people.collect::<Vec<_>>()).await?;
    let relationship = |row: relationship::Model| {
        Ok(CoachingRelationship {
            id: row.id.parse().map_err(unreadable)?,
            coach: row.coach_id.map(|id| names.person(id)),
            member: row.member_id.map(|id| names.person(id)),
            created_at: from_millis(row.created_at)?,
            version: from_count(row.version)?,
        })
    };
    rows.into_iter().map(relationship).collect()
}
