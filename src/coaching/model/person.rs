//! The people of a coaching relationship.

use serde::{Deserialize, Serialize};

use crate::account::model::UserId;

/// Somebody, by name.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "ssr", schema(as = CoachingPerson))]
pub struct Person {
    /// Identity.
    pub id: UserId,
    /// Name to show.
    pub name: String,
}

/// The part that somebody has in a relationship.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub enum Part {
    /// Coaches.
    Coach,
    /// Is coached.
    Member,
}
