//! The studio's events and tags: the union of what its slices declare.
//!
//! Owns nothing but the union; what an event means stands in its slice's `live.rs`.

use highwater::LiveEvent;
use serde::{Deserialize, Serialize};

use crate::{
    account::live::{AccountEvent, AccountTag},
    content::live::{ContentEvent, ContentTag},
    jobs::live::{JobEvent, JobTag},
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
}

/// The `type`s of all events, which a stream can be asked for one by one.
pub const EVENT_TYPES: [&str; 19] = [
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
}

impl LiveEvent for StudioEvent {
    type Tag = StudioTag;

    fn read(kind: &str, json: &str) -> Option<Self> {
        let account = AccountEvent::read(kind, json).map(Self::Account);
        account
            .or_else(|| OrderEvent::read(kind, json).map(Self::Order))
            .or_else(|| JobEvent::read(kind, json).map(Self::Job))
            .or_else(|| ContentEvent::read(kind, json).map(Self::Content))
    }

    fn tags(&self) -> Vec<StudioTag> {
        match self {
            Self::Account(event) => event.tags(),
            Self::Order(event) => event.tags(),
            Self::Job(event) => event.tags(),
            Self::Content(event) => event.tags(),
        }
    }

    fn about(&self) -> Option<String> {
        match self {
            // Whose they are stands in the audience; no history is read of them.
            Self::Account(_) | Self::Job(_) | Self::Content(_) => None,
            Self::Order(event) => event.about(),
        }
    }

    fn conflate(&self) -> Option<String> {
        match self {
            Self::Account(_) | Self::Content(_) => None,
            Self::Order(event) => event.conflate(),
            Self::Job(event) => event.conflate(),
        }
    }
}

/// Fingerprint of the wire types: the files that define them, hashed (FNV-1a). The server says it
/// in `connected`; a page with another one offers a reload.
pub fn build() -> String {
    format!("{FINGERPRINT:016x}")
}

const FINGERPRINT: u64 = {
    let sources: [&[u8]; 39] = [
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
        };
        let _ = slice;
        let types = types_of::<AccountEvent>()
            .into_iter()
            .chain(types_of::<OrderEvent>())
            .chain(types_of::<JobEvent>())
            .chain(types_of::<ContentEvent>());
        assert_eq!(BTreeSet::from(EVENT_TYPES.map(str::to_owned)), BTreeSet::from_iter(types));
    }

    /// An event of every type.
    const EXAMPLES: [&str; 20] = [
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
