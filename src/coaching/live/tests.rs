//! Patches against the truth: what is patched equals what a fetch would bring, or is stale.

use highwater::{Patch, Query};
use proptest::{collection, prelude::*};
use time::{Duration, OffsetDateTime};

use super::{
    ActionList, AllRelationships, CoachingEvent, NotificationList, RelationshipDetail,
    SessionDetail, SessionList,
};
use crate::{
    account::model::UserId,
    coaching::model::{
        Action, ActionChange, ActionId, ActionStatus, CoachingRelationship, CoachingSession,
        CoachingSessionId, Item, Notification, NotificationId, NotificationKind, Notifications,
        Person, RelationshipId, SessionChange, SessionStatus,
    },
    live::StudioEvent,
};

fn at(second: u64) -> OffsetDateTime {
    OffsetDateTime::UNIX_EPOCH + Duration::seconds(i64::try_from(second).unwrap())
}

fn of() -> (RelationshipId, CoachingSessionId) {
    (RelationshipId::of_bits(1), CoachingSessionId::of_bits(1))
}

/// Everything that a server holds of one relationship, and the events that it told of it.
#[derive(Default)]
struct Truth {
    actions: Vec<Action>,
    sessions: Vec<CoachingSession>,
    relationships: Vec<CoachingRelationship>,
    /// All that were not dismissed, the newest first.
    notifications: Vec<Notification>,
    next: u64,
}

/// Something that somebody does; numbers choose among what is there.
#[derive(Clone, Copy, Debug)]
enum Step {
    AddAction,
    ChangeAction(usize, ActionStatus),
    DeleteAction(usize),
    Schedule(u64),
    MoveSession(usize, u64),
    TakeOnSession(usize),
    DeleteSession(usize),
    Begin,
    Put(usize, Option<i64>),
    Notify,
    Dismiss(usize),
}

fn steps() -> impl Strategy<Value = Step> {
    let n = || 0_usize..60;
    let status = prop_oneof![Just(ActionStatus::Blocked), Just(ActionStatus::Completed)];
    prop_oneof![
        Just(Step::AddAction),
        (n(), status).prop_map(|(n, status)| Step::ChangeAction(n, status)),
        n().prop_map(Step::DeleteAction),
        (0_u64..9).prop_map(Step::Schedule),
        (n(), 0_u64..9).prop_map(|(n, at)| Step::MoveSession(n, at)),
        n().prop_map(Step::TakeOnSession),
        n().prop_map(Step::DeleteSession),
        Just(Step::Begin),
        (n(), prop::option::of(1_i64..4)).prop_map(|(n, who)| Step::Put(n, who)),
        Just(Step::Notify),
        Just(Step::Notify),
        Just(Step::Notify),
        n().prop_map(Step::Dismiss),
    ]
}

