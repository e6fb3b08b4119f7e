//! Notifications: what somebody should know of, until they put it aside.

use serde::{Deserialize, Serialize};
use time::{Date, OffsetDateTime};

use super::{CoachingSessionId, NotificationId, RelationshipId, day};

/// Something that one person should know of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notification {
    /// Identity.
    pub id: NotificationId,
    /// What it is about.
    pub kind: NotificationKind,
    /// What the action or the session is called; the beginning of it, if that is long.
    pub subject: String,
    /// Who did it, if somebody did.
    pub by: Option<String>,
    /// The day it is due on, if it is.
    #[serde(with = "day")]
    pub due_on: Option<Date>,
    /// Where it leads.
    pub coaching_relationship_id: RelationshipId,
    /// Where it leads.
    pub coaching_session_id: CoachingSessionId,
    /// When it was made.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
}

/// What a notification is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NotificationKind {
    /// Somebody has given you an action.
    Assigned,
    /// An action of yours is due tomorrow.
    DueTomorrow,
    /// A session of yours has started.
    SessionStarted,
}

/// Somebody's notifications that they have not dismissed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notifications {
    /// How many there are.
    pub unread: u32,
    /// The newest of them, newest first; at most [`Notifications::SHOWN`].
    pub newest: Vec<Notification>,
}

impl Notifications {
    /// How many are listed.
    pub const SHOWN: usize = 50;
}

impl NotificationKind {
    /// Its name in the database and in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Assigned => "assigned",
            Self::DueTomorrow => "due_tomorrow",
            Self::SessionStarted => "session_started",
        }
    }
}

impl Notification {
    /// The address of what it is about.
    pub fn address(&self) -> String {
        format!("/coaching/{}/sessions/{}", self.coaching_relationship_id, self.coaching_session_id)
    }
}
