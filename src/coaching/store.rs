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
use time::{
    Date, OffsetDateTime, format_description::BorrowedFormatItem, macros::format_description,
};

use super::model::Person;
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

/// A count as it is stored.
fn count(count: u64) -> Result<i64, DbErr> {
    i64::try_from(count).map_err(|_| DbErr::Type(format!("a count of {count} is too large")))
}

fn from_count(count: i64) -> Result<u64, DbErr> {
    u64::try_from(count).map_err(unreadable)
}

/// The error of a row that means nothing here.
fn unreadable(why: impl std::error::Error) -> DbErr {
    DbErr::Type(format!("coaching in the database: {why}"))
}

/// What a name in the database stands for, of all that have one.
fn named<T: Copy, const N: usize>(
    all: [T; N],
    name_of: impl Fn(T) -> &'static str,
    name: &str,
) -> Result<T, DbErr> {
    let found = all.into_iter().find(|one| name_of(*one) == name);
    found.ok_or_else(|| DbErr::Type(format!("coaching in the database: {name:?} is unknown")))
}

fn to_millis(time: OffsetDateTime) -> i64 {
    time.unix_timestamp() * 1000 + i64::from(time.millisecond())
}

fn from_millis(millis: i64) -> Result<OffsetDateTime, DbErr> {
    let nanos = i128::from(millis) * 1_000_000;
    OffsetDateTime::from_unix_timestamp_nanos(nanos).map_err(unreadable)
}

fn to_day(day: Date) -> Result<String, DbErr> {
    day.format(DAY).map_err(unreadable)
}

fn from_day(text: &str) -> Result<Date, DbErr> {
    Date::parse(text, DAY).map_err(unreadable)
}
