//! Items: what is the same for notes, actions, agreements and goals. Each stands in a session or a
//! relationship, and changes under its own version.

use std::future::Future;

use highwater::{AsOf, Committed, MutationId, Stamped, server::Audience};
use sea_orm::ConnectionTrait;
use time::OffsetDateTime;

use super::{
    audience_of_relationship, audience_of_session, found, no_such, notification, own_relationship,
    own_session, record,
};
use crate::{
    account::{
        model::{CurrentUser, UserId},
        service::author,
    },
    coaching::{
        live::CoachingEvent,
        model::{
            Action, Agreement, CoachingRelationship, CoachingSession, CoachingSessionId, Item,
            Note, Notification, NotificationKind, OverarchingGoal, Person, RelationshipId, is_of,
        },
        store::{self, Stored},
    },
    error::AppError,
    server::state::{AppState, Write},
};

/// Where items stand, opened for one of its two people.
pub(super) struct Place {
    /// Whose it is.
    pub(super) relationship: CoachingRelationship,
    /// The session, if it is one.
    pub(super) session: Option<CoachingSession>,
}

/// What items stand in: a session or a relationship.
pub(super) trait Scope: Send + Sync {
    /// Opens it for a user who takes part.
    fn open(
        &self,
        conn: &impl ConnectionTrait,
        user: UserId,
    ) -> impl Future<Output = Result<Place, AppError>> + Send;

    /// Who hears of what stands in it.
    fn audience(&self) -> Audience;
}

/// An item whose changes are told.
pub(super) trait Kept: Stored<Of: Scope> {
    /// That it is new.
    fn created(&self) -> CoachingEvent;

    /// That it has changed.
    fn updated(&self) -> CoachingEvent;

    /// That it is no more.
    fn deleted(&self) -> CoachingEvent;

    /// What else follows from writing it, over what was there before if there was something.
    fn written(
        &self,
        _: &Write,
        _before: Option<&Self>,
        _place: &Place,
        _by: &CurrentUser,
    ) -> impl Future<Output = Result<(), AppError>> + Send {
        async { Ok(()) }
    }

    /// What else goes with it.
    fn going(&self, _: &Write) -> impl Future<Output = Result<(), AppError>> + Send {
        async { Ok(()) }
    }
}

/// The items of a session or a relationship of the user's, the oldest first; of a session of this
/// relationship, if one is named. The answer includes at least `min`; that there is no such place is
/// stamped as well.
pub(super) async fn list<I: Kept>(
    state: &AppState,
    user: &CurrentUser,
    within: Option<RelationshipId>,
    of: I::Of,
    min: Option<&AsOf>,
) -> Result<Stamped<Result<Vec<I>, AppError>>, AppError> {
    let user = user.id;
    let read = state.live.read(min, move |tx| {
        Box::pin(async move {
            let place = match found(of.open(tx, user).await)? {
                Ok(place) => place,
                Err(refusal) => return Ok(Err(refusal)),
            };
            if within.is_some_and(|named| named != place.relationship.id) {
                return Ok(Err(no_such("session")));
            }
            Ok(Ok(store::items::<I>(tx, &of).await?))
        })
    });
    read.await
}

/// One item of the user's. That there is none is stamped as well.
pub(super) async fn get<I: Kept>(
    state: &AppState,
    user: &CurrentUser,
    id: I::Id,
) -> Result<Stamped<Result<I, AppError>>, AppError> {
    let user = user.id;
    let read = state.live.read(None, move |tx| {
        Box::pin(async move { found(own::<I>(tx, user, &id).await.map(|(item, _)| item)) })
    });
    read.await
}

/// Adds what `make` makes for these people at a time. A repeat of the mutation `by` of the same user
/// adds nothing.
pub(super) async fn create<I: Kept>(
    state: &AppState,
    user: &CurrentUser,
    of: I::Of,
    make: impl FnOnce(&[Person], OffsetDateTime) -> Result<I, AppError> + Clone + Send + 'static,
    by: Option<MutationId>,
) -> Result<Committed<I>, AppError> {
    let (me, now) = (user.clone(), state.now());
    state
        .live
        .write(author(user.id, by), move |write| {
            Box::pin(async move {
                let place = of.open(write.tx(), me.id).await?;
                let new = make(&place.people(), now)?;
                store::insert_item(write.tx(), &new).await?;
                record(write, &[of.audience()], new.created()).await?;
                new.written(write, None, &place, &me).await?;
                Ok(new)
            })
        })
        .await
}

/// Changes an item, and answers it as it is then. A change to what is already so writes nothing. A
/// repeat of the mutation `by` of the same user is answered with the first outcome.
pub(super) async fn change<I: Kept>(
    state: &AppState,
    user: &CurrentUser,
    id: I::Id,
    change: I::Change,
    by: Option<MutationId>,
) -> Result<Committed<I>, AppError> {
    let (me, now) = (user.clone(), state.now());
    state
        .live
        .write(author(user.id, by), move |write| {
            Box::pin(async move {
                let (before, place) = own::<I>(write.tx(), me.id, &id).await?;
                let next = before.changed(&change, &place.people(), now)?;
                if next == before {
                    return Ok(before);
                }
                store::update_item(write.tx(), &next).await?;
                record(write, &[next.of().audience()], next.updated()).await?;
                next.written(write, Some(&before), &place, &me).await?;
                Ok(next)
            })
        })
        .await
}

