//! The pages of coaching: one's relationships, what is due, a relationship, and the session that two
//! people work in at once.
//!
//! Owns what people see of it. It must not decide what is fresh, allowed or patched.

mod desk;
mod edit;
mod composer;
mod item;
mod held;
mod notes;
mod actions;
mod agreements;
mod goals;
mod progress;
mod schedule;
mod session;
mod relationship;
mod home;
mod overview;
mod bell;
mod admin;

pub use admin::RelationshipsPage;
pub use bell::Bell;
pub use home::CoachingPage;
pub use relationship::RelationshipPage;
pub use session::SessionPage;

use highwater::{Mutations, use_mutation};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use super::model::{CoachingRelationship, Person, RelationshipId, SessionStatus};
use crate::{account::model::UserId, live::StudioEvent, shown::Missing, ui::Tone};

/// What the pages about two people say to anybody else.
const BETWEEN_OTHERS: Missing = Missing {
    title: "This coaching is between other people",
    body: "It is not there, or you do not take part in it any more. Coaching is seen by the coach and \
           the member alone.",
    href: "/coaching",
    label: "Go to your coaching",
};

/// The mutations of the frame around the page, which outlives it; elsewhere the page's own.
fn mutations() -> Mutations<StudioEvent> {
    use_context().unwrap_or_else(use_mutation)
}

/// What the colour of a session's status means, and its word.
fn status_in_words(status: SessionStatus) -> (Tone, &'static str) {
    match status {
        SessionStatus::Scheduled => (Tone::Neutral, "scheduled"),
        SessionStatus::Running => (Tone::Accent, "running"),
        SessionStatus::Done => (Tone::Success, "done"),
    }
}

/// What a relationship is called by one of the two: the other's name.
fn called(relationship: &CoachingRelationship, me: UserId) -> String {
    let other = relationship.other(me).map(|person| person.name.clone());
    other.unwrap_or_else(|| "Nobody yet".to_owned())
}

/// A person's name, if there is one.
fn name_of(person: Option<&Person>) -> String {
    person.map_or_else(|| "Nobody".to_owned(), |person| person.name.clone())
}

/// The relationship that the page's address names.
fn asked_relationship() -> Memo<Option<RelationshipId>> {
    let params = use_params_map();
    Memo::new(move |_| params.with(|params| params.get("relationship")?.parse().ok()))
}
