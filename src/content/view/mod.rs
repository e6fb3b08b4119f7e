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
