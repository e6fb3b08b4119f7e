//! What can be done with content: documents are added, listed, read, renamed and deleted; podcasts
//! are made of them, written, spoken, edited and deleted; voiceovers and infographics are made, made
//! again and deleted; what happened is told; and who hears of it.
//!
//! Owns authorisation, the transactions and the events recorded in them. It must not know HTTP. All
//! of a user's content is found by its owner, so that somebody else's is not there.

mod document;
mod activity;
mod podcast;
mod voiceover;
mod infographic;
mod publish;

use std::sync::Arc;

use highwater::server::By;
use time::OffsetDateTime;

use super::{
    files::{FileHash, Files, Written},
    live::{ChangeType, ContentEvent, Entity},
    model::{ActivityId, ActivityType},
    store,
};
use crate::{
    account::{model::UserId, service::audience_of},
    error::AppError,
    id::random_bits,
    live::StudioEvent,
    server::state::{Live, Write},
};

pub use activity::list_activity;
pub use document::{
    DocumentFile, NewDocument, create_document, delete_document, document_file, document_text,
    get_document, has_documents, list_documents, rename_document,
};
pub(super) use document::{document_failed, document_ready, document_retried, source_of};
pub use infographic::{
    create_infographic, delete_infographic, generate_infographic, get_infographic,
    infographic_file, infographic_of_document, infographic_sources, list_infographics,
};
pub(super) use infographic::{
    infographic_made, infographic_not_made, infographic_retried, text_of_infographic,
};
pub(super) use podcast::{
    Material, material_of, podcast_made, podcast_not_made, podcast_retried, script_of,
};
pub use podcast::{
    create_podcast, delete_podcast, edit_script, generate_podcast, get_podcast, list_podcasts,
    podcast_audio,
};
pub use publish::publish;
pub use voiceover::{
    change_voiceover, create_voiceover, delete_voiceover, generate_voiceover, get_voiceover,
    list_voiceovers, voiceover_audio,
};
pub(super) use voiceover::{
    voiceover_made, voiceover_not_made, voiceover_retried, voiceover_to_speak,
};

/// Records an event for its owner.
pub(super) async fn record(
    write: &Write,
    owner: UserId,
    event: ContentEvent,
) -> Result<(), AppError> {
    write.record(&[audience_of(owner)], &StudioEvent::Content(event)).await?;
    Ok(())
}

/// Gives a file its name before anything refers to it, which has to happen within the hour.
pub(super) async fn keep(
    live: &Live,
    files: Arc<Files>,
    written: Written,
    now: OffsetDateTime,
) -> Result<FileHash, AppError> {
    let kept = live.write::<FileHash, AppError>(By::nobody(), move |write| {
        Box::pin(async move { files.keep(write.tx(), written, now).await })
    });
    Ok(kept.await?.value)
}

/// Records that a person changed something.
async fn record_change(
    write: &Write,
    owner: UserId,
    entity: Entity,
    change_type: ChangeType,
) -> Result<(), AppError> {
    record(write, owner, ContentEvent::EntityChange { entity, change_type }).await
}

/// Adds to the feed of what happened, and says so. `title` is what the thing is called now.
async fn log_activity(
    write: &Write,
    owner: UserId,
    activity_type: ActivityType,
    entity_id: &str,
    title: &str,
    now: OffsetDateTime,
) -> Result<(), AppError> {
    let id = ActivityId::of_bits(random_bits()?);
    store::insert_activity(write.tx(), &id, owner, activity_type, entity_id, title, now).await?;
    record(write, owner, ContentEvent::ActivityLogged { activity_type }).await
}

fn no_such(what: &str) -> AppError {
    AppError::NotFound { what: what.to_owned() }
}
