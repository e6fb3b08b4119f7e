//! The studio's events and tags: the union of what its slices declare.
//!
//! Owns nothing but the union; what an event means stands in its slice's `live.rs`.

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

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// What serde says an event's `type` may be, from its refusal of another.
    fn types_of<E: serde::de::DeserializeOwned + std::fmt::Debug>() -> Vec<String> {
        let refusal = serde_json::from_str::<E>(r#"{"type":""}"#).unwrap_err().to_string();
        let names = refusal.split('`').skip(3).step_by(2);
        names.map(str::to_owned).collect()
    }

    #[test]
    fn the_types_are_those_of_the_slices_events() {
        // A slice that is added here is added below.
        let slice = |event: StudioEvent| match event {
            StudioEvent::Account(_) => "account",
            StudioEvent::Order(_) => "orders",
            StudioEvent::Job(_) => "jobs",
            StudioEvent::Content(_) => "content",
            StudioEvent::Coaching(_) => "coaching",
            StudioEvent::Labs(_) => "labs",
        };
        let _ = slice;
        let types = types_of::<AccountEvent>()
            .into_iter()
            .chain(types_of::<OrderEvent>())
            .chain(types_of::<JobEvent>())
            .chain(types_of::<ContentEvent>())
            .chain(types_of::<CoachingEvent>())
            .chain(types_of::<LabsEvent>());
        assert_eq!(BTreeSet::from(EVENT_TYPES.map(str::to_owned)), BTreeSet::from_iter(types));
    }

    /// An event of every type.
    const EXAMPLES: [&str; 53] = [
        r#"{"type":"account.changed","user":{"id":1,"email":"a@b.c","name":"A","role":"staff"}}"#,
        r#"{"type":"account.token_created","token":{"id":2,"name":"ci","prefix":"hw_a",
            "createdAt":"2026-01-01T00:00:00Z","lastUsedAt":null}}"#,
        r#"{"type":"account.token_revoked","id":2}"#,
        r#"{"type":"account.session_started","session":{"id":"00","device":"Firefox",
            "createdAt":"2026-01-01T00:00:00Z","lastUsedAt":"2026-01-01T00:00:00Z",
            "expiresAt":"2026-01-15T00:00:00Z"}}"#,
        r#"{"type":"account.session_ended","ids":["00"]}"#,
        r#"{"type":"account.person_changed","user":{"id":1,"email":"a@b.c","name":"A",
            "role":"coach"}}"#,
        r#"{"type":"force_logout","reason":"The shift is over."}"#,
        r#"{"type":"catalogue.updated","id":"orders","patch":{},"ts":1}"#,
        r#"{"type":"metric.updated","id":"orders","patch":{},"ts":1}"#,
        r#"{"type":"order.created","id":"ord_1","patch":{"status":"pending","note":"x"},"ts":1}"#,
        r#"{"type":"order.updated","id":"ord_1","patch":{"version":2},"ts":1,"by":"unknown"}"#,
        r#"{"type":"job.changed","job":{"id":"job_0123456789abcdef","kind":"document",
            "projectId":null,"target":"document:d","title":"T","link":null,"status":"queued",
            "attempts":0,"maxAttempts":3,"runAfter":"2026-01-01T00:00:00Z","cancelRequested":false,
            "error":null,"progress":null,"createdAt":"2026-01-01T00:00:00Z","startedAt":null,
            "finishedAt":null,"version":1}}"#,
        r#"{"type":"job.progress","id":"job_0123456789abcdef","target":"document:d","progress":{
            "stage":"Reading","current":1,"total":null,"message":"",
            "updatedAt":"2026-01-01T00:00:00Z"},"version":2}"#,
        r#"{"type":"job_completion","jobId":"job_0123456789abcdef","jobType":"generate-script",
            "status":"failed","podcastId":"pod_0123456789abcdef"}"#,
        r#"{"type":"document_job_completion","jobId":"job_0123456789abcdef","status":"completed",
            "documentId":"doc_0123456789abcdef"}"#,
        r#"{"type":"entity_change","entityType":"document","entityId":"doc_0123456789abcdef",
            "changeType":"insert"}"#,
        r#"{"type":"entity_change","entityType":"podcast","entityId":"pod_0123456789abcdef",
            "changeType":"delete"}"#,
        r#"{"type":"voiceover_job_completion","jobId":"job_0123456789abcdef","status":"failed",
            "voiceoverId":"voc_0123456789abcdef"}"#,
        r#"{"type":"infographic_job_completion","jobId":"job_0123456789abcdef","status":"completed",
            "infographicId":"inf_0123456789abcdef"}"#,
        r#"{"type":"activity_logged","activityType":"document_added"}"#,
        r#"{"type":"coaching_relationship_changed",
            "coaching_relationship":{"id":"rel_0123456789abcdef","coach":{"id":1,"name":"A"},
            "member":null,"created_at":"2026-01-01T00:00:00Z","version":2}}"#,
        r#"{"type":"session_created","coaching_relationship_id":"rel_0123456789abcdef",
            "coaching_session":{"id":"ses_0123456789abcdef",
            "coaching_relationship_id":"rel_0123456789abcdef","title":"T",
            "scheduled_at":"2026-01-01T00:00:00Z","status":"running",
            "started_at":"2026-01-01T00:00:00Z","ended_at":null,
            "created_at":"2026-01-01T00:00:00Z","updated_at":"2026-01-01T00:00:00Z",
            "version":1}}"#,
        r#"{"type":"session_updated","coaching_session_id":"ses_0123456789abcdef",
            "coaching_session":{"id":"ses_0123456789abcdef",
            "coaching_relationship_id":"rel_0123456789abcdef","title":"T",
            "scheduled_at":"2026-01-01T00:00:00Z","status":"running",
            "started_at":"2026-01-01T00:00:00Z","ended_at":null,
            "created_at":"2026-01-01T00:00:00Z","updated_at":"2026-01-01T00:00:00Z",
            "version":1}}"#,
        r#"{"type":"session_started","coaching_session_id":"ses_0123456789abcdef",
            "coaching_session":{"id":"ses_0123456789abcdef",
            "coaching_relationship_id":"rel_0123456789abcdef","title":"T",
            "scheduled_at":"2026-01-01T00:00:00Z","status":"running",
            "started_at":"2026-01-01T00:00:00Z","ended_at":null,
            "created_at":"2026-01-01T00:00:00Z","updated_at":"2026-01-01T00:00:00Z",
            "version":1}}"#,
        r#"{"type":"session_ended","coaching_session_id":"ses_0123456789abcdef",
            "coaching_session":{"id":"ses_0123456789abcdef",
            "coaching_relationship_id":"rel_0123456789abcdef","title":"T",
            "scheduled_at":"2026-01-01T00:00:00Z","status":"running",
            "started_at":"2026-01-01T00:00:00Z","ended_at":null,
            "created_at":"2026-01-01T00:00:00Z","updated_at":"2026-01-01T00:00:00Z",
            "version":1}}"#,
        r#"{"type":"session_deleted","coaching_relationship_id":"rel_0123456789abcdef",
            "coaching_session_id":"ses_0123456789abcdef"}"#,
        r#"{"type":"note_created","coaching_session_id":"ses_0123456789abcdef",
            "note":{"id":"not_0123456789abcdef","coaching_session_id":"ses_0123456789abcdef",
            "body":"B","author":{"id":1,"name":"A"},"created_at":"2026-01-01T00:00:00Z",
            "updated_at":"2026-01-01T00:00:00Z","version":1}}"#,
        r#"{"type":"note_updated","coaching_session_id":"ses_0123456789abcdef",
            "note":{"id":"not_0123456789abcdef","coaching_session_id":"ses_0123456789abcdef",
            "body":"B","author":{"id":1,"name":"A"},"created_at":"2026-01-01T00:00:00Z",
            "updated_at":"2026-01-01T00:00:00Z","version":1}}"#,
        r#"{"type":"note_deleted","coaching_session_id":"ses_0123456789abcdef",
            "note_id":"not_0123456789abcdef"}"#,
        r#"{"type":"action_created","coaching_session_id":"ses_0123456789abcdef",
            "action":{"id":"atn_0123456789abcdef","coaching_session_id":"ses_0123456789abcdef",
            "body":"B","assignee":null,"due_on":null,
            "status":"in_progress","status_changed_at":"2026-01-01T00:00:00Z",
            "created_at":"2026-01-01T00:00:00Z","updated_at":"2026-01-01T00:00:00Z",
            "version":1}}"#,
        r#"{"type":"action_updated","coaching_session_id":"ses_0123456789abcdef",
            "action":{"id":"atn_0123456789abcdef","coaching_session_id":"ses_0123456789abcdef",
            "body":"B","assignee":{"id":1,"name":"A"},"due_on":"2026-01-02",
            "status":"in_progress","status_changed_at":"2026-01-01T00:00:00Z",
            "created_at":"2026-01-01T00:00:00Z","updated_at":"2026-01-01T00:00:00Z",
            "version":1}}"#,
        r#"{"type":"action_deleted","coaching_session_id":"ses_0123456789abcdef",
            "action_id":"atn_0123456789abcdef"}"#,
        r#"{"type":"agreement_created","coaching_relationship_id":"rel_0123456789abcdef",
            "agreement":{"id":"agr_0123456789abcdef",
            "coaching_relationship_id":"rel_0123456789abcdef","body":"B",
            "created_at":"2026-01-01T00:00:00Z","updated_at":"2026-01-01T00:00:00Z",
            "version":1}}"#,
        r#"{"type":"agreement_updated","coaching_relationship_id":"rel_0123456789abcdef",
            "agreement":{"id":"agr_0123456789abcdef",
            "coaching_relationship_id":"rel_0123456789abcdef","body":"B",
            "created_at":"2026-01-01T00:00:00Z","updated_at":"2026-01-01T00:00:00Z",
            "version":1}}"#,
        r#"{"type":"agreement_deleted","coaching_relationship_id":"rel_0123456789abcdef",
            "agreement_id":"agr_0123456789abcdef"}"#,
        r#"{"type":"goal_created","coaching_relationship_id":"rel_0123456789abcdef",
            "goal":{"id":"gol_0123456789abcdef",
            "coaching_relationship_id":"rel_0123456789abcdef","title":"T","progress":40,
            "status":"on_hold","created_at":"2026-01-01T00:00:00Z",
            "updated_at":"2026-01-01T00:00:00Z","version":1}}"#,
        r#"{"type":"goal_updated","coaching_relationship_id":"rel_0123456789abcdef",
            "goal":{"id":"gol_0123456789abcdef",
            "coaching_relationship_id":"rel_0123456789abcdef","title":"T","progress":40,
            "status":"on_hold","created_at":"2026-01-01T00:00:00Z",
            "updated_at":"2026-01-01T00:00:00Z","version":1}}"#,
        r#"{"type":"goal_deleted","coaching_relationship_id":"rel_0123456789abcdef",
            "goal_id":"gol_0123456789abcdef"}"#,
        r#"{"type":"notification_created","notification":{"id":"ntf_0123456789abcdef",
            "kind":"due_tomorrow","subject":"S","by":null,"due_on":"2026-01-02",
            "coaching_relationship_id":"rel_0123456789abcdef",
            "coaching_session_id":"ses_0123456789abcdef","created_at":"2026-01-01T00:00:00Z"}}"#,
        r#"{"type":"notification_dismissed","notification_id":"ntf_0123456789abcdef"}"#,
        r#"{"type":"user_joined_session","coaching_session_id":"ses_0123456789abcdef",
            "user":{"id":1,"name":"A"}}"#,
        r#"{"type":"user_left_session","coaching_session_id":"ses_0123456789abcdef",
            "user":{"id":1,"name":"A"}}"#,
        r#"{"type":"presence","coaching_session_id":"ses_0123456789abcdef","people":[{"id":1,
            "name":"A","typing":{"note":"not_0123456789abcdef"}},{"id":2,"name":"B",
            "typing":"new_action"},{"id":3,"name":"C","typing":null}]}"#,
        r#"{"type":"project_changed","projectId":"prj_0123456789abcdef"}"#,
        r#"{"type":"source_added","projectId":"prj_0123456789abcdef",
            "sourceId":"src_0123456789abcdef"}"#,
        r#"{"type":"status_update","projectId":"prj_0123456789abcdef",
            "sourceId":"src_0123456789abcdef","status":"completed","sourceName":"S","error":null,
            "words":7,"updatedAt":"2026-01-01T00:00:00.123Z","version":3}"#,
        r#"{"type":"source_deleted","projectId":"prj_0123456789abcdef",
            "sourceId":"src_0123456789abcdef"}"#,
        r#"{"type":"generation_changed","projectId":"prj_0123456789abcdef",
            "jobId":"job_0123456789abcdef","status":"running","version":2}"#,
        r#"{"type":"progress_update","projectId":"prj_0123456789abcdef",
            "jobId":"job_0123456789abcdef","progress":{"stage":"Reading","current":1,"total":0,
            "message":"","timestamp":1767225600000},"version":3}"#,
        r#"{"type":"new_proposal","projectId":"prj_0123456789abcdef",
            "proposalId":"nod_0123456789abcdef","title":"T","confidence":0.75,
            "createdAt":"2026-01-01T00:00:00Z"}"#,
        r#"{"type":"proposal_update","projectId":"prj_0123456789abcdef",
            "proposalId":"nod_0123456789abcdef","title":"T","summary":"","confidence":1,
            "status":"accepted","was":"proposed","updatedAt":"2026-01-01T00:00:00Z","version":2}"#,
        r#"{"type":"proposal_deleted","projectId":"prj_0123456789abcdef",
            "proposalId":"nod_0123456789abcdef"}"#,
        r#"{"type":"bulk_change","projectId":"prj_0123456789abcdef","changed":"proposals"}"#,
    ];

    #[test]
    fn events_are_read_as_serde_reads_them() {
        let mut types = BTreeSet::new();
        for json in EXAMPLES {
            let event: StudioEvent = serde_json::from_str(json).unwrap();
            let fields: serde_json::Value = serde_json::from_str(json).unwrap();
            let kind = fields["type"].as_str().unwrap();
            assert_eq!(StudioEvent::read(kind, json), Some(event), "{json}");
            types.insert(kind.to_owned());
        }
        assert_eq!(types, BTreeSet::from(EVENT_TYPES.map(str::to_owned)), "one of each");
        for (kind, json) in [
            ("", "{}"),
            ("order.gone", r#"{"type":"order.gone"}"#),
            ("order.updated", ""),
            ("order.updated", r#"{"type":"order.updated","ts":1}"#),
        ] {
            assert_eq!(StudioEvent::read(kind, json), None, "{json}");
        }
    }
}
