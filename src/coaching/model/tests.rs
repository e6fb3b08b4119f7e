//! The rules of what two people write.

use time::{Duration, OffsetDateTime, macros::date};

use super::{
    Action, ActionChange, ActionId, ActionStatus, CoachingSession, CoachingSessionId, GoalChange,
    GoalId, GoalStatus, Item, OverarchingGoal, Person, RelationshipId, SessionChange,
    SessionStatus,
};
use crate::{account::model::UserId, error::AppError};

const NOW: OffsetDateTime = OffsetDateTime::UNIX_EPOCH;

fn later() -> OffsetDateTime {
    NOW + Duration::minutes(5)
}

fn ana() -> Person {
    Person { id: UserId(2), name: "Ana".to_owned() }
}

fn action() -> Action {
    Action {
        id: ActionId::of_bits(1),
        coaching_session_id: CoachingSessionId::of_bits(1),
        body: "Call the bank".to_owned(),
        assignee: None,
        due_on: Some(date!(2026 - 11 - 21)),
        status: ActionStatus::NotStarted,
        status_changed_at: NOW,
        created_at: NOW,
        updated_at: NOW,
        version: 3,
    }
}

#[test]
fn a_change_of_another_version_is_refused_and_one_of_nothing_is_none() {
    let change = ActionChange { version: Some(2), ..ActionChange::default() };
    let refused = action().changed(&change, &[], later());
    assert!(matches!(refused, Err(AppError::VersionConflict { current: 3, .. })));
    let same = ActionChange {
        body: Some(" Call the bank\n".to_owned()),
        version: Some(3),
        ..ActionChange::default()
    };
    assert_eq!(action().changed(&same, &[], later()), Ok(action()));
}

#[test]
fn only_one_of_the_two_is_given_an_action() {
    let give = |id| ActionChange { assignee_id: Some(Some(UserId(id))), ..ActionChange::default() };
    let given = action().changed(&give(2), &[ana()], later()).unwrap();
    assert_eq!((given.assignee, given.version, given.updated_at), (Some(ana()), 4, later()));
    let refused = action().changed(&give(9), &[ana()], later());
    assert!(matches!(refused, Err(AppError::Invalid { .. })));
}

#[test]
fn null_takes_away_and_what_is_left_out_stays() {
    let change: ActionChange = serde_json::from_str(r#"{"due_on":null}"#).unwrap();
    assert_eq!(action().changed(&change, &[], later()).unwrap().due_on, None);
    let change: ActionChange = serde_json::from_str(r#"{"status":"blocked"}"#).unwrap();
    let blocked = action().changed(&change, &[], later()).unwrap();
    assert_eq!((blocked.due_on, blocked.status_changed_at), (action().due_on, later()));
    let json =
        serde_json::to_string(&ActionChange { assignee_id: Some(None), ..ActionChange::default() });
    assert_eq!(json.unwrap(), r#"{"assignee_id":null}"#);
}

#[test]
fn an_action_is_overdue_on_the_day_after_unless_it_is_completed() {
    assert!(!action().is_overdue(date!(2026 - 11 - 21)));
    assert!(action().is_overdue(date!(2026 - 11 - 22)));
    let done = Action { status: ActionStatus::Completed, ..action() };
    assert!(!done.is_overdue(date!(2026 - 11 - 22)));
}

#[test]
fn progress_is_at_most_all_of_it() {
    let goal = OverarchingGoal {
        id: GoalId::of_bits(1),
        coaching_relationship_id: RelationshipId::of_bits(1),
        title: "Sleep".to_owned(),
        progress: 10,
        status: GoalStatus::InProgress,
        created_at: NOW,
        updated_at: NOW,
        version: 1,
    };
    let to = |progress| GoalChange { progress: Some(progress), ..GoalChange::default() };
    assert_eq!(goal.changed(&to(100), &[], later()).unwrap().progress, 100);
    assert!(matches!(goal.changed(&to(101), &[], later()), Err(AppError::Invalid { .. })));
}

#[test]
fn a_session_goes_on_and_never_back() {
    let session = CoachingSession {
        id: CoachingSessionId::of_bits(1),
        coaching_relationship_id: RelationshipId::of_bits(1),
        title: "Talk".to_owned(),
        scheduled_at: NOW,
        status: SessionStatus::Scheduled,
        started_at: None,
        ended_at: None,
        created_at: NOW,
        updated_at: NOW,
        version: 1,
    };
    let to = |status| SessionChange { status: Some(status), ..SessionChange::default() };
    let running = session.changed(&to(SessionStatus::Running), later()).unwrap();
    assert_eq!((running.started_at, running.version), (Some(later()), 2));
    let done = running.changed(&to(SessionStatus::Done), later()).unwrap();
    assert_eq!(done.ended_at, Some(later()));
    for (from, status) in [
        (&session, SessionStatus::Done),
        (&running, SessionStatus::Scheduled),
        (&done, SessionStatus::Running),
    ] {
        assert!(matches!(from.changed(&to(status), later()), Err(AppError::Conflict { .. })));
    }
    let moved = SessionChange { scheduled_at: Some(later()), ..SessionChange::default() };
    assert_eq!(session.changed(&moved, later()).unwrap().scheduled_at, later());
    assert!(matches!(running.changed(&moved, later()), Err(AppError::Conflict { .. })));
}
