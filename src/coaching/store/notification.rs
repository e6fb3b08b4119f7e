//! Notifications, and which of them are to be made.

use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, ExprTrait, JoinType, Order as Way,
    PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, RelationTrait, Select,
    sea_query::{Expr, Query},
};
use time::Date;

use super::{
    entity::{action, notification, relationship, session},
    from_day, from_millis,
    item::named as items_of,
    named, to_day, to_millis, unreadable,
};
use crate::{
    account::model::UserId,
    coaching::model::{
        Action, ActionId, ActionStatus, CoachingSession, CoachingSessionId, Notification,
        NotificationId, NotificationKind, Notifications, RelationshipId,
    },
    error::AppError,
};

/// Somebody's notifications that they have not dismissed.
pub(in crate::coaching) async fn notifications(
    conn: &impl ConnectionTrait,
    owner: UserId,
) -> Result<Notifications, DbErr> {
    let unread = of(owner).count(conn).await?;
    let rows = of(owner)
        .order_by(notification::Column::CreatedAt, Way::Desc)
        .order_by(notification::Column::Id, Way::Desc)
        .limit(Notifications::SHOWN as u64)
        .all(conn)
        .await?;
    Ok(Notifications {
        unread: u32::try_from(unread).map_err(unreadable)?,
        newest: rows.into_iter().map(Notification::try_from).collect::<Result<_, _>>()?,
    })
}

/// Adds a notification for somebody, about an action if it is about one.
pub(in crate::coaching) async fn insert_notification(
    conn: &impl ConnectionTrait,
    owner: UserId,
    about: Option<&ActionId>,
    new: &Notification,
) -> Result<(), DbErr> {
    let row = notification::ActiveModel {
        id: Set(new.id.as_str().to_owned()),
        owner_id: Set(owner.0),
        kind: Set(new.kind.as_str().to_owned()),
        subject: Set(new.subject.clone()),
        by_name: Set(new.by.clone()),
        action_id: Set(about.map(|id| id.as_str().to_owned())),
        due_on: Set(new.due_on.map(to_day).transpose()?),
        coaching_relationship_id: Set(new.coaching_relationship_id.as_str().to_owned()),
        coaching_session_id: Set(new.coaching_session_id.as_str().to_owned()),
        created_at: Set(to_millis(new.created_at)),
        dismissed: Set(false),
    };
    notification::Entity::insert(row).exec_without_returning(conn).await?;
    Ok(())
}

/// Dismisses one of somebody's notifications; whether there was such a one.
pub(in crate::coaching) async fn dismiss(
    conn: &impl ConnectionTrait,
    owner: UserId,
    id: &NotificationId,
) -> Result<bool, DbErr> {
    let dismissed = notification::Entity::update_many()
        .col_expr(notification::Column::Dismissed, Expr::value(true))
        .filter(notification::Column::Id.eq(id.as_str()))
        .filter(notification::Column::OwnerId.eq(owner.0))
        .filter(notification::Column::Dismissed.eq(false))
        .exec(conn)
        .await?;
    Ok(dismissed.rows_affected > 0)
}

/// Whose notifications are about an action, of those that are not dismissed.
pub(in crate::coaching) async fn notifications_about(
    conn: &impl ConnectionTrait,
    action: &ActionId,
) -> Result<Vec<(UserId, NotificationId)>, DbErr> {
    let wanted = notification::Column::ActionId.eq(action.as_str());
    ids(conn, Condition::all().add(wanted)).await
}

/// Whose notifications lead to a session, of those that are not dismissed.
pub(in crate::coaching) async fn notifications_in(
    conn: &impl ConnectionTrait,
    session: &CoachingSessionId,
) -> Result<Vec<(UserId, NotificationId)>, DbErr> {
    let wanted = notification::Column::CoachingSessionId.eq(session.as_str());
    ids(conn, Condition::all().add(wanted)).await
}

