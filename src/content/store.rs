//! Content in the database.
//!
//! Owns the entities and every query on them, in SQL that SQLite and PostgreSQL share. It takes a
//! connection and never opens one, and decides nothing.

mod entity;
mod file;
mod document;
mod podcast;
mod voiceover;
mod infographic;
mod activity;

pub(super) use self::{
    activity::{activities, insert_activity},
    document::{
        DocumentFiles, Extract, delete_document, document_files, documents, find_document,
        insert_document, rename_document, set_document_failed, set_document_processing,
        set_document_ready,
    },
    file::{files, forget_files, hold_files, keep_file},
    infographic::{
        Picture, delete_infographic, find_infographic, infographic_of, infographic_sources,
        infographics, insert_infographic, picture_of, update_infographic,
    },
    podcast::{
        Sound, delete_podcast, find_podcast, insert_podcast, podcast_file, podcasts,
        podcasts_of_document, set_podcast_sound, update_podcast,
    },
    voiceover::{
        delete_voiceover, find_voiceover, insert_voiceover, sound_of_voiceover, update_voiceover,
        voiceovers,
    },
};
use crate::server::database::column::{count, from_count, from_millis, to_millis, unreadable};

/// Of a file's hash, so much tells one content from another, in hexadecimal digits.
const TAG_DIGITS: usize = 16;

/// What tells a file from the one before it.
fn tag_of(hash: &str) -> String {
    hash.chars().take(TAG_DIGITS).collect()
}
