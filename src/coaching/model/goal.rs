//! Overarching goals, and how they come along.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::{GoalId, Item, Person, RelationshipId, item::is_of, line};
use crate::error::AppError;

/// What the progress of a goal is when it is reached: percent.
pub const PROGRESS_MAX: u8 = 100;

/// Something that a member wants to reach over many sessions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct OverarchingGoal {
    /// Identity.
    pub id: GoalId,
    /// The relationship.
    pub coaching_relationship_id: RelationshipId,
    /// What is to be reached: one line.
    pub title: String,
    /// How much of it is reached, in percent.
    #[cfg_attr(feature = "ssr", schema(maximum = 100))]
    pub progress: u8,
    /// Whether it is being worked on.
    pub status: GoalStatus,
    /// When it was made.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    /// When it last changed.
    #[serde(with = "time::serde::rfc3339")]
    pub updated_at: OffsetDateTime,
    /// 1, and one more for each change.
    pub version: u64,
}

/// Whether a goal is being worked on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub enum GoalStatus {
    /// It is.
    #[default]
    InProgress,
    /// It waits.
    OnHold,
    /// It is reached.
    Completed,
}

/// A goal to be set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct NewGoal {
    /// The relationship.
    pub coaching_relationship_id: RelationshipId,
    /// What is to be reached: one line.
    pub title: String,
    /// How much of it is reached already, in percent.
    #[serde(default)]
    #[cfg_attr(feature = "ssr", schema(maximum = 100))]
    pub progress: u8,
    /// Whether it is being worked on.
    #[serde(default)]
    pub status: GoalStatus,
}

/// A change of a goal. What is left out stays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct GoalChange {
    /// What is to be reached: one line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// How much of it is reached, in percent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "ssr", schema(maximum = 100))]
    pub progress: Option<u8>,
    /// Whether it is being worked on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<GoalStatus>,
    /// The version that the change was decided on; another one refuses it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<u64>,
}

/// How far a goal had come at a time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GoalPoint {
    /// Which goal.
    pub goal_id: GoalId,
    /// When.
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
    /// How much of it was reached from then on, in percent.
    pub progress: u8,
}

impl GoalStatus {
    /// Every status.
    pub const ALL: [Self; 3] = [Self::InProgress, Self::OnHold, Self::Completed];

    /// Its name in the database and in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::InProgress => "in_progress",
            Self::OnHold => "on_hold",
            Self::Completed => "completed",
        }
    }
}

impl NewGoal {
    /// Its title and progress, as they are stored.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for the first field that cannot be so.
    pub fn validate(&self) -> Result<(String, u8), AppError> {
        Ok((line("title", &self.title)?, percent(self.progress)?))
    }
}

impl Item for OverarchingGoal {
    type Id = GoalId;
    type Of = RelationshipId;
    type Change = GoalChange;

    const WHAT: &'static str = "goal";

    fn id(&self) -> &GoalId {
        &self.id
    }

    fn of(&self) -> &RelationshipId {
        &self.coaching_relationship_id
    }

    fn version(&self) -> u64 {
        self.version
    }

    fn created_at(&self) -> OffsetDateTime {
        self.created_at
    }

    fn changed(
        &self,
        change: &GoalChange,
        _: &[Person],
        now: OffsetDateTime,
    ) -> Result<Self, AppError> {
        is_of(Self::WHAT, change.version, self.version)?;
        let mut next = self.clone();
        if let Some(title) = &change.title {
            next.title = line("title", title)?;
        }
        if let Some(progress) = change.progress {
            next.progress = percent(progress)?;
        }
        if let Some(status) = change.status {
            next.status = status;
        }
        if next != *self {
            (next.updated_at, next.version) = (now, self.version + 1);
        }
        Ok(next)
    }
}

fn percent(progress: u8) -> Result<u8, AppError> {
    match progress {
        0..=PROGRESS_MAX => Ok(progress),
        _ => Err(AppError::invalid("progress", "Progress is from 0 to 100 percent.")),
    }
}
