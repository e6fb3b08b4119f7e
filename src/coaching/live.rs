//! What keeps coaching live: its events, tags and queries, and what an event does to what is
//! already shown.
//!
//! The whole invalidation story of the slice. Events of items carry the item whole, with its
//! version, and patch the one list it stands in; what is put together from many rows is stale.
//! What belongs to a session goes to that session's audience, what belongs to a relationship to the
//! relationship's, a notification to the one person.
//!
//! | event | lists of items | the session, and sessions | relationship | overviews | notifications |
//! |---|---|---|---|---|---|
//! | `note_*`, `action_*`, `agreement_*`, `goal_*` | the one it stands in is patched; a goal's history is stale | | | stale, but for notes and agreements | |
//! | `session_*` | | patched | | stale | |
//! | `coaching_relationship_changed` | | | patched | stale | |
//! | `notification_*` | | | | | patched |
//!
//! Who is in a session is no cached data: `user_joined_session`, `user_left_session` and `presence`
//! are told and not kept.

mod event;
mod told;
mod items;
mod patch;
#[cfg(test)]
mod tests;

use highwater::{AsOf, FetchFailed, Fetched, Patch, Query};
use serde::{Deserialize, Serialize};

use super::{
    api,
    model::{
        Action, Agreement, CoachingRelationship, CoachingSession, CoachingSessionId, GoalPoint,
        Note, Notifications, OverarchingGoal, Overview, RelationshipId, RelationshipRow,
    },
};
use crate::{
    error::AppError,
    live::{StudioEvent, StudioTag, stale_if_touched},
};

pub use event::CoachingEvent;
pub use items::{ActionList, AgreementList, GoalList, NoteList};

/// The names of what is cached of coaching.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CoachingTag {
    /// Everything of one relationship: each query about it depends on it and no event touches it.
    /// Who takes part gains it, and loses it with their place.
    Within(RelationshipId),
    /// Everything that admins alone see: as [`Within`](Self::Within), with the role.
    Admin,
    /// What is put together from all of one's relationships.
    Mine,
    /// One relationship.
    Relationship(RelationshipId),
    /// The list of all relationships.
    Relationships,
    /// The sessions of one relationship.
    Sessions(RelationshipId),
    /// One session.
    Session(CoachingSessionId),
    /// The notes of one session.
    Notes(CoachingSessionId),
    /// The actions of one session.
    Actions(CoachingSessionId),
    /// The agreements of one relationship.
    Agreements(RelationshipId),
    /// The goals of one relationship.
    Goals(RelationshipId),
    /// How the goals of one relationship came along.
    GoalHistory(RelationshipId),
    /// One's notifications.
    Notifications,
}

/// One's own relationships, by the other's name.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct MyRelationships;

/// What is due and what is stuck where one coaches.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct OverviewQuery;

/// Every relationship, the newest first: for admins.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct AllRelationships;

/// One relationship.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RelationshipDetail(pub RelationshipId);

/// The sessions of a relationship, the latest first.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SessionList(pub RelationshipId);

/// One session of a relationship.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SessionDetail(pub RelationshipId, pub CoachingSessionId);

/// How the goals of a relationship came along, the oldest point first.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct GoalHistory(pub RelationshipId);

/// One's notifications that are not dismissed.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct NotificationList;

impl Query for MyRelationships {
    type Event = StudioEvent;
    type Value = Vec<RelationshipRow>;
    type Refusal = AppError;

    const NAME: &'static str = "my relationships";

    fn tags(&self) -> Vec<StudioTag> {
        vec![StudioTag::Coaching(CoachingTag::Mine)]
    }

    fn patch(&self, _: &mut Vec<RelationshipRow>, event: &StudioEvent) -> Patch {
        stale_if_touched(self, event)
    }

    async fn fetch(self, min: Option<AsOf>) -> Fetched<Self> {
        api::my_relationships(min).await.map_err(FetchFailed::from)
    }
}

impl Query for OverviewQuery {
    type Event = StudioEvent;
    type Value = Overview;
    type Refusal = AppError;

    const NAME: &'static str = "coaching overview";

    fn tags(&self) -> Vec<StudioTag> {
        vec![StudioTag::Coaching(CoachingTag::Mine)]
    }

    fn patch(&self, _: &mut Overview, event: &StudioEvent) -> Patch {
        stale_if_touched(self, event)
    }

