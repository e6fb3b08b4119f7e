//! The union holds what the slices declare, and reads it as serde does.

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
