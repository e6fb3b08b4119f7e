//! Progress of long work on the command line: a bar on a terminal, a few plain lines elsewhere.
//!
//! Owns how it looks. It must not write to standard output, which carries results.

use std::io::{IsTerminal, stderr};

use indicatif::{ProgressBar, ProgressStyle};

/// Elsewhere than on a terminal, a line is written each time that this much more is done.
const PLAIN_STEP_PERCENT: u64 = 25;

/// The progress of one piece of work; erased from the terminal when dropped.
pub(super) struct Progress {
    what: &'static str,
    show: Show,
}

enum Show {
    Bar(ProgressBar),
    /// The percentage at which the next line is due.
    Lines(u64),
}

impl Progress {
    /// Shows nothing until there is something done. `what` is the work, such as "importing orders".
    pub(super) fn new(what: &'static str) -> Self {
        let show = if stderr().is_terminal() {
            Show::Bar(ProgressBar::no_length().with_message(what).with_style(style()))
        } else {
            Show::Lines(PLAIN_STEP_PERCENT)
        };
        Self { what, show }
    }

    /// `done` of `total` pieces are done.
    pub(super) fn update(&mut self, done: u64, total: u64) {
        match &mut self.show {
            Show::Bar(bar) => {
                bar.set_length(total);
                bar.set_position(done);
            }
            Show::Lines(next) => {
                if let Some(after) = due(*next, done, total) {
                    *next = after;
                    eprintln!("{}: {done} of {total}", self.what);
                }
            }
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Show::Bar(bar) = &self.show {
            bar.finish_and_clear();
        }
    }
}

/// When the line due at `next` percent is to be written: the percentage of the one after it.
fn due(next: u64, done: u64, total: u64) -> Option<u64> {
    let percent = done.saturating_mul(100) / total.max(1);
    (percent >= next).then(|| (percent / PLAIN_STEP_PERCENT + 1) * PLAIN_STEP_PERCENT)
}

fn style() -> ProgressStyle {
    ProgressStyle::with_template("{msg} {wide_bar} {pos} of {len}, {eta} left")
        .unwrap_or_else(|_| ProgressStyle::default_bar())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_lines_are_few_and_end_with_the_last_piece() {
        let mut next = PLAIN_STEP_PERCENT;
        let mut written = Vec::new();
        for done in 1..=830 {
            if let Some(after) = due(next, done, 830) {
                next = after;
                written.push(done);
            }
        }
        assert_eq!(written, [208, 415, 623, 830]);
    }

    #[test]
    fn no_work_is_no_division_by_nothing() {
        assert_eq!(due(PLAIN_STEP_PERCENT, 0, 0), None);
    }
}