/// Deletes an item, of that version if one is named. A repeat of the mutation `by` of the same user
/// is answered with the first outcome.
pub(super) async fn delete<I: Kept>(
    state: &AppState,
    user: &CurrentUser,
    id: I::Id,
    version: Option<u64>,
    by: Option<MutationId>,
) -> Result<Committed<()>, AppError> {
    let user = user.id;
    state
        .live
        .write::<(), AppError>(author(user, by), move |write| {
            Box::pin(async move {
                let (item, _) = own::<I>(write.tx(), user, &id).await?;
                is_of(I::WHAT, version, item.version())?;
                item.going(write).await?;
                store::delete_item::<I>(write.tx(), &id).await?;
                record(write, &[item.of().audience()], item.deleted()).await
            })
        })
        .await
}

/// An item, if the user takes part where it stands.
async fn own<I: Kept>(
    conn: &impl ConnectionTrait,
    user: UserId,
    id: &I::Id,
) -> Result<(I, Place), AppError> {
    let item = store::find_item::<I>(conn, id).await?.ok_or_else(|| no_such(I::WHAT))?;
    match found(item.of().open(conn, user).await)? {
        Ok(place) => Ok((item, place)),
        // Of what stands in it nothing is said either.
        Err(_) => Err(no_such(I::WHAT)),
    }
}

impl Place {
    fn people(&self) -> Vec<Person> {
        self.relationship.people().cloned().collect()
    }
}

impl Scope for RelationshipId {
    async fn open(&self, conn: &impl ConnectionTrait, user: UserId) -> Result<Place, AppError> {
        let relationship = own_relationship(conn, user, self).await?;
        Ok(Place { relationship, session: None })
    }

    fn audience(&self) -> Audience {
        audience_of_relationship(self)
    }
}

impl Scope for CoachingSessionId {
    async fn open(&self, conn: &impl ConnectionTrait, user: UserId) -> Result<Place, AppError> {
        let (session, relationship) = own_session(conn, user, self).await?;
        Ok(Place { relationship, session: Some(session) })
    }

    fn audience(&self) -> Audience {
        audience_of_session(self)
    }
}

impl Kept for Note {
    fn created(&self) -> CoachingEvent {
        let coaching_session_id = self.of().clone();
        CoachingEvent::NoteCreated { coaching_session_id, note: self.clone() }
    }

    fn updated(&self) -> CoachingEvent {
        let coaching_session_id = self.of().clone();
        CoachingEvent::NoteUpdated { coaching_session_id, note: self.clone() }
    }

    fn deleted(&self) -> CoachingEvent {
        let coaching_session_id = self.of().clone();
        CoachingEvent::NoteDeleted { coaching_session_id, note_id: self.id.clone() }
    }
}

impl Kept for Action {
    fn created(&self) -> CoachingEvent {
        let coaching_session_id = self.of().clone();
        CoachingEvent::ActionCreated { coaching_session_id, action: self.clone() }
    }

    fn updated(&self) -> CoachingEvent {
        let coaching_session_id = self.of().clone();
        CoachingEvent::ActionUpdated { coaching_session_id, action: self.clone() }
    }

    fn deleted(&self) -> CoachingEvent {
        let coaching_session_id = self.of().clone();
        CoachingEvent::ActionDeleted { coaching_session_id, action_id: self.id.clone() }
    }

    /// Whoever is given it by the other one is notified.
    async fn written(
        &self,
        write: &Write,
        before: Option<&Self>,
        place: &Place,
        by: &CurrentUser,
    ) -> Result<(), AppError> {
        let had = before.and_then(|before| before.assignee.as_ref()).map(|person| person.id);
        let (Some(assignee), Some(session)) = (&self.assignee, &place.session) else {
            return Ok(());
        };
        if had == Some(assignee.id) || assignee.id == by.id {
            return Ok(());
        }
        let (kind, name) = (NotificationKind::Assigned, Some(by.name.clone()));
        let new = notification::of(session, kind, &self.body, name, self.updated_at)?;
        let new = Notification { due_on: self.due_on, ..new };
        notification::notify(write, assignee.id, Some(&self.id), new).await
    }

    async fn going(&self, write: &Write) -> Result<(), AppError> {
        let about = store::notifications_about(write.tx(), &self.id).await?;
        notification::dismiss_each(write, about).await
    }
}

impl Kept for Agreement {
    fn created(&self) -> CoachingEvent {
        let coaching_relationship_id = self.of().clone();
        CoachingEvent::AgreementCreated { coaching_relationship_id, agreement: self.clone() }
    }

    fn updated(&self) -> CoachingEvent {
        let coaching_relationship_id = self.of().clone();
        CoachingEvent::AgreementUpdated { coaching_relationship_id, agreement: self.clone() }
    }

    fn deleted(&self) -> CoachingEvent {
        let coaching_relationship_id = self.of().clone();
        CoachingEvent::AgreementDeleted { coaching_relationship_id, agreement_id: self.id.clone() }
    }
}

impl Kept for OverarchingGoal {
    fn created(&self) -> CoachingEvent {
        let coaching_relationship_id = self.of().clone();
        CoachingEvent::GoalCreated { coaching_relationship_id, goal: self.clone() }
    }

    fn updated(&self) -> CoachingEvent {
        let coaching_relationship_id = self.of().clone();
        CoachingEvent::GoalUpdated { coaching_relationship_id, goal: self.clone() }
    }

    fn deleted(&self) -> CoachingEvent {
        let coaching_relationship_id = self.of().clone();
        CoachingEvent::GoalDeleted { coaching_relationship_id, goal_id: self.id.clone() }
    }

    /// How it came along is kept.
    async fn written(
        &self,
        write: &Write,
        before: Option<&Self>,
        _: &Place,
        _: &CurrentUser,
    ) -> Result<(), AppError> {
        if before.is_none_or(|before| before.progress != self.progress) {
            store::insert_goal_point(write.tx(), self).await?;
        }
        Ok(())
    }
}
