//! What happened, as it is kept for the feed.

use sea_orm::{ActiveValue::Set, ConnectionTrait, DbErr, EntityTrait};
use time::OffsetDateTime;

use super::{entity::activity, to_millis, unreadable};
use crate::{account::model::UserId, content::model::ActivityType};

/// Adds an entry about something that is called so.
pub(in crate::content) async fn insert_activity(
    conn: &impl ConnectionTrait,
    id: String,
    owner: UserId,
    activity: ActivityType,
    entity_id: &str,
    title: &str,
    now: OffsetDateTime,
) -> Result<(), DbErr> {
    let name = serde_json::to_value(activity).map_err(unreadable)?;
    let row = activity::ActiveModel {
        id: Set(id),
        owner_id: Set(owner.0),
        activity: Set(name.as_str().unwrap_or_default().to_owned()),
        entity_id: Set(entity_id.to_owned()),
        title: Set(title.to_owned()),
        created_at: Set(to_millis(now)),
    };
    activity::Entity::insert(row).exec_without_returning(conn).await?;
    Ok(())
}
