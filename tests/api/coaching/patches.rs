//! What an event makes of what is shown is what a read brings, or it is said to be stale: every query
//! against the real service, over many changes at random.

use std::{collections::BTreeSet, fmt::Debug};

use highwater::{
    Cursor, Patch, Query, Stamped,
    server::{ChangeLog, Recorded},
};
use studio::{
    account::{model::CurrentUser, service::find},
    coaching::{
        live::{
            ActionList, AgreementList, AllRelationships, GoalHistory, GoalList, MyRelationships,
            NoteList, NotificationList, OverviewQuery, RelationshipDetail, SessionDetail,
            SessionList,
        },
        model::{
            ActionChange, ActionStatus, AgreementChange, GoalChange, NewAction, NewAgreement,
            NewGoal, NewNote, NewSession, NoteChange, Part, RelationshipChange, SessionChange,
            SessionStatus,
        },
        service,
    },
    error::AppError,
    live::StudioEvent,
    server::{access, state::AppState},
};
use time::{Duration, OffsetDateTime, macros::datetime};

use crate::{
    app::{ADMIN, ANA, BEN, CARLA, TestApp},
    database::newest_row,
};

/// How many changes there are.
const CHANGES: u32 = 250;

/// Numbers that are the same at each run, and otherwise any.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % bound as u64).unwrap()
    }

    fn one_of<T: Clone>(&mut self, all: &[T]) -> Option<T> {
        if all.is_empty() { None } else { Some(all[self.below(all.len())].clone()) }
    }
}

/// What one query shows.
struct Shown<Q: Query> {
    query: Q,
    value: Q::Value,
    patched: u32,
}

impl<Q: Query<Event = StudioEvent>> Shown<Q>
where
    Q::Value: Clone + PartialEq + Debug,
{
    fn new(query: Q, value: Q::Value) -> Self {
        Self { query, value, patched: 0 }
    }

    /// Takes the events of one change, after which a read brings this.
    fn take(&mut self, events: &[StudioEvent], there: Q::Value) {
        for event in events {
            let before = self.value.clone();
            match self.query.patch(&mut self.value, event) {
                Patch::Patched => self.patched += 1,
                Patch::Unaffected => assert_eq!(self.value, before, "{}", Q::NAME),
                Patch::Stale => {
                    self.value = there;
                    return;
                }
            }
        }
        assert_eq!(self.value, there, "{} after {events:?}", Q::NAME);
    }
}

type Answer<T> = Result<Stamped<Result<T, AppError>>, AppError>;

fn read<T>(answer: Answer<T>) -> T {
    answer.unwrap().value.unwrap()
}

/// The events after a place that somebody hears.
async fn heard(state: &AppState, user: &CurrentUser, after: &Cursor) -> Vec<StudioEvent> {
    let audiences: BTreeSet<_> = access::audiences_of(&state.db, user).await.unwrap();
    // What the log answers is settled, and all of it.
    newest_row(&state.db, state.live.log()).await;
    let rows = state.live.log().after(after, 1000).await.unwrap().rows;
    let events = rows.into_iter().filter_map(|row| match row.what {
        Recorded::Event { to, json } if to.iter().any(|to| audiences.contains(to)) => {
            Some(serde_json::from_str(&json).unwrap())
        }
        _ => None,
    });
    events.collect()
}

