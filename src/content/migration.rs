//! The tables of the content slice.
//!
//! Owns their definition; each constraint has a name. A migration that was released is never
//! edited: another one follows it.

use sea_orm_migration::prelude::*;

/// The slice's migrations, in order.
pub fn migrations() -> Vec<Box<dyn MigrationTrait>> {
    vec![Box::new(Step { name: "content_0001_files_and_documents", statements: &DOCUMENTS })]
}

/// Statements that are run together or not at all.
struct Step {
    name: &'static str,
    statements: &'static [&'static str],
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

impl MigrationName for Step {
    fn name(&self) -> &str {
        self.name
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for statement in self.statements {
            manager.get_connection().execute_unprepared(statement).await?;
        }
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
