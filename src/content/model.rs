//! What people write and have made of it, the same in the browser and on the server.
//!
//! Owns the types that travel and everything that can be decided without a database. It must not
//! know how content is stored, nor how it is made.

pub mod outline;
pub mod script;
pub mod voice;
mod id;
mod title;
mod page;
mod document;
mod podcast;
mod media;
mod voiceover;
mod infographic;
mod activity;

pub use self::{
    activity::{Activity, ActivityPage, ActivityType, Thing},
    document::{
        DOCUMENT_MAX_BYTES, Document, DocumentChange, DocumentPage, DocumentRow, DocumentStatus,
        DocumentText, Format, OUTLINE_MAX, UnknownFormat, UnknownStatus,
    },
    id::{ActivityId, DocumentId, InfographicId, PodcastId, VoiceoverId},
    infographic::{Infographic, InfographicSource, NewInfographic},
    media::{Begun, MediaFile, MediaStatus, UnknownMediaStatus},
    outline::{Direction, Heading},
    page::Page,
    podcast::{
        Generate, Generating, NewPodcast, Podcast, PodcastAudio, PodcastPage, PodcastRow,
        PodcastSource, PodcastStatus, SCRIPT_MAX_CHARS, SOURCES_MAX, ScriptEdit,
        UnknownPodcastStatus,
    },
    script::{Host, Script, Segment, Turn},
    title::{TITLE_MAX_CHARS, Title, title_of},
    voice::{Rate, Voice},
    voiceover::{
        Changed, NewVoiceover, VOICEOVER_MAX_CHARS, Voiceover, VoiceoverChange, VoiceoverRow,
    },
};
