//! What voiceovers and infographics have in common: each is made by a job and shown by its
//! file.
//!
//! Owns how far one has come. It must not know what is made.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::{error::AppError, jobs::model::JobId};

/// How far something that a job makes has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub enum MediaStatus {
    /// Nothing was made yet: its job was cancelled.
    Draft,
    /// Its job is to make it, or does.
    Generating,
    /// It is there.
    Ready,
    /// Its last job failed.
    Failed,
}

/// A file that was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct MediaFile {
    /// Another for another content; in its address it has browsers notice.
    pub tag: String,
    /// How large it is, in bytes.
    pub bytes: u64,
}

/// What is made, and the job that was begun for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Begun<T> {
    /// The job.
    pub job_id: JobId,
    /// What it makes, as it is now.
    pub made: T,
}

/// The text names no status.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not the status of what a job makes")]
pub struct UnknownMediaStatus(String);

impl MediaStatus {
    const ALL: [Self; 4] = [Self::Draft, Self::Generating, Self::Ready, Self::Failed];

    /// Its name in the database and in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Generating => "generating",
            Self::Ready => "ready",
            Self::Failed => "failed",
        }
    }

    /// The status of what no job works on, by whether there is a file.
    pub fn at_rest(has_file: bool) -> Self {
        if has_file { Self::Ready } else { Self::Draft }
    }

    /// Whether it can be made now.
    ///
    /// # Errors
    /// [`AppError::Conflict`] while it is being made.
    pub fn may_generate(self) -> Result<(), AppError> {
        match self {
            Self::Generating => {
                let message = "It is being made already. Wait for that, or cancel it.".to_owned();
                Err(AppError::Conflict { message })
            }
            Self::Draft | Self::Ready | Self::Failed => Ok(()),
        }
    }
}

impl FromStr for MediaStatus {
    type Err = UnknownMediaStatus;

    fn from_str(text: &str) -> Result<Self, UnknownMediaStatus> {
        let found = Self::ALL.into_iter().find(|status| status.as_str() == text);
        found.ok_or_else(|| UnknownMediaStatus(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_is_read_as_it_is_written() {
        for status in MediaStatus::ALL {
            assert_eq!(status.as_str().parse(), Ok(status));
            assert_eq!(serde_json::to_value(status).unwrap(), status.as_str());
        }
        assert!("spoken".parse::<MediaStatus>().is_err());
    }

    #[test]
    fn only_what_is_being_made_cannot_be_made() {
        let refused = |status: MediaStatus| status.may_generate().is_err();
        assert_eq!(MediaStatus::ALL.map(refused), [false, true, false, false]);
    }
}
