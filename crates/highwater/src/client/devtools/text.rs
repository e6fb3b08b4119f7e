//! What the panel and the console say, as text and as rows of tables.
//!
//! Owns the words. Everything that came from elsewhere is escaped here.

use std::fmt::Write as _;

use highwater_core::{
    cache::{Effect, EntryReport},
    connection::Status,
};
use web_sys::js_sys;

use super::record::{Passed, Records, Seen};

/// What there is to say of a connection besides its state.
pub(super) fn words(status: &Status) -> String {
    let mut words = String::new();
    if status.reconnect_attempts > 0 {
        let _ = write!(words, "attempt {}", status.reconnect_attempts);
    }
    if let Some(failure) = &status.last_error {
        let _ = write!(words, "{}{}", if words.is_empty() { "" } else { ": " }, failure.message);
    }
    words
}

/// A message in one line.
pub(super) fn line(seen: &Seen) -> String {
    let Seen { kind, bytes, delay_ms, .. } = seen;
    let delay = delay_ms.map(|delay| format!(", {delay:.0} ms")).unwrap_or_default();
    format!("{kind} {bytes} B{delay} {}", effects(&seen.effects))
}

/// What a message did: `patched order, orders ×2; stale order history`.
fn effects(effects: &[(Effect, &'static str)]) -> String {
    let mut sorted = effects.to_vec();
    sorted.sort_unstable();
    let mut text = String::new();
    let mut last = None;
    for group in sorted.chunk_by(|a, b| a == b) {
        let Some((effect, name)) = group.first() else { continue };
        match last {
            Some(before) if before == *effect => text.push_str(", "),
            Some(_) => _ = write!(text, "; {} ", effect.name()),
            None => _ = write!(text, "{} ", effect.name()),
        }
        last = Some(*effect);
        text.push_str(name);
        if group.len() > 1 {
            let _ = write!(text, " ×{}", group.len());
        }
    }
    text
}

/// The rows of the connection's history, the newest first.
pub(super) fn states(records: &Records) -> String {
    let row = |Passed { at_ms, state, words }: &Passed| {
        format!("<tr><td>{}<td>{state}<td>{}</tr>", time(*at_ms), escaped(words))
    };
    records.states.iter().rev().map(row).collect()
}

/// The rows of the events, the newest first.
pub(super) fn events(records: &Records) -> String {
    let row = |seen: &Seen| {
        let delay = seen.delay_ms.map(|delay| format!("{delay:.0} ms")).unwrap_or_default();
        format!(
            "<tr><td>{}<td>{}<td>{} B<td>{delay}<td>{}</tr>",
            time(seen.at_ms),
            escaped(&seen.kind),
            seen.bytes,
            escaped(&effects(&seen.effects)),
        )
    };
    records.events.iter().rev().map(row).collect()
}

/// The rows of the cache's entries.
pub(super) fn entries<T: std::fmt::Debug>(entries: &[EntryReport<T>]) -> String {
    let row = |entry: &EntryReport<T>| {
        let tags: Vec<String> = entry.tags.iter().map(|tag| format!("{tag:?}")).collect();
        let as_of = entry.as_of.as_ref().map(ToString::to_string).unwrap_or_default();
        format!(
            "<tr><td>{}<td>{}<td>{}<td>{}<td>{}</tr>",
            escaped(entry.name),
            escaped(&tags.join(" ")),
            escaped(&as_of),
            entry.overlays,
            escaped(&state(entry)),
        )
    };
    entries.iter().map(row).collect()
}

/// How an entry is doing, in words.
fn state<T>(entry: &EntryReport<T>) -> String {
    let mut words = Vec::new();
    words.push(if entry.mounts > 0 { "shown" } else { "idle" });
    if entry.status.fetching {
        words.push("fetching");
    }
    if entry.status.stale {
        words.push("stale");
    }
    let mut text = words.join(", ");
    if entry.backlog > 0 {
        let _ = write!(text, ", {} events wait", entry.backlog);
    }
    if let Some(failure) = &entry.status.failure {
        let _ = write!(text, ", failed: {}", failure.message);
    }
    text
}

/// A time of the reader's day, such as `12:03:22`.
fn time(at_ms: f64) -> String {
    js_sys::Date::new(&at_ms.into()).to_locale_time_string("en-GB").into()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_message_did_is_told_by_effect() {
        let did = [
            (Effect::Stale, "history"),
            (Effect::Patched, "orders"),
            (Effect::Patched, "order"),
            (Effect::Patched, "orders"),
        ];
        assert_eq!(effects(&did), "patched order, orders ×2; stale history");
        assert_eq!(effects(&[]), "");
    }

    #[test]
    fn nothing_of_what_came_is_taken_for_markup() {
        assert_eq!(escaped("<img src=x> & <b>"), "&lt;img src=x> &amp; &lt;b>");
    }
}
