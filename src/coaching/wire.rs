//! The coaching stream for other clients: named events, each `{type,data}`, and the named
//! `connected`, `ping` and `reset`.

use highwater::{
    Cursor,
    server::{Content, Delivery, Wire},
};
use highwater_core::frame::message;
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::{
    account::live::AccountEvent,
    live::{StudioEvent, StudioTag},
};

/// Writes coaching events and `force_logout`, and leaves all others out.
#[derive(Clone, Copy, Debug, Default)]
pub struct CoachingWire;

/// What every message says.
#[derive(Serialize)]
struct Envelope<'a> {
    r#type: &'a str,
    data: Value,
}

impl Wire<StudioEvent> for CoachingWire {
    fn delivery(&self, delivery: &Delivery<StudioEvent>) -> Option<String> {
        let Content::Event(event) = &delivery.content else { return None };
        told(event, Some(&delivery.at))
    }

    fn ephemeral(&self, event: &StudioEvent) -> Option<String> {
        told(event, None)
    }

    fn connected(&self, at: &Cursor, _build: &str, hello: &Map<String, Value>) -> String {
        written("connected", Value::Object(hello.clone()), Some(at))
    }

    fn ping(&self, upto: &Cursor, checked_ms: u64) -> String {
        written("ping", json!({ "ts": checked_ms }), Some(upto))
    }

    fn reset(&self, at: &Cursor) -> String {
        let data = json!({ "message": "Events may have been missed. Read everything again." });
        written("reset", data, Some(at))
    }

    fn stale(&self, _tags: &[(StudioTag, Cursor)], _upto: &Cursor) -> Option<String> {
        None
    }
}

/// An event that this stream tells of.
fn told(event: &StudioEvent, at: Option<&Cursor>) -> Option<String> {
    let json = match event {
        StudioEvent::Coaching(event) => serde_json::to_value(event),
        StudioEvent::Account(event @ AccountEvent::ForceLogout { .. }) => {
            serde_json::to_value(event)
        }
        _ => return None,
    };
    let Ok(Value::Object(mut data)) = json else { return None };
    let Some(Value::String(kind)) = data.remove("type") else { return None };
    Some(written(&kind, Value::Object(data), at))
}

fn written(kind: &str, data: Value, at: Option<&Cursor>) -> String {
    let envelope = Envelope { r#type: kind, data };
    message(Some(kind), at, &serde_json::to_string(&envelope).unwrap_or_default())
}
