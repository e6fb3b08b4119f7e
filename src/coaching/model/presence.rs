//! Presence: who is in a session right now, and where they type.

use serde::{Deserialize, Serialize};

use super::{ActionId, AgreementId, GoalId, NoteId, Person};

/// How often a page that shows a session says so, in seconds.
pub const PRESENCE_RENEWAL_S: u32 = 8;

/// How long somebody of whom nothing is heard is taken to be there, in seconds.
pub const PRESENCE_LEASE_S: u32 = 16;

/// Somebody who is in a session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Present {
    /// Who.
    #[serde(flatten)]
    pub person: Person,
    /// Where they type, if they do.
    pub typing: Option<Place>,
}

/// A field of a session's page.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// A note.
    Note(NoteId),
    /// An action.
    Action(ActionId),
    /// An agreement.
    Agreement(AgreementId),
    /// A goal.
    Goal(GoalId),
    /// A note that is not there yet.
    NewNote,
    /// An action that is not there yet.
    NewAction,
    /// An agreement that is not there yet.
    NewAgreement,
    /// A goal that is not there yet.
    NewGoal,
}