    async fn fetch(self, min: Option<AsOf>) -> Fetched<Self> {
        api::coaching_overview(min).await.map_err(FetchFailed::from)
    }
}

impl Query for AllRelationships {
    type Event = StudioEvent;
    type Value = Vec<CoachingRelationship>;
    type Refusal = AppError;

    const NAME: &'static str = "all relationships";

    fn tags(&self) -> Vec<StudioTag> {
        [CoachingTag::Relationships, CoachingTag::Admin].map(StudioTag::Coaching).into()
    }

    fn patch(&self, all: &mut Vec<CoachingRelationship>, event: &StudioEvent) -> Patch {
        patch::relationships(all, event)
    }

    async fn fetch(self, min: Option<AsOf>) -> Fetched<Self> {
        api::all_relationships(min).await.map_err(FetchFailed::from)
    }
}

impl Query for RelationshipDetail {
    type Event = StudioEvent;
    type Value = CoachingRelationship;
    type Refusal = AppError;

    const NAME: &'static str = "relationship";

    fn tags(&self) -> Vec<StudioTag> {
        within(&self.0, CoachingTag::Relationship(self.0.clone()))
    }

    fn patch(&self, relationship: &mut CoachingRelationship, event: &StudioEvent) -> Patch {
        patch::relationship(relationship, event)
    }

    async fn fetch(self, min: Option<AsOf>) -> Fetched<Self> {
        api::get_relationship(self.0, min).await.map_err(FetchFailed::from)
    }
}

impl Query for SessionList {
    type Event = StudioEvent;
    type Value = Vec<CoachingSession>;
    type Refusal = AppError;

    const NAME: &'static str = "coaching sessions";

    fn tags(&self) -> Vec<StudioTag> {
        within(&self.0, CoachingTag::Sessions(self.0.clone()))
    }

    fn patch(&self, sessions: &mut Vec<CoachingSession>, event: &StudioEvent) -> Patch {
        patch::sessions(&self.0, sessions, event)
    }

    async fn fetch(self, min: Option<AsOf>) -> Fetched<Self> {
        api::list_coaching_sessions(self.0, min).await.map_err(FetchFailed::from)
    }
}

impl Query for SessionDetail {
    type Event = StudioEvent;
    type Value = CoachingSession;
    type Refusal = AppError;

    const NAME: &'static str = "coaching session";

    fn tags(&self) -> Vec<StudioTag> {
        within(&self.0, CoachingTag::Session(self.1.clone()))
    }

    fn patch(&self, session: &mut CoachingSession, event: &StudioEvent) -> Patch {
        patch::session(session, event)
    }

    async fn fetch(self, min: Option<AsOf>) -> Fetched<Self> {
        api::get_coaching_session(self.0, self.1, min).await.map_err(FetchFailed::from)
    }
}

impl Query for GoalHistory {
    type Event = StudioEvent;
    type Value = Vec<GoalPoint>;
    type Refusal = AppError;

    const NAME: &'static str = "goal history";

    fn tags(&self) -> Vec<StudioTag> {
        within(&self.0, CoachingTag::GoalHistory(self.0.clone()))
    }

    fn patch(&self, _: &mut Vec<GoalPoint>, event: &StudioEvent) -> Patch {
        stale_if_touched(self, event)
    }

    async fn fetch(self, min: Option<AsOf>) -> Fetched<Self> {
        api::goal_history(self.0, min).await.map_err(FetchFailed::from)
    }
}

impl Query for NotificationList {
    type Event = StudioEvent;
    type Value = Notifications;
    type Refusal = AppError;

    const NAME: &'static str = "notifications";

    fn tags(&self) -> Vec<StudioTag> {
        vec![StudioTag::Coaching(CoachingTag::Notifications)]
    }

    fn patch(&self, notifications: &mut Notifications, event: &StudioEvent) -> Patch {
        patch::notifications(notifications, event)
    }

    async fn fetch(self, min: Option<AsOf>) -> Fetched<Self> {
        api::list_notifications(min).await.map_err(FetchFailed::from)
    }
}

/// The tags of a query about a relationship.
fn within(relationship: &RelationshipId, tag: CoachingTag) -> Vec<StudioTag> {
    [tag, CoachingTag::Within(relationship.clone())].map(StudioTag::Coaching).into()
}
