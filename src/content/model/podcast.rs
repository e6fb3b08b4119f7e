//! Podcasts: a conversation of two hosts about documents, written and then spoken.
//!
//! Owns the statuses, what may follow which, and what is a script that can be spoken. It must not
//! know how one is written or spoken.

mod status;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

pub use status::{Generate, PodcastStatus, UnknownPodcastStatus};

use super::{DocumentId, Page, PodcastId, Script, Title};
use crate::{error::AppError, jobs::model::JobId};

/// The most documents that a podcast is made of.
pub const SOURCES_MAX: usize = 10;

/// The longest script, in characters.
pub const SCRIPT_MAX_CHARS: usize = 60_000;

/// A podcast as the list shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct PodcastRow {
    /// Identity.
    pub id: PodcastId,
    /// What it is called.
    pub title: String,
    /// How far it has come.
    pub status: PodcastStatus,
    /// Why its last job failed, as sentences.
    pub error: Option<String>,
    /// How long it takes to listen to it, in milliseconds, once it can be.
    pub duration_ms: Option<u64>,
    /// When it was made.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    /// When it last changed.
    #[serde(with = "time::serde::rfc3339")]
    pub updated_at: OffsetDateTime,
    /// 1, and one more for each change.
    pub version: u64,
}

/// A podcast, whole but for its sound.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Podcast {
    /// What the list shows.
    #[serde(flatten)]
    pub row: PodcastRow,
    /// What it is made of, in order.
    pub sources: Vec<PodcastSource>,
    /// What is said, once it was written.
    pub script: Option<Script>,
    /// Its sound, once it was spoken.
    pub audio: Option<PodcastAudio>,
}

/// A document that a podcast is made of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct PodcastSource {
    /// Which; `None` once it was deleted.
    pub document_id: Option<DocumentId>,
    /// What it was called when the podcast was made.
    pub title: String,
}

/// One page of the list.
pub type PodcastPage = Page<PodcastRow>;

/// The sound of a podcast: an MP3 file at `/api/v1/podcasts/{id}/audio`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct PodcastAudio {
    /// Another for another sound; to be put into its address, so that players notice.
    pub tag: String,
    /// How large it is, in bytes.
    pub bytes: u64,
    /// How long it is, in milliseconds.
    pub duration_ms: u64,
    /// When each segment of the script begins, in milliseconds from the start.
    pub starts_ms: Vec<u64>,
}

/// A podcast to be made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct NewPodcast {
    /// What it is to be called.
    pub title: String,
    /// What it is made of, in this order: 1 to 10 documents.
    pub document_ids: Vec<DocumentId>,
}

/// A script in place of another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct ScriptEdit {
    /// What is to be said.
    pub script: Script,
    /// The version that the edit was decided on; another one refuses it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<u64>,
}

/// A job that was begun, and its podcast as it is now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Generating {
    /// The job.
    pub job_id: JobId,
    /// The podcast.
    pub podcast: Podcast,
}

impl NewPodcast {
    /// Checks what can be checked without the documents; answers the title as it is stored.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for the first field that cannot be so.
    pub fn validate(&self) -> Result<Title, AppError> {
        let title = Title::new(&self.title)?;
        let ids = &self.document_ids;
        let message = match ids.len() {
            0 => "Choose at least one document.".to_owned(),
            1..=SOURCES_MAX => {
                let twice = ids.iter().enumerate().any(|(at, id)| ids[..at].contains(id));
                if !twice {
                    return Ok(title);
                }
                "Choose each document once.".to_owned()
            }
            _ => format!("A podcast is made of at most {SOURCES_MAX} documents."),
        };
        Err(AppError::invalid("documentIds", message))
    }
}

impl Podcast {
    /// The status that follows from what there is, when no job is under way.
    pub fn at_rest(&self) -> PodcastStatus {
        match (&self.script, &self.audio) {
            (_, Some(_)) => PodcastStatus::Ready,
            (Some(_), None) => PodcastStatus::ScriptReady,
            (None, None) => PodcastStatus::Draft,
        }
    }

    /// Puts a script in place of the one it has, whose sound goes with it.
    pub fn replace_script(&mut self, script: Script) {
        (self.script, self.audio) = (Some(script), None);
        self.row.status = self.at_rest();
        (self.row.error, self.row.duration_ms) = (None, None);
    }

    /// Lays over it that this is under way.
    pub fn begin(&mut self, what: Generate) {
        self.row.status = what.status();
        self.row.error = None;
    }

    fn has_documents(&self) -> bool {
        self.sources.iter().any(|source| source.document_id.is_some())
    }

    /// Whether this can be made now.
    ///
    /// # Errors
    /// [`AppError::Conflict`] with what is missing.
    pub fn may_generate(&self, what: Generate) -> Result<(), AppError> {
        let message = match what {
            _ if self.row.status.is_busy() => "Something is being made of it already.",
            Generate::Audio if self.script.is_none() => "There is no script to speak yet.",
            Generate::Script | Generate::Podcast if !self.has_documents() => {
                "All its documents have been deleted."
            }
            _ => return Ok(()),
        };
        Err(AppError::Conflict { message: message.to_owned() })
    }

