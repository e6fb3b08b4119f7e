//! What can be done with each kind of item: list, look at one, add, change and delete it.
//!
//! Owns what is new of each kind. What they have in common stands in `item`.

use highwater::{AsOf, Committed, MutationId, Stamped};

use super::item;
use crate::{
    account::model::CurrentUser,
    coaching::model::{
        Action, ActionChange, ActionId, Agreement, AgreementChange, AgreementId, CoachingSessionId,
        GoalChange, GoalId, NewAction, NewAgreement, NewGoal, NewNote, Note, NoteChange, NoteId,
        OverarchingGoal, Person, RelationshipId,
    },
    error::AppError,
    id::random_bits,
    server::state::AppState,
};

/// A stamped answer, or the refusal of the question.
type Answer<T> = Result<Stamped<Result<T, AppError>>, AppError>;

/// The notes of a session of the user's, the oldest first; of this relationship, if one is named. The
/// answer includes at least `min`; that there is no such session is stamped as well.
///
/// # Errors
/// When the database or the log fails.
pub async fn list_notes(
    state: &AppState,
    user: &CurrentUser,
    relationship: impl Into<Option<RelationshipId>>,
    session: CoachingSessionId,
    min: Option<&AsOf>,
) -> Answer<Vec<Note>> {
    item::list(state, user, relationship.into(), session, min).await
}

/// One note of the user's. That there is none is stamped as well.
///
/// # Errors
/// When the database or the log fails.
pub async fn get_note(state: &AppState, user: &CurrentUser, id: NoteId) -> Answer<Note> {
    item::get(state, user, id).await
}

/// Adds a note. A repeat of the mutation `by` of the same user adds nothing.
///
/// # Errors
/// [`AppError::NotFound`] without such a session, [`AppError::Invalid`] for a field that cannot be so;
/// or when the database or the log fails.
pub async fn create_note(
    state: &AppState,
    user: &CurrentUser,
    new: NewNote,
    by: Option<MutationId>,
) -> Result<Committed<Note>, AppError> {
    let id = NoteId::of_bits(random_bits()?);
    let author = Person { id: user.id, name: user.name.clone() };
    let (of, body) = (new.coaching_session_id.clone(), new.body()?);
    let make = move |_: &[Person], now| {
        Ok(Note {
            id,
            coaching_session_id: new.coaching_session_id,
            body,
            author,
            created_at: now,
            updated_at: now,
            version: 1,
        })
    };
    item::create(state, user, of, make, by).await
}

/// Changes a note, and answers it as it is then. A repeat of the mutation `by` of the same user is
/// answered with the first outcome.
///
/// # Errors
/// [`AppError::NotFound`]; [`AppError::VersionConflict`] if it has changed; [`AppError::Invalid`] for
/// a field that cannot be so; or when the database or the log fails.
pub async fn change_note(
    state: &AppState,
    user: &CurrentUser,
    id: NoteId,
    change: NoteChange,
    by: Option<MutationId>,
) -> Result<Committed<Note>, AppError> {
    item::change(state, user, id, change, by).await
}

/// Deletes a note. A repeat of the mutation `by` of the same user is answered with the first outcome.
///
/// # Errors
/// [`AppError::NotFound`]; [`AppError::VersionConflict`] if it has changed; or when the database or
/// the log fails.
pub async fn delete_note(
    state: &AppState,
    user: &CurrentUser,
    id: NoteId,
    version: Option<u64>,
    by: Option<MutationId>,
) -> Result<Committed<()>, AppError> {
    item::delete::<Note>(state, user, id, version, by).await
}

/// The actions of a session of the user's, the oldest first; of this relationship, if one is named. The
/// answer includes at least `min`; that there is no such session is stamped as well.
///
/// # Errors
/// When the database or the log fails.
pub async fn list_actions(
    state: &AppState,
    user: &CurrentUser,
    relationship: impl Into<Option<RelationshipId>>,
    session: CoachingSessionId,
    min: Option<&AsOf>,
) -> Answer<Vec<Action>> {
    item::list(state, user, relationship.into(), session, min).await
}

