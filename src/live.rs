//! The studio's events and tags: the union of what its slices declare.
//!
//! Owns nothing but the union; what an event means stands in its slice's `live.rs`.

#[cfg(test)]
mod tests;

use highwater::{LiveEvent, Patch, Query};
use serde::{Deserialize, Serialize};

use crate::{
    account::live::{AccountEvent, AccountTag},
    coaching::live::{CoachingEvent, CoachingTag},
    content::live::{ContentEvent, ContentTag},
    jobs::live::{JobEvent, JobTag},
    labs::live::{LabsEvent, LabsTag},
    orders::live::{OrderEvent, OrderTag},
};

/// Any event of the studio. Its JSON is the slice's own, tagged by `type`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum StudioEvent {
    /// Of the account slice.
    Account(AccountEvent),
    /// Of the orders slice.
    Order(OrderEvent),
    /// Of the jobs slice.
    Job(JobEvent),
    /// Of the content slice.
    Content(ContentEvent),
    /// Of the coaching slice.
    Coaching(CoachingEvent),
    /// Of the labs slice.
    Labs(LabsEvent),
}

/// The `type`s of all events, which a stream can be asked for one by one.
pub const EVENT_TYPES: [&str; 52] = [
    "account.changed",
    "account.token_created",
    "account.token_revoked",
    "account.session_started",
    "account.session_ended",
    "account.person_changed",
    "force_logout",
    "activity_logged",
    "catalogue.updated",
    "job.changed",
    "job.progress",
    "job_completion",
    "document_job_completion",
    "voiceover_job_completion",
    "infographic_job_completion",
    "entity_change",
    "metric.updated",
    "order.created",
    "order.updated",
    "coaching_relationship_changed",
    "session_created",
    "session_updated",
    "session_started",
    "session_ended",
    "session_deleted",
    "note_created",
    "note_updated",
    "note_deleted",
    "action_created",
    "action_updated",
    "action_deleted",
    "agreement_created",
    "agreement_updated",
    "agreement_deleted",
    "goal_created",
    "goal_updated",
    "goal_deleted",
    "notification_created",
    "notification_dismissed",
    "user_joined_session",
    "user_left_session",
    "presence",
    "project_changed",
    "source_added",
    "status_update",
    "source_deleted",
    "generation_changed",
    "progress_update",
    "new_proposal",
    "proposal_update",
    "proposal_deleted",
    "bulk_change",
];

/// Any tag of the studio.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StudioTag {
    /// Of the account slice.
    Account(AccountTag),
    /// Of the orders slice.
    Orders(OrderTag),
    /// Of the jobs slice.
    Jobs(JobTag),
    /// Of the content slice.
    Content(ContentTag),
    /// Of the coaching slice.
    Coaching(CoachingTag),
    /// Of the labs slice.
    Labs(LabsTag),
}

impl LiveEvent for StudioEvent {
    type Tag = StudioTag;

    fn read(kind: &str, json: &str) -> Option<Self> {
        let account = AccountEvent::read(kind, json).map(Self::Account);
        account
            .or_else(|| OrderEvent::read(kind, json).map(Self::Order))
            .or_else(|| JobEvent::read(kind, json).map(Self::Job))
            .or_else(|| ContentEvent::read(kind, json).map(Self::Content))
            .or_else(|| CoachingEvent::read(kind, json).map(Self::Coaching))
            .or_else(|| LabsEvent::read(kind, json).map(Self::Labs))
    }

    fn tags(&self) -> Vec<StudioTag> {
        match self {
            Self::Account(event) => event.tags(),
            Self::Order(event) => event.tags(),
            Self::Job(event) => event.tags(),
            Self::Content(event) => event.tags(),
            Self::Coaching(event) => event.tags(),
            Self::Labs(event) => event.tags(),
        }
    }

    fn about(&self) -> Option<String> {
        match self {
            // Whose they are stands in the audience; no history is read of them.
            Self::Account(_)
            | Self::Job(_)
            | Self::Content(_)
            | Self::Coaching(_)
            | Self::Labs(_) => None,
            Self::Order(event) => event.about(),
        }
    }

