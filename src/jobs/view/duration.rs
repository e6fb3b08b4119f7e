//! How long a job took, or takes so far: ticking each second while it runs.

use std::time::Duration as Period;

use leptos::prelude::*;
use leptos::web_sys::js_sys;

use crate::{jobs::model::Job, ui::effect};

const SECOND: Period = Period::from_secs(1);

/// The time of the last run; nothing before it begins. What runs is counted by the browser's clock,
/// so the server shows nothing of it.
#[component]
pub(super) fn Duration(
    /// The job.
    job: Memo<Job>,
) -> impl IntoView {
    let now_ms = RwSignal::new(None::<i64>);
    let runs =
        Memo::new(move |_| job.with(|job| job.finished_at.is_none() && job.started_at.is_some()));
    effect(move |_| {
        if !runs.get() {
            return;
        }
        let tick = move || _ = now_ms.try_set(Some(browser_ms()));
        tick();
        let ticking = set_interval_with_handle(tick, SECOND).ok();
        on_cleanup(move || {
            if let Some(ticking) = ticking {
                ticking.clear();
            }
        });
    });
    let text = move || {
        let (started, finished) = job.with(|job| (job.started_at, job.finished_at));
        let started = started?;
        let ms = match finished {
            Some(finished) => i64::try_from((finished - started).whole_milliseconds()).ok()?,
            None => now_ms.get()? - started.unix_timestamp() * 1000,
        };
        // Two clocks may differ.
        Some(in_words(u64::try_from(ms / 1000).unwrap_or(0)))
    };
    view! { <span class="job-duration">{text}</span> }
}

fn browser_ms() -> i64 {
    #[expect(clippy::cast_possible_truncation, reason = "milliseconds of this century")]
    let now = js_sys::Date::now() as i64;
    now
}

fn in_words(seconds: u64) -> String {
    match seconds {
        0 => "under 1 s".to_owned(),
        1..60 => format!("{seconds} s"),
        60..3_600 => format!("{} min {} s", seconds / 60, seconds % 60),
        _ => format!("{} h {} min", seconds / 3_600, seconds % 3_600 / 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_has_two_units_at_most() {
        for (seconds, words) in [
            (0, "under 1 s"),
            (59, "59 s"),
            (60, "1 min 0 s"),
            (3_599, "59 min 59 s"),
            (3_661, "1 h 1 min"),
        ] {
            assert_eq!(in_words(seconds), words);
        }
    }
}