/// One action of the user's. That there is none is stamped as well.
///
/// # Errors
/// When the database or the log fails.
pub async fn get_action(state: &AppState, user: &CurrentUser, id: ActionId) -> Answer<Action> {
    item::get(state, user, id).await
}

/// Adds an action. A repeat of the mutation `by` of the same user adds nothing.
///
/// # Errors
/// [`AppError::NotFound`] without such a session, [`AppError::Invalid`] for a field that cannot be so;
/// or when the database or the log fails.
pub async fn create_action(
    state: &AppState,
    user: &CurrentUser,
    new: NewAction,
    by: Option<MutationId>,
) -> Result<Committed<Action>, AppError> {
    let id = ActionId::of_bits(random_bits()?);
    let of = new.coaching_session_id.clone();
    let make = move |people: &[Person], now| {
        let (body, assignee) = new.validate(people)?;
        Ok(Action {
            id,
            coaching_session_id: new.coaching_session_id,
            body,
            assignee,
            due_on: new.due_on,
            status: new.status,
            status_changed_at: now,
            created_at: now,
            updated_at: now,
            version: 1,
        })
    };
    item::create(state, user, of, make, by).await
}

/// Changes an action, and answers it as it is then. A repeat of the mutation `by` of the same user is
/// answered with the first outcome.
///
/// # Errors
/// [`AppError::NotFound`]; [`AppError::VersionConflict`] if it has changed; [`AppError::Invalid`] for
/// a field that cannot be so; or when the database or the log fails.
pub async fn change_action(
    state: &AppState,
    user: &CurrentUser,
    id: ActionId,
    change: ActionChange,
    by: Option<MutationId>,
) -> Result<Committed<Action>, AppError> {
    item::change(state, user, id, change, by).await
}

/// Deletes an action. A repeat of the mutation `by` of the same user is answered with the first outcome.
///
/// # Errors
/// [`AppError::NotFound`]; [`AppError::VersionConflict`] if it has changed; or when the database or
/// the log fails.
pub async fn delete_action(
    state: &AppState,
    user: &CurrentUser,
    id: ActionId,
    version: Option<u64>,
    by: Option<MutationId>,
) -> Result<Committed<()>, AppError> {
    item::delete::<Action>(state, user, id, version, by).await
}

/// The agreements of a relationship of the user's, the oldest first. The answer includes at least `min`;
/// that there is no such relationship is stamped as well.
///
/// # Errors
/// When the database or the log fails.
pub async fn list_agreements(
    state: &AppState,
    user: &CurrentUser,
    relationship: RelationshipId,
    min: Option<&AsOf>,
) -> Answer<Vec<Agreement>> {
    item::list(state, user, None, relationship, min).await
}

/// One agreement of the user's. That there is none is stamped as well.
///
/// # Errors
/// When the database or the log fails.
pub async fn get_agreement(
    state: &AppState,
    user: &CurrentUser,
    id: AgreementId,
) -> Answer<Agreement> {
    item::get(state, user, id).await
}

/// Adds an agreement. A repeat of the mutation `by` of the same user adds nothing.
///
/// # Errors
/// [`AppError::NotFound`] without such a relationship, [`AppError::Invalid`] for a field that cannot be so;
/// or when the database or the log fails.
pub async fn create_agreement(
    state: &AppState,
    user: &CurrentUser,
    new: NewAgreement,
    by: Option<MutationId>,
) -> Result<Committed<Agreement>, AppError> {
    let id = AgreementId::of_bits(random_bits()?);
    let (of, body) = (new.coaching_relationship_id.clone(), new.body()?);
    let make = move |_: &[Person], now| {
        Ok(Agreement {
            id,
            coaching_relationship_id: new.coaching_relationship_id,
            body,
            created_at: now,
            updated_at: now,
            version: 1,
        })
    };
    item::create(state, user, of, make, by).await
}

