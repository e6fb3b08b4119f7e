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

use super::media::clock;
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
