//! Agreements of a relationship.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::{AgreementId, Item, Person, RelationshipId, body, item::is_of};
use crate::error::AppError;

/// What two people have agreed on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Agreement {
    /// Identity.
    pub id: AgreementId,
    /// The relationship.
    pub coaching_relationship_id: RelationshipId,
    /// The text.
    pub body: String,
    /// When it was made.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    /// When it last changed.
    #[serde(with = "time::serde::rfc3339")]
    pub updated_at: OffsetDateTime,
    /// 1, and one more for each change.
    pub version: u64,
}

/// An agreement to be made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct NewAgreement {
    /// The relationship.
    pub coaching_relationship_id: RelationshipId,
    /// The text.
    pub body: String,
}

/// A change of an agreement. What is left out stays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct AgreementChange {
    /// The text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// The version that the change was decided on; another one refuses it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<u64>,
}

impl NewAgreement {
    /// Its text, as it is stored.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for a text that cannot be.
    pub fn body(&self) -> Result<String, AppError> {
        body("body", &self.body)
    }
}

impl Item for Agreement {
    type Id = AgreementId;
    type Of = RelationshipId;
    type Change = AgreementChange;

    const WHAT: &'static str = "agreement";

    fn id(&self) -> &AgreementId {
        &self.id
    }

    fn of(&self) -> &RelationshipId {
        &self.coaching_relationship_id
    }

    fn version(&self) -> u64 {
        self.version
    }

    fn created_at(&self) -> OffsetDateTime {
        self.created_at
    }

    fn changed(
        &self,
        change: &AgreementChange,
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
