//! What happens in coaching, as it is recorded and heard.
//!
//! Owns the events' JSON, whose names and fields other clients rely on. Which queries an event
//! touches stands here as well; what it does to them in `patch.rs`.

use highwater::json;
use serde::{Deserialize, Serialize};

use super::CoachingTag;
use crate::{
    coaching::model::{
        Action, ActionId, Agreement, AgreementId, CoachingRelationship, CoachingSession,
        CoachingSessionId, GoalId, Note, NoteId, Notification, NotificationId, OverarchingGoal,
        Person, Present, RelationshipId,
    },
    live::StudioTag,
};

/// Something happened in coaching.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum CoachingEvent {
    /// A relationship is new, or another takes part in it: `{coaching_relationship}`.
    CoachingRelationshipChanged {
        /// The relationship as it is now.
        coaching_relationship: CoachingRelationship,
    },
    /// A session was scheduled: `{coaching_relationship_id, coaching_session}`.
    SessionCreated {
        /// Whose session.
        coaching_relationship_id: RelationshipId,
        /// The session.
        coaching_session: CoachingSession,
    },
    /// A session has another title or time: `{coaching_session_id, coaching_session}`.
    SessionUpdated {
        /// Which.
        coaching_session_id: CoachingSessionId,
        /// The session as it is now.
        coaching_session: CoachingSession,
    },
    /// A session has started: `{coaching_session_id, coaching_session}`.
    SessionStarted {
        /// Which.
        coaching_session_id: CoachingSessionId,
        /// The session as it is now.
        coaching_session: CoachingSession,
    },
    /// A session is over: `{coaching_session_id, coaching_session}`.
    SessionEnded {
        /// Which.
        coaching_session_id: CoachingSessionId,
        /// The session as it is now.
        coaching_session: CoachingSession,
    },
    /// A session will not be: `{coaching_relationship_id, coaching_session_id}`.
    SessionDeleted {
        /// Whose session it was.
        coaching_relationship_id: RelationshipId,
        /// Which.
        coaching_session_id: CoachingSessionId,
    },
    /// A note is new: `{coaching_session_id, note}`.
    NoteCreated {
        /// Where it stands.
        coaching_session_id: CoachingSessionId,
        /// The note as it is now.
        note: Note,
    },
    /// A note has changed: `{coaching_session_id, note}`.
    NoteUpdated {
        /// Where it stands.
        coaching_session_id: CoachingSessionId,
        /// The note as it is now.
        note: Note,
    },
    /// A note is no more: `{coaching_session_id, note_id}`.
    NoteDeleted {
        /// Where it stood.
        coaching_session_id: CoachingSessionId,
        /// Which.
        note_id: NoteId,
    },
    /// An action is new: `{coaching_session_id, action}`.
    ActionCreated {
        /// Where it stands.
        coaching_session_id: CoachingSessionId,
        /// The action as it is now.
        action: Action,
    },
    /// An action has changed: `{coaching_session_id, action}`.
    ActionUpdated {
        /// Where it stands.
        coaching_session_id: CoachingSessionId,
        /// The action as it is now.
        action: Action,
    },
    /// An action is no more: `{coaching_session_id, action_id}`.
    ActionDeleted {
        /// Where it stood.
        coaching_session_id: CoachingSessionId,
        /// Which.
        action_id: ActionId,
    },
    /// An agreement is new: `{coaching_relationship_id, agreement}`.
    AgreementCreated {
        /// Where it stands.
        coaching_relationship_id: RelationshipId,
        /// The agreement as it is now.
        agreement: Agreement,
    },
    /// An agreement has changed: `{coaching_relationship_id, agreement}`.
    AgreementUpdated {
        /// Where it stands.
        coaching_relationship_id: RelationshipId,
        /// The agreement as it is now.
        agreement: Agreement,
    },
    /// An agreement is no more: `{coaching_relationship_id, agreement_id}`.
    AgreementDeleted {
        /// Where it stood.
        coaching_relationship_id: RelationshipId,
        /// Which.
        agreement_id: AgreementId,
    },
    /// A goal is new: `{coaching_relationship_id, goal}`.
    GoalCreated {
        /// Where it stands.
        coaching_relationship_id: RelationshipId,
        /// The goal as it is now.
        goal: OverarchingGoal,
    },
    /// A goal has changed: `{coaching_relationship_id, goal}`.
    GoalUpdated {
        /// Where it stands.
        coaching_relationship_id: RelationshipId,
        /// The goal as it is now.
        goal: OverarchingGoal,
    },
    /// A goal is no more: `{coaching_relationship_id, goal_id}`.
    GoalDeleted {
        /// Where it stood.
        coaching_relationship_id: RelationshipId,
        /// Which.
        goal_id: GoalId,
    },
    /// There is something to know: `{notification}`.
    NotificationCreated {
        /// What.
        notification: Notification,
    },
    /// A notification was put aside: `{notification_id}`.
    NotificationDismissed {
        /// Which.
        notification_id: NotificationId,
    },
    /// Somebody is in a session: `{coaching_session_id, user}`. Told, and not kept.
    UserJoinedSession {
        /// Which session.
        coaching_session_id: CoachingSessionId,
        /// Who.
        user: Person,
    },
    /// Somebody is no longer in a session: `{coaching_session_id, user}`. Told, and not kept.
    UserLeftSession {
        /// Which session.
        coaching_session_id: CoachingSessionId,
        /// Who.
        user: Person,
    },
    /// Who is in a session now: `{coaching_session_id, people}`. Told, and not kept.
    Presence {
        /// Which session.
        coaching_session_id: CoachingSessionId,
        /// Everybody who is in it, and where they type.
        people: Vec<Present>,
    },
}

