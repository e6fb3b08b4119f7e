//! Overviews: what several relationships amount to for one person.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::{
    Action, CoachingRelationship, CoachingSession, OverarchingGoal, Person, RelationshipId,
};

/// A goal in progress is stuck when nothing of it has changed for so many days.
pub const STUCK_AFTER_DAYS: i64 = 14;

/// One of somebody's relationships, with what matters of it now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RelationshipRow {
    /// The relationship.
    pub relationship: CoachingRelationship,
    /// The session that is going on, else the next one.
    pub session: Option<CoachingSession>,
    /// How many actions are not completed.
    pub open_actions: u32,
    /// How many goals are in progress.
    pub goals: u32,
}

/// What is due and what is stuck, in all relationships in which somebody coaches.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overview {
    /// Sessions that are going on or to be, the next one first.
    pub sessions: Vec<NextSession>,
    /// Actions with a day that are not completed, the most urgent first.
    pub due: Vec<DueAction>,
    /// Actions that are blocked, the longest first.
    pub blocked: Vec<DueAction>,
    /// Goals in progress of which nothing has changed for [`STUCK_AFTER_DAYS`].
    pub stuck: Vec<StuckGoal>,
}

/// A session, and whose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NextSession {
    /// The session.
    pub session: CoachingSession,
    /// Who is coached there.
    pub member: Option<Person>,
}

/// An action, and whose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DueAction {
    /// The action.
    pub action: Action,
    /// The relationship of its session.
    pub coaching_relationship_id: RelationshipId,
    /// Who is coached there.
    pub member: Option<Person>,
}

/// A goal, and whose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StuckGoal {
    /// The goal.
    pub goal: OverarchingGoal,
    /// Who is coached there.
    pub member: Option<Person>,
    /// Since when nothing of it has changed.
    #[serde(with = "time::serde::rfc3339")]
    pub since: OffsetDateTime,
}
