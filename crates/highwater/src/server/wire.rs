//! Wires: how one endpoint writes the hub's deliveries as event-stream text.
//!
//! Every endpoint is a projection of one hub. [`AppWire`] is the application's own stream; an
//! application adds a [`Wire`] for each shape that other clients expect.

use highwater_core::{Cursor, Frame, LiveEvent, frame};
use serde_json::{Map, Value};

use super::{Delivery, delivery::Content};

/// The shape of one stream endpoint. Each method returns whole messages, ending in an empty line.
pub trait Wire<E: LiveEvent>: Send + Sync + 'static {
    /// A delivery; `None` if this endpoint leaves it out.
    fn delivery(&self, delivery: &Delivery<E>) -> Option<String>;

    /// An [ephemeral](super::Hub::publish) event, without an `id:`; `None` if this endpoint leaves
    /// it out.
    fn ephemeral(&self, event: &E) -> Option<String>;

    /// The first message: `at` is the resume position, `hello` what the endpoint was given to say.
    fn connected(&self, at: &Cursor, build: &str, hello: &Map<String, Value>) -> String;

    /// Everything up to `upto` was delivered; the head was read at `checked_ms`.
    fn ping(&self, upto: &Cursor, checked_ms: u64) -> String;

    /// The resume position cannot be continued: start over from `at`.
    fn reset(&self, at: &Cursor) -> String;

    /// A collapsed backlog; `None` if this endpoint's clients want each event.
    fn stale(&self, tags: &[(E::Tag, Cursor)], upto: &Cursor) -> Option<String>;
}

/// The application's own stream: unnamed messages, `type` in the JSON, as
/// [`highwater_core::frame`] defines them.
#[derive(Clone, Copy, Debug, Default)]
pub struct AppWire;

impl<E: LiveEvent> Wire<E> for AppWire {
    fn delivery(&self, delivery: &Delivery<E>) -> Option<String> {
        let at = delivery.at.clone();
        let frame: Frame<E> = match &delivery.content {
            Content::Event(event) => {
                let by = delivery.by.as_ref();
                let json = frame::event_json(event, by, Some(delivery.recorded_ms));
                return noted(json).map(|json| frame::message(None, Some(&at), &json));
            }
            Content::Foreign(json) => return Some(frame::message(None, Some(&at), json)),
            Content::Access { change, .. } if change.end => Frame::End { at },
            Content::Access { gained, lost, .. } => {
                Frame::Access { gained: gained.clone(), lost: lost.clone(), at }
            }
        };
        written(&frame)
    }

    fn ephemeral(&self, event: &E) -> Option<String> {
        written(&Frame::Ephemeral { event: Some(event.clone()) })
    }

    fn connected(&self, at: &Cursor, build: &str, hello: &Map<String, Value>) -> String {
        let mut data = Map::new();
        data.insert("type".into(), "connected".into());
        data.extend(hello.iter().map(|(key, value)| (key.clone(), value.clone())));
        data.insert("build".into(), build.into());
        frame::message(None, Some(at), &Value::Object(data).to_string())
    }

    fn ping(&self, upto: &Cursor, checked_ms: u64) -> String {
        written(&Frame::<E>::Ping { upto: upto.clone(), checked_ms }).unwrap_or_default()
    }

    fn reset(&self, at: &Cursor) -> String {
        written(&Frame::<E>::Reset { at: at.clone() }).unwrap_or_default()
    }

    fn stale(&self, tags: &[(E::Tag, Cursor)], upto: &Cursor) -> Option<String> {
        written(&Frame::<E>::Stale { tags: tags.to_vec(), upto: upto.clone() })
    }
}

/// A frame's text.
fn written<E: LiveEvent>(frame: &Frame<E>) -> Option<String> {
    noted(frame.encode())
}

/// An event whose own serialisation fails could not have been recorded either.
fn noted(text: serde_json::Result<String>) -> Option<String> {
    text.inspect_err(|error| tracing::error!(%error, "a frame could not be written")).ok()
}
