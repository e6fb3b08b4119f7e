//! What happened lately, for whoever looks.
//!
//! Owns the last states and events, within bounds, and the lines on the browser's console that
//! `?debug=sse`, or `debug` in its local storage, asks for. While nobody asks, it keeps nothing.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use highwater_core::{cache::Effect, connection::Status};
use leptos::wasm_bindgen::JsValue;
use web_sys::js_sys::{self, Reflect};

use super::super::on_server;

/// How many events and how many states are kept.
const KEPT: usize = 100;

/// How much clocks must differ to be two clocks, and not one message that took its time, in
/// milliseconds.
const OTHER_CLOCK_MS: f64 = 1_000.0;

/// A message of the stream.
#[derive(Clone)]
pub(crate) struct Seen {
    /// When it came, in Unix milliseconds.
    pub(super) at_ms: f64,
    /// Its `type`.
    pub(super) kind: String,
    /// How long its JSON is, in bytes.
    pub(super) bytes: usize,
    /// How long after it was recorded it came, in milliseconds; of events that say when.
    pub(super) delay_ms: Option<f64>,
    /// What it did, and to queries of which name.
    pub(super) effects: Vec<(Effect, &'static str)>,
}

/// A state of the connection.
#[derive(Clone)]
pub(super) struct Passed {
    /// Since when, in Unix milliseconds.
    pub(super) at_ms: f64,
    pub(super) state: &'static str,
    pub(super) words: String,
}

/// What is kept while somebody looks.
#[derive(Default)]
pub(super) struct Records {
    pub(super) states: VecDeque<Passed>,
    pub(super) events: VecDeque<Seen>,
}

/// Called when there is something new to see.
pub(crate) type Watcher = Arc<dyn Fn() + Send + Sync>;

/// The recorder of one page. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Recorder(Arc<Inner>);

struct Inner {
    /// Whether the console is told as well.
    is_logging: bool,
    /// Records, and who is called when there is something new; none while nobody looks.
    watched: Mutex<Option<(Records, Watcher)>>,
}

impl Recorder {
    pub(crate) fn new() -> Self {
        Self(Arc::new(Inner { is_logging: is_asked_to_log(), watched: Mutex::default() }))
    }

    /// Whether anybody wants to know what an event does.
    pub(crate) fn is_on(&self) -> bool {
        self.0.is_logging || self.watched().is_some()
    }

    /// From now on; `None` ends it.
    pub(crate) fn watch(&self, watcher: Option<Watcher>) {
        *self.watched() = watcher.map(|watcher| (Records::default(), watcher));
    }

    /// Looks at what there is.
    pub(super) fn read<T>(&self, read: impl FnOnce(&Records) -> T) -> Option<T> {
        self.watched().as_ref().map(|(records, _)| read(records))
    }

    /// The connection has another status.
    pub(crate) fn status(&self, status: &Status) {
        if !self.is_on() {
            return;
        }
        let (state, words) = (status.state.name(), super::text::words(status));
        self.note(&format!("{state} {words}"), |records| {
            let last = records.states.back();
            if last.is_none_or(|last| last.state != state || last.words != words) {
                push(&mut records.states, Passed { at_ms: js_sys::Date::now(), state, words });
            }
        });
    }

    /// A message came, `ahead_ms` being what the browser's calendar is ahead of the server's.
    pub(crate) fn message(
        &self,
        data: &str,
        ahead_ms: Option<f64>,
        effects: Vec<(Effect, &'static str)>,
    ) {
        let at_ms = js_sys::Date::now();
        let ahead_ms = ahead_ms.filter(|ahead| ahead.abs() > OTHER_CLOCK_MS).unwrap_or_default();
        let recorded = field(data, "\"recorded_at\":").and_then(|text| text.parse::<f64>().ok());
        let seen = Seen {
            at_ms,
            kind: field(data, "\"type\":").unwrap_or_default().to_owned(),
            bytes: data.len(),
            delay_ms: recorded.map(|recorded| (at_ms - recorded - ahead_ms).max(0.0)),
            effects,
        };
        let line = super::text::line(&seen);
        self.note(&line, |records| push(&mut records.events, seen));
    }

    /// Something else changed that the panel shows.
    pub(crate) fn touch(&self) {
        let watcher = self.watched().as_ref().map(|(_, watcher)| watcher.clone());
        watcher.iter().for_each(|watcher| watcher());
    }

    fn note(&self, line: &str, keep: impl FnOnce(&mut Records)) {
        if self.0.is_logging {
            log(line);
        }
        if let Some((records, _)) = self.watched().as_mut() {
            keep(records);
        }
        self.touch();
    }

    fn watched(&self) -> MutexGuard<'_, Option<(Records, Watcher)>> {
        self.0.watched.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn push<T>(kept: &mut VecDeque<T>, newest: T) {
    if kept.len() == KEPT {
        kept.pop_front();
    }
    kept.push_back(newest);
}

/// The first value behind a name in JSON, without its quotes. Good enough for people to read: a
/// message that was read as an event has its own `type` first.
fn field<'a>(data: &'a str, name: &str) -> Option<&'a str> {
    let (_, value) = data.split_once(name)?;
    value.trim_start_matches('"').split(['"', ',', '}']).next()
}

/// Whether the address or the browser's local storage asks for lines on the console.
fn is_asked_to_log() -> bool {
    if on_server() {
        return false;
    }
    let Some(window) = web_sys::window() else { return false };
    let asked = window.location().search().unwrap_or_default();
    // Storage that is refused has nothing to say.
    let stored = Reflect::get(&window, &"localStorage".into())
        .and_then(|storage| Reflect::get(&storage, &"debug".into()));
    let stored = stored.ok().and_then(|stored| stored.as_string()).unwrap_or_default();
    asked.contains("debug=sse") || stored.contains("sse")
}

fn log(line: &str) {
    web_sys::console::debug_1(&JsValue::from_str(&format!("[SSE] {line}")));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_says_its_type_and_when_it_was_recorded() {
        let data = r#"{"type":"order.updated","recorded_at":1700,"by":"0a"}"#;
        assert_eq!(field(data, "\"type\":"), Some("order.updated"));
        assert_eq!(field(data, "\"recorded_at\":"), Some("1700"));
        assert_eq!(field(r#"{"type":"reset"}"#, "\"recorded_at\":"), None);
    }

    #[test]
    fn only_the_newest_are_kept() {
        let mut kept = VecDeque::new();
        (0..250).for_each(|number| push(&mut kept, number));
        assert_eq!((kept.len(), kept.front(), kept.back()), (KEPT, Some(&150), Some(&249)));
    }
}
