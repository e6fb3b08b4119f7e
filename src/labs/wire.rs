//! The stream of one project for other clients: unnamed events with `type` in their JSON, as they are
//! documented.
//!
//! What such a client has to read anew (so much changed at once that it is not told one by one, or
//! events may have been missed) it hears as a `proposal_update` of no proposal: at that it reads
//! everything. `ping` is named, so that only who asks for it hears it.

use highwater::{
    Cursor,
    server::{Content, Delivery, Wire},
};
use highwater_core::frame::message;
use serde_json::{Map, Value, json};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use super::live::LabsEvent;
use crate::live::{StudioEvent, StudioTag};

/// Writes events of the labs, and leaves all others out.
#[derive(Clone, Copy, Debug, Default)]
pub struct LabsWire;

impl Wire<StudioEvent> for LabsWire {
    fn delivery(&self, delivery: &Delivery<StudioEvent>) -> Option<String> {
        let Content::Event(StudioEvent::Labs(event)) = &delivery.content else { return None };
        Some(unnamed(&told(event)?, &delivery.at))
    }

    fn ephemeral(&self, _: &StudioEvent) -> Option<String> {
        None
    }

    fn connected(&self, at: &Cursor, _build: &str, _hello: &Map<String, Value>) -> String {
        let connected = json!({ "type": "connected", "message": "Connected to status updates" });
        unnamed(&connected, at)
    }

    fn ping(&self, upto: &Cursor, checked_ms: u64) -> String {
        message(Some("ping"), Some(upto), &json!({ "ts": checked_ms }).to_string())
    }

    fn reset(&self, at: &Cursor) -> String {
        unnamed(&json!({ "type": "proposal_update", "proposalId": null, "changed": "all" }), at)
    }

    fn stale(&self, _tags: &[(StudioTag, Cursor)], _upto: &Cursor) -> Option<String> {
        None
    }
}

/// An event as it is documented; `None` for those that are not.
fn told(event: &LabsEvent) -> Option<Value> {
    Some(match event {
        LabsEvent::StatusUpdate { source_id, status, source_name, updated_at, .. } => json!({
            "type": "status_update",
            "sourceId": source_id,
            "status": status,
            "sourceName": source_name,
            "updatedAt": written(*updated_at),
        }),
        LabsEvent::ProgressUpdate { job_id, progress, .. } => json!({
            "type": "progress_update",
            "jobId": job_id,
            "progress": progress,
        }),
        LabsEvent::NewProposal { proposal_id, title, confidence, created_at, .. } => json!({
            "type": "new_proposal",
            "proposalId": proposal_id,
            "title": title,
            "confidence": confidence,
            "createdAt": written(*created_at),
        }),
        LabsEvent::ProposalUpdate {
            proposal_id,
            title,
            summary,
            confidence,
            status,
            updated_at,
            ..
        } => json!({
            "type": "proposal_update",
            "proposalId": proposal_id,
            "title": title,
            "summary": summary,
            "confidence": confidence,
            "status": status,
            "updatedAt": written(*updated_at),
        }),
        LabsEvent::ProposalDeleted { proposal_id, .. } => {
            json!({ "type": "proposal_deleted", "proposalId": proposal_id })
        }
        LabsEvent::BulkChange { changed, .. } => {
            json!({ "type": "proposal_update", "proposalId": null, "changed": changed })
        }
        LabsEvent::ProjectChanged { .. }
        | LabsEvent::SourceAdded { .. }
        | LabsEvent::SourceDeleted { .. }
        | LabsEvent::GenerationChanged { .. } => return None,
    })
}

fn unnamed(json: &Value, at: &Cursor) -> String {
    message(None, Some(at), &json.to_string())
}

fn written(time: OffsetDateTime) -> Option<String> {
    time.format(&Rfc3339).ok()
}
