//! Coaching sessions: scheduled, running, done.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::{CoachingSessionId, RelationshipId, item, line};
use crate::error::AppError;

/// A session of two people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct CoachingSession {
    /// Identity.
    pub id: CoachingSessionId,
    /// Whose session.
    pub coaching_relationship_id: RelationshipId,
    /// What it is about.
    pub title: String,
    /// When it is to be.
    #[serde(with = "time::serde::rfc3339")]
    pub scheduled_at: OffsetDateTime,
    /// How far it has come.
    pub status: SessionStatus,
    /// When it was started.
    #[serde(with = "time::serde::rfc3339::option")]
    pub started_at: Option<OffsetDateTime>,
    /// When it was ended.
    #[serde(with = "time::serde::rfc3339::option")]
    pub ended_at: Option<OffsetDateTime>,
    /// When it was made.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    /// When it last changed.
    #[serde(with = "time::serde::rfc3339")]
    pub updated_at: OffsetDateTime,
    /// 1, and one more for each change.
    pub version: u64,
}

/// How far a session has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "ssr", schema(as = CoachingSessionStatus))]
pub enum SessionStatus {
    /// It is to be.
    Scheduled,
    /// It is going on.
    Running,
    /// It is over.
    Done,
}

/// A session to be scheduled.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "ssr", schema(as = NewCoachingSession))]
pub struct NewSession {
    /// Whose session.
    pub coaching_relationship_id: RelationshipId,
    /// What it is about: one line.
    pub title: String,
    /// When it is to be.
    #[serde(with = "time::serde::rfc3339")]
    pub scheduled_at: OffsetDateTime,
}

/// A change of a session. What is left out stays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "ssr", schema(as = CoachingSessionChange))]
pub struct SessionChange {
    /// What it is about: one line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// When it is to be; only while it is scheduled.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        with = "time::serde::rfc3339::option"
    )]
    pub scheduled_at: Option<OffsetDateTime>,
    /// `running` starts it, `done` ends it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<SessionStatus>,
    /// The version that the change was decided on; another one refuses it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<u64>,
}

impl NewSession {
    /// Its title, as it is stored.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for a title that cannot be.
    pub fn title(&self) -> Result<String, AppError> {
        line("title", &self.title)
    }
}

impl SessionStatus {
    /// Its name in the database and in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Scheduled => "scheduled",
            Self::Running => "running",
            Self::Done => "done",
        }
    }
}

impl CoachingSession {
    /// What a change at `now` makes of it; the same if there is nothing to change.
    ///
    /// # Errors
    /// [`AppError::VersionConflict`] if it was decided on another version, [`AppError::Invalid`] for
    /// a title that cannot be, [`AppError::Conflict`] for a step back, and for another time once it
    /// was started.
    pub fn changed(&self, change: &SessionChange, now: OffsetDateTime) -> Result<Self, AppError> {
        item::is_of("session", change.version, self.version)?;
        let mut next = self.clone();
        if let Some(title) = &change.title {
            next.title = line("title", title)?;
        }
        if let Some(at) = change.scheduled_at.filter(|at| *at != self.scheduled_at) {
            if self.status != SessionStatus::Scheduled {
                let message = "The session was started already.".to_owned();
                return Err(AppError::Conflict { message });
            }
            next.scheduled_at = at;
        }
        match (self.status, change.status.unwrap_or(self.status)) {
            (before, after) if before == after => {}
            (SessionStatus::Scheduled, SessionStatus::Running) => next.started_at = Some(now),
            (SessionStatus::Running, SessionStatus::Done) => next.ended_at = Some(now),
            (before, after) => {
                let (before, after) = (before.as_str(), after.as_str());
                let message = format!("A session that is {before} cannot become {after}.");
                return Err(AppError::Conflict { message });
            }
        }
        next.status = change.status.unwrap_or(self.status);
        if next != *self {
            (next.updated_at, next.version) = (now, self.version + 1);
        }
        Ok(next)
    }
}
