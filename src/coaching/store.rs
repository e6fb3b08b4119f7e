//! Coaching in the database.
//!
//! Owns the entities and every query on them, in SQL that SQLite and PostgreSQL share. It takes a
//! connection and never opens one, and decides nothing. Names come from the account slice.

mod entity;
mod relationship;
mod session;
mod item;
mod row;
mod goal;
mod overview;
mod notification;

use std::collections::HashMap;

use sea_orm::{ConnectionTrait, DbErr};
use time::{Date, format_description::BorrowedFormatItem, macros::format_description};

use super::model::Person;
use crate::server::database::column::{
    count, from_count, from_millis, named, to_millis, unreadable,
};
use crate::{
    account::{model::UserId, service::names_of},
    error::AppError,
};

pub(super) use self::{
    goal::{goal_points, insert_goal_point},
    item::{Stored, delete_item, find_item, insert_item, items, update_item},
    notification::{
        actions_to_remind_of, dismiss, insert_notification, notifications, notifications_about,
        notifications_in, notifications_of,
    },
    overview::{goals_in_progress, open_actions, open_sessions, pressing_actions, stuck_goals},
    relationship::{
        find_relationship, insert_relationship, relationships, relationships_of,
        update_relationship,
    },
    session::{
        delete_session, find_session, insert_session, session_ids_of, sessions_of, update_session,
    },
};

/// How a day is stored.
const DAY: &[BorrowedFormatItem<'_>] = format_description!("[year]-[month]-[day]");

/// Who has which name.
pub(super) struct Names(HashMap<UserId, String>);

impl Names {
    /// Of these people, as they are called today.
    async fn of(
        conn: &impl ConnectionTrait,
        ids: impl IntoIterator<Item = i64> + Send,
    ) -> Result<Self, AppError> {
        let mut ids: Vec<UserId> = ids.into_iter().map(UserId).collect();
        ids.sort_unstable();
        ids.dedup();
        if ids.is_empty() {
            return Ok(Self(HashMap::new()));
        }
        Ok(Self(names_of(conn, &ids).await?))
    }

    /// The person of this id. Accounts are not deleted, so each has a name.
    fn person(&self, id: i64) -> Person {
        let id = UserId(id);
        Person { id, name: self.0.get(&id).cloned().unwrap_or_default() }
    }
}

fn to_day(day: Date) -> Result<String, DbErr> {
    day.format(DAY).map_err(unreadable)
}

fn from_day(text: &str) -> Result<Date, DbErr> {
    Date::parse(text, DAY).map_err(unreadable)
}
