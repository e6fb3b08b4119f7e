//! How far a podcast has come, and what takes it further.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// How far a podcast has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub enum PodcastStatus {
    /// Nothing was written yet.
    Draft,
    /// Its script is being written.
    Drafting,
    /// It has a script.
    ScriptReady,
    /// Its script is being spoken.
    GeneratingAudio,
    /// It can be listened to.
    Ready,
    /// Its last job failed.
    Failed,
}

/// What is to be made: the kinds of its jobs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub enum Generate {
    /// The script.
    #[serde(rename = "generate-script")]
    Script,
    /// The sound of the script that there is.
    #[serde(rename = "generate-audio")]
    Audio,
    /// Both.
    #[serde(rename = "generate-podcast")]
    Podcast,
}

/// The text names no status.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not the status of a podcast")]
pub struct UnknownPodcastStatus(String);

impl PodcastStatus {
    const ALL: [Self; 6] = [
        Self::Draft,
        Self::Drafting,
        Self::ScriptReady,
        Self::GeneratingAudio,
        Self::Ready,
        Self::Failed,
    ];

    /// Its name in the database and in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Drafting => "drafting",
            Self::ScriptReady => "script_ready",
            Self::GeneratingAudio => "generating_audio",
            Self::Ready => "ready",
            Self::Failed => "failed",
        }
    }

    /// Whether a job is under way.
    pub fn is_busy(self) -> bool {
        matches!(self, Self::Drafting | Self::GeneratingAudio)
    }
}

impl Generate {
    /// Its name as a kind of job.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Script => "generate-script",
            Self::Audio => "generate-audio",
            Self::Podcast => "generate-podcast",
        }
    }

    /// What a podcast is called while this is under way.
    pub fn status(self) -> PodcastStatus {
        match self {
            Self::Script | Self::Podcast => PodcastStatus::Drafting,
            Self::Audio => PodcastStatus::GeneratingAudio,
        }
    }
}

impl fmt::Display for Generate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for PodcastStatus {
    type Err = UnknownPodcastStatus;

    fn from_str(text: &str) -> Result<Self, UnknownPodcastStatus> {
        let found = Self::ALL.into_iter().find(|status| status.as_str() == text);
        found.ok_or_else(|| UnknownPodcastStatus(text.to_owned()))
    }
}
