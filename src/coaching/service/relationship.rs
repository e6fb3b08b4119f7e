//! Relationships: who coaches whom. Admins say it, and the two people know of it.

use highwater::{AsOf, Committed, MutationId, Stamped, server::Audience};
use sea_orm::ConnectionTrait;

use super::{
    admins, audience_of_relationship, audience_of_session, authorise_admin, found, join, leave,
    no_such, notification, own_relationship, record,
};
use crate::{
    account::{
        model::{CurrentUser, Role, UserId},
        service::{audience_of, author, find_by_id},
    },
    coaching::{
        live::{CoachingEvent, CoachingTag},
        model::{CoachingRelationship, Part, Person, RelationshipChange, RelationshipId, is_of},
        store,
    },
    error::AppError,
    id::random_bits,
    server::state::{AppState, Write},
};

/// The relationships in which the user takes part, the newest first.
///
/// # Errors
/// When the database or the log fails.
pub async fn list_relationships(
    state: &AppState,
    user: &CurrentUser,
    min: Option<&AsOf>,
) -> Result<Stamped<Result<Vec<CoachingRelationship>, AppError>>, AppError> {
    let user = user.id;
    let read = state.live.read(min, move |tx| {
        Box::pin(async move { Ok(Ok(store::relationships_of(tx, user).await?)) })
    });
    read.await
}

/// Every relationship, the newest first: for admins. The answer includes at least `min`; a refusal is
/// stamped as well.
///
/// # Errors
/// When the database or the log fails.
pub async fn all_relationships(
    state: &AppState,
    user: &CurrentUser,
    min: Option<&AsOf>,
) -> Result<Stamped<Result<Vec<CoachingRelationship>, AppError>>, AppError> {
    let allowed = authorise_admin(user);
    let read = state.live.read(min, move |tx| {
        Box::pin(async move {
            match allowed {
                Ok(()) => Ok(Ok(store::relationships(tx).await?)),
                Err(refusal) => Ok(Err(refusal)),
            }
        })
    });
    read.await
}

/// One relationship in which the user takes part. The answer includes at least `min`; that there is
/// none is stamped as well.
///
/// # Errors
/// When the database or the log fails.
pub async fn get_relationship(
    state: &AppState,
    user: &CurrentUser,
    id: RelationshipId,
    min: Option<&AsOf>,
) -> Result<Stamped<Result<CoachingRelationship, AppError>>, AppError> {
    let user = user.id;
    let read = state
        .live
        .read(min, move |tx| Box::pin(async move { found(own_relationship(tx, user, &id).await) }));
    read.await
}

/// Has a coach and a member begin. A repeat of the mutation `by` of the same user begins nothing.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::Invalid`] for somebody who cannot have that part;
/// [`AppError::Conflict`] if the two have a relationship; or when the database or the log fails.
pub async fn create_relationship(
    state: &AppState,
    user: &CurrentUser,
    coach: UserId,
    member: UserId,
    by: Option<MutationId>,
) -> Result<Committed<CoachingRelationship>, AppError> {
    authorise_admin(user)?;
    let now = state.now();
    let id = RelationshipId::of_bits(random_bits()?);
    state
        .live
        .write(author(user.id, by), move |write| {
            Box::pin(async move {
                let new = CoachingRelationship {
                    id,
                    coach: Some(person_for(write.tx(), Part::Coach, coach, "coach").await?),
                    member: Some(person_for(write.tx(), Part::Member, member, "member").await?),
                    created_at: now,
                    version: 1,
                };
                only_one(write.tx(), &new).await?;
                store::insert_relationship(write.tx(), &new).await?;
                for person in new.people() {
                    begin(write, person.id, &new.id).await?;
                }
                tell(write, &new, None).await?;
                Ok(new)
            })
        })
        .await
}

