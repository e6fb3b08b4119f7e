//! Coaching sessions.

use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, Order as Way, QueryFilter,
    QueryOrder, QuerySelect,
};

use super::{count, entity::session, from_count, from_millis, named, to_millis, unreadable};
use crate::coaching::model::{CoachingSession, CoachingSessionId, RelationshipId, SessionStatus};

/// The sessions of these relationships, the latest first.
pub(in crate::coaching) async fn sessions_of(
    conn: &impl ConnectionTrait,
    relationships: &[RelationshipId],
) -> Result<Vec<CoachingSession>, DbErr> {
    let of = relationships.iter().map(RelationshipId::as_str);
    let rows = session::Entity::find()
        .filter(session::Column::CoachingRelationshipId.is_in(of))
        .order_by(session::Column::ScheduledAt, Way::Desc)
        .order_by(session::Column::Id, Way::Desc)
        .all(conn)
        .await?;
    rows.into_iter().map(CoachingSession::try_from).collect()
}

/// Which sessions these relationships have.
pub(in crate::coaching) async fn session_ids_of(
    conn: &impl ConnectionTrait,
    relationships: &[RelationshipId],
) -> Result<Vec<CoachingSessionId>, DbErr> {
    let of = relationships.iter().map(RelationshipId::as_str);
    let found: Vec<String> = session::Entity::find()
        .select_only()
        .column(session::Column::Id)
        .filter(session::Column::CoachingRelationshipId.is_in(of))
        .into_tuple()
        .all(conn)
        .await?;
    found.into_iter().map(|id| id.parse().map_err(unreadable)).collect()
}

/// One session.
pub(in crate::coaching) async fn find_session(
    conn: &impl ConnectionTrait,
    id: &CoachingSessionId,
) -> Result<Option<CoachingSession>, DbErr> {
    let found = session::Entity::find_by_id(id.as_str()).one(conn).await?;
    found.map(CoachingSession::try_from).transpose()
}

/// Adds a session.
pub(in crate::coaching) async fn insert_session(
    conn: &impl ConnectionTrait,
    new: &CoachingSession,
) -> Result<(), DbErr> {
    session::Entity::insert(row_of(new)?).exec_without_returning(conn).await?;
    Ok(())
}

/// Writes a session as it is now.
pub(in crate::coaching) async fn update_session(
    conn: &impl ConnectionTrait,
    now: &CoachingSession,
) -> Result<(), DbErr> {
    session::Entity::update_many()
        .set(row_of(now)?)
        .filter(session::Column::Id.eq(now.id.as_str()))
        .exec(conn)
        .await?;
    Ok(())
}

/// Deletes a session with everything that was written in it.
pub(in crate::coaching) async fn delete_session(
    conn: &impl ConnectionTrait,
    id: &CoachingSessionId,
) -> Result<(), DbErr> {
    session::Entity::delete_by_id(id.as_str()).exec(conn).await?;
    Ok(())
}

fn row_of(session: &CoachingSession) -> Result<session::ActiveModel, DbErr> {
    Ok(session::ActiveModel {
        id: Set(session.id.as_str().to_owned()),
        coaching_relationship_id: Set(session.coaching_relationship_id.as_str().to_owned()),
        title: Set(session.title.clone()),
        scheduled_at: Set(to_millis(session.scheduled_at)),
        status: Set(session.status.as_str().to_owned()),
        started_at: Set(session.started_at.map(to_millis)),
        ended_at: Set(session.ended_at.map(to_millis)),
        created_at: Set(to_millis(session.created_at)),
        updated_at: Set(to_millis(session.updated_at)),
        version: Set(count(session.version)?),
    })
}

impl TryFrom<session::Model> for CoachingSession {
    type Error = DbErr;

    fn try_from(row: session::Model) -> Result<Self, DbErr> {
        let statuses = [SessionStatus::Scheduled, SessionStatus::Running, SessionStatus::Done];
        Ok(Self {
            id: row.id.parse().map_err(unreadable)?,
            coaching_relationship_id: row.coaching_relationship_id.parse().map_err(unreadable)?,
            title: row.title,
            scheduled_at: from_millis(row.scheduled_at)?,
            status: named(statuses, SessionStatus::as_str, &row.status)?,
            started_at: row.started_at.map(from_millis).transpose()?,
            ended_at: row.ended_at.map(from_millis).transpose()?,
            created_at: from_millis(row.created_at)?,
            updated_at: from_millis(row.updated_at)?,
            version: from_count(row.version)?,
        })
    }
}
