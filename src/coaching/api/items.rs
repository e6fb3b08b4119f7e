//! The server functions of items: notes, actions, agreements and goals.

use highwater::{AsOf, Committed, MutationId, Stamped};
use leptos::prelude::*;

use crate::{
    calls::Calls,
    coaching::model::{
        Action, ActionChange, ActionId, Agreement, AgreementChange, AgreementId, CoachingSessionId,
        GoalChange, GoalId, NewAction, NewAgreement, NewGoal, NewNote, Note, NoteChange, NoteId,
        OverarchingGoal, RelationshipId,
    },
    error::AppError,
};

/// The notes of a session, including at least `min`.
#[server(prefix = "/api/fn", endpoint = "list_notes", protocol = Calls)]
pub async fn list_notes(
    relationship: RelationshipId,
    session: CoachingSessionId,
    min: Option<AsOf>,
) -> Result<Stamped<Result<Vec<Note>, AppError>>, AppError> {
    use crate::{coaching::service, server::request};
    let (state, user) = request::signed_in()?;
    request::stamped(service::list_notes(&state, &user, relationship, session, min.as_ref()).await)
}

/// Adds a note; a repeat of the mutation is answered with the first outcome.
#[server(prefix = "/api/fn", endpoint = "create_note", protocol = Calls)]
pub async fn create_note(note: NewNote, mutation: MutationId) -> Result<Committed<Note>, AppError> {
    use crate::{coaching::service, server::request};
    let (state, user) = request::signed_in()?;
    request::answered(service::create_note(&state, &user, note, Some(mutation)).await)
}

/// Changes a note; a repeat of the mutation is answered with the first outcome.
#[server(prefix = "/api/fn", endpoint = "change_note", protocol = Calls)]
pub async fn change_note(
    id: NoteId,
    change: NoteChange,
    mutation: MutationId,
) -> Result<Committed<Note>, AppError> {
    use crate::{coaching::service, server::request};
    let (state, user) = request::signed_in()?;
    request::answered(service::change_note(&state, &user, id, change, Some(mutation)).await)
}

/// Deletes a note; a repeat of the mutation is answered with the first outcome.
#[server(prefix = "/api/fn", endpoint = "delete_note", protocol = Calls)]
pub async fn delete_note(
    id: NoteId,
    version: Option<u64>,
    mutation: MutationId,
) -> Result<Committed<()>, AppError> {
    use crate::{coaching::service, server::request};
    let (state, user) = request::signed_in()?;
    request::answered(service::delete_note(&state, &user, id, version, Some(mutation)).await)
}

/// The actions of a session, including at least `min`.
#[server(prefix = "/api/fn", endpoint = "list_actions", protocol = Calls)]
pub async fn list_actions(
    relationship: RelationshipId,
    session: CoachingSessionId,
    min: Option<AsOf>,
) -> Result<Stamped<Result<Vec<Action>, AppError>>, AppError> {
    use crate::{coaching::service, server::request};
    let (state, user) = request::signed_in()?;
    request::stamped(
        service::list_actions(&state, &user, relationship, session, min.as_ref()).await,
    )
}

/// Adds an action; a repeat of the mutation is answered with the first outcome.
#[server(prefix = "/api/fn", endpoint = "create_action", protocol = Calls)]
pub async fn create_action(
    action: NewAction,
    mutation: MutationId,
) -> Result<Committed<Action>, AppError> {
    use crate::{coaching::service, server::request};
    let (state, user) = request::signed_in()?;
    request::answered(service::create_action(&state, &user, action, Some(mutation)).await)
}

/// Changes an action; a repeat of the mutation is answered with the first outcome.
#[server(prefix = "/api/fn", endpoint = "change_action", protocol = Calls)]
pub async fn change_action(
    id: ActionId,
    change: ActionChange,
    mutation: MutationId,
) -> Result<Committed<Action>, AppError> {
    use crate::{coaching::service, server::request};
    let (state, user) = request::signed_in()?;
    request::answered(service::change_action(&state, &user, id, change, Some(mutation)).await)
}

/// Deletes an action; a repeat of the mutation is answered with the first outcome.
#[server(prefix = "/api/fn", endpoint = "delete_action", protocol = Calls)]
pub async fn delete_action(
    id: ActionId,
    version: Option<u64>,
    mutation: MutationId,
) -> Result<Committed<()>, AppError> {
    use crate::{coaching::service, server::request};
    let (state, user) = request::signed_in()?;
    request::answered(service::delete_action(&state, &user, id, version, Some(mutation)).await)
}

