//! The queries of voiceovers.

use highwater::{AsOf, FetchFailed, Fetched, Patch, Query};

use super::ContentTag;
use crate::{
    content::{
        api,
        model::{Page, Voiceover, VoiceoverId, VoiceoverRow},
    },
    error::AppError,
    live::{StudioEvent, StudioTag, stale_if_touched},
};

/// A page of one's voiceovers, from 1.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct VoiceoverList(pub u32);

/// One voiceover, without its sound.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct VoiceoverDetail(pub VoiceoverId);

impl Query for VoiceoverList {
    type Event = StudioEvent;
    type Value = Page<VoiceoverRow>;
    type Refusal = AppError;

    const NAME: &'static str = "voiceovers";

    fn tags(&self) -> Vec<StudioTag> {
        vec![StudioTag::Content(ContentTag::Voiceovers)]
    }

    fn patch(&self, _: &mut Page<VoiceoverRow>, event: &StudioEvent) -> Patch {
        stale_if_touched(self, event)
    }

    async fn fetch(self, min: Option<AsOf>) -> Fetched<Self> {
        api::list_voiceovers(self.0, min).await.map_err(FetchFailed::from)
    }
}

impl Query for VoiceoverDetail {
    type Event = StudioEvent;
    type Value = Voiceover;
    type Refusal = AppError;

    const NAME: &'static str = "voiceover";

    fn tags(&self) -> Vec<StudioTag> {
        vec![StudioTag::Content(ContentTag::Voiceover(self.0.clone()))]
    }

    fn patch(&self, _: &mut Voiceover, event: &StudioEvent) -> Patch {
        stale_if_touched(self, event)
    }

    async fn fetch(self, min: Option<AsOf>) -> Fetched<Self> {
        api::get_voiceover(self.0, min).await.map_err(FetchFailed::from)
    }
}
