//! The orders' stream for other clients: unnamed messages `{type,id,patch,ts}`, and the named
//! `connected`, `ping` and `reset`.

use highwater::{
    Cursor,
    server::{Content, Delivery, Wire},
};
use highwater_core::frame::message;
use serde_json::{Map, Value, json};

use crate::live::{StudioEvent, StudioTag};

/// Writes order events, and leaves all others out.
#[derive(Clone, Copy, Debug, Default)]
pub struct OrdersWire;

impl Wire<StudioEvent> for OrdersWire {
    fn delivery(&self, delivery: &Delivery<StudioEvent>) -> Option<String> {
        let Content::Event(StudioEvent::Order(event)) = &delivery.content else { return None };
        let data = serde_json::to_string(event).ok()?;
        Some(message(None, Some(&delivery.at), &data))
    }

    fn ephemeral(&self, _event: &StudioEvent) -> Option<String> {
        None
    }

    fn connected(&self, at: &Cursor, _build: &str, _hello: &Map<String, Value>) -> String {
        let data = json!({ "message": "Connected to event stream" });
        message(Some("connected"), Some(at), &data.to_string())
    }

    fn ping(&self, upto: &Cursor, checked_ms: u64) -> String {
        message(Some("ping"), Some(upto), &json!({ "ts": checked_ms }).to_string())
    }

    fn reset(&self, at: &Cursor) -> String {
        let data = json!({ "message": "Events may have been missed. Read everything again." });
        message(Some("reset"), Some(at), &data.to_string())
    }

    fn stale(&self, _tags: &[(StudioTag, Cursor)], _upto: &Cursor) -> Option<String> {
        None
    }
}
