//! The table `ended_sessions`: why sessions ended that an admin ended, until they would have
//! expired.

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, Statement};
use time::OffsetDateTime;

use super::to_millis;
use crate::{
    account::model::{SessionId, UserId},
    error::AppError,
};

mod entity {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, DeriveEntityModel)]
    #[sea_orm(table_name = "ended_sessions")]
    pub struct Model {
        /// SHA-256 of the secret, in lower-case hexadecimal digits.
        #[sea_orm(primary_key, auto_increment = false)]
        pub token_hash: String,
        /// Milliseconds since the Unix epoch: when the session would have ended by itself.
        pub expires_at: i64,
        pub reason: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

use entity::{Column, Entity};

/// Notes why all of a user's sessions are about to be ended.
pub(in crate::account) async fn note(
    conn: &impl ConnectionTrait,
    user: UserId,
    reason: &str,
) -> Result<(), AppError> {
    let sql = "INSERT INTO ended_sessions (token_hash, expires_at, reason)
        SELECT token_hash, expires_at, $1 FROM sessions WHERE user_id = $2";
    let values = [reason.into(), user.0.into()];
    let statement = Statement::from_sql_and_values(conn.get_database_backend(), sql, values);
    conn.execute_raw(statement).await?;
    Ok(())
}

/// Why a session ended, if an admin ended it and it would not have expired since.
pub(in crate::account) async fn reason(
    conn: &impl ConnectionTrait,
    id: &SessionId,
    now: OffsetDateTime,
) -> Result<Option<String>, AppError> {
    let found = Entity::find_by_id(id.0.as_str()).filter(Column::ExpiresAt.gt(to_millis(now)));
    Ok(found.select_only().column(Column::Reason).into_tuple().one(conn).await?)
}

/// Removes those that would have expired.
pub(in crate::account) async fn delete_expired(
    conn: &impl ConnectionTrait,
    now: OffsetDateTime,
) -> Result<(), AppError> {
    let expired = Column::ExpiresAt.lte(to_millis(now));
    Entity::delete_many().filter(expired).exec(conn).await?;
    Ok(())
}
