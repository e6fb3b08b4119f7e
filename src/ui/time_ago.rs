//! Dates as people say them. The server and the browser's first paint agree on the absolute date,
//! because they do not share a clock; once mounted, a recent one turns relative and keeps pace.
//! The exact time is always there on hover and in `datetime`.

use std::time::Duration;

use leptos::prelude::*;
use leptos::web_sys::js_sys;
use time::format_description::well_known::Rfc3339;
use time::macros::format_description;
use time::{Date, OffsetDateTime, UtcOffset};

use super::erased::effect;

/// How often the clock ticks: relative times are no finer than a minute.
const TICK: Duration = Duration::from_secs(60);

/// The browser's time, ticking once a minute; `None` on the server and until the page is mounted.
#[derive(Clone, Copy)]
struct Clock(RwSignal<Option<OffsetDateTime>>);

impl Clock {
    fn start() -> Self {
        let now = RwSignal::new(None);
        effect(move |_| {
            now.set(browser_now());
            let ticking = set_interval_with_handle(move || now.set(browser_now()), TICK).ok();
            on_cleanup(move || {
                if let Some(ticking) = ticking {
                    ticking.clear();
                }
            });
        });
        Self(now)
    }
}

/// Gives every [`TimeAgo`] below one clock. Without it each starts its own.
pub fn provide_clock() {
    provide_context(Clock::start());
}

/// A moment: "3 min ago" while it is younger than a week, "4 Jul 1996" after.
#[component]
pub fn TimeAgo(
    /// The moment; shown in UTC.
    #[prop(into)]
    at: Signal<OffsetDateTime>,
) -> impl IntoView {
    let Clock(now) = use_context::<Clock>().unwrap_or_else(Clock::start);
    // The shared clock may run before this component is hydrated, with the server's text.
    let mounted = RwSignal::new(false);
    effect(move |_| mounted.set(true));
    let text = move || {
        let now = if mounted.get() { now.get() } else { None };
        now.and_then(|now| relative(at.get(), now)).unwrap_or_else(|| short_date(at.get()))
    };
    view! {
        <time datetime=move || rfc3339(at.get()) title=move || exact(at.get())>
            {text}
        </time>
    }
}

/// A day, in UTC: "Today", "Yesterday", and before that "Thursday, 4 July 1996".
#[component]
pub fn Day(
    /// The day.
    day: Date,
) -> impl IntoView {
    let Clock(now) = use_context::<Clock>().unwrap_or_else(Clock::start);
    let mounted = RwSignal::new(false);
    effect(move |_| mounted.set(true));
    let text = move || {
        let now = if mounted.get() { now.get() } else { None };
        now.and_then(|now| near(day, now)).map_or_else(|| long_date(day), str::to_owned)
    };
    view! { <time datetime=day.to_string() title=long_date(day)>{text}</time> }
}

/// The time of a moment, in UTC: "14:05".
#[component]
pub fn TimeOfDay(
    /// The moment.
    at: OffsetDateTime,
) -> impl IntoView {
    let text = at
        .to_offset(UtcOffset::UTC)
        .format(format_description!("[hour]:[minute]"))
        .unwrap_or_default();
    view! { <time datetime=rfc3339(at) title=exact(at)>{text}</time> }
}

/// The system clock as JavaScript sees it; the one of `std` does not exist in a browser.
pub fn browser_now() -> Option<OffsetDateTime> {
    let nanoseconds = js_sys::Date::now() as i128 * 1_000_000;
    OffsetDateTime::from_unix_timestamp_nanos(nanoseconds).ok()
}

/// How long ago `at` was, or `None` if that is a week or more, or in the future by more than the
/// minute two clocks may differ.
fn relative(at: OffsetDateTime, now: OffsetDateTime) -> Option<String> {
    let minutes = (now - at).whole_minutes();
    match minutes {
        0 => Some("just now".to_owned()),
        1..60 => Some(format!("{minutes} min ago")),
        60..1_440 => Some(format!("{} h ago", minutes / 60)),
        1_440..2_880 => Some("yesterday".to_owned()),
        2_880..10_080 => Some(format!("{} days ago", minutes / 1_440)),
        _ => None,
    }
}

/// What a day is called that is not long ago, in UTC.
fn near(day: Date, now: OffsetDateTime) -> Option<&'static str> {
    match (now.to_offset(UtcOffset::UTC).date() - day).whole_days() {
        0 => Some("Today"),
        1 => Some("Yesterday"),
        _ => None,
    }
}

/// As in "Thursday, 4 July 1996".
fn long_date(day: Date) -> String {
    day.format(format_description!("[weekday], [day padding:none] [month repr:long] [year]"))
        .unwrap_or_default()
}

/// As in "4 Jul 1996", in UTC.
#[must_use]
pub fn short_date(at: OffsetDateTime) -> String {
    at.to_offset(UtcOffset::UTC)
        .format(format_description!("[day padding:none] [month repr:short] [year]"))
        .unwrap_or_default()
}

/// As in "4 Jul 1996, 14:05 UTC".
fn exact(at: OffsetDateTime) -> String {
    at.to_offset(UtcOffset::UTC)
        .format(format_description!(
            "[day padding:none] [month repr:short] [year], [hour]:[minute] UTC"
        ))
        .unwrap_or_default()
}

fn rfc3339(at: OffsetDateTime) -> String {
    at.to_offset(UtcOffset::UTC).format(&Rfc3339).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::{date, datetime};

    const AT: OffsetDateTime = datetime!(1996-07-04 16:05:09 +2);

    #[test]
    fn dates_are_shown_in_utc() {
        assert_eq!(short_date(AT), "4 Jul 1996");
        assert_eq!(exact(AT), "4 Jul 1996, 14:05 UTC");
        assert_eq!(rfc3339(AT), "1996-07-04T14:05:09Z");
    }

    #[test]
    fn a_recent_moment_is_relative_and_an_old_one_is_not() {
        let after = |seconds| relative(AT, AT + time::Duration::seconds(seconds));
        assert_eq!(after(59).as_deref(), Some("just now"));
        assert_eq!(after(60).as_deref(), Some("1 min ago"));
        assert_eq!(after(3_599).as_deref(), Some("59 min ago"));
        assert_eq!(after(3_600).as_deref(), Some("1 h ago"));
        assert_eq!(after(86_400).as_deref(), Some("yesterday"));
        assert_eq!(after(6 * 86_400).as_deref(), Some("6 days ago"));
        assert_eq!(after(7 * 86_400), None);
    }

    #[test]
    fn a_day_is_named_while_it_is_near() {
        let day = date!(1996 - 07 - 04);
        assert_eq!(near(day, AT), Some("Today"));
        assert_eq!(near(day, datetime!(1996-07-06 01:00 +2)), Some("Yesterday"));
        assert_eq!(near(day, datetime!(1996-07-06 00:00 UTC)), None);
        assert_eq!(long_date(day), "Thursday, 4 July 1996");
    }

    #[test]
    fn a_clock_that_is_behind_does_not_see_the_future() {
        assert_eq!(relative(AT, AT - time::Duration::seconds(30)).as_deref(), Some("just now"));
        assert_eq!(relative(AT, AT - time::Duration::seconds(120)), None);
    }
}