impl Truth {
    /// Does it, if it can be done, and says what is told.
    fn step(&mut self, step: Step) -> Option<CoachingEvent> {
        self.next += 1;
        // Many things have the time in common, so that the id decides.
        let (now, id) = (at(self.next / 3), self.next.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let (relationship, session) = of();
        let pick = |n: usize, len: usize| (len > 0).then(|| n % len);
        Some(match step {
            Step::AddAction => {
                let action = Action {
                    id: ActionId::of_bits(id),
                    coaching_session_id: session.clone(),
                    body: "Act".to_owned(),
                    assignee: None,
                    due_on: None,
                    status: ActionStatus::NotStarted,
                    status_changed_at: now,
                    created_at: now,
                    updated_at: now,
                    version: 1,
                };
                self.actions.push(action.clone());
                self.actions.sort_by_key(|it| (it.created_at, it.id.clone()));
                CoachingEvent::ActionCreated { coaching_session_id: session, action }
            }
            Step::ChangeAction(n, status) => {
                let place = pick(n, self.actions.len())?;
                let change = ActionChange { status: Some(status), ..ActionChange::default() };
                let action = self.actions[place].changed(&change, &[], now).unwrap();
                if action == self.actions[place] {
                    return None;
                }
                self.actions[place] = action.clone();
                CoachingEvent::ActionUpdated { coaching_session_id: session, action }
            }
            Step::DeleteAction(n) => {
                let gone = self.actions.remove(pick(n, self.actions.len())?);
                CoachingEvent::ActionDeleted { coaching_session_id: session, action_id: gone.id }
            }
            Step::Schedule(when) => {
                let coaching_session = CoachingSession {
                    id: CoachingSessionId::of_bits(id),
                    coaching_relationship_id: relationship.clone(),
                    title: "Talk".to_owned(),
                    scheduled_at: at(when),
                    status: SessionStatus::Scheduled,
                    started_at: None,
                    ended_at: None,
                    created_at: now,
                    updated_at: now,
                    version: 1,
                };
                self.sessions.push(coaching_session.clone());
                self.sort_sessions();
                CoachingEvent::SessionCreated {
                    coaching_relationship_id: relationship,
                    coaching_session,
                }
            }
            Step::MoveSession(n, when) => {
                let change =
                    SessionChange { scheduled_at: Some(at(when)), ..SessionChange::default() };
                let coaching_session = self.change_session(n, &change, now)?;
                let coaching_session_id = coaching_session.id.clone();
                CoachingEvent::SessionUpdated { coaching_session_id, coaching_session }
            }
            Step::TakeOnSession(n) => {
                let place = pick(n, self.sessions.len())?;
                let status = match self.sessions[place].status {
                    SessionStatus::Scheduled => SessionStatus::Running,
                    SessionStatus::Running | SessionStatus::Done => SessionStatus::Done,
                };
                let change = SessionChange { status: Some(status), ..SessionChange::default() };
                let coaching_session = self.change_session(n, &change, now)?;
                let coaching_session_id = coaching_session.id.clone();
                match status {
                    SessionStatus::Running => {
                        CoachingEvent::SessionStarted { coaching_session_id, coaching_session }
                    }
                    _ => CoachingEvent::SessionEnded { coaching_session_id, coaching_session },
                }
            }
            Step::DeleteSession(n) => {
                let gone = self.sessions.remove(pick(n, self.sessions.len())?);
                CoachingEvent::SessionDeleted {
                    coaching_relationship_id: relationship,
                    coaching_session_id: gone.id,
                }
            }
            Step::Begin => {
                let coaching_relationship = CoachingRelationship {
                    id: RelationshipId::of_bits(id),
                    coach: None,
                    member: None,
                    created_at: now,
                    version: 1,
                };
                self.relationships.push(coaching_relationship.clone());
                self.relationships.sort_by_key(|it| (it.created_at, it.id.clone()));
                self.relationships.reverse();
                CoachingEvent::CoachingRelationshipChanged { coaching_relationship }
            }
            Step::Put(n, who) => {
                let place = pick(n, self.relationships.len())?;
                let one = &mut self.relationships[place];
                one.coach = who.map(|id| Person { id: UserId(id), name: "Carla".to_owned() });
                one.version += 1;
                CoachingEvent::CoachingRelationshipChanged { coaching_relationship: one.clone() }
            }
            Step::Notify => {
                let notification = Notification {
                    id: NotificationId::of_bits(id),
                    kind: NotificationKind::Assigned,
                    subject: "Act".to_owned(),
                    by: None,
                    due_on: None,
                    coaching_relationship_id: relationship,
                    coaching_session_id: session,
                    created_at: now,
                };
                self.notifications.push(notification.clone());
                self.notifications.sort_by_key(|it| (it.created_at, it.id.clone()));
                self.notifications.reverse();
                CoachingEvent::NotificationCreated { notification }
            }
            Step::Dismiss(n) => {
                let gone = self.notifications.remove(pick(n, self.notifications.len())?);
                CoachingEvent::NotificationDismissed { notification_id: gone.id }
            }
        })
    }

    fn change_session(
        &mut self,
        n: usize,
        change: &SessionChange,
        now: OffsetDateTime,
    ) -> Option<CoachingSession> {
        let place = n.checked_rem(self.sessions.len())?;
        let changed = self.sessions[place].changed(change, now).ok()?;
        if changed == self.sessions[place] {
            return None;
        }
        self.sessions[place] = changed.clone();
        self.sort_sessions();
        Some(changed)
    }

    fn sort_sessions(&mut self) {
        self.sessions.sort_by_key(|it| (it.scheduled_at, it.id.clone()));
        self.sessions.reverse();
    }

    fn told(&self) -> Notifications {
        Notifications {
            unread: u32::try_from(self.notifications.len()).unwrap(),
            newest: self.notifications.iter().take(Notifications::SHOWN).cloned().collect(),
        }
    }
}

/// A shown value that follows events, and fetches when it has to.
fn follow<Q: Query<Event = StudioEvent, Value: PartialEq + std::fmt::Debug>>(
    query: &Q,
    shown: &mut Option<Q::Value>,
    event: &StudioEvent,
    truth: Option<Q::Value>,
) -> Result<(), TestCaseError> {
    if let Some(value) = shown {
        let before = value.clone();
        match query.patch(value, event) {
            Patch::Patched => {}
            Patch::Unaffected => prop_assert_eq!(&*value, &before, "unaffected"),
            Patch::Stale => *shown = truth.clone(),
        }
    } else {
        *shown = truth.clone();
    }
    prop_assert_eq!(shown.as_ref(), truth.as_ref(), "after {:?}", event);
    Ok(())
}

proptest! {
    #[test]
    fn what_is_patched_is_what_a_fetch_would_bring(
        steps in collection::vec(steps(), 1..160),
        watched in 0_usize..4,
    ) {
        let (relationship, session) = of();
        let mut truth = Truth::default();
        let (mut actions, mut sessions) = (None, None);
        let (mut pairs, mut pair, mut one, mut news) = (None, None, None, None);
        for step in steps {
            let Some(event) = truth.step(step) else { continue };
            let event = StudioEvent::Coaching(event);
            let list = ActionList(relationship.clone(), session.clone());
            follow(&list, &mut actions, &event, Some(truth.actions.clone()))?;
            let list = SessionList(relationship.clone());
            follow(&list, &mut sessions, &event, Some(truth.sessions.clone()))?;
            follow(&AllRelationships, &mut pairs, &event, Some(truth.relationships.clone()))?;
            follow(&NotificationList, &mut news, &event, Some(truth.told()))?;
            // Of those that go, only a fetch can tell how it is refused.
            let first = truth.sessions.get(watched);
            if let Some(id) = one.as_ref().or(first).map(|it: &CoachingSession| it.id.clone()) {
                match truth.sessions.iter().find(|it| it.id == id).cloned() {
                    None => one = None,
                    now => {
                        let detail = SessionDetail(relationship.clone(), id);
                        follow(&detail, &mut one, &event, now)?;
                    }
                }
            }
            let first = truth.relationships.first();
            if let Some(shown) = pair.as_ref().or(first).map(|it: &CoachingRelationship| it.id.clone()) {
                let now = truth.relationships.iter().find(|it| it.id == shown).cloned();
                follow(&RelationshipDetail(shown), &mut pair, &event, now)?;
            }
        }
    }

    #[test]
    fn an_event_that_comes_again_changes_nothing(steps in collection::vec(steps(), 1..60)) {
        let (relationship, session) = of();
        let mut truth = Truth::default();
        let list = ActionList(relationship, session);
        let mut told = Vec::new();
        for step in steps {
            told.extend(truth.step(step).map(StudioEvent::Coaching));
            let mut shown = truth.actions.clone();
            for event in &told {
                let is_late_addition = matches!(
                    event,
                    StudioEvent::Coaching(CoachingEvent::ActionCreated { .. })
                );
                // What was added before and changed since is told of by its own, later events.
                if !is_late_addition && list.patch(&mut shown, event) == Patch::Patched {
                    prop_assert_eq!(&shown, &truth.actions);
                }
            }
        }
    }
}
