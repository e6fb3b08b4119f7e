//! What people and their jobs did, as the feed and its event name it.
//!
//! Owns the words of the feed and how it falls into days. It must not know how entries are kept.

use serde::{Deserialize, Serialize};
use time::{Date, OffsetDateTime, UtcOffset};

use super::{ActivityId, Page};

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
    /// A voiceover was made, and is to be spoken.
    VoiceoverAdded,
    /// A voiceover can be listened to.
    VoiceoverReady,
    /// A voiceover could not be spoken.
    VoiceoverFailed,
    /// A voiceover has another title.
    VoiceoverRenamed,
    /// A voiceover has another text, voice or rate.
    VoiceoverEdited,
    /// A voiceover is no more.
    VoiceoverDeleted,
    /// An infographic is to be made.
    InfographicAdded,
    /// An infographic can be looked at.
    InfographicReady,
    /// An infographic could not be made.
    InfographicFailed,
    /// An infographic is no more.
    InfographicDeleted,
}

/// A kind of thing that something happens to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Thing {
    /// A document.
    Document,
    /// A podcast.
    Podcast,
    /// A voiceover.
    Voiceover,
    /// An infographic.
    Infographic,
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
pub type ActivityPage = Page<Activity>;

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
            Self::VoiceoverAdded
            | Self::VoiceoverReady
            | Self::VoiceoverFailed
            | Self::VoiceoverRenamed
            | Self::VoiceoverEdited
            | Self::VoiceoverDeleted => Thing::Voiceover,
            Self::InfographicAdded
            | Self::InfographicReady
            | Self::InfographicFailed
            | Self::InfographicDeleted => Thing::Infographic,
        }
    }

    /// What is said of the thing, after its title.
    pub fn words(self) -> &'static str {
        match self {
            Self::DocumentAdded | Self::VoiceoverAdded => "was added",
            Self::PodcastCreated => "was made",
            Self::DocumentReady => "was read",
            Self::DocumentFailed => "could not be read",
            Self::DocumentRenamed | Self::VoiceoverRenamed => "got this title",
            Self::DocumentDeleted | Self::PodcastDeleted | Self::VoiceoverDeleted => "was deleted",
            // It is called like its document.
            Self::InfographicAdded => "gets an infographic",
            Self::InfographicDeleted => "has no infographic any more",
            Self::ScriptWritten => "got its script",
            Self::ScriptEdited => "got another script",
            Self::PodcastReady | Self::VoiceoverReady => "can be listened to",
            Self::PodcastFailed => "got no further",
            Self::VoiceoverFailed => "could not be spoken",
            Self::VoiceoverEdited => "was edited",
            Self::InfographicReady => "has its infographic",
            Self::InfographicFailed => "could not be drawn",
        }
    }

    /// Whether something went wrong.
    pub fn is_failure(self) -> bool {
        matches!(
            self,
            Self::DocumentFailed
                | Self::PodcastFailed
                | Self::VoiceoverFailed
                | Self::InfographicFailed
        )
    }
}

impl Thing {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::Document, Self::Podcast, Self::Voiceover, Self::Infographic];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Document => "Document",
            Self::Podcast => "Podcast",
            Self::Voiceover => "Voiceover",
            Self::Infographic => "Infographic",
        }
    }

    /// The page of one of its kind.
    pub fn page_of(self, id: &str) -> String {
        match self {
            Self::Document => format!("/documents/{id}"),
            Self::Podcast => format!("/podcasts/{id}"),
            Self::Voiceover => format!("/voiceovers/{id}"),
            Self::Infographic => format!("/infographics/{id}"),
        }
    }
}

impl ActivityPage {
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
        let page = ActivityPage::new(rows, 3, 1);
        assert_eq!(page.days(), [date!(2026 - 03 - 01), date!(2026 - 02 - 28)]);
    }
}
