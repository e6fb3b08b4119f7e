//! The clock of a page: milliseconds that never run backwards and go on while the machine sleeps.
//!
//! Owns nothing but the last readings. It must not be used to tell the time of day.

use std::sync::{Mutex, PoisonError};

use web_sys::js_sys;

/// By how much the calendar must outrun the browser's own clock to be believed, in milliseconds.
/// Browsers stop that clock while the machine sleeps, though the standard says otherwise; a stream
/// that was slept through must count as silent for as long.
const SLEPT_MS: f64 = 1_000.0;

/// One for each page; the cache and the connection read the same.
#[derive(Default)]
pub(crate) struct Clock(Mutex<Readings>);

/// What was read last; all in milliseconds.
#[derive(Default)]
struct Readings {
    /// `performance.now()`.
    browser: f64,
    /// `Date.now()`; none before the first reading.
    calendar: Option<f64>,
    /// What this clock showed.
    shown: f64,
}

impl Clock {
    /// Now, since the page was opened.
    pub(crate) fn now_ms(&self) -> u64 {
        let performance = web_sys::window().and_then(|window| window.performance());
        let browser = performance.map(|clock| clock.now()).unwrap_or_default();
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        last.advance(browser, js_sys::Date::now());
        // Whole milliseconds since the page was opened fit easily.
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "positive and small"
        )]
        let now = last.shown as u64;
        now
    }
}

impl Readings {
    fn advance(&mut self, browser: f64, calendar: f64) {
        let passed = (browser - self.browser).max(0.0);
        let by_calendar = self.calendar.map_or(passed, |before| calendar - before);
        self.shown += if by_calendar > passed + SLEPT_MS { by_calendar } else { passed };
        (self.browser, self.calendar) = (browser, Some(calendar));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the clock shows after each pair of readings.
    fn shows(readings: &[(f64, f64)]) -> Vec<f64> {
        let mut clock = Readings::default();
        let shown = readings.iter().map(|(browser, calendar)| {
            clock.advance(*browser, *calendar);
            clock.shown
        });
        shown.collect()
    }

    #[test]
    fn it_follows_the_browsers_clock() {
        assert_eq!(shows(&[(5.0, 1e12), (7.5, 1e12 + 3.0)]), [5.0, 7.5]);
    }

    #[test]
    fn it_counts_sleep_that_the_browser_does_not() {
        assert_eq!(shows(&[(5.0, 1e12), (6.0, 1e12 + 3_600_000.0)]), [5.0, 3_600_005.0]);
    }

    #[test]
    fn it_never_runs_backwards_whoever_sets_the_calendar() {
        let shown = shows(&[(5.0, 1e12), (6.0, 1e12 + 5_000.0), (7.0, 1e12), (8.0, 1e12 + 1.0)]);
        assert_eq!(shown, [5.0, 5_005.0, 5_006.0, 5_007.0]);
    }
}
