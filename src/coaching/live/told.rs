//! What an event says of items: which list they stand in, and what became of one.

use super::event::CoachingEvent;
use crate::coaching::model::{Action, Agreement, Item, Note, OverarchingGoal};

/// What an event says of the items of one list.
pub enum ItemNews<'a, T: Item> {
    /// There is another.
    Created(&'a T),
    /// One has changed.
    Updated(&'a T),
    /// One is no more.
    Deleted(&'a T::Id),
}

/// Which events speak of an item: where it stands, and what became of it.
pub trait Told: Item {
    /// What an event says of items of this type.
    fn told(event: &CoachingEvent) -> Option<(&Self::Of, ItemNews<'_, Self>)>;
}

impl Told for Note {
    fn told(event: &CoachingEvent) -> Option<(&Self::Of, ItemNews<'_, Self>)> {
        match event {
            CoachingEvent::NoteCreated { coaching_session_id: of, note } => {
                Some((of, ItemNews::Created(note)))
            }
            CoachingEvent::NoteUpdated { coaching_session_id: of, note } => {
                Some((of, ItemNews::Updated(note)))
            }
            CoachingEvent::NoteDeleted { coaching_session_id: of, note_id } => {
                Some((of, ItemNews::Deleted(note_id)))
            }
            _ => None,
        }
    }
}

impl Told for Action {
    fn told(event: &CoachingEvent) -> Option<(&Self::Of, ItemNews<'_, Self>)> {
        match event {
            CoachingEvent::ActionCreated { coaching_session_id: of, action } => {
                Some((of, ItemNews::Created(action)))
            }
            CoachingEvent::ActionUpdated { coaching_session_id: of, action } => {
                Some((of, ItemNews::Updated(action)))
            }
            CoachingEvent::ActionDeleted { coaching_session_id: of, action_id } => {
                Some((of, ItemNews::Deleted(action_id)))
            }
            _ => None,
        }
    }
}

impl Told for Agreement {
    fn told(event: &CoachingEvent) -> Option<(&Self::Of, ItemNews<'_, Self>)> {
        match event {
            CoachingEvent::AgreementCreated { coaching_relationship_id: of, agreement } => {
                Some((of, ItemNews::Created(agreement)))
            }
            CoachingEvent::AgreementUpdated { coaching_relationship_id: of, agreement } => {
                Some((of, ItemNews::Updated(agreement)))
            }
            CoachingEvent::AgreementDeleted { coaching_relationship_id: of, agreement_id } => {
                Some((of, ItemNews::Deleted(agreement_id)))
            }
            _ => None,
        }
    }
}

impl Told for OverarchingGoal {
    fn told(event: &CoachingEvent) -> Option<(&Self::Of, ItemNews<'_, Self>)> {
        match event {
            CoachingEvent::GoalCreated { coaching_relationship_id: of, goal } => {
                Some((of, ItemNews::Created(goal)))
            }
            CoachingEvent::GoalUpdated { coaching_relationship_id: of, goal } => {
                Some((of, ItemNews::Updated(goal)))
            }
            CoachingEvent::GoalDeleted { coaching_relationship_id: of, goal_id } => {
                Some((of, ItemNews::Deleted(goal_id)))
            }
            _ => None,
        }
    }
}
