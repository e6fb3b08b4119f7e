//! Items: the pieces that two people write at once, each guarded by a version of its own.

use std::{
    fmt::{Debug, Display},
    hash::Hash,
};

use serde::{Serialize, de::DeserializeOwned};
use time::OffsetDateTime;

use super::Person;
use crate::error::AppError;

/// A note, an action, an agreement or a goal.
pub trait Item:
    Clone + Debug + PartialEq + Serialize + DeserializeOwned + Send + Sync + 'static
{
    /// What identifies it.
    type Id: Clone + Debug + Display + PartialEq + Eq + Hash + Send + Sync + 'static;
    /// What it belongs to: a session or a relationship.
    type Of: Clone + Debug + Display + PartialEq + Eq + Hash + Send + Sync + 'static;
    /// What somebody may change of it.
    type Change: Clone + Debug + Default + Send + Sync + 'static;

    /// What it is called in words, such as `note`.
    const WHAT: &'static str;

    /// Identity.
    fn id(&self) -> &Self::Id;

    /// What it belongs to.
    fn of(&self) -> &Self::Of;

    /// 1, and one more for each change.
    fn version(&self) -> u64;

    /// When it was made: the order in which items are listed, with the id where that is the same.
    fn created_at(&self) -> OffsetDateTime;

    /// What a change at `now` makes of it; the same if there is nothing to change. `people` are
    /// those whom it may be given to.
    ///
    /// # Errors
    /// [`AppError::VersionConflict`] if it was decided on another version, [`AppError::Invalid`] for
    /// a field that cannot be so.
    fn changed(
        &self,
        change: &Self::Change,
        people: &[Person],
        now: OffsetDateTime,
    ) -> Result<Self, AppError>;
}

/// Whether a change was decided on the version that is there.
///
/// # Errors
/// [`AppError::VersionConflict`] if not.
pub(in crate::coaching) fn is_of(
    what: &str,
    decided_on: Option<u64>,
    current: u64,
) -> Result<(), AppError> {
    if decided_on.is_none_or(|version| version == current) {
        return Ok(());
    }
    let message = format!("The {what} has changed in the meantime. Look at it, and try again.");
    Err(AppError::VersionConflict { message, current })
}
