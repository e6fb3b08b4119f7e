//! Tokens that open the stream of one project.

use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use time::OffsetDateTime;

use super::{entity::token, from_millis, to_millis, unreadable};
use crate::{account::model::UserId, error::AppError, labs::model::ProjectId};

/// What a token opens, and for whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::labs) struct Opens {
    /// The project whose stream it opens.
    pub(in crate::labs) project: ProjectId,
    /// Whose token it is.
    pub(in crate::labs) user: UserId,
    /// The session or API token that it was asked for with.
    pub(in crate::labs) subject: String,
    /// Until when.
    pub(in crate::labs) expires_at: OffsetDateTime,
}

/// Adds a token, by its hash.
pub(in crate::labs) async fn insert_token(
    conn: &impl ConnectionTrait,
    hash: String,
    opens: &Opens,
) -> Result<(), AppError> {
    let row = token::ActiveModel {
        hash: Set(hash),
        project_id: Set(opens.project.as_str().to_owned()),
        user_id: Set(opens.user.0),
        subject: Set(opens.subject.clone()),
        expires_at: Set(to_millis(opens.expires_at)),
    };
    token::Entity::insert(row).exec_without_returning(conn).await?;
    Ok(())
}

/// What the token with this hash opens.
pub(in crate::labs) async fn find_token(
    conn: &impl ConnectionTrait,
    hash: &str,
) -> Result<Option<Opens>, AppError> {
    let Some(row) = token::Entity::find_by_id(hash).one(conn).await? else {
        return Ok(None);
    };
    Ok(Some(Opens {
        project: row.project_id.parse().map_err(unreadable)?,
        user: UserId(row.user_id),
        subject: row.subject,
        expires_at: from_millis(row.expires_at)?,
    }))
}

/// Removes the tokens that open nothing any more.
pub(in crate::labs) async fn forget_tokens(
    conn: &impl ConnectionTrait,
    now: OffsetDateTime,
) -> Result<(), AppError> {
    token::Entity::delete_many()
        .filter(token::Column::ExpiresAt.lte(to_millis(now)))
        .exec(conn)
        .await?;
    Ok(())
}
