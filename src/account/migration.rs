//! The tables of the account slice.
//!
//! Owns their definition; each constraint has a name, which the store maps to a domain error. A
//! migration that was released is never edited: another one follows it.

use crate::server::database::Step;

/// Makes `users` and `sessions`.
pub const USERS_AND_SESSIONS: Step =
    Step { name: "account_0001_users_and_sessions", statements: &USERS };

/// Makes `api_tokens`, and has sessions say what signed in and when it was last used.
pub const API_TOKENS: Step = Step { name: "account_0002_api_tokens", statements: &TOKENS };

/// Makes `ended_sessions`, and has users say when they were last seen.
pub const SIGNED_OUT: Step = Step { name: "account_0003_signed_out", statements: &ENDED };

/// Times are milliseconds since the Unix epoch. A session is found by the hash of its token, so
/// that who reads the database cannot sign in with what stands there.
const USERS: [&str; 4] = [
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

/// A token's id is never given twice, because the log ends streams by it. What signed in before is
/// not known.
const TOKENS: [&str; 5] = [
    "CREATE TABLE api_tokens (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        user_id INTEGER NOT NULL
            CONSTRAINT api_tokens_user REFERENCES users (id) ON DELETE CASCADE,
        name TEXT NOT NULL,
        token_hash TEXT NOT NULL CONSTRAINT api_tokens_hash_unique UNIQUE,
        prefix TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        last_used_at INTEGER
    ) STRICT",
    "CREATE INDEX api_tokens_by_user ON api_tokens (user_id)",
    "ALTER TABLE sessions ADD COLUMN device TEXT NOT NULL DEFAULT 'A browser'",
    "ALTER TABLE sessions ADD COLUMN last_used_at INTEGER NOT NULL DEFAULT 0",
    "UPDATE sessions SET last_used_at = created_at",
];

/// A session that an admin ended keeps its reason for as long as it would have lasted, so that a
/// page that was offline meanwhile can be told.
const ENDED: [&str; 4] = [
    "CREATE TABLE ended_sessions (
        token_hash TEXT PRIMARY KEY NOT NULL,
        expires_at INTEGER NOT NULL,
        reason TEXT NOT NULL
    ) STRICT",
    "CREATE INDEX ended_sessions_by_expiry ON ended_sessions (expires_at)",
    "ALTER TABLE users ADD COLUMN last_seen_at INTEGER",
    "UPDATE users SET last_seen_at =
        (SELECT max(last_used_at) FROM sessions WHERE sessions.user_id = users.id)",
];