    fn conflate(&self) -> Option<String> {
        match self {
            Self::Account(_) | Self::Content(_) => None,
            Self::Order(event) => event.conflate(),
            Self::Job(event) => event.conflate(),
            Self::Coaching(event) => event.conflate(),
            Self::Labs(event) => event.conflate(),
        }
    }
}

/// What an event does to a query of which it carries no value: what depends on something that it
/// touches has to be read again.
pub fn stale_if_touched<Q: Query<Event = StudioEvent>>(query: &Q, event: &StudioEvent) -> Patch {
    let touched = event.tags();
    match query.tags().iter().any(|tag| touched.contains(tag)) {
        true => Patch::Stale,
        false => Patch::Unaffected,
    }
}

/// Fingerprint of the wire types: the files that define them, hashed (FNV-1a). The server says it
/// in `connected`; a page with another one offers a reload.
pub fn build() -> String {
    format!("{FINGERPRINT:016x}")
}

const FINGERPRINT: u64 = {
    let sources: [&[u8]; 59] = [
        include_bytes!("live.rs"),
        include_bytes!("error.rs"),
        include_bytes!("id.rs"),
        include_bytes!("orders/live.rs"),
        include_bytes!("orders/live/event.rs"),
        include_bytes!("orders/model.rs"),
        include_bytes!("orders/model/bulk.rs"),
        include_bytes!("orders/model/catalogue.rs"),
        include_bytes!("orders/model/change.rs"),
        include_bytes!("orders/model/filter.rs"),
        include_bytes!("orders/model/history.rs"),
        include_bytes!("orders/model/id.rs"),
        include_bytes!("orders/model/import.rs"),
        include_bytes!("orders/model/metrics.rs"),
        include_bytes!("orders/model/money.rs"),
        include_bytes!("orders/model/new_order.rs"),
        include_bytes!("orders/model/status.rs"),
        include_bytes!("jobs/live.rs"),
        include_bytes!("jobs/model.rs"),
        include_bytes!("jobs/model/page.rs"),
        include_bytes!("content/live.rs"),
        include_bytes!("content/live/event.rs"),
        include_bytes!("content/model/activity.rs"),
        include_bytes!("content/model/document.rs"),
        include_bytes!("content/model/id.rs"),
        include_bytes!("content/model/infographic.rs"),
        include_bytes!("content/model/media.rs"),
        include_bytes!("content/model/outline.rs"),
        include_bytes!("content/model/page.rs"),
        include_bytes!("content/model/podcast.rs"),
        include_bytes!("content/model/podcast/status.rs"),
        include_bytes!("content/model/script.rs"),
        include_bytes!("content/model/voice.rs"),
        include_bytes!("content/model/voiceover.rs"),
        include_bytes!("coaching/live.rs"),
        include_bytes!("coaching/live/event.rs"),
        include_bytes!("coaching/model/action.rs"),
        include_bytes!("coaching/model/agreement.rs"),
        include_bytes!("coaching/model/day.rs"),
        include_bytes!("coaching/model/goal.rs"),
        include_bytes!("coaching/model/id.rs"),
        include_bytes!("coaching/model/note.rs"),
        include_bytes!("coaching/model/notification.rs"),
        include_bytes!("coaching/model/overview.rs"),
        include_bytes!("coaching/model/person.rs"),
        include_bytes!("coaching/model/presence.rs"),
        include_bytes!("coaching/model/relationship.rs"),
        include_bytes!("coaching/model/session.rs"),
        include_bytes!("labs/live.rs"),
        include_bytes!("labs/live/event.rs"),
        include_bytes!("labs/model/map.rs"),
        include_bytes!("labs/model/node.rs"),
        include_bytes!("labs/model/project.rs"),
        include_bytes!("labs/model/source.rs"),
        include_bytes!("account/live.rs"),
        include_bytes!("account/model.rs"),
        include_bytes!("account/model/person.rs"),
        include_bytes!("account/model/session.rs"),
        include_bytes!("account/model/token.rs"),
    ];
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let mut source = 0;
    while source < sources.len() {
        let mut byte = 0;
        while byte < sources[source].len() {
            hash = (hash ^ sources[source][byte] as u64).wrapping_mul(0x0100_0000_01b3);
            byte += 1;
        }
        source += 1;
    }
    hash
};
