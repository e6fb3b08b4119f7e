//! What can be done in coaching: admins say who coaches whom; the two of them schedule, start and end
//! sessions, and write notes, actions, agreements and goals; each is notified of what concerns them.
//!
//! Owns authorisation, the transactions and the events recorded in them. It must not know HTTP. What
//! two people have between them is not there for anybody else, admins included.

mod relationship;
mod overview;
mod session;
mod item;
mod items;
mod notification;
mod reminder;

use std::collections::BTreeSet;

use highwater::server::{AccessChange, Audience};
use sea_orm::ConnectionTrait;

use super::{
    live::{CoachingEvent, CoachingTag},
    model::{CoachingRelationship, CoachingSession, CoachingSessionId, RelationshipId},
    store,
};
use crate::{
    account::{
        model::{CurrentUser, Role, UserId},
        service::subject_of,
    },
    error::AppError,
    live::{StudioEvent, StudioTag},
    server::state::Write,
};

pub use items::{
    change_action, change_agreement, change_goal, change_note, create_action, create_agreement,
    create_goal, create_note, delete_action, delete_agreement, delete_goal, delete_note,
    get_action, get_agreement, get_goal, get_note, list_actions, list_agreements, list_goals,
    list_notes,
};
pub use notification::{dismiss_notification, dismiss_notifications, list_notifications};
pub use overview::{coaching_overview, goal_history, my_relationships};
pub use relationship::{
    all_relationships, change_relationship, create_relationship, get_relationship,
    list_relationships,
};
pub use reminder::{remind, remind_forever};
pub use session::{
    change_coaching_session, create_coaching_session, delete_coaching_session,
    get_coaching_session, list_all_sessions, list_coaching_sessions,
};

/// The audience of what belongs to a relationship: its two people.
pub fn audience_of_relationship(id: &RelationshipId) -> Audience {
    Audience::new(format!("coaching_relationship:{id}"))
}

/// The audience of what belongs to a session: the two people of its relationship.
pub fn audience_of_session(id: &CoachingSessionId) -> Audience {
    Audience::new(format!("coaching_session:{id}"))
}

/// The audience of who coaches whom: admins.
fn admins() -> Audience {
    Audience::new("coaching_relationships")
}

/// The audiences of this slice that somebody belongs to by their role.
pub fn audiences_of_role(role: Role) -> Vec<Audience> {
    if role == Role::Admin { vec![admins()] } else { Vec::new() }
}

/// The tags of this slice that somebody may see by their role.
pub fn tags_of_role(role: Role) -> Vec<StudioTag> {
    let admin = StudioTag::Coaching(CoachingTag::Admin);
    if role == Role::Admin { vec![admin] } else { Vec::new() }
}

/// The audiences of this slice that somebody belongs to by taking part.
///
/// # Errors
/// When the database fails.
pub async fn audiences_of(
    conn: &impl ConnectionTrait,
    user: UserId,
) -> Result<BTreeSet<Audience>, AppError> {
    let of = store::relationships_of(conn, user).await?;
    let of: Vec<RelationshipId> = of.into_iter().map(|relationship| relationship.id).collect();
    let sessions = store::session_ids_of(conn, &of).await?;
    let of_relationships = of.iter().map(audience_of_relationship);
    Ok(of_relationships.chain(sessions.iter().map(audience_of_session)).collect())
}

/// A relationship in which a user takes part.
async fn own_relationship(
    conn: &impl ConnectionTrait,
    user: UserId,
    id: &RelationshipId,
) -> Result<CoachingRelationship, AppError> {
    let found = store::find_relationship(conn, id).await?;
    let own = found.filter(|relationship| relationship.part_of(user).is_some());
    own.ok_or_else(|| no_such("coaching relationship"))
}

/// A session in whose relationship a user takes part.
pub(super) async fn own_session(
    conn: &impl ConnectionTrait,
    user: UserId,
    id: &CoachingSessionId,
) -> Result<(CoachingSession, CoachingRelationship), AppError> {
    let session = store::find_session(conn, id).await?.ok_or_else(|| no_such("session"))?;
    let of = &session.coaching_relationship_id;
    let relationship = own_relationship(conn, user, of).await.map_err(|error| match error {
        AppError::NotFound { .. } => no_such("session"),
        other => other,
    })?;
    Ok((session, relationship))
}

/// Records an event for these audiences.
async fn record(write: &Write, to: &[Audience], event: CoachingEvent) -> Result<(), AppError> {
    write.record(to, &StudioEvent::Coaching(event)).await?;
    Ok(())
}

/// Records that somebody hears more audiences from here on.
async fn join(
    write: &Write,
    user: UserId,
    audiences: Vec<Audience>,
    gained: &[CoachingTag],
) -> Result<(), AppError> {
    let subject = subject_of(user);
    let gained = json(gained)?;
    let change = AccessChange { subject, join: audiences, gained, ..AccessChange::default() };
    write.record_access(&change).await?;
    Ok(())
}

/// Records that somebody hears fewer audiences from here on.
async fn leave(
    write: &Write,
    user: UserId,
    audiences: Vec<Audience>,
    lost: &[CoachingTag],
) -> Result<(), AppError> {
    let subject = subject_of(user);
    let lost = json(lost)?;
    let change = AccessChange { subject, leave: audiences, lost, ..AccessChange::default() };
    write.record_access(&change).await?;
    Ok(())
}

fn json(tags: &[CoachingTag]) -> Result<Vec<serde_json::Value>, AppError> {
    let json = |tag: &CoachingTag| serde_json::to_value(StudioTag::Coaching(tag.clone()));
    tags.iter().map(json).collect::<Result<_, _>>().map_err(|error| {
        tracing::error!(%error, "a tag could not be written");
        AppError::Internal
    })
}

fn authorise_admin(user: &CurrentUser) -> Result<(), AppError> {
    if user.role == Role::Admin {
        return Ok(());
    }
    Err(AppError::Forbidden { message: "Only admins manage who coaches whom.".to_owned() })
}

/// That there is no such thing is an answer, that it could not be read is none.
fn found<T>(result: Result<T, AppError>) -> Result<Result<T, AppError>, AppError> {
    match result {
        Ok(value) => Ok(Ok(value)),
        Err(refusal @ AppError::NotFound { .. }) => Ok(Err(refusal)),
        Err(failure) => Err(failure),
    }
}

fn no_such(what: &str) -> AppError {
    AppError::NotFound { what: what.to_owned() }
}
