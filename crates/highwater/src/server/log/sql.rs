//! What the logs on databases have in common: what is written to a row and read from it, outcomes,
//! and what failures mean.
//!
//! Owns whatever is said alike to each of them. How rows are numbered, and what a snapshot includes,
//! is each log's own.

mod failure;
mod outcome;
mod row;

use sea_orm::{ConnectionTrait, Statement, Value};

pub(super) use self::{
    failure::{is_busy, unreadable},
    outcome::{FORGET, first, keep_first},
    row::{Entry, columns, fill, history, json_of, read},
};

/// A statement with its values, `$1` and so on in both dialects.
pub(super) fn with<const N: usize>(
    conn: &impl ConnectionTrait,
    sql: &str,
    values: [Value; N],
) -> Statement {
    Statement::from_sql_and_values(conn.get_database_backend(), sql, values)
}

/// The databases' integers are signed; numbers and times never reach the sign.
pub(super) fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

pub(super) fn unsigned(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}
