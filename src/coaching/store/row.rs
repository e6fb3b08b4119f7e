//! The row of each kind of item.

use sea_orm::{ActiveValue::Set, DbErr};

use super::{
    Names, count,
    entity::{action, agreement, goal, note},
    from_count, from_day, from_millis,
    item::{Columns, Stored},
    named, to_day, to_millis, unreadable,
};
use crate::coaching::model::{Action, ActionStatus, Agreement, GoalStatus, Note, OverarchingGoal};

impl Stored for Note {
    type Table = note::Entity;

    const COLUMNS: Columns<note::Column> = Columns {
        id: note::Column::Id,
        of: note::Column::CoachingSessionId,
        created_at: note::Column::CreatedAt,
    };

    fn row(&self) -> Result<note::ActiveModel, DbErr> {
        Ok(note::ActiveModel {
            id: Set(self.id.as_str().to_owned()),
            coaching_session_id: Set(self.coaching_session_id.as_str().to_owned()),
            body: Set(self.body.clone()),
            author_id: Set(self.author.id.0),
            created_at: Set(to_millis(self.created_at)),
            updated_at: Set(to_millis(self.updated_at)),
            version: Set(count(self.version)?),
        })
    }

    fn person(row: &note::Model) -> Option<i64> {
        Some(row.author_id)
    }

    fn read(row: note::Model, names: &Names) -> Result<Self, DbErr> {
        Ok(Self {
            id: row.id.parse().map_err(unreadable)?,
            coaching_session_id: row.coaching_session_id.parse().map_err(unreadable)?,
            body: row.body,
            author: names.person(row.author_id),
            created_at: from_millis(row.created_at)?,
            updated_at: from_millis(row.updated_at)?,
            version: from_count(row.version)?,
        })
    }
}

impl Stored for Action {
    type Table = action::Entity;

    const COLUMNS: Columns<action::Column> = Columns {
        id: action::Column::Id,
        of: action::Column::CoachingSessionId,
        created_at: action::Column::CreatedAt,
    };

    fn row(&self) -> Result<action::ActiveModel, DbErr> {
        Ok(action::ActiveModel {
            id: Set(self.id.as_str().to_owned()),
            coaching_session_id: Set(self.coaching_session_id.as_str().to_owned()),
            body: Set(self.body.clone()),
            assignee_id: Set(self.assignee.as_ref().map(|person| person.id.0)),
            due_on: Set(self.due_on.map(to_day).transpose()?),
            status: Set(self.status.as_str().to_owned()),
            status_changed_at: Set(to_millis(self.status_changed_at)),
            created_at: Set(to_millis(self.created_at)),
            updated_at: Set(to_millis(self.updated_at)),
            version: Set(count(self.version)?),
        })
    }

    fn person(row: &action::Model) -> Option<i64> {
        row.assignee_id
    }

    fn read(row: action::Model, names: &Names) -> Result<Self, DbErr> {
        Ok(Self {
            id: row.id.parse().map_err(unreadable)?,
            coaching_session_id: row.coaching_session_id.parse().map_err(unreadable)?,
            body: row.body,
            assignee: row.assignee_id.map(|id| names.person(id)),
            due_on: row.due_on.as_deref().map(from_day).transpose()?,
            status: named(ActionStatus::ALL, ActionStatus::as_str, &row.status)?,
            status_changed_at: from_millis(row.status_changed_at)?,
            created_at: from_millis(row.created_at)?,
            updated_at: from_millis(row.updated_at)?,
            version: from_count(row.version)?,
        })
    }
}

impl Stored for Agreement {
    type Table = agreement::Entity;

    const COLUMNS: Columns<agreement::Column> = Columns {
        id: agreement::Column::Id,
        of: agreement::Column::CoachingRelationshipId,
        created_at: agreement::Column::CreatedAt,
    };

    fn row(&self) -> Result<agreement::ActiveModel, DbErr> {
        Ok(agreement::ActiveModel {
            id: Set(self.id.as_str().to_owned()),
            coaching_relationship_id: Set(self.coaching_relationship_id.as_str().to_owned()),
            body: Set(self.body.clone()),
            created_at: Set(to_millis(self.created_at)),
            updated_at: Set(to_millis(self.updated_at)),
            version: Set(count(self.version)?),
        })
    }

    fn person(_: &agreement::Model) -> Option<i64> {
        None
    }

    fn read(row: agreement::Model, _: &Names) -> Result<Self, DbErr> {
        Ok(Self {
            id: row.id.parse().map_err(unreadable)?,
            coaching_relationship_id: row.coaching_relationship_id.parse().map_err(unreadable)?,
            body: row.body,
            created_at: from_millis(row.created_at)?,
            updated_at: from_millis(row.updated_at)?,
            version: from_count(row.version)?,
        })
    }
}

impl Stored for OverarchingGoal {
    type Table = goal::Entity;

    const COLUMNS: Columns<goal::Column> = Columns {
        id: goal::Column::Id,
        of: goal::Column::CoachingRelationshipId,
        created_at: goal::Column::CreatedAt,
    };

    fn row(&self) -> Result<goal::ActiveModel, DbErr> {
        Ok(goal::ActiveModel {
            id: Set(self.id.as_str().to_owned()),
            coaching_relationship_id: Set(self.coaching_relationship_id.as_str().to_owned()),
            title: Set(self.title.clone()),
            progress: Set(self.progress.into()),
            status: Set(self.status.as_str().to_owned()),
            created_at: Set(to_millis(self.created_at)),
            updated_at: Set(to_millis(self.updated_at)),
            version: Set(count(self.version)?),
        })
    }

    fn person(_: &goal::Model) -> Option<i64> {
        None
    }

    fn read(row: goal::Model, _: &Names) -> Result<Self, DbErr> {
        Ok(Self {
            id: row.id.parse().map_err(unreadable)?,
            coaching_relationship_id: row.coaching_relationship_id.parse().map_err(unreadable)?,
            title: row.title,
            progress: u8::try_from(row.progress).map_err(unreadable)?,
            status: named(GoalStatus::ALL, GoalStatus::as_str, &row.status)?,
            created_at: from_millis(row.created_at)?,
            updated_at: from_millis(row.updated_at)?,
            version: from_count(row.version)?,
        })
    }
}