/// Changes an agreement, and answers it as it is then. A repeat of the mutation `by` of the same user is
/// answered with the first outcome.
///
/// # Errors
/// [`AppError::NotFound`]; [`AppError::VersionConflict`] if it has changed; [`AppError::Invalid`] for
/// a field that cannot be so; or when the database or the log fails.
pub async fn change_agreement(
    state: &AppState,
    user: &CurrentUser,
    id: AgreementId,
    change: AgreementChange,
    by: Option<MutationId>,
) -> Result<Committed<Agreement>, AppError> {
    item::change(state, user, id, change, by).await
}

/// Deletes an agreement. A repeat of the mutation `by` of the same user is answered with the first outcome.
///
/// # Errors
/// [`AppError::NotFound`]; [`AppError::VersionConflict`] if it has changed; or when the database or
/// the log fails.
pub async fn delete_agreement(
    state: &AppState,
    user: &CurrentUser,
    id: AgreementId,
    version: Option<u64>,
    by: Option<MutationId>,
) -> Result<Committed<()>, AppError> {
    item::delete::<Agreement>(state, user, id, version, by).await
}

/// The goals of a relationship of the user's, the oldest first. The answer includes at least `min`;
/// that there is no such relationship is stamped as well.
///
/// # Errors
/// When the database or the log fails.
pub async fn list_goals(
    state: &AppState,
    user: &CurrentUser,
    relationship: RelationshipId,
    min: Option<&AsOf>,
) -> Answer<Vec<OverarchingGoal>> {
    item::list(state, user, None, relationship, min).await
}

/// One goal of the user's. That there is none is stamped as well.
///
/// # Errors
/// When the database or the log fails.
pub async fn get_goal(state: &AppState, user: &CurrentUser, id: GoalId) -> Answer<OverarchingGoal> {
    item::get(state, user, id).await
}

/// Adds a goal. A repeat of the mutation `by` of the same user adds nothing.
///
/// # Errors
/// [`AppError::NotFound`] without such a relationship, [`AppError::Invalid`] for a field that cannot be so;
/// or when the database or the log fails.
pub async fn create_goal(
    state: &AppState,
    user: &CurrentUser,
    new: NewGoal,
    by: Option<MutationId>,
) -> Result<Committed<OverarchingGoal>, AppError> {
    let id = GoalId::of_bits(random_bits()?);
    let (of, (title, progress)) = (new.coaching_relationship_id.clone(), new.validate()?);
    let make = move |_: &[Person], now| {
        Ok(OverarchingGoal {
            id,
            coaching_relationship_id: new.coaching_relationship_id,
            title,
            progress,
            status: new.status,
            created_at: now,
            updated_at: now,
            version: 1,
        })
    };
    item::create(state, user, of, make, by).await
}

/// Changes a goal, and answers it as it is then. A repeat of the mutation `by` of the same user is
/// answered with the first outcome.
///
/// # Errors
/// [`AppError::NotFound`]; [`AppError::VersionConflict`] if it has changed; [`AppError::Invalid`] for
/// a field that cannot be so; or when the database or the log fails.
pub async fn change_goal(
    state: &AppState,
    user: &CurrentUser,
    id: GoalId,
    change: GoalChange,
    by: Option<MutationId>,
) -> Result<Committed<OverarchingGoal>, AppError> {
    item::change(state, user, id, change, by).await
}

/// Deletes a goal. A repeat of the mutation `by` of the same user is answered with the first outcome.
///
/// # Errors
/// [`AppError::NotFound`]; [`AppError::VersionConflict`] if it has changed; or when the database or
/// the log fails.
pub async fn delete_goal(
    state: &AppState,
    user: &CurrentUser,
    id: GoalId,
    version: Option<u64>,
    by: Option<MutationId>,
) -> Result<Committed<()>, AppError> {
    item::delete::<OverarchingGoal>(state, user, id, version, by).await
}
