//! What several relationships amount to, and how goals came along.

use std::collections::HashMap;

use highwater::{AsOf, Stamped};
use time::Duration;

use super::{found, own_relationship};
use crate::{
    account::model::CurrentUser,
    coaching::{
        model::{
            ActionStatus, CoachingRelationship, CoachingSession, DueAction, GoalPoint, NextSession,
            Overview, Part, Person, RelationshipId, RelationshipRow, STUCK_AFTER_DAYS,
            SessionStatus, StuckGoal,
        },
        store,
    },
    error::AppError,
    server::state::AppState,
};

/// The user's own relationships with what matters of each now, by the other's name. The answer
/// includes at least `min`.
///
/// # Errors
/// When the database or the log fails.
pub async fn my_relationships(
    state: &AppState,
    user: &CurrentUser,
    min: Option<&AsOf>,
) -> Result<Stamped<Result<Vec<RelationshipRow>, AppError>>, AppError> {
    let user = user.id;
    let read = state.live.read(min, move |tx| {
        Box::pin(async move {
            let mut all = store::relationships_of(tx, user).await?;
            // Who has no other comes last.
            all.sort_by_key(|of| {
                let name = of.other(user).map(|other| other.name.to_lowercase());
                (name.is_none(), name)
            });
            let ids = ids_of(&all);
            let mut sessions = HashMap::new();
            for session in next_first(store::open_sessions(tx, &ids).await?) {
                sessions.entry(session.coaching_relationship_id.clone()).or_insert(session);
            }
            let actions = store::open_actions(tx, &ids).await?;
            let goals = store::goals_in_progress(tx, &ids).await?;
            let row = |relationship: CoachingRelationship| RelationshipRow {
                session: sessions.remove(&relationship.id),
                open_actions: actions.get(&relationship.id).copied().unwrap_or(0),
                goals: goals.get(&relationship.id).copied().unwrap_or(0),
                relationship,
            };
            Ok(Ok(all.into_iter().map(row).collect()))
        })
    });
    read.await
}

/// What is due and what is stuck in the relationships in which the user coaches. The answer includes
/// at least `min`.
///
/// # Errors
/// When the database or the log fails.
pub async fn coaching_overview(
    state: &AppState,
    user: &CurrentUser,
    min: Option<&AsOf>,
) -> Result<Stamped<Result<Overview, AppError>>, AppError> {
    let (user, now) = (user.id, state.now());
    let read = state.live.read(min, move |tx| {
        Box::pin(async move {
            let mut all = store::relationships_of(tx, user).await?;
            all.retain(|relationship| relationship.part_of(user) == Some(Part::Coach));
            let ids = ids_of(&all);
            let members: HashMap<RelationshipId, Option<Person>> =
                all.into_iter().map(|of| (of.id, of.member)).collect();
            let member = |id: &RelationshipId| members.get(id).cloned().flatten();

            let sessions = next_first(store::open_sessions(tx, &ids).await?);
            let pressing = store::pressing_actions(tx, &ids).await?;
            let actions = pressing.into_iter().map(|(action, id)| DueAction {
                action,
                member: member(&id),
                coaching_relationship_id: id,
            });
            let (mut blocked, mut due): (Vec<_>, Vec<_>) =
                actions.partition(|of| of.action.status == ActionStatus::Blocked);
            // What is blocked and has a day is due as well.
            due.extend(blocked.iter().filter(|of| of.action.due_on.is_some()).cloned());
            due.sort_by_key(|of| of.action.due_on);
            blocked.sort_by_key(|of| of.action.status_changed_at);
            let since = now - Duration::days(STUCK_AFTER_DAYS);
            let stuck = store::stuck_goals(tx, &ids, since).await?;
            Ok(Ok(Overview {
                sessions: sessions
                    .into_iter()
                    .map(|session| NextSession {
                        member: member(&session.coaching_relationship_id),
                        session,
                    })
                    .collect(),
                due,
                blocked,
                stuck: stuck
                    .into_iter()
                    .map(|goal| StuckGoal {
                        member: member(&goal.coaching_relationship_id),
                        since: goal.updated_at,
                        goal,
                    })
                    .collect(),
            }))
        })
    });
    read.await
}

/// How the goals of one of the user's relationships came along, the oldest point first. The answer
/// includes at least `min`; that there is no such relationship is stamped as well.
///
/// # Errors
/// When the database or the log fails.
pub async fn goal_history(
    state: &AppState,
    user: &CurrentUser,
    relationship: RelationshipId,
    min: Option<&AsOf>,
) -> Result<Stamped<Result<Vec<GoalPoint>, AppError>>, AppError> {
    let user = user.id;
    let read = state.live.read(min, move |tx| {
        Box::pin(async move {
            match found(own_relationship(tx, user, &relationship).await)? {
                Ok(own) => Ok(Ok(store::goal_points(tx, &own.id).await?)),
                Err(refusal) => Ok(Err(refusal)),
            }
        })
    });
    read.await
}

fn ids_of(all: &[CoachingRelationship]) -> Vec<RelationshipId> {
    all.iter().map(|relationship| relationship.id.clone()).collect()
}

/// What is going on before what is to be, each in the order of time.
fn next_first(mut sessions: Vec<CoachingSession>) -> Vec<CoachingSession> {
    sessions.sort_by_key(|session| session.status != SessionStatus::Running);
    sessions
}