/// The fields of any of them.
#[derive(Deserialize)]
struct Parts {
    coaching_relationship_id: Option<RelationshipId>,
    coaching_session_id: Option<CoachingSessionId>,
    coaching_relationship: Option<CoachingRelationship>,
    coaching_session: Option<CoachingSession>,
    note: Option<Note>,
    note_id: Option<NoteId>,
    action: Option<Action>,
    action_id: Option<ActionId>,
    agreement: Option<Agreement>,
    agreement_id: Option<AgreementId>,
    goal: Option<OverarchingGoal>,
    goal_id: Option<GoalId>,
    notification: Option<Notification>,
    notification_id: Option<NotificationId>,
    user: Option<Person>,
    people: Option<Vec<Present>>,
}

impl CoachingEvent {
    /// Reads it as [`LiveEvent::read`](highwater::LiveEvent::read) says.
    pub fn read(kind: &str, json: &str) -> Option<Self> {
        let parts: Parts = json::read(json).ok()?;
        let (of_relationship, of_session) =
            (parts.coaching_relationship_id, parts.coaching_session_id);
        Some(match kind {
            "coaching_relationship_changed" => Self::CoachingRelationshipChanged {
                coaching_relationship: parts.coaching_relationship?,
            },
            "session_created" => Self::SessionCreated {
                coaching_relationship_id: of_relationship?,
                coaching_session: parts.coaching_session?,
            },
            "session_updated" => Self::SessionUpdated {
                coaching_session_id: of_session?,
                coaching_session: parts.coaching_session?,
            },
            "session_started" => Self::SessionStarted {
                coaching_session_id: of_session?,
                coaching_session: parts.coaching_session?,
            },
            "session_ended" => Self::SessionEnded {
                coaching_session_id: of_session?,
                coaching_session: parts.coaching_session?,
            },
            "session_deleted" => Self::SessionDeleted {
                coaching_relationship_id: of_relationship?,
                coaching_session_id: of_session?,
            },
            "note_created" => {
                Self::NoteCreated { coaching_session_id: of_session?, note: parts.note? }
            }
            "note_updated" => {
                Self::NoteUpdated { coaching_session_id: of_session?, note: parts.note? }
            }
            "note_deleted" => {
                Self::NoteDeleted { coaching_session_id: of_session?, note_id: parts.note_id? }
            }
            "action_created" => {
                Self::ActionCreated { coaching_session_id: of_session?, action: parts.action? }
            }
            "action_updated" => {
                Self::ActionUpdated { coaching_session_id: of_session?, action: parts.action? }
            }
            "action_deleted" => Self::ActionDeleted {
                coaching_session_id: of_session?,
                action_id: parts.action_id?,
            },
            "agreement_created" => Self::AgreementCreated {
                coaching_relationship_id: of_relationship?,
                agreement: parts.agreement?,
            },
            "agreement_updated" => Self::AgreementUpdated {
                coaching_relationship_id: of_relationship?,
                agreement: parts.agreement?,
            },
            "agreement_deleted" => Self::AgreementDeleted {
                coaching_relationship_id: of_relationship?,
                agreement_id: parts.agreement_id?,
            },
            "goal_created" => {
                Self::GoalCreated { coaching_relationship_id: of_relationship?, goal: parts.goal? }
            }
            "goal_updated" => {
                Self::GoalUpdated { coaching_relationship_id: of_relationship?, goal: parts.goal? }
            }
            "goal_deleted" => Self::GoalDeleted {
                coaching_relationship_id: of_relationship?,
                goal_id: parts.goal_id?,
            },
            "notification_created" => {
                Self::NotificationCreated { notification: parts.notification? }
            }
            "notification_dismissed" => {
                Self::NotificationDismissed { notification_id: parts.notification_id? }
            }
            "user_joined_session" => {
                Self::UserJoinedSession { coaching_session_id: of_session?, user: parts.user? }
            }
            "user_left_session" => {
                Self::UserLeftSession { coaching_session_id: of_session?, user: parts.user? }
            }
            "presence" => {
                Self::Presence { coaching_session_id: of_session?, people: parts.people? }
            }
            _ => return None,
        })
    }

