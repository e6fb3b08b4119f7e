//! The lists of items: notes and actions of a session, agreements and goals of a relationship.

use highwater::{AsOf, FetchFailed, Fetched, Patch, Query};

use super::{
    Action, Agreement, AppError, CoachingSessionId, CoachingTag, Note, OverarchingGoal,
    RelationshipId, StudioEvent, StudioTag, api, patch, within,
};

/// The notes of a session, in the order in which they were made.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct NoteList(pub RelationshipId, pub CoachingSessionId);

/// The actions of a session, in the order in which they were made.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ActionList(pub RelationshipId, pub CoachingSessionId);

/// The agreements of a relationship, in the order in which they were made.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct AgreementList(pub RelationshipId);

/// The goals of a relationship, in the order in which they were made.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct GoalList(pub RelationshipId);

impl Query for NoteList {
    type Event = StudioEvent;
    type Value = Vec<Note>;
    type Refusal = AppError;

    const NAME: &'static str = "notes";

    fn tags(&self) -> Vec<StudioTag> {
        within(&self.0, CoachingTag::Notes(self.1.clone()))
    }

    fn patch(&self, notes: &mut Vec<Note>, event: &StudioEvent) -> Patch {
        patch::items(&self.1, notes, event)
    }

    async fn fetch(self, min: Option<AsOf>) -> Fetched<Self> {
        api::list_notes(self.0, self.1, min).await.map_err(FetchFailed::from)
    }
}

impl Query for ActionList {
    type Event = StudioEvent;
    type Value = Vec<Action>;
    type Refusal = AppError;

    const NAME: &'static str = "actions";

    fn tags(&self) -> Vec<StudioTag> {
        within(&self.0, CoachingTag::Actions(self.1.clone()))
    }

    fn patch(&self, actions: &mut Vec<Action>, event: &StudioEvent) -> Patch {
        patch::items(&self.1, actions, event)
    }

    async fn fetch(self, min: Option<AsOf>) -> Fetched<Self> {
        api::list_actions(self.0, self.1, min).await.map_err(FetchFailed::from)
    }
}

impl Query for AgreementList {
    type Event = StudioEvent;
    type Value = Vec<Agreement>;
    type Refusal = AppError;

    const NAME: &'static str = "agreements";

    fn tags(&self) -> Vec<StudioTag> {
        within(&self.0, CoachingTag::Agreements(self.0.clone()))
    }

    fn patch(&self, agreements: &mut Vec<Agreement>, event: &StudioEvent) -> Patch {
        patch::items(&self.0, agreements, event)
    }

    async fn fetch(self, min: Option<AsOf>) -> Fetched<Self> {
        api::list_agreements(self.0, min).await.map_err(FetchFailed::from)
    }
}

impl Query for GoalList {
    type Event = StudioEvent;
    type Value = Vec<OverarchingGoal>;
    type Refusal = AppError;

    const NAME: &'static str = "goals";

    fn tags(&self) -> Vec<StudioTag> {
        within(&self.0, CoachingTag::Goals(self.0.clone()))
    }

    fn patch(&self, goals: &mut Vec<OverarchingGoal>, event: &StudioEvent) -> Patch {
        patch::items(&self.0, goals, event)
    }

    async fn fetch(self, min: Option<AsOf>) -> Fetched<Self> {
        api::list_goals(self.0, min).await.map_err(FetchFailed::from)
    }
}
