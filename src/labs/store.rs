//! The labs in the database.
//!
//! Owns the entities and every query on them, in SQL that SQLite and PostgreSQL share. It takes a
//! connection and never opens one, and decides nothing. What it writes, triggers record.

mod entity;
mod project;
mod source;
mod node;
mod token;

use sea_orm::DbErr;
use time::OffsetDateTime;

pub(super) use self::{
    node::{
        NewNode, delete_nodes, find_node, find_nodes, insert_links, insert_nodes, map, nodes,
        set_status, statuses_of, titles, update_node,
    },
    project::{
        add_member, delete_project, exists, find_project, insert_project, members, owners,
        projects, projects_of, remove_member, role_of, update_project,
    },
    source::{
        Text, delete_source, find_source, insert_source, set_readable, sources, text, texts,
        update_source,
    },
    token::{Opens, find_token, forget_tokens, insert_token},
};

/// A count as it is stored.
fn count(count: u64) -> Result<i64, DbErr> {
    i64::try_from(count).map_err(|_| DbErr::Type(format!("a count of {count} is too large")))
}

fn from_count(count: i64) -> Result<u64, DbErr> {
    u64::try_from(count).map_err(unreadable)
}

/// The error of a row that means nothing here.
fn unreadable(why: impl std::error::Error) -> DbErr {
    DbErr::Type(format!("labs in the database: {why}"))
}

/// What a name in the database stands for, of all that have one.
fn named<T: Copy, const N: usize>(
    all: [T; N],
    name_of: impl Fn(T) -> &'static str,
    name: &str,
) -> Result<T, DbErr> {
    let found = all.into_iter().find(|one| name_of(*one) == name);
    found.ok_or_else(|| DbErr::Type(format!("labs in the database: {name:?} is unknown")))
}

fn to_millis(time: OffsetDateTime) -> i64 {
    time.unix_timestamp() * 1000 + i64::from(time.millisecond())
}

fn from_millis(millis: i64) -> Result<OffsetDateTime, DbErr> {
    let nanos = i128::from(millis) * 1_000_000;
    OffsetDateTime::from_unix_timestamp_nanos(nanos).map_err(unreadable)
}