/// The agreements of a relationship, including at least `min`.
#[server(prefix = "/api/fn", endpoint = "list_agreements", protocol = Calls)]
pub async fn list_agreements(
    relationship: RelationshipId,
    min: Option<AsOf>,
) -> Result<Stamped<Result<Vec<Agreement>, AppError>>, AppError> {
    use crate::{coaching::service, server::request};
    let (state, user) = request::signed_in()?;
    request::stamped(service::list_agreements(&state, &user, relationship, min.as_ref()).await)
}

/// Adds an agreement; a repeat of the mutation is answered with the first outcome.
#[server(prefix = "/api/fn", endpoint = "create_agreement", protocol = Calls)]
pub async fn create_agreement(
    agreement: NewAgreement,
    mutation: MutationId,
) -> Result<Committed<Agreement>, AppError> {
    use crate::{coaching::service, server::request};
    let (state, user) = request::signed_in()?;
    request::answered(service::create_agreement(&state, &user, agreement, Some(mutation)).await)
}

/// Changes an agreement; a repeat of the mutation is answered with the first outcome.
#[server(prefix = "/api/fn", endpoint = "change_agreement", protocol = Calls)]
pub async fn change_agreement(
    id: AgreementId,
    change: AgreementChange,
    mutation: MutationId,
) -> Result<Committed<Agreement>, AppError> {
    use crate::{coaching::service, server::request};
    let (state, user) = request::signed_in()?;
    request::answered(service::change_agreement(&state, &user, id, change, Some(mutation)).await)
}

/// Deletes an agreement; a repeat of the mutation is answered with the first outcome.
#[server(prefix = "/api/fn", endpoint = "delete_agreement", protocol = Calls)]
pub async fn delete_agreement(
    id: AgreementId,
    version: Option<u64>,
    mutation: MutationId,
) -> Result<Committed<()>, AppError> {
    use crate::{coaching::service, server::request};
    let (state, user) = request::signed_in()?;
    request::answered(service::delete_agreement(&state, &user, id, version, Some(mutation)).await)
}

/// The goals of a relationship, including at least `min`.
#[server(prefix = "/api/fn", endpoint = "list_goals", protocol = Calls)]
pub async fn list_goals(
    relationship: RelationshipId,
    min: Option<AsOf>,
) -> Result<Stamped<Result<Vec<OverarchingGoal>, AppError>>, AppError> {
    use crate::{coaching::service, server::request};
    let (state, user) = request::signed_in()?;
    request::stamped(service::list_goals(&state, &user, relationship, min.as_ref()).await)
}

/// Adds a goal; a repeat of the mutation is answered with the first outcome.
#[server(prefix = "/api/fn", endpoint = "create_goal", protocol = Calls)]
pub async fn create_goal(
    goal: NewGoal,
    mutation: MutationId,
) -> Result<Committed<OverarchingGoal>, AppError> {
    use crate::{coaching::service, server::request};
    let (state, user) = request::signed_in()?;
    request::answered(service::create_goal(&state, &user, goal, Some(mutation)).await)
}

/// Changes a goal; a repeat of the mutation is answered with the first outcome.
#[server(prefix = "/api/fn", endpoint = "change_goal", protocol = Calls)]
pub async fn change_goal(
    id: GoalId,
    change: GoalChange,
    mutation: MutationId,
) -> Result<Committed<OverarchingGoal>, AppError> {
    use crate::{coaching::service, server::request};
    let (state, user) = request::signed_in()?;
    request::answered(service::change_goal(&state, &user, id, change, Some(mutation)).await)
}

/// Deletes a goal; a repeat of the mutation is answered with the first outcome.
#[server(prefix = "/api/fn", endpoint = "delete_goal", protocol = Calls)]
pub async fn delete_goal(
    id: GoalId,
    version: Option<u64>,
    mutation: MutationId,
) -> Result<Committed<()>, AppError> {
    use crate::{coaching::service, server::request};
    let (state, user) = request::signed_in()?;
    request::answered(service::delete_goal(&state, &user, id, version, Some(mutation)).await)
}
