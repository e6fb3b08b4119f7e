//! What coach and member have between them, the same in the browser and on the server.
//!
//! Owns the types that travel and everything that can be decided without a database. It must not
//! know how any of it is stored.

mod id;
mod day;
mod text;
mod person;
mod relationship;
mod session;
mod item;
mod note;
mod action;
mod agreement;
mod goal;
mod overview;
mod notification;
mod presence;
#[cfg(test)]
mod tests;

#[cfg(feature = "ssr")]
pub(super) use self::item::is_of;
pub(super) use self::text::{body, line};
pub use self::{
    action::{Action, ActionChange, ActionStatus, NewAction},
    agreement::{Agreement, AgreementChange, NewAgreement},
    goal::{GoalChange, GoalPoint, GoalStatus, NewGoal, OverarchingGoal, PROGRESS_MAX},
    id::{
        ActionId, AgreementId, CoachingSessionId, GoalId, NoteId, NotificationId, RelationshipId,
        TabId,
    },
    item::Item,
    note::{NewNote, Note, NoteChange},
    notification::{Notification, NotificationKind, Notifications},
    overview::{DueAction, NextSession, Overview, RelationshipRow, STUCK_AFTER_DAYS, StuckGoal},
    person::{Part, Person},
    presence::{PRESENCE_LEASE_S, PRESENCE_RENEWAL_S, Place, Present},
    relationship::{CoachingRelationship, RelationshipChange},
    session::{CoachingSession, NewSession, SessionChange, SessionStatus},
    text::{BODY_MAX_CHARS, LINE_MAX_CHARS},
};
