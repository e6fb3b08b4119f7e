//! Actions: what somebody has taken on in a session.

use serde::{Deserialize, Deserializer, Serialize};
use time::{Date, OffsetDateTime};

use super::{ActionId, CoachingSessionId, Item, Person, body, day, item::is_of};
use crate::{account::model::UserId, error::AppError};

/// Something to be done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Action {
    /// Identity.
    pub id: ActionId,
    /// The session in which it was taken on.
    pub coaching_session_id: CoachingSessionId,
    /// What is to be done.
    pub body: String,
    /// Who does it.
    pub assignee: Option<Person>,
    /// The day by which it is to be done.
    #[serde(with = "day")]
    pub due_on: Option<Date>,
    /// How far it has come.
    pub status: ActionStatus,
    /// Since when its status is that.
    #[serde(with = "time::serde::rfc3339")]
    pub status_changed_at: OffsetDateTime,
    /// When it was made.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    /// When it last changed.
    #[serde(with = "time::serde::rfc3339")]
    pub updated_at: OffsetDateTime,
    /// 1, and one more for each change.
    pub version: u64,
}

/// How far an action has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub enum ActionStatus {
    /// Nobody has begun.
    #[default]
    NotStarted,
    /// It is being done.
    InProgress,
    /// It cannot go on by itself.
    Blocked,
    /// It is done.
    Completed,
}

/// An action to be taken on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct NewAction {
    /// The session.
    pub coaching_session_id: CoachingSessionId,
    /// What is to be done.
    pub body: String,
    /// Who does it: one of the two people.
    #[serde(default)]
    pub assignee_id: Option<UserId>,
    /// The day by which it is to be done.
    #[serde(default, with = "day")]
    pub due_on: Option<Date>,
    /// How far it has come.
    #[serde(default)]
    pub status: ActionStatus,
}

/// A change of an action. What is left out stays; `null` takes away.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct ActionChange {
    /// What is to be done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// Who does it: one of the two people, or nobody.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "given")]
    #[cfg_attr(feature = "ssr", schema(value_type = Option<UserId>))]
    pub assignee_id: Option<Option<UserId>>,
    /// The day by which it is to be done, or none.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "given_day")]
    #[cfg_attr(feature = "ssr", schema(value_type = Option<Date>))]
    pub due_on: Option<Option<Date>>,
    /// How far it has come.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<ActionStatus>,
    /// The version that the change was decided on; another one refuses it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<u64>,
}

/// A field that is there, if only as `null`.
fn given<'de, T, D>(deserializer: D) -> Result<Option<Option<T>>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    Option::deserialize(deserializer).map(Some)
}

/// A day that is there, if only as `null`.
mod given_day {
    use serde::{Deserializer, Serializer};
    use time::Date;

    use super::day as iso;

    #[expect(clippy::ref_option, reason = "serde calls it so")]
    pub fn serialize<S: Serializer>(
        day: &Option<Option<Date>>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        iso::serialize(&day.flatten(), serializer)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Option<Date>>, D::Error> {
        iso::deserialize(deserializer).map(Some)
    }
}

impl ActionStatus {
    /// Every status, in the order in which an action usually has them.
    pub const ALL: [Self; 4] = [Self::NotStarted, Self::InProgress, Self::Blocked, Self::Completed];

    /// Its name in the database and in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NotStarted => "not_started",
            Self::InProgress => "in_progress",
            Self::Blocked => "blocked",
            Self::Completed => "completed",
        }
    }
}

impl NewAction {
    /// Its text and who does it, as they are stored.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for the first field that cannot be so.
    pub fn validate(&self, people: &[Person]) -> Result<(String, Option<Person>), AppError> {
        Ok((body("body", &self.body)?, assignee(self.assignee_id, people)?))
    }
}

impl Action {
    /// Whether it was to be done before this day, and is not.
    pub fn is_overdue(&self, today: Date) -> bool {
        self.status != ActionStatus::Completed && self.due_on.is_some_and(|due| due < today)
    }
}

impl Item for Action {
    type Id = ActionId;
    type Of = CoachingSessionId;
    type Change = ActionChange;

    const WHAT: &'static str = "action";

    fn id(&self) -> &ActionId {
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
        change: &ActionChange,
        people: &[Person],
        now: OffsetDateTime,
    ) -> Result<Self, AppError> {
        is_of(Self::WHAT, change.version, self.version)?;
        let mut next = self.clone();
        if let Some(text) = &change.body {
            next.body = body("body", text)?;
        }
        if let Some(id) = change.assignee_id {
            next.assignee = assignee(id, people)?;
        }
        if let Some(due_on) = change.due_on {
            next.due_on = due_on;
        }
        if let Some(status) = change.status.filter(|status| *status != self.status) {
            (next.status, next.status_changed_at) = (status, now);
        }
        if next != *self {
            (next.updated_at, next.version) = (now, self.version + 1);
        }
        Ok(next)
    }
}

fn assignee(id: Option<UserId>, people: &[Person]) -> Result<Option<Person>, AppError> {
    let Some(id) = id else { return Ok(None) };
    let found = people.iter().find(|person| person.id == id).cloned();
    let nobody = || AppError::invalid("assignee_id", "That person is not part of this coaching.");
    found.map(Some).ok_or_else(nobody)
}