/// Somebody's notifications that are not dismissed: all, or those of one relationship.
pub(in crate::coaching) async fn notifications_of(
    conn: &impl ConnectionTrait,
    owner: UserId,
    relationship: Option<&RelationshipId>,
) -> Result<Vec<(UserId, NotificationId)>, DbErr> {
    let within =
        relationship.map(|id| notification::Column::CoachingRelationshipId.eq(id.as_str()));
    let wanted = Condition::all().add(notification::Column::OwnerId.eq(owner.0)).add_option(within);
    ids(conn, wanted).await
}

/// The actions that are due on a day and not completed, whose assignee still takes part and was not
/// reminded of that day; each with its session.
pub(in crate::coaching) async fn actions_to_remind_of(
    conn: &impl ConnectionTrait,
    day: Date,
) -> Result<Vec<(Action, CoachingSession)>, AppError> {
    let day = to_day(day)?;
    let assignee = || Expr::col((action::Entity, action::Column::AssigneeId));
    let takes_part = Condition::any()
        .add(assignee().equals((relationship::Entity, relationship::Column::CoachId)))
        .add(assignee().equals((relationship::Entity, relationship::Column::MemberId)));
    let owner = Expr::col((notification::Entity, notification::Column::OwnerId));
    let about = Expr::col((notification::Entity, notification::Column::ActionId));
    let reminded = Query::select()
        .column(notification::Column::Id)
        .from(notification::Entity)
        .and_where(notification::Column::Kind.eq(NotificationKind::DueTomorrow.as_str()))
        .and_where(Expr::col((notification::Entity, notification::Column::DueOn)).eq(day.clone()))
        .and_where(owner.equals((action::Entity, action::Column::AssigneeId)))
        .and_where(about.equals((action::Entity, action::Column::Id)))
        .to_owned();
    let found = action::Entity::find()
        .find_also_related(session::Entity)
        .join(JoinType::InnerJoin, session::Relation::Relationship.def())
        .filter(action::Column::DueOn.eq(day))
        .filter(action::Column::Status.ne(ActionStatus::Completed.as_str()))
        .filter(takes_part)
        .filter(Expr::exists(reminded).not())
        .order_by(action::Column::Id, Way::Asc)
        .all(conn)
        .await?;
    let mut rows = Vec::new();
    let mut of = Vec::new();
    for (action, session) in found {
        let Some(session) = session else { continue };
        rows.push(action);
        of.push(CoachingSession::try_from(session)?);
    }
    Ok(items_of::<Action>(conn, rows).await?.into_iter().zip(of).collect())
}

async fn ids(
    conn: &impl ConnectionTrait,
    wanted: Condition,
) -> Result<Vec<(UserId, NotificationId)>, DbErr> {
    let found: Vec<(i64, String)> = notification::Entity::find()
        .select_only()
        .columns([notification::Column::OwnerId, notification::Column::Id])
        .filter(wanted)
        .filter(notification::Column::Dismissed.eq(false))
        .order_by(notification::Column::CreatedAt, Way::Asc)
        .order_by(notification::Column::Id, Way::Asc)
        .into_tuple()
        .all(conn)
        .await?;
    let one = |(owner, id): (i64, String)| Ok((UserId(owner), id.parse().map_err(unreadable)?));
    found.into_iter().map(one).collect()
}

fn of(owner: UserId) -> Select<notification::Entity> {
    notification::Entity::find()
        .filter(notification::Column::OwnerId.eq(owner.0))
        .filter(notification::Column::Dismissed.eq(false))
}

impl TryFrom<notification::Model> for Notification {
    type Error = DbErr;

    fn try_from(row: notification::Model) -> Result<Self, DbErr> {
        let kinds = [
            NotificationKind::Assigned,
            NotificationKind::DueTomorrow,
            NotificationKind::SessionStarted,
        ];
        Ok(Self {
            id: row.id.parse().map_err(unreadable)?,
            kind: named(kinds, NotificationKind::as_str, &row.kind)?,
            subject: row.subject,
            by: row.by_name,
            due_on: row.due_on.as_deref().map(from_day).transpose()?,
            coaching_relationship_id: row.coaching_relationship_id.parse().map_err(unreadable)?,
            coaching_session_id: row.coaching_session_id.parse().map_err(unreadable)?,
            created_at: from_millis(row.created_at)?,
        })
    }
}
