//! Importing orders: how far it has come, and what could not be used.
//!
//! Owns what somebody who waits for an import is told. It must not know the files.

use std::fmt;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::{error::AppError, id::random_id};

/// Identifies an import, such as `imp_00f1e2d3c4b5a697`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "ssr", schema(value_type = String, example = "imp_00f1e2d3c4b5a697"))]
pub struct ImportId(String);

random_id!(ImportId, "imp_", "an import");

/// How far an import has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub enum ImportStatus {
    /// It waits for its turn, or is under way.
    Running,
    /// Everything that could be used is there.
    Completed,
    /// It could not go on; what it added before stays.
    Failed,
    /// Its user stopped it; what it added before stays.
    Cancelled,
}

/// An import as its user follows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct OrderImport {
    /// Identity.
    pub id: ImportId,
    /// How far it has come.
    pub status: ImportStatus,
    /// When it began.
    #[serde(with = "time::serde::rfc3339")]
    pub started_at: OffsetDateTime,
    /// When it ended.
    #[serde(with = "time::serde::rfc3339::option")]
    pub finished_at: Option<OffsetDateTime>,
    /// What it did so far.
    #[serde(flatten)]
    pub counts: ImportCounts,
    /// The first 200 rows that could not be used, by file and line.
    pub bad_rows: Vec<BadRow>,
    /// Why it did not complete and what can be done, in sentences.
    pub message: Option<String>,
}

/// What an import did so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct ImportCounts {
    /// How many of the files' good orders it has gone through.
    pub done: u64,
    /// How many those are; 0 until the files have been read.
    pub total: u64,
    /// Orders that were added.
    pub orders: u64,
    /// Their lines.
    pub lines: u64,
    /// Customers that were added.
    pub customers: u64,
    /// Products that were added.
    pub products: u64,
    /// Orders that were there already and were left alone.
    pub skipped: u64,
    /// How many rows could not be used, also those that are not listed.
    pub bad: u64,
}

/// A row that could not be used. Its text is `orders.csv:7: …`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct BadRow {
    /// The file's name.
    pub file: String,
    /// The line that it starts in, from 1; the first holds the columns' names.
    pub line: u64,
    /// The column that is to blame, if it is one.
    pub column: Option<String>,
    /// What is wrong with it.
    pub reason: String,
}

impl ImportId {
    /// What its job works on.
    pub fn target(&self) -> String {
        format!("order_import:{self}")
    }
}

impl ImportStatus {
    /// Every status.
    pub const ALL: [Self; 4] = [Self::Running, Self::Completed, Self::Failed, Self::Cancelled];

    /// Its name in the database and in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Completed => "completed",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }
}

impl OrderImport {
    /// The most bad rows that are listed.
    pub const BAD_ROWS: usize = 200;

    /// How many rows could not be used and are not listed.
    pub fn more_bad_rows(&self) -> u64 {
        self.counts.bad.saturating_sub(self.bad_rows.len() as u64)
    }

    /// The refusal of a second import beside one that is under way.
    pub fn one_at_a_time() -> AppError {
        AppError::Conflict {
            message: "An import of yours is under way. Wait until it has ended.".to_owned(),
        }
    }
}

impl fmt::Display for BadRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.reason)
    }
}
