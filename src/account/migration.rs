//! The tables of the account slice.
//!
//! Owns their definition; each constraint has a name, which the store maps to a domain error. A
//! migration that was released is never edited: another one follows it.

use sea_orm_migration::prelude::*;

/// Makes `users` and `sessions`.
pub struct Migration;

/// Times are milliseconds since the Unix epoch. A session is found by the hash of its token, so
/// that who reads the database cannot sign in with what stands there.
const TABLES: [&str; 4] = [
    "CREATE TABLE users (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        email TEXT NOT NULL
            CONSTRAINT users_email_unique UNIQUE
            CONSTRAINT users_email_lower CHECK (email = lower(email)),
        name TEXT NOT NULL,
        role TEXT NOT NULL
            CONSTRAINT users_role_known CHECK (role IN ('staff', 'coach', 'member', 'admin')),
        password_hash TEXT NOT NULL,
        created_at INTEGER NOT NULL
    ) STRICT",
    "CREATE TABLE sessions (
        token_hash TEXT PRIMARY KEY NOT NULL,
        user_id INTEGER NOT NULL
            CONSTRAINT sessions_user REFERENCES users (id) ON DELETE CASCADE,
        created_at INTEGER NOT NULL,
        expires_at INTEGER NOT NULL
    ) STRICT",
    "CREATE INDEX sessions_by_user ON sessions (user_id)",
    "CREATE INDEX sessions_by_expiry ON sessions (expires_at)",
];

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "account_0001_users_and_sessions"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for statement in TABLES {
            manager.get_connection().execute_unprepared(statement).await?;
        }
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