/// Puts somebody into a part of a relationship, or leaves it empty, and answers it as it is then.
/// Whoever loses the part hears no more of it at once, and their pages forget it. A repeat of the
/// mutation `by` of the same user is answered with the first outcome.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; [`AppError::VersionConflict`] if it has changed;
/// [`AppError::Invalid`] and [`AppError::Conflict`] as [`create_relationship`]; or when the database
/// or the log fails.
pub async fn change_relationship(
    state: &AppState,
    user: &CurrentUser,
    id: RelationshipId,
    change: RelationshipChange,
    by: Option<MutationId>,
) -> Result<Committed<CoachingRelationship>, AppError> {
    authorise_admin(user)?;
    state
        .live
        .write(author(user.id, by), move |write| {
            Box::pin(async move {
                let stored = store::find_relationship(write.tx(), &id).await?;
                let mut next = stored.ok_or_else(|| no_such("coaching relationship"))?;
                is_of("coaching relationship", Some(change.version), next.version)?;
                let before = next.person(change.part).map(|person| person.id);
                if before == change.person {
                    return Ok(next);
                }
                let person = match change.person {
                    Some(id) => Some(person_for(write.tx(), change.part, id, "person").await?),
                    None => None,
                };
                match change.part {
                    Part::Coach => next.coach = person,
                    Part::Member => next.member = person,
                }
                next.version += 1;
                only_one(write.tx(), &next).await?;
                store::update_relationship(write.tx(), &next).await?;
                if let Some(gone) = before {
                    end(write, gone, &id).await?;
                }
                if let Some(new) = change.person {
                    begin(write, new, &id).await?;
                }
                tell(write, &next, before).await?;
                Ok(next)
            })
        })
        .await
}

/// Somebody who can have a part. Who may coach and who is coached is a matter of roles.
async fn person_for(
    conn: &impl ConnectionTrait,
    part: Part,
    id: UserId,
    field: &str,
) -> Result<Person, AppError> {
    let account = find_by_id(conn, id).await?;
    let user = account.ok_or_else(|| AppError::invalid(field, "There is no such account."))?;
    let (role, message) = match part {
        Part::Coach => (Role::Coach, "Choose somebody whose role is coach."),
        Part::Member => (Role::Member, "Choose somebody whose role is member."),
    };
    if user.role != role {
        return Err(AppError::invalid(field, message));
    }
    Ok(Person { id: user.id, name: user.name })
}

/// Refuses a second relationship of the same two people.
async fn only_one(conn: &impl ConnectionTrait, of: &CoachingRelationship) -> Result<(), AppError> {
    let (Some(coach), Some(member)) = (&of.coach, &of.member) else { return Ok(()) };
    let theirs = store::relationships_of(conn, member.id).await?;
    let same = |other: &CoachingRelationship| {
        other.id != of.id && other.part_of(coach.id) == Some(Part::Coach)
    };
    if !theirs.iter().any(same) {
        return Ok(());
    }
    let message = format!("{} coaches {} already.", coach.name, member.name);
    Err(AppError::Conflict { message })
}

/// Tells the two people, admins, and who was one of the two.
async fn tell(
    write: &Write,
    of: &CoachingRelationship,
    gone: Option<UserId>,
) -> Result<(), AppError> {
    let mut to = vec![audience_of_relationship(&of.id), admins()];
    to.extend(gone.map(audience_of));
    let coaching_relationship = of.clone();
    record(write, &to, CoachingEvent::CoachingRelationshipChanged { coaching_relationship }).await
}

/// From here on somebody hears of a relationship and its sessions.
async fn begin(write: &Write, user: UserId, id: &RelationshipId) -> Result<(), AppError> {
    let audiences = audiences_within(write.tx(), id).await?;
    join(write, user, audiences, &[CoachingTag::Within(id.clone())]).await
}

/// From here on somebody hears nothing of a relationship, and has no word of it left.
async fn end(write: &Write, user: UserId, id: &RelationshipId) -> Result<(), AppError> {
    let theirs = store::notifications_of(write.tx(), user, Some(id)).await?;
    notification::dismiss_each(write, theirs).await?;
    let audiences = audiences_within(write.tx(), id).await?;
    leave(write, user, audiences, &[CoachingTag::Within(id.clone())]).await
}

/// Everything that is heard within a relationship.
async fn audiences_within(
    conn: &impl ConnectionTrait,
    id: &RelationshipId,
) -> Result<Vec<Audience>, AppError> {
    let sessions = store::session_ids_of(conn, std::slice::from_ref(id)).await?;
    let of_sessions = sessions.iter().map(audience_of_session);
    Ok(std::iter::once(audience_of_relationship(id)).chain(of_sessions).collect())
}
