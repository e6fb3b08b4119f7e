//! Changing an order: what may be asked, and what follows from it.
//!
//! Owns the rules that decide between an edit, nothing to do and a refusal. It must not write.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::{Order, OrderRow, OrderStatus};
use crate::error::AppError;

/// The longest note, in characters.
pub const NOTE_MAX_CHARS: usize = 2000;

/// What somebody asks to change about an order. What is absent stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct OrderChange {
    /// The status to take.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<OrderStatus>,
    /// The note to have instead; empty removes it. At most 2,000 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The version that the change was decided on. When the order has moved on since, the change
    /// is refused; without it, it is done whatever happened meanwhile.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<u64>,
}

/// The fields of an order that really change, with their new values; at least one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderEdit {
    /// The new status, if it differs.
    pub status: Option<OrderStatus>,
    /// The new note, if it differs.
    pub note: Option<String>,
}

impl OrderChange {
    /// Checks what can be checked without the order.
    ///
    /// # Errors
    /// [`AppError::Invalid`] when it asks for nothing or the note is too long.
    pub fn validate(&self) -> Result<(), AppError> {
        if self.status.is_none() && self.note.is_none() {
            let message = "Give a status or a note to change.".to_owned();
            return Err(AppError::Invalid { field: None, message });
        }
        let length = self.note.as_ref().map_or(0, |note| note.chars().count());
        if length > NOTE_MAX_CHARS {
            let message =
                format!("A note has at most {NOTE_MAX_CHARS} characters; this one has {length}.");
            return Err(AppError::invalid("note", message));
        }
        Ok(())
    }
}

impl Order {
    /// What `change` does to this order; `None` when it is already as asked.
    ///
    /// # Errors
    /// [`AppError::Invalid`] as [`OrderChange::validate`] has it, and [`AppError::VersionConflict`]
    /// when the order has moved on from the version given, [`AppError::Conflict`] when it may not
    /// take the status.
    pub fn plan_change(&self, change: &OrderChange) -> Result<Option<OrderEdit>, AppError> {
        plan(self.status, &self.note, self.version, change)
    }

    /// The refusal of a change that was decided on another version of the order than `current`.
    pub fn moved_on(current: u64) -> AppError {
        AppError::VersionConflict {
            message: "This order has changed since you looked at it. \
                      Look at it again and repeat what you still want to change."
                .to_owned(),
            current,
        }
    }

    /// Makes an edit, at the time `now`: the version goes up by one.
    pub fn apply(&mut self, edit: &OrderEdit, now: OffsetDateTime) {
        lay_over(&mut self.status, &mut self.note, edit.status, edit.note.as_ref());
        self.updated_at = now;
        self.version += 1;
    }

    /// Shows a change that the server has not answered yet.
    pub fn lay_over(&mut self, change: &OrderChange) {
        lay_over(&mut self.status, &mut self.note, change.status, change.note.as_ref());
    }
}

impl OrderRow {
    /// As [`Order::plan_change`].
    ///
    /// # Errors
    /// As there.
    pub fn plan_change(&self, change: &OrderChange) -> Result<Option<OrderEdit>, AppError> {
        plan(self.status, &self.note, self.version, change)
    }

    /// As [`Order::apply`].
    pub fn apply(&mut self, edit: &OrderEdit, now: OffsetDateTime) {
        lay_over(&mut self.status, &mut self.note, edit.status, edit.note.as_ref());
        self.updated_at = now;
        self.version += 1;
    }

    /// Shows a change that the server has not answered yet.
    pub fn lay_over(&mut self, change: &OrderChange) {
        lay_over(&mut self.status, &mut self.note, change.status, change.note.as_ref());
    }
}

fn plan(
    status: OrderStatus,
    note: &str,
    version: u64,
    change: &OrderChange,
) -> Result<Option<OrderEdit>, AppError> {
    change.validate()?;
    if change.version.is_some_and(|decided_on| decided_on != version) {
        return Err(Order::moved_on(version));
    }
    let new_status = change.status.filter(|new| *new != status);
    let new_note = change.note.clone().filter(|new| new != note);
    if let Some(refused) = new_status.filter(|new| !status.may_become(*new)) {
        return Err(AppError::Conflict {
            message: format!("An order that is {status} cannot become {refused}."),
        });
    }
    let changes = new_status.is_some() || new_note.is_some();
    Ok(changes.then_some(OrderEdit { status: new_status, note: new_note }))
}

fn lay_over(
    status: &mut OrderStatus,
    note: &mut String,
    new_status: Option<OrderStatus>,
    new_note: Option<&String>,
) {
    *status = new_status.unwrap_or(*status);
    if let Some(new) = new_note {
        note.clone_from(new);
    }
}
