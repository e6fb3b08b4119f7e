//! The tables of the content slice.
//!
//! Owns their definition; each constraint has a name. A migration that was released is never
//! edited: another one follows it.

use sea_orm_migration::MigrationTrait;

use crate::server::database::Step;

/// The slice's migrations, in order.
pub fn migrations() -> Vec<Box<dyn MigrationTrait>> {
    vec![
        Box::new(Step { name: "content_0001_files_and_documents", statements: &DOCUMENTS }),
        Box::new(Step { name: "content_0002_podcasts", statements: &PODCASTS }),
        Box::new(Step { name: "content_0003_voiceovers_and_infographics", statements: &MEDIA }),
    ]
}

/// In SQL that SQLite and PostgreSQL share. Times are milliseconds since the Unix epoch. A file is
/// named by the SHA-256 of its content; what refers to one keeps it from being collected.
/// `outline` is JSON.
const DOCUMENTS: [&str; 7] = [
    "CREATE TABLE files (
        hash TEXT NOT NULL CONSTRAINT files_key PRIMARY KEY,
        bytes BIGINT NOT NULL,
        kept_at BIGINT NOT NULL
    )",
    "CREATE TABLE documents (
        id TEXT NOT NULL CONSTRAINT documents_key PRIMARY KEY,
        owner_id BIGINT NOT NULL,
        title TEXT NOT NULL,
        format TEXT NOT NULL CONSTRAINT documents_format_known CHECK (format IN ('text', 'markdown')),
        status TEXT NOT NULL
            CONSTRAINT documents_status_known CHECK (status IN ('processing', 'ready', 'failed')),
        error TEXT,
        source TEXT NOT NULL CONSTRAINT documents_source REFERENCES files (hash),
        bytes BIGINT NOT NULL,
        body TEXT CONSTRAINT documents_body REFERENCES files (hash),
        body_bytes BIGINT,
        words BIGINT,
        characters BIGINT,
        outline TEXT NOT NULL,
        right_to_left BOOLEAN NOT NULL,
        created_at BIGINT NOT NULL,
        updated_at BIGINT NOT NULL,
        version BIGINT NOT NULL CONSTRAINT documents_version_positive CHECK (version >= 1)
    )",
    "CREATE INDEX documents_by_owner ON documents (owner_id, created_at, id)",
    "CREATE INDEX documents_by_source ON documents (source)",
    "CREATE INDEX documents_by_body ON documents (body)",
    "CREATE TABLE activities (
        id TEXT NOT NULL CONSTRAINT activities_key PRIMARY KEY,
        owner_id BIGINT NOT NULL,
        activity TEXT NOT NULL,
        entity_id TEXT NOT NULL,
        title TEXT NOT NULL,
        created_at BIGINT NOT NULL
    )",
    "CREATE INDEX activities_by_owner ON activities (owner_id, created_at, id)",
];

/// `script` and `starts_ms` are JSON. A podcast outlives the documents that it was made of, and keeps
/// what they were called.
const PODCASTS: [&str; 5] = [
    "CREATE TABLE podcasts (
        id TEXT NOT NULL CONSTRAINT podcasts_key PRIMARY KEY,
        owner_id BIGINT NOT NULL,
        title TEXT NOT NULL,
        status TEXT NOT NULL CONSTRAINT podcasts_status_known CHECK (status IN
            ('draft', 'drafting', 'script_ready', 'generating_audio', 'ready', 'failed')),
        error TEXT,
        script TEXT,
        audio TEXT CONSTRAINT podcasts_audio REFERENCES files (hash),
        audio_bytes BIGINT,
        duration_ms BIGINT,
        starts_ms TEXT NOT NULL,
        created_at BIGINT NOT NULL,
        updated_at BIGINT NOT NULL,
        version BIGINT NOT NULL CONSTRAINT podcasts_version_positive CHECK (version >= 1)
    )",
    "CREATE TABLE podcast_sources (
        podcast_id TEXT NOT NULL
            CONSTRAINT podcast_sources_podcast REFERENCES podcasts (id) ON DELETE CASCADE,
        place BIGINT NOT NULL,
        document_id TEXT
            CONSTRAINT podcast_sources_document REFERENCES documents (id) ON DELETE SET NULL,
        title TEXT NOT NULL,
        CONSTRAINT podcast_sources_key PRIMARY KEY (podcast_id, place)
    )",
    "CREATE INDEX podcasts_by_owner ON podcasts (owner_id, created_at, id)",
    "CREATE INDEX podcasts_by_audio ON podcasts (audio)",
    "CREATE INDEX podcast_sources_by_document ON podcast_sources (document_id)",
];

/// A document has one infographic at most, which outlives it.
const MEDIA: [&str; 6] = [
    "CREATE TABLE voiceovers (
        id TEXT NOT NULL CONSTRAINT voiceovers_key PRIMARY KEY,
        owner_id BIGINT NOT NULL,
        title TEXT NOT NULL,
        status TEXT NOT NULL CONSTRAINT voiceovers_status_known
            CHECK (status IN ('draft', 'generating', 'ready', 'failed')),
        error TEXT,
        text TEXT NOT NULL,
        voice TEXT NOT NULL,
        rate BIGINT NOT NULL,
        audio TEXT CONSTRAINT voiceovers_audio REFERENCES files (hash),
        audio_bytes BIGINT,
        duration_ms BIGINT,
        created_at BIGINT NOT NULL,
        updated_at BIGINT NOT NULL,
        version BIGINT NOT NULL CONSTRAINT voiceovers_version_positive CHECK (version >= 1)
    )",
    "CREATE INDEX voiceovers_by_owner ON voiceovers (owner_id, created_at, id)",
    "CREATE INDEX voiceovers_by_audio ON voiceovers (audio)",
    "CREATE TABLE infographics (
        id TEXT NOT NULL CONSTRAINT infographics_key PRIMARY KEY,
        owner_id BIGINT NOT NULL,
        document_id TEXT NOT NULL CONSTRAINT infographics_document UNIQUE,
        title TEXT NOT NULL,
        status TEXT NOT NULL CONSTRAINT infographics_status_known
            CHECK (status IN ('draft', 'generating', 'ready', 'failed')),
        error TEXT,
        picture TEXT CONSTRAINT infographics_picture REFERENCES files (hash),
        picture_bytes BIGINT,
        created_at BIGINT NOT NULL,
        updated_at BIGINT NOT NULL,
        version BIGINT NOT NULL CONSTRAINT infographics_version_positive CHECK (version >= 1)
    )",
    "CREATE INDEX infographics_by_owner ON infographics (owner_id, created_at, id)",
    "CREATE INDEX infographics_by_picture ON infographics (picture)",
];
