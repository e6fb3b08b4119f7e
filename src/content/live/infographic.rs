//! The queries of infographics.

use highwater::{AsOf, FetchFailed, Fetched, Patch, Query};

use super::ContentTag;
use crate::{
    content::{
        api,
        model::{DocumentId, Infographic, InfographicId, InfographicSource, Page},
    },
    error::AppError,
    live::{StudioEvent, StudioTag, stale_if_touched},
};

/// A page of one's infographics, from 1.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct InfographicList(pub u32);

/// One infographic, without its picture.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct InfographicDetail(pub InfographicId);

/// The infographic of a document; `None` if it has none.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct InfographicOf(pub DocumentId);

/// The documents that can have an infographic and have none.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct InfographicSources;

impl Query for InfographicList {
    type Event = StudioEvent;
    type Value = Page<Infographic>;
    type Refusal = AppError;

    const NAME: &'static str = "infographics";

    fn tags(&self) -> Vec<StudioTag> {
        vec![StudioTag::Content(ContentTag::Infographics)]
    }

    fn patch(&self, _: &mut Page<Infographic>, event: &StudioEvent) -> Patch {
        stale_if_touched(self, event)
    }

    async fn fetch(self, min: Option<AsOf>) -> Fetched<Self> {
        api::list_infographics(self.0, min).await.map_err(FetchFailed::from)
    }
}

impl Query for InfographicDetail {
    type Event = StudioEvent;
    type Value = Infographic;
    type Refusal = AppError;

    const NAME: &'static str = "infographic";

    fn tags(&self) -> Vec<StudioTag> {
        vec![StudioTag::Content(ContentTag::Infographic(self.0.clone()))]
    }

    fn patch(&self, _: &mut Infographic, event: &StudioEvent) -> Patch {
        stale_if_touched(self, event)
    }

    async fn fetch(self, min: Option<AsOf>) -> Fetched<Self> {
        api::get_infographic(self.0, min).await.map_err(FetchFailed::from)
    }
}

impl Query for InfographicOf {
    type Event = StudioEvent;
    type Value = Option<Infographic>;
    type Refusal = AppError;

    const NAME: &'static str = "infographic of a document";

    fn tags(&self) -> Vec<StudioTag> {
        // Events tell of infographics, not of what they show.
        vec![StudioTag::Content(ContentTag::Infographics)]
    }

    fn patch(&self, _: &mut Option<Infographic>, event: &StudioEvent) -> Patch {
        stale_if_touched(self, event)
    }

    async fn fetch(self, min: Option<AsOf>) -> Fetched<Self> {
        api::get_document_infographic(self.0, min).await.map_err(FetchFailed::from)
    }
}

impl Query for InfographicSources {
    type Event = StudioEvent;
    type Value = Vec<InfographicSource>;
    type Refusal = AppError;

    const NAME: &'static str = "documents without infographic";

    fn tags(&self) -> Vec<StudioTag> {
        [ContentTag::Documents, ContentTag::Infographics].map(StudioTag::Content).into()
    }

    fn patch(&self, _: &mut Vec<InfographicSource>, event: &StudioEvent) -> Patch {
        stale_if_touched(self, event)
    }

    async fn fetch(self, min: Option<AsOf>) -> Fetched<Self> {
        api::list_infographic_sources(min).await.map_err(FetchFailed::from)
    }
}