    /// The script that an edit leaves: without what says nothing.
    ///
    /// # Errors
    /// [`AppError::VersionConflict`] for another version, [`AppError::Conflict`] while a job is
    /// under way, [`AppError::Invalid`] for a script in which nothing is said, or too much.
    pub fn edited(&self, edit: ScriptEdit) -> Result<Script, AppError> {
        if edit.version.is_some_and(|version| version != self.row.version) {
            let message = "The podcast has changed in the meantime. Look at it, and edit again.";
            let (message, current) = (message.to_owned(), self.row.version);
            return Err(AppError::VersionConflict { message, current });
        }
        if self.row.status.is_busy() {
            let message = "Wait until its job has ended, or cancel that.".to_owned();
            return Err(AppError::Conflict { message });
        }
        let mut script = edit.script;
        for segment in &mut script.segments {
            segment.title = segment.title.trim().to_owned();
            segment.turns.iter_mut().for_each(|turn| turn.text = turn.text.trim().to_owned());
            segment.turns.retain(|turn| !turn.text.is_empty());
        }
        script.segments.retain(|segment| !segment.turns.is_empty());
        if script.segments.is_empty() {
            return Err(AppError::invalid("script", "A script has something to say."));
        }
        let titles = script.segments.iter().map(|segment| &segment.title);
        let said = script.turns().map(|turn| &turn.text).chain(titles);
        if said.map(|text| text.chars().count()).sum::<usize>() > SCRIPT_MAX_CHARS {
            let message = format!("A script has at most {SCRIPT_MAX_CHARS} characters.");
            return Err(AppError::invalid("script", message));
        }
        Ok(script)
    }
}

impl PodcastAudio {
    /// The segment that is spoken at a time, in milliseconds from the start.
    pub fn segment_at(&self, ms: u64) -> usize {
        self.starts_ms.partition_point(|start| *start <= ms).saturating_sub(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content::model::{Host, Segment, Turn};

    fn script(texts: &[&str]) -> Script {
        let turn = |text: &&str| Turn { host: Host::A, text: (*text).to_owned() };
        let segment =
            Segment { title: " One ".to_owned(), turns: texts.iter().map(turn).collect() };
        Script { title: "T".to_owned(), segments: vec![segment] }
    }

    fn podcast() -> Podcast {
        let now = OffsetDateTime::UNIX_EPOCH;
        let row = PodcastRow {
            id: PodcastId::of_bits(1),
            title: "P".to_owned(),
            status: PodcastStatus::Draft,
            error: None,
            duration_ms: None,
            created_at: now,
            updated_at: now,
            version: 3,
        };
        let document_id = Some(DocumentId::of_bits(1));
        let source = PodcastSource { document_id, title: "D".to_owned() };
        Podcast { row, sources: vec![source], script: None, audio: None }
    }

    #[test]
    fn what_can_be_made_depends_on_what_there_is() {
        let mut podcast = podcast();
        assert_eq!(podcast.at_rest(), PodcastStatus::Draft);
        assert!(podcast.may_generate(Generate::Script).is_ok());
        assert!(podcast.may_generate(Generate::Audio).is_err(), "there is no script");
        podcast.begin(Generate::Podcast);
        assert!(podcast.may_generate(Generate::Script).is_err(), "it is under way");
        podcast.script = Some(script(&["Hello."]));
        podcast.row.status = podcast.at_rest();
        assert_eq!(podcast.row.status, PodcastStatus::ScriptReady);
        podcast.sources[0].document_id = None;
        assert!(podcast.may_generate(Generate::Script).is_err(), "its documents are gone");
        assert!(podcast.may_generate(Generate::Audio).is_ok());
    }

    #[test]
    fn an_edited_script_keeps_only_what_is_said() {
        let podcast = podcast();
        let edit =
            |texts: &[&str], version| ScriptEdit { script: script(texts), version: Some(version) };
        let edited = podcast.edited(edit(&[" Hello. ", " "], 3)).unwrap();
        assert_eq!(edited.segments[0].title, "One");
        assert_eq!(edited.segments[0].turns.len(), 1);
        assert!(matches!(podcast.edited(edit(&[" "], 3)), Err(AppError::Invalid { .. })));
        let old = podcast.edited(edit(&["Hello."], 2));
        assert!(matches!(old, Err(AppError::VersionConflict { current: 3, .. })));
        let long = "a".repeat(SCRIPT_MAX_CHARS + 1);
        assert!(matches!(podcast.edited(edit(&[&long], 3)), Err(AppError::Invalid { .. })));
    }

    #[test]
    fn the_player_finds_the_segment_that_is_spoken() {
        let starts_ms = vec![0, 1_000, 5_000];
        let audio = PodcastAudio { tag: String::new(), bytes: 1, duration_ms: 9_000, starts_ms };
        let at = [0, 999, 1_000, 4_999, 60_000].map(|ms| audio.segment_at(ms));
        assert_eq!(at, [0, 0, 1, 1, 2]);
    }

    #[test]
    fn a_podcast_is_made_of_a_few_documents_each_once() {
        let ids = |numbers: &[u64]| numbers.iter().map(|n| DocumentId::of_bits(*n)).collect();
        let new =
            |numbers: &[u64]| NewPodcast { title: " T ".to_owned(), document_ids: ids(numbers) };
        assert_eq!(new(&[1, 2]).validate().unwrap().as_str(), "T");
        for numbers in [&[][..], &[1, 1], &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]] {
            assert!(new(numbers).validate().is_err(), "{numbers:?}");
        }
    }
}
