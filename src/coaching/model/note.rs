//! Notes of a session.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::{CoachingSessionId, Item, NoteId, Person, body, item::is_of};
use crate::error::AppError;

/// Something that was written down in a session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Note {
    /// Identity.
    pub id: NoteId,
    /// The session.
    pub coaching_session_id: CoachingSessionId,
    /// The text.
    pub body: String,
    /// Who began it.
    pub author: Person,
    /// When it was made.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    /// When it last changed.
    #[serde(with = "time::serde::rfc3339")]
    pub updated_at: OffsetDateTime,
    /// 1, and one more for each change.
    pub version: u64,
}

/// A note to be written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct NewNote {
    /// The session.
    pub coaching_session_id: CoachingSessionId,
    /// The text.
    pub body: String,
}

/// A change of a note. What is left out stays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct NoteChange {
    /// The text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// The version that the change was decided on; another one refuses it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<u64>,
}

impl NewNote {
    /// Its text, as it is stored.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for a text that cannot be.
    pub fn body(&self) -> Result<String, AppError> {
        body("body", &self.body)
    }
}

impl Item for Note {
    type Id = NoteId;
    type Of = CoachingSessionId;
    type Change = NoteChange;

    const WHAT: &'static str = "note";

    fn id(&self) -> &NoteId {
        &self.id
    }

    fn of(&self) -> &CoachingSessionId {
        &self.coaching_session_id
    }

    fn version(&self) -> u64 {
        self.version
    }

    fn created_at(&self) -> OffsetDateTime {
        self.created_at
    }

    fn changed(
        &self,
        change: &NoteChange,
        _: &[Person],
        now: OffsetDateTime,
    ) -> Result<Self, AppError> {
        is_of(Self::WHAT, change.version, self.version)?;
        let mut next = self.clone();
        if let Some(text) = &change.body {
            next.body = body("body", text)?;
        }
        if next != *self {
            (next.updated_at, next.version) = (now, self.version + 1);
        }
        Ok(next)
    }
}
