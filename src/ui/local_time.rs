//! Moments that people meet at, in the reader's own time. The server does not know that: what it
//! renders is in UTC and says so; once the page is mounted the time is the reader's.

use leptos::prelude::*;
use leptos::web_sys::js_sys;
use time::{
    OffsetDateTime, UtcOffset, format_description::well_known::Rfc3339, macros::format_description,
};

use super::erased::effect;

/// A moment with its day: "Sat 21 Nov 2026, 15:00".
#[component]
pub fn LocalTime(
    /// The moment.
    #[prop(into)]
    at: Signal<OffsetDateTime>,
) -> impl IntoView {
    let mounted = RwSignal::new(false);
    effect(move |_| mounted.set(true));
    let text = move || match mounted.get() {
        true => in_words(at.get().to_offset(offset_at(at.get()))),
        false => format!("{} UTC", in_words(at.get().to_offset(UtcOffset::UTC))),
    };
    let exact = move || at.get().format(&Rfc3339).unwrap_or_default();
    view! { <time datetime=exact title=exact>{text}</time> }
}

/// A moment as a `datetime-local` field has it, in the reader's time. Only in the browser.
#[must_use]
pub fn local_value(at: OffsetDateTime) -> String {
    let local = at.to_offset(offset_at(at));
    local.format(format_description!("[year]-[month]-[day]T[hour]:[minute]")).unwrap_or_default()
}

/// The moment that a `datetime-local` field says; `None` if it says none. Only in the browser.
#[must_use]
pub fn moment_of(value: &str) -> Option<OffsetDateTime> {
    // A date and a time without a zone are local time (ECMA-262, 21.4.3.2).
    let milliseconds = js_sys::Date::parse(value);
    if value.is_empty() || !milliseconds.is_finite() {
        return None;
    }
    OffsetDateTime::from_unix_timestamp_nanos(milliseconds as i128 * 1_000_000).ok()
}

/// How far the reader's clock is from UTC at a moment.
fn offset_at(at: OffsetDateTime) -> UtcOffset {
    #[expect(clippy::cast_precision_loss, reason = "the milliseconds of a year are exact")]
    let date = js_sys::Date::new(&((at.unix_timestamp() * 1000) as f64).into());
    #[expect(clippy::cast_possible_truncation, reason = "minutes of a day at most")]
    let minutes = -date.get_timezone_offset() as i32;
    UtcOffset::from_whole_seconds(minutes * 60).unwrap_or(UtcOffset::UTC)
}

fn in_words(at: OffsetDateTime) -> String {
    at.format(format_description!(
        "[weekday repr:short] [day padding:none] [month repr:short] [year], [hour]:[minute]"
    ))
    .unwrap_or_default()
}
