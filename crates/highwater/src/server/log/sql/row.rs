//! A row of the table `highwater_log`: what it is written from, and how it is read.

use highwater_core::{Cursor, LiveEvent};
use sea_orm::QueryResult;
use serde::Serialize;

use super::{unreadable, unsigned};
use crate::server::{
    AccessChange, Audience, History, LogError, MAX_EVENT_BYTES, Page, Recorded, Row,
};

/// What a [`Row`] is read from, besides its place. `bytes` says how many the body has, in the words of
/// the database: one that is larger than what may be recorded is not even loaded.
pub(in crate::server::log) fn columns(bytes: &str) -> String {
    format!(
        "recorded_ms, kind, audiences, mutation, actor, about,
            CASE WHEN {bytes} <= {MAX_EVENT_BYTES} THEN body END AS body"
    )
}

/// What is to be recorded, as the columns have it.
pub(in crate::server::log) struct Entry {
    pub(in crate::server::log) kind: &'static str,
    pub(in crate::server::log) audiences: String,
    pub(in crate::server::log) about: Option<String>,
    pub(in crate::server::log) body: String,
}

impl Entry {
    pub(in crate::server::log) fn event<E: LiveEvent>(
        to: &[Audience],
        event: &E,
    ) -> Result<Self, LogError> {
        let (audiences, body) = (json_of(&to)?, json_of(event)?);
        Ok(Self { kind: "event", audiences, about: event.about(), body })
    }

    pub(in crate::server::log) fn access(change: &AccessChange) -> Result<Self, LogError> {
        let audiences = "[]".to_owned();
        Ok(Self { kind: "access", audiences, about: None, body: json_of(change)? })
    }
}

/// The row that stands at a place, or the place again if it cannot be read: no client could read what is
/// too large, and each would ask for it again and again.
pub(in crate::server::log) fn read(
    at: Cursor,
    row: &QueryResult,
) -> Result<Result<Row, Cursor>, LogError> {
    let (kind, body): (String, Option<String>) =
        (row.try_get("", "kind")?, row.try_get("", "body")?);
    let Some(body) = body else {
        tracing::error!(%at, "a row is larger than what may be recorded");
        return Ok(Err(at));
    };
    let audiences: String = row.try_get("", "audiences")?;
    let mutation: Option<String> = row.try_get("", "mutation")?;
    let what = match kind.as_str() {
        "event" => serde_json::from_str(&audiences).map(|to| Recorded::Event { to, json: body }),
        _ => serde_json::from_str(&body).map(Recorded::Access),
    };
    let what = what.inspect_err(|error| tracing::error!(%at, %error, "a row is unreadable"));
    let Ok(what) = what else {
        return Ok(Err(at));
    };
    Ok(Ok(Row {
        at,
        recorded_ms: unsigned(row.try_get("", "recorded_ms")?),
        // A writer outside the application may have put anything there.
        by: mutation.and_then(|id| id.parse().ok()),
        actor: row.try_get("", "actor")?,
        about: row.try_get("", "about")?,
        what,
    }))
}

/// Puts what was found after a cursor into its page: the rows, as far as they can be read.
pub(in crate::server::log) fn fill(
    page: &mut Page,
    after: &Cursor,
    limit: u32,
    found: impl Iterator<Item = Result<Result<Row, Cursor>, LogError>>,
) -> Result<(), LogError> {
    for row in found {
        match row? {
            Ok(row) => page.rows.push(row),
            Err(spoilt) => page.floor = spoilt,
        }
    }
    if !page.continues(after) {
        page.rows.clear();
    } else if page.rows.len() >= usize::try_from(limit).unwrap_or(usize::MAX)
        && let Some(last) = page.rows.last()
    {
        page.upto = last.at.clone();
    }
    Ok(())
}

/// A history of what was found, newest first. `oldest` is the log's oldest row.
pub(in crate::server::log) fn history(
    floor: Cursor,
    oldest: Option<QueryResult>,
    found: impl Iterator<Item = Result<Result<Row, Cursor>, LogError>>,
) -> Result<History, LogError> {
    let oldest: Option<i64> = oldest.map(|row| row.try_get("", "recorded_ms")).transpose()?;
    // A row that a writer outside the application spoilt has nothing to tell.
    let rows = found.filter_map(|row| row.map(Result::ok).transpose()).collect::<Result<_, _>>()?;
    Ok(History { rows, floor, kept_since_ms: oldest.map(unsigned) })
}

pub(in crate::server::log) fn json_of(value: &impl Serialize) -> Result<String, LogError> {
    serde_json::to_string(value).map_err(|error| unreadable("what is to be written", &error))
}
