//! The table `sessions`.

use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter,
    QueryOrder, QuerySelect, sea_query::Expr,
};
use time::OffsetDateTime;

use super::{USE_NOTED_EVERY_MS, ended, from_millis, to_millis, user};
use crate::{
    account::model::{CurrentUser, Session, SessionId, UserId},
    error::AppError,
};

pub(super) mod entity {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, DeriveEntityModel)]
    #[sea_orm(table_name = "sessions")]
    pub struct Model {
        /// SHA-256 of the secret, in lower-case hexadecimal digits.
        #[sea_orm(primary_key, auto_increment = false)]
        pub token_hash: String,
        pub user_id: i64,
        /// Milliseconds since the Unix epoch, as the other times.
        pub created_at: i64,
        pub expires_at: i64,
        pub device: String,
        pub last_used_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {
        #[sea_orm(
            belongs_to = "super::super::user::entity::Entity",
            from = "Column::UserId",
            to = "super::super::user::entity::Column::Id"
        )]
        User,
    }

    impl Related<super::super::user::entity::Entity> for Entity {
        fn to() -> RelationDef {
            Relation::User.def()
        }
    }

    impl ActiveModelBehavior for ActiveModel {}
}

use entity::{ActiveModel, Column, Entity, Model};

/// Adds a session, which has just been used.
pub(in crate::account) async fn insert(
    conn: &impl ConnectionTrait,
    user: UserId,
    new: &Session,
) -> Result<(), AppError> {
    let row = ActiveModel {
        token_hash: Set(new.id.0.clone()),
        user_id: Set(user.0),
        created_at: Set(to_millis(new.created_at)),
        expires_at: Set(to_millis(new.expires_at)),
        device: Set(new.device.clone()),
        last_used_at: Set(to_millis(new.last_used_at)),
    };
    Entity::insert(row).exec_without_returning(conn).await?;
    Ok(())
}

/// A session that has not expired, and whose it is.
pub(in crate::account) async fn find(
    conn: &impl ConnectionTrait,
    id: &SessionId,
    now: OffsetDateTime,
) -> Result<Option<(Session, CurrentUser)>, AppError> {
    let found = Entity::find_by_id(id.0.as_str())
        .filter(Column::ExpiresAt.gt(to_millis(now)))
        .find_also_related(user::entity::Entity)
        .one(conn)
        .await?;
    let Some((row, Some(user))) = found else {
        return Ok(None);
    };
    Ok(Some((session(row)?, user::current(&user)?)))
}

/// A user's sessions that have not expired, the newest first.
pub(in crate::account) async fn of_user(
    conn: &impl ConnectionTrait,
    user: UserId,
    now: OffsetDateTime,
) -> Result<Vec<Session>, AppError> {
    let rows = Entity::find()
        .filter(Column::UserId.eq(user.0))
        .filter(Column::ExpiresAt.gt(to_millis(now)))
        .order_by_desc(Column::CreatedAt)
        .all(conn)
        .await?;
    rows.into_iter().map(session).collect()
}

/// What signed in to each session, by its id.
pub(in crate::account) async fn devices(
    conn: &impl ConnectionTrait,
) -> Result<Vec<(String, String)>, AppError> {
    let columns = Entity::find().select_only().columns([Column::TokenHash, Column::Device]);
    Ok(columns.into_tuple().all(conn).await?)
}

/// Notes a use, unless one was noted lately.
pub(in crate::account) async fn note_use(
    conn: &impl ConnectionTrait,
    id: &SessionId,
    now: OffsetDateTime,
) -> Result<(), AppError> {
    let now = to_millis(now);
    Entity::update_many()
        .col_expr(Column::LastUsedAt, Expr::value(now))
        .filter(Column::TokenHash.eq(id.0.as_str()))
        .filter(Column::LastUsedAt.lte(now - USE_NOTED_EVERY_MS))
        .exec(conn)
        .await?;
    Ok(())
}

/// Removes a session of that user; says whether there was one.
pub(in crate::account) async fn delete(
    conn: &impl ConnectionTrait,
    user: UserId,
    id: &SessionId,
) -> Result<bool, AppError> {
    let one = Entity::delete_by_id(id.0.as_str()).filter(Column::UserId.eq(user.0));
    Ok(one.exec(conn).await?.rows_affected > 0)
}

/// Removes a user's sessions, but not the one to keep; says which.
pub(in crate::account) async fn delete_others(
    conn: &impl ConnectionTrait,
    user: UserId,
    keep: Option<&SessionId>,
) -> Result<Vec<SessionId>, AppError> {
    let mut which = Condition::all().add(Column::UserId.eq(user.0));
    if let Some(keep) = keep {
        which = which.add(Column::TokenHash.ne(keep.0.as_str()));
    }
    let found = Entity::find().select_only().column(Column::TokenHash).filter(which.clone());
    let ids: Vec<String> = found.into_tuple().all(conn).await?;
    Entity::delete_many().filter(which).exec(conn).await?;
    Ok(ids.into_iter().map(SessionId).collect())
}

/// Removes the sessions that have expired, and why those ended that would have by now.
pub(in crate::account) async fn delete_expired(
    conn: &impl ConnectionTrait,
    now: OffsetDateTime,
) -> Result<(), AppError> {
    let expired = Column::ExpiresAt.lte(to_millis(now));
    Entity::delete_many().filter(expired).exec(conn).await?;
    ended::delete_expired(conn, now).await
}

fn session(row: Model) -> Result<Session, AppError> {
    Ok(Session {
        id: SessionId(row.token_hash),
        device: row.device,
        created_at: from_millis(row.created_at)?,
        last_used_at: from_millis(row.last_used_at)?,
        expires_at: from_millis(row.expires_at)?,
        current: false,
    })
}
