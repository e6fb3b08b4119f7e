//! The pages of podcasts.
//!
//! Owns what people see of podcasts. It must not decide what is fresh, allowed or patched.

mod list;
mod new;
mod detail;
mod actions;
mod player;
mod script;
mod editor;

pub use detail::PodcastPage;
pub use list::PodcastListPage;
pub use new::NewPodcastPage;

use crate::{content::model::PodcastStatus, ui::Tone};

/// What the colour of a status means, and its words.
fn status_in_words(status: PodcastStatus) -> (Tone, &'static str) {
    match status {
        PodcastStatus::Draft => (Tone::Neutral, "draft"),
        PodcastStatus::Drafting => (Tone::Accent, "drafting"),
        PodcastStatus::ScriptReady => (Tone::Neutral, "script ready"),
        PodcastStatus::GeneratingAudio => (Tone::Accent, "generating audio"),
        PodcastStatus::Ready => (Tone::Success, "ready"),
        PodcastStatus::Failed => (Tone::Danger, "failed"),
    }
}

/// A length of time as players show it: `3:07`.
fn clock(ms: u64) -> String {
    let seconds = ms / 1_000;
    format!("{}:{:02}", seconds / 60, seconds % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_is_told_as_players_do() {
        assert_eq!([0, 999, 187_400, 3_600_000].map(clock), ["0:00", "0:00", "3:07", "60:00"]);
    }
}
