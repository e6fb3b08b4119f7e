//! What happened, as it is kept for the feed.

use std::collections::HashSet;

use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, Order as Way,
    PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};
use serde_json::Value;
use time::OffsetDateTime;

use super::{
    entity::{activity, document, infographic, podcast, voiceover},
    from_millis, to_millis, unreadable,
};
use crate::{
    account::model::UserId,
    content::model::{Activity, ActivityId, ActivityPage, ActivityType, Thing},
};

/// Adds an entry about something that is called so.
pub(in crate::content) async fn insert_activity(
    conn: &impl ConnectionTrait,
    id: &ActivityId,
    owner: UserId,
    activity: ActivityType,
    entity_id: &str,
    title: &str,
    now: OffsetDateTime,
) -> Result<(), DbErr> {
    let name = serde_json::to_value(activity).map_err(unreadable)?;
    let row = activity::ActiveModel {
        id: Set(id.as_str().to_owned()),
        owner_id: Set(owner.0),
        activity: Set(name.as_str().unwrap_or_default().to_owned()),
        entity_id: Set(entity_id.to_owned()),
        title: Set(title.to_owned()),
        created_at: Set(to_millis(now)),
    };
    activity::Entity::insert(row).exec_without_returning(conn).await?;
    Ok(())
}

/// A page of what happened to somebody's content, the newest first. What is no more has no link.
pub(in crate::content) async fn activities(
    conn: &impl ConnectionTrait,
    owner: UserId,
    page: u32,
) -> Result<ActivityPage, DbErr> {
    let own = || activity::Entity::find().filter(activity::Column::OwnerId.eq(owner.0));
    let total = own().count(conn).await?;
    let per_page = u64::from(ActivityPage::PER_PAGE);
    let found = own()
        .order_by(activity::Column::CreatedAt, Way::Desc)
        .order_by(activity::Column::Id, Way::Desc)
        .limit(per_page)
        .offset(u64::from(page.saturating_sub(1)) * per_page)
        .all(conn)
        .await?;
    let mut there = HashSet::new();
    for thing in Thing::ALL {
        let ids = found.iter().map(|row| row.entity_id.as_str());
        there.extend(existing(conn, thing, ids).await?);
    }
    let rows = found.into_iter().map(|row| {
        let named = serde_json::from_value::<ActivityType>(Value::String(row.activity));
        let activity_type = named.map_err(unreadable)?;
        let is_there = there.contains(&row.entity_id);
        Ok(Activity {
            id: row.id.parse().map_err(unreadable)?,
            activity_type,
            title: row.title,
            link: is_there.then(|| activity_type.thing().page_of(&row.entity_id)),
            created_at: from_millis(row.created_at)?,
        })
    });
    Ok(ActivityPage::new(rows.collect::<Result<_, DbErr>>()?, total, page))
}

/// Which of these ids are those of things of a kind that there still are.
async fn existing<'a>(
    conn: &impl ConnectionTrait,
    thing: Thing,
    ids: impl Iterator<Item = &'a str>,
) -> Result<Vec<String>, DbErr> {
    macro_rules! found {
        ($table:ident) => {
            $table::Entity::find()
                .filter($table::Column::Id.is_in(ids))
                .select_only()
                .column($table::Column::Id)
                .into_tuple()
                .all(conn)
                .await
        };
    }
    match thing {
        Thing::Document => found!(document),
        Thing::Podcast => found!(podcast),
        Thing::Voiceover => found!(voiceover),
        Thing::Infographic => found!(infographic),
    }
}
