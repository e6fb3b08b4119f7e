//! What keeps content live: its events, tags and queries, and which queries an event touches.
//!
//! The whole invalidation story of the slice. Events carry ids and no values, so an event makes
//! stale what it touches; whoever changed something has the new value in the answer, which includes
//! the event. All of it goes to its owner's own audience alone.

mod event;
mod voiceover;
mod infographic;

use highwater::{AsOf, FetchFailed, Fetched, Patch, Query};
use serde::{Deserialize, Serialize};

use super::{
    api,
    model::{
        ActivityPage, Document, DocumentId, DocumentPage, DocumentText, InfographicId, Podcast,
        PodcastId, PodcastPage, VoiceoverId,
    },
};
use crate::{
    error::AppError,
    live::{StudioEvent, StudioTag, stale_if_touched},
};

pub use event::{ChangeType, ContentEvent, Entity, Finished};
pub use infographic::{InfographicDetail, InfographicList, InfographicOf, InfographicSources};
pub use voiceover::{VoiceoverDetail, VoiceoverList};

/// The names of what is cached of one's own content.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ContentTag {
    /// The list of documents.
    Documents,
    /// One document.
    Document(DocumentId),
    /// The text of one document.
    DocumentText(DocumentId),
    /// The list of podcasts.
    Podcasts,
    /// One podcast.
    Podcast(PodcastId),
    /// The list of voiceovers.
    Voiceovers,
    /// One voiceover.
    Voiceover(VoiceoverId),
    /// The list of infographics, and which document has which.
    Infographics,
    /// One infographic.
    Infographic(InfographicId),
    /// What happened.
    Activity,
}

/// A page of one's documents, from 1.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct DocumentList(pub u32);

/// One document, without its text.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct DocumentDetail(pub DocumentId);

/// A part of a document's text, from 1.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct DocumentTextQuery(pub DocumentId, pub u32);

/// A page of what happened, from 1.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ActivityFeed(pub u32);

/// A page of one's podcasts, from 1.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PodcastList(pub u32);

/// One podcast, without its sound.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PodcastDetail(pub PodcastId);

impl ContentEvent {
    /// What it touches. Every event has its line here: one that has none does not compile.
    pub fn tags(&self) -> Vec<StudioTag> {
        let tags = match self {
            Self::JobCompletion { podcast_id, .. } => {
                vec![ContentTag::Podcasts, ContentTag::Podcast(podcast_id.clone())]
            }
            Self::DocumentJobCompletion { document_id, .. } => vec![
                ContentTag::Documents,
                ContentTag::Document(document_id.clone()),
                ContentTag::DocumentText(document_id.clone()),
            ],
            Self::EntityChange { entity: Entity::Document(id), change_type } => {
                let mut tags = vec![ContentTag::Documents, ContentTag::Document(id.clone())];
                match change_type {
                    // Only its job writes the text, and only once.
                    ChangeType::Insert | ChangeType::Update => {}
                    ChangeType::Delete => tags.push(ContentTag::DocumentText(id.clone())),
                }
                tags
            }
            Self::EntityChange { entity: Entity::Podcast(id), .. } => {
                vec![ContentTag::Podcasts, ContentTag::Podcast(id.clone())]
            }
            Self::VoiceoverJobCompletion { voiceover_id: id, .. }
            | Self::EntityChange { entity: Entity::Voiceover(id), .. } => {
                vec![ContentTag::Voiceovers, ContentTag::Voiceover(id.clone())]
            }
            Self::InfographicJobCompletion { infographic_id: id, .. }
            | Self::EntityChange { entity: Entity::Infographic(id), .. } => {
                vec![ContentTag::Infographics, ContentTag::Infographic(id.clone())]
            }
            Self::ActivityLogged { .. } => vec![ContentTag::Activity],
        };
        tags.into_iter().map(StudioTag::Content).collect()
    }
}

impl Query for DocumentList {
    type Event = StudioEvent;
    type Value = DocumentPage;
    type Refusal = AppError;

    const NAME: &'static str = "documents";

    fn tags(&self) -> Vec<StudioTag> {
        vec![StudioTag::Content(ContentTag::Documents)]
    }

    fn patch(&self, _: &mut DocumentPage, event: &StudioEvent) -> Patch {
        stale_if_touched(self, event)
    }

    async fn fetch(self, min: Option<AsOf>) -> Fetched<Self> {
        api::list_documents(self.0, min).await.map_err(FetchFailed::from)
    }
}

impl Query for DocumentDetail {
    type Event = StudioEvent;
    type Value = Document;
    type Refusal = AppError;

    const NAME: &'static str = "document";

    fn tags(&self) -> Vec<StudioTag> {
        vec![StudioTag::Content(ContentTag::Document(self.0.clone()))]
    }

    fn patch(&self, _: &mut Document, event: &StudioEvent) -> Patch {
        stale_if_touched(self, event)
    }

    async fn fetch(self, min: Option<AsOf>) -> Fetched<Self> {
        api::get_document(self.0, min).await.map_err(FetchFailed::from)
    }
}

impl Query for DocumentTextQuery {
    type Event = StudioEvent;
    type Value = DocumentText;
    type Refusal = AppError;

    const NAME: &'static str = "document text";

    fn tags(&self) -> Vec<StudioTag> {
        vec![StudioTag::Content(ContentTag::DocumentText(self.0.clone()))]
    }

    fn patch(&self, _: &mut DocumentText, event: &StudioEvent) -> Patch {
        stale_if_touched(self, event)
    }

    async fn fetch(self, min: Option<AsOf>) -> Fetched<Self> {
        api::get_document_text(self.0, self.1, min).await.map_err(FetchFailed::from)
    }
}

impl Query for ActivityFeed {
    type Event = StudioEvent;
    type Value = ActivityPage;
    type Refusal = AppError;

    const NAME: &'static str = "activity";

    fn tags(&self) -> Vec<StudioTag> {
        vec![StudioTag::Content(ContentTag::Activity)]
    }

    fn patch(&self, _: &mut ActivityPage, event: &StudioEvent) -> Patch {
        stale_if_touched(self, event)
    }

    async fn fetch(self, min: Option<AsOf>) -> Fetched<Self> {
        api::list_activity(self.0, min).await.map_err(FetchFailed::from)
    }
}

impl Query for PodcastList {
    type Event = StudioEvent;
    type Value = PodcastPage;
    type Refusal = AppError;

    const NAME: &'static str = "podcasts";

    fn tags(&self) -> Vec<StudioTag> {
        vec![StudioTag::Content(ContentTag::Podcasts)]
    }

    fn patch(&self, _: &mut PodcastPage, event: &StudioEvent) -> Patch {
        stale_if_touched(self, event)
    }

    async fn fetch(self, min: Option<AsOf>) -> Fetched<Self> {
        api::list_podcasts(self.0, min).await.map_err(FetchFailed::from)
    }
}

impl Query for PodcastDetail {
    type Event = StudioEvent;
    type Value = Podcast;
    type Refusal = AppError;

    const NAME: &'static str = "podcast";

    fn tags(&self) -> Vec<StudioTag> {
        vec![StudioTag::Content(ContentTag::Podcast(self.0.clone()))]
    }

    fn patch(&self, _: &mut Podcast, event: &StudioEvent) -> Patch {
        stale_if_touched(self, event)
    }

    async fn fetch(self, min: Option<AsOf>) -> Fetched<Self> {
        api::get_podcast(self.0, min).await.map_err(FetchFailed::from)
    }
}