#[tokio::test]
async fn what_is_patched_is_what_a_read_brings() {
    let app = TestApp::start().await;
    let state = &app.state;
    let user = async |email: &str| find(state, email).await.unwrap();
    let (admin, coach, member) = (user(ADMIN).await, user(CARLA).await, user(ANA).await);
    let ben = user(BEN).await;
    let made = service::create_relationship(state, &admin, coach.id, member.id, None).await;
    let relationship = made.unwrap().value.id;
    let at: OffsetDateTime = datetime!(2026-03-01 9:00 UTC);
    let new_session = |minutes: usize| NewSession {
        coaching_relationship_id: relationship.clone(),
        title: "T".to_owned(),
        scheduled_at: at + Duration::minutes(i64::try_from(minutes).unwrap()),
    };
    let session = service::create_coaching_session(state, &coach, new_session(0), None).await;
    let session = session.unwrap().value.id;

    let of = || (relationship.clone(), session.clone());
    let (rel, ses) = of();
    macro_rules! reads {
        () => {
            (
                read(service::list_notes(state, &coach, rel.clone(), ses.clone(), None).await),
                read(service::list_actions(state, &coach, rel.clone(), ses.clone(), None).await),
                read(service::list_agreements(state, &coach, rel.clone(), None).await),
                read(service::list_goals(state, &coach, rel.clone(), None).await),
                read(service::goal_history(state, &coach, rel.clone(), None).await),
                read(service::list_coaching_sessions(state, &coach, rel.clone(), None).await),
                read(
                    service::get_coaching_session(state, &coach, rel.clone(), ses.clone(), None)
                        .await,
                ),
                read(service::get_relationship(state, &coach, rel.clone(), None).await),
                read(service::my_relationships(state, &coach, None).await),
                read(service::coaching_overview(state, &coach, None).await),
                read(service::list_notifications(state, &coach, None).await),
                read(service::all_relationships(state, &admin, None).await),
            )
        };
    }
    let there = reads!();
    let mut notes = Shown::new(NoteList(rel.clone(), ses.clone()), there.0);
    let mut actions = Shown::new(ActionList(rel.clone(), ses.clone()), there.1);
    let mut agreements = Shown::new(AgreementList(rel.clone()), there.2);
    let mut goals = Shown::new(GoalList(rel.clone()), there.3);
    let mut history = Shown::new(GoalHistory(rel.clone()), there.4);
    let mut sessions = Shown::new(SessionList(rel.clone()), there.5);
    let mut detail = Shown::new(SessionDetail(rel.clone(), ses.clone()), there.6);
    let mut one = Shown::new(RelationshipDetail(rel.clone()), there.7);
    let mut mine = Shown::new(MyRelationships, there.8);
    let mut overview = Shown::new(OverviewQuery, there.9);
    let mut notifications = Shown::new(NotificationList, there.10);
    let mut all = Shown::new(AllRelationships, there.11);

    let mut dice = Dice(0x5eed_c0ac_41f6_0001);
    for _ in 0..CHANGES {
        let from = app.head().await;
        let (me, n) = (dice.one_of(&[&coach, &member]).unwrap(), dice.below(1000));
        let text = format!("Text {n}");
        // Who was removed is refused, and then nothing happens.
        match dice.below(20) {
            0 => {
                let new = NewNote { coaching_session_id: ses.clone(), body: text };
                let _ = service::create_note(state, me, new, None).await;
            }
            1 | 2 => {
                if let Some(note) = dice.one_of(&notes.value) {
                    let change = NoteChange { body: Some(text), version: None };
                    let _ = service::change_note(state, me, note.id, change, None).await;
                }
            }
            3 => {
                if let Some(note) = dice.one_of(&notes.value) {
                    let _ = service::delete_note(state, me, note.id, None, None).await;
                }
            }
            4 | 5 => {
                let new = NewAction {
                    coaching_session_id: ses.clone(),
                    body: text,
                    assignee_id: dice.one_of(&[None, Some(coach.id)]).unwrap(),
                    due_on: dice.one_of(&[None, Some(at.date())]).unwrap(),
                    status: ActionStatus::default(),
                };
                let _ = service::create_action(state, me, new, None).await;
            }
            6 | 7 => {
                if let Some(action) = dice.one_of(&actions.value) {
                    let change = ActionChange {
                        status: dice.one_of(&ActionStatus::ALL),
                        assignee_id: dice
                            .one_of(&[None, Some(None), Some(Some(coach.id))])
                            .unwrap(),
                        ..ActionChange::default()
                    };
                    let _ = service::change_action(state, me, action.id, change, None).await;
                }
            }
            8 => {
                if let Some(action) = dice.one_of(&actions.value) {
                    let _ = service::delete_action(state, me, action.id, None, None).await;
                }
            }
            9 => {
                let of = rel.clone();
                let new = NewAgreement { coaching_relationship_id: of, body: text };
                let _ = service::create_agreement(state, me, new, None).await;
            }
            10 => {
                if let Some(agreement) = dice.one_of(&agreements.value) {
                    let change = AgreementChange { body: Some(text), version: None };
                    let _ = service::change_agreement(state, me, agreement.id, change, None).await;
                }
            }
            11 => {
                if let Some(agreement) = dice.one_of(&agreements.value) {
                    let _ = service::delete_agreement(state, me, agreement.id, None, None).await;
                }
            }
            12 => {
                let new = NewGoal {
                    coaching_relationship_id: rel.clone(),
                    title: text,
                    progress: 0,
                    status: studio::coaching::model::GoalStatus::default(),
                };
                let _ = service::create_goal(state, me, new, None).await;
            }
            13 => {
                if let Some(goal) = dice.one_of(&goals.value) {
                    let progress = Some(u8::try_from(n % 101).unwrap());
                    let change = GoalChange { progress, ..GoalChange::default() };
                    let _ = service::change_goal(state, me, goal.id, change, None).await;
                }
            }
            14 => {
                let _ = service::create_coaching_session(state, me, new_session(n % 7), None).await;
            }
            15 | 16 => {
                if let Some(session) = dice.one_of(&sessions.value) {
                    let change = SessionChange {
                        title: Some(text),
                        scheduled_at: dice
                            .one_of(&[None, Some(new_session(n % 5).scheduled_at)])
                            .unwrap(),
                        status: dice.one_of(&[None, Some(SessionStatus::Running)]).unwrap(),
                        version: None,
                    };
                    let _ =
                        service::change_coaching_session(state, me, session.id, change, None).await;
                }
            }
            17 => {
                let others: Vec<_> =
                    sessions.value.iter().filter(|other| other.id != ses).cloned().collect();
                if let Some(session) = dice.one_of(&others) {
                    let _ =
                        service::delete_coaching_session(state, me, session.id, None, None).await;
                }
            }
            18 => {
                let change = RelationshipChange {
                    part: Part::Member,
                    person: dice.one_of(&[None, Some(member.id), Some(ben.id)]).unwrap(),
                    version: one.value.version,
                };
                service::change_relationship(state, &admin, rel.clone(), change, None)
                    .await
                    .unwrap();
            }
            _ => {
                if let Some(told) = dice.one_of(&notifications.value.newest) {
                    service::dismiss_notification(state, &coach, told.id, None).await.unwrap();
                }
            }
        }
        let there = reads!();
        let events = heard(state, &coach, &from).await;
        notes.take(&events, there.0);
        actions.take(&events, there.1);
        agreements.take(&events, there.2);
        goals.take(&events, there.3);
        history.take(&events, there.4);
        sessions.take(&events, there.5);
        detail.take(&events, there.6);
        one.take(&events, there.7);
        mine.take(&events, there.8);
        overview.take(&events, there.9);
        notifications.take(&events, there.10);
        all.take(&heard(state, &admin, &from).await, there.11);
    }
    for (name, patched) in [
        ("notes", notes.patched),
        ("actions", actions.patched),
        ("agreements", agreements.patched),
        ("goals", goals.patched),
        ("sessions", sessions.patched),
        ("session", detail.patched),
        ("relationship", one.patched),
        ("notifications", notifications.patched),
        ("all relationships", all.patched),
    ] {
        assert!(patched >= 3, "{name} was patched {patched} times");
    }
}
