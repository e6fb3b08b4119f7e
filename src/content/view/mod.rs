//! The pages of content: documents, podcasts, and what happened.
//!
//! Owns what people see of their content. It must not decide what is fresh, allowed or patched.

mod list;
mod new;
mod detail;
mod rename;
mod text;
mod recent;
mod podcast;
mod activity;
mod media;
mod voiceover;
mod infographic;

pub use activity::ActivityFeedPage;
pub use detail::DocumentPage;
pub use infographic::{InfographicListPage, InfographicPage};
pub use list::DocumentListPage;
pub use new::NewDocumentPage;
pub use podcast::{NewPodcastPage, PodcastListPage, PodcastPage};
pub use recent::RecentDocuments;
pub use voiceover::{VoiceoverListPage, VoiceoverPage};

use highwater::{Mutations, use_mutation};
use leptos::prelude::use_context;

use super::model::DocumentStatus;
use crate::{live::StudioEvent, ui::Tone};

/// The mutations of the frame around the page, which outlives it; elsewhere the page's own.
fn mutations() -> Mutations<StudioEvent> {
    use_context().unwrap_or_else(use_mutation)
}

/// What the colour of a status means, and its word.
fn status_in_words(status: DocumentStatus) -> (Tone, &'static str) {
    match status {
        DocumentStatus::Processing => (Tone::Accent, "reading"),
        DocumentStatus::Ready => (Tone::Success, "ready"),
        DocumentStatus::Failed => (Tone::Danger, "failed"),
    }
}

/// A count with a comma between thousands.
fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A size as people say it.
fn size_in_words(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} bytes"),
        1_000..1_000_000 => format!("{} kB", bytes.div_ceil(1_000)),
        _ => format!("{}.{} MB", bytes / 1_000_000, bytes % 1_000_000 / 100_000),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_and_counts_are_told_as_people_say_them() {
        assert_eq!(size_in_words(999), "999 bytes");
        assert_eq!(size_in_words(18_120), "19 kB");
        assert_eq!(size_in_words(4_950_000), "4.9 MB");
        assert_eq!(grouped(1_234_567), "1,234,567");
        assert_eq!(grouped(12), "12");
    }
}
