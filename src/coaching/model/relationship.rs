//! Coaching relationships: who coaches whom.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::{Part, Person, RelationshipId};
use crate::account::model::UserId;

/// A coach and a member. A place is empty once its person was removed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct CoachingRelationship {
    /// Identity.
    pub id: RelationshipId,
    /// Who coaches.
    pub coach: Option<Person>,
    /// Who is coached.
    pub member: Option<Person>,
    /// When it began.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    /// 1, and one more for each change.
    pub version: u64,
}

/// A change of who takes part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RelationshipChange {
    /// Whose place.
    pub part: Part,
    /// Who takes it; nobody leaves it empty.
    pub person: Option<UserId>,
    /// The version that the change was decided on; another one refuses it.
    pub version: u64,
}

impl CoachingRelationship {
    /// Who has a part.
    pub fn person(&self, part: Part) -> Option<&Person> {
        match part {
            Part::Coach => self.coach.as_ref(),
            Part::Member => self.member.as_ref(),
        }
    }

    /// Those who take part.
    pub fn people(&self) -> impl Iterator<Item = &Person> {
        self.coach.iter().chain(&self.member)
    }

    /// The part of a user, if they have one.
    pub fn part_of(&self, user: UserId) -> Option<Part> {
        let has = |part: &Part| self.person(*part).is_some_and(|person| person.id == user);
        [Part::Coach, Part::Member].into_iter().find(has)
    }

    /// The one who is not this user.
    pub fn other(&self, user: UserId) -> Option<&Person> {
        self.people().find(|person| person.id != user)
    }
}
