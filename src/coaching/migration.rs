//! The tables of the coaching slice.
//!
//! Owns their definition; each constraint has a name. A migration that was released is never
//! edited: another one follows it.

use sea_orm_migration::MigrationTrait;

use crate::server::database::Step;

/// The slice's migrations, in order.
pub fn migrations() -> Vec<Box<dyn MigrationTrait>> {
    vec![Box::new(Step { name: "coaching_0001_relationships", statements: &RELATIONSHIPS })]
}

/// In SQL that SQLite and PostgreSQL share. Times are milliseconds since the Unix epoch, days are
/// texts such as `2026-11-21`. A person is an account's id. A notification that was dismissed stays,
/// so that nobody is reminded of the same day twice.
const RELATIONSHIPS: [&str; 18] = [
    "CREATE TABLE coaching_relationships (
        id TEXT NOT NULL CONSTRAINT coaching_relationships_key PRIMARY KEY,
        coach_id BIGINT,
        member_id BIGINT,
        created_at BIGINT NOT NULL,
        version BIGINT NOT NULL
            CONSTRAINT coaching_relationships_version_positive CHECK (version >= 1)
    )",
    "CREATE INDEX coaching_relationships_by_coach ON coaching_relationships (coach_id)",
    "CREATE INDEX coaching_relationships_by_member ON coaching_relationships (member_id)",
    "CREATE TABLE coaching_sessions (
        id TEXT NOT NULL CONSTRAINT coaching_sessions_key PRIMARY KEY,
        coaching_relationship_id TEXT NOT NULL CONSTRAINT coaching_sessions_relationship
            REFERENCES coaching_relationships (id) ON DELETE CASCADE,
        title TEXT NOT NULL,
        scheduled_at BIGINT NOT NULL,
        status TEXT NOT NULL CONSTRAINT coaching_sessions_status_known
            CHECK (status IN ('scheduled', 'running', 'done')),
        started_at BIGINT,
        ended_at BIGINT,
        created_at BIGINT NOT NULL,
        updated_at BIGINT NOT NULL,
        version BIGINT NOT NULL
            CONSTRAINT coaching_sessions_version_positive CHECK (version >= 1)
    )",
    "CREATE INDEX coaching_sessions_by_relationship
        ON coaching_sessions (coaching_relationship_id, scheduled_at, id)",
    "CREATE TABLE coaching_notes (
        id TEXT NOT NULL CONSTRAINT coaching_notes_key PRIMARY KEY,
        coaching_session_id TEXT NOT NULL CONSTRAINT coaching_notes_session
            REFERENCES coaching_sessions (id) ON DELETE CASCADE,
        body TEXT NOT NULL,
        author_id BIGINT NOT NULL,
        created_at BIGINT NOT NULL,
        updated_at BIGINT NOT NULL,
        version BIGINT NOT NULL
            CONSTRAINT coaching_notes_version_positive CHECK (version >= 1)
    )",
    "CREATE INDEX coaching_notes_by_session
        ON coaching_notes (coaching_session_id, created_at, id)",
    "CREATE TABLE coaching_actions (
        id TEXT NOT NULL CONSTRAINT coaching_actions_key PRIMARY KEY,
        coaching_session_id TEXT NOT NULL CONSTRAINT coaching_actions_session
            REFERENCES coaching_sessions (id) ON DELETE CASCADE,
        body TEXT NOT NULL,
        assignee_id BIGINT,
        due_on TEXT,
        status TEXT NOT NULL CONSTRAINT coaching_actions_status_known
            CHECK (status IN ('not_started', 'in_progress', 'blocked', 'completed')),
        status_changed_at BIGINT NOT NULL,
        created_at BIGINT NOT NULL,
        updated_at BIGINT NOT NULL,
        version BIGINT NOT NULL
            CONSTRAINT coaching_actions_version_positive CHECK (version >= 1)
    )",
    "CREATE INDEX coaching_actions_by_session
        ON coaching_actions (coaching_session_id, created_at, id)",
    "CREATE INDEX coaching_actions_by_day ON coaching_actions (due_on)",
    "CREATE TABLE coaching_agreements (
        id TEXT NOT NULL CONSTRAINT coaching_agreements_key PRIMARY KEY,
        coaching_relationship_id TEXT NOT NULL CONSTRAINT coaching_agreements_relationship
            REFERENCES coaching_relationships (id) ON DELETE CASCADE,
        body TEXT NOT NULL,
        created_at BIGINT NOT NULL,
        updated_at BIGINT NOT NULL,
        version BIGINT NOT NULL
            CONSTRAINT coaching_agreements_version_positive CHECK (version >= 1)
    )",
    "CREATE INDEX coaching_agreements_by_relationship
        ON coaching_agreements (coaching_relationship_id, created_at, id)",
    "CREATE TABLE coaching_goals (
        id TEXT NOT NULL CONSTRAINT coaching_goals_key PRIMARY KEY,
        coaching_relationship_id TEXT NOT NULL CONSTRAINT coaching_goals_relationship
            REFERENCES coaching_relationships (id) ON DELETE CASCADE,
        title TEXT NOT NULL,
        progress BIGINT NOT NULL CONSTRAINT coaching_goals_progress_percent
            CHECK (progress BETWEEN 0 AND 100),
        status TEXT NOT NULL CONSTRAINT coaching_goals_status_known
            CHECK (status IN ('in_progress', 'on_hold', 'completed')),
        created_at BIGINT NOT NULL,
        updated_at BIGINT NOT NULL,
        version BIGINT NOT NULL
            CONSTRAINT coaching_goals_version_positive CHECK (version >= 1)
    )",
    "CREATE INDEX coaching_goals_by_relationship
        ON coaching_goals (coaching_relationship_id, created_at, id)",
    "CREATE TABLE coaching_goal_points (
        goal_id TEXT NOT NULL CONSTRAINT coaching_goal_points_goal
            REFERENCES coaching_goals (id) ON DELETE CASCADE,
        version BIGINT NOT NULL,
        at BIGINT NOT NULL,
        progress BIGINT NOT NULL CONSTRAINT coaching_goal_points_progress_percent
            CHECK (progress BETWEEN 0 AND 100),
        CONSTRAINT coaching_goal_points_key PRIMARY KEY (goal_id, version)
    )",
    "CREATE TABLE coaching_notifications (
        id TEXT NOT NULL CONSTRAINT coaching_notifications_key PRIMARY KEY,
        owner_id BIGINT NOT NULL,
        kind TEXT NOT NULL CONSTRAINT coaching_notifications_kind_known
            CHECK (kind IN ('assigned', 'due_tomorrow', 'session_started')),
        subject TEXT NOT NULL,
        by_name TEXT,
        action_id TEXT CONSTRAINT coaching_notifications_action
            REFERENCES coaching_actions (id) ON DELETE CASCADE,
        due_on TEXT,
        coaching_relationship_id TEXT NOT NULL,
        coaching_session_id TEXT NOT NULL CONSTRAINT coaching_notifications_session
            REFERENCES coaching_sessions (id) ON DELETE CASCADE,
        created_at BIGINT NOT NULL,
        dismissed BOOLEAN NOT NULL
    )",
    "CREATE INDEX coaching_notifications_by_owner
        ON coaching_notifications (owner_id, dismissed, created_at, id)",
    "CREATE UNIQUE INDEX coaching_notifications_due_once
        ON coaching_notifications (action_id, due_on, owner_id) WHERE kind = 'due_tomorrow'",
];