    /// What it touches. Every event has its line here: one that has none does not compile.
    pub fn tags(&self) -> Vec<StudioTag> {
        let tags = match self {
            Self::CoachingRelationshipChanged { coaching_relationship } => vec![
                CoachingTag::Relationship(coaching_relationship.id.clone()),
                CoachingTag::Relationships,
                CoachingTag::Mine,
            ],
            Self::SessionCreated { coaching_relationship_id: of, coaching_session: session }
            | Self::SessionUpdated {
                coaching_session: session @ CoachingSession { coaching_relationship_id: of, .. },
                ..
            }
            | Self::SessionStarted {
                coaching_session: session @ CoachingSession { coaching_relationship_id: of, .. },
                ..
            }
            | Self::SessionEnded {
                coaching_session: session @ CoachingSession { coaching_relationship_id: of, .. },
                ..
            } => of_session(of, &session.id),
            Self::SessionDeleted { coaching_relationship_id: of, coaching_session_id: id } => {
                of_session(of, id)
            }
            Self::NoteCreated { coaching_session_id: of, .. }
            | Self::NoteUpdated { coaching_session_id: of, .. }
            | Self::NoteDeleted { coaching_session_id: of, .. } => {
                vec![CoachingTag::Notes(of.clone())]
            }
            Self::ActionCreated { coaching_session_id: of, .. }
            | Self::ActionUpdated { coaching_session_id: of, .. }
            | Self::ActionDeleted { coaching_session_id: of, .. } => {
                vec![CoachingTag::Actions(of.clone()), CoachingTag::Mine]
            }
            Self::AgreementCreated { coaching_relationship_id: of, .. }
            | Self::AgreementUpdated { coaching_relationship_id: of, .. }
            | Self::AgreementDeleted { coaching_relationship_id: of, .. } => {
                vec![CoachingTag::Agreements(of.clone())]
            }
            Self::GoalCreated { coaching_relationship_id: of, .. }
            | Self::GoalUpdated { coaching_relationship_id: of, .. }
            | Self::GoalDeleted { coaching_relationship_id: of, .. } => vec![
                CoachingTag::Goals(of.clone()),
                CoachingTag::GoalHistory(of.clone()),
                CoachingTag::Mine,
            ],
            Self::NotificationCreated { .. } | Self::NotificationDismissed { .. } => {
                vec![CoachingTag::Notifications]
            }
            Self::UserJoinedSession { .. }
            | Self::UserLeftSession { .. }
            | Self::Presence { .. } => Vec::new(),
        };
        tags.into_iter().map(StudioTag::Coaching).collect()
    }

    /// Of who is in a session only the newest counts.
    pub fn conflate(&self) -> Option<String> {
        match self {
            Self::Presence { coaching_session_id, .. } => {
                Some(format!("presence:{coaching_session_id}"))
            }
            _ => None,
        }
    }
}

fn of_session(of: &RelationshipId, id: &CoachingSessionId) -> Vec<CoachingTag> {
    vec![CoachingTag::Sessions(of.clone()), CoachingTag::Session(id.clone()), CoachingTag::Mine]
}
