//! What people and their jobs did, as the feed and its event name it.
//!
//! Owns the words of the feed and how it falls into days. It must not know how entries are kept.

use serde::{Deserialize, Serialize};
use time::{Date, OffsetDateTime, UtcOffset};

use super::ActivityId;

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub enum ActivityType {
    /// A document was added.
    DocumentAdded,
    /// A document was read by its job, and can be read by people.
    DocumentReady,
    /// A document could not be read.
    DocumentFailed,
    /// A document has another title.
    DocumentRenamed,
    /// A document is no more.
    DocumentDeleted,
    /// A podcast was made, and nothing of it yet.
    PodcastCreated,
    /// A script was written.
    ScriptWritten,
    /// A script was edited.
    ScriptEdited,
    /// A podcast can be listened to.
    PodcastReady,
    /// A podcast's job failed, or was cancelled.
    PodcastFailed,
    /// A podcast is no more.
    PodcastDeleted,
}

/// A kind of thing that something happens to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Thing {
    /// A document.
    Document,
    /// A podcast.
    Podcast,
}

/// An entry of the feed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Activity {
    /// Identity.
    pub id: ActivityId,
    /// What happened.
    pub activity_type: ActivityType,
    /// What the thing was called then.
    pub title: String,
    /// The page of the thing, such as `/documents/doc_00f1e2d3c4b5a697`; none if it is no more.
    pub link: Option<String>,
    /// When it happened.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
}

/// One page of the feed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct ActivityPage {
    /// Its entries, the newest first. Empty beyond the last page.
    pub rows: Vec<Activity>,
    /// How many entries there are, on all pages.
    pub total: u64,
    /// Which page this is, from 1.
    pub page: u32,
    /// How many pages there are; at least 1.
    pub pages: u32,
}

impl ActivityType {
    /// What it happened to.
    pub fn thing(self) -> Thing {
        match self {
            Self::DocumentAdded
            | Self::DocumentReady
            | Self::DocumentFailed
            | Self::DocumentRenamed
            | Self::DocumentDeleted => Thing::Document,
            Self::PodcastCreated
            | Self::ScriptWritten
            | Self::ScriptEdited
            | Self::PodcastReady
            | Self::PodcastFailed
            | Self::PodcastDeleted => Thing::Podcast,
        }
    }

    /// What is said of the thing, after its title.
    pub fn words(self) -> &'static str {
        match self {
            Self::DocumentAdded => "was added",
            Self::DocumentReady => "was read",
            Self::DocumentFailed => "could not be read",
            Self::DocumentRenamed => "got this title",
            Self::PodcastCreated => "was made",
            Self::ScriptWritten => "got its script",
            Self::ScriptEdited => "got another script",
            Self::PodcastReady => "can be listened to",
            Self::PodcastFailed => "got no further",
            Self::DocumentDeleted | Self::PodcastDeleted => "was deleted",
        }
    }

    /// Whether something went wrong.
    pub fn is_failure(self) -> bool {
        matches!(self, Self::DocumentFailed | Self::PodcastFailed)
    }
}

impl Thing {
    /// Every kind.
    pub const ALL: [Self; 2] = [Self::Document, Self::Podcast];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Document => "Document",
            Self::Podcast => "Podcast",
        }
    }

    /// The page of one of its kind.
    pub fn page_of(self, id: &str) -> String {
        match self {
            Self::Document => format!("/documents/{id}"),
            Self::Podcast => format!("/podcasts/{id}"),
        }
    }
}

impl ActivityPage {
    /// How many entries a full page has.
    pub const PER_PAGE: u32 = 50;

    /// The page `page` with these entries, of `total`.
    pub fn new(rows: Vec<Activity>, total: u64, page: u32) -> Self {
        let pages = total.div_ceil(u64::from(Self::PER_PAGE)).max(1);
        Self { rows, total, page, pages: u32::try_from(pages).unwrap_or(u32::MAX) }
    }

    /// Its days in UTC, the newest first.
    pub fn days(&self) -> Vec<Date> {
        let mut days: Vec<Date> = self.rows.iter().map(Activity::day).collect();
        days.dedup();
        days
    }
}

impl Activity {
    /// The day in UTC on which it happened.
    pub fn day(&self) -> Date {
        self.created_at.to_offset(UtcOffset::UTC).date()
    }
}

#[cfg(test)]
mod tests {
    use time::macros::{date, datetime};

    use super::*;

    #[test]
    fn a_page_falls_into_days_in_utc() {
        let entry = |created_at| Activity {
            id: ActivityId::of_bits(1),
            activity_type: ActivityType::DocumentAdded,
            title: "T".to_owned(),
            link: None,
            created_at,
        };
        let rows = vec![
            entry(datetime!(2026-03-02 01:30 +2)),
            entry(datetime!(2026-03-01 00:00 UTC)),
            entry(datetime!(2026-02-28 23:59 UTC)),
        ];
        let page = ActivityPage::new(rows, 51, 1);
        assert_eq!(page.pages, 2);
        assert_eq!(page.days(), [date!(2026 - 03 - 01), date!(2026 - 02 - 28)]);
    }
}
