//! The table of the jobs slice.
//!
//! Owns its definition; each constraint has a name. A migration that was released is never edited:
//! another one follows it.

use crate::server::database::Step;

/// Makes `jobs`.
pub const JOBS: Step = Step { name: "jobs_0001_jobs", statements: &STATEMENTS };

/// In SQL that SQLite and PostgreSQL share. Times are milliseconds since the Unix epoch. `payload`
/// is JSON, `lease` names the claim of whoever runs the job. The indices serve one live job for a
/// target, what is due, whose lease ran out, and the lists of an owner.
const STATEMENTS: [&str; 6] = [
    "CREATE TABLE jobs (
        id TEXT NOT NULL CONSTRAINT jobs_key PRIMARY KEY,
        kind TEXT NOT NULL,
        owner BIGINT NOT NULL,
        project_id TEXT,
        target TEXT NOT NULL,
        title TEXT NOT NULL,
        link TEXT,
        payload TEXT NOT NULL,
        status TEXT NOT NULL CONSTRAINT jobs_status_known
            CHECK (status IN ('queued', 'running', 'completed', 'failed', 'cancelled')),
        attempts BIGINT NOT NULL,
        max_attempts BIGINT NOT NULL CONSTRAINT jobs_attempts_positive CHECK (max_attempts >= 1),
        run_after BIGINT NOT NULL,
        lease TEXT,
        lease_until BIGINT,
        cancel_requested BOOLEAN NOT NULL,
        error TEXT,
        progress_stage TEXT,
        progress_current BIGINT,
        progress_total BIGINT,
        progress_message TEXT,
        progress_updated_at BIGINT,
        created_at BIGINT NOT NULL,
        started_at BIGINT,
        finished_at BIGINT,
        version BIGINT NOT NULL,
        CONSTRAINT jobs_lease_while_running CHECK ((status = 'running') = (lease IS NOT NULL))
    )",
    "CREATE UNIQUE INDEX jobs_one_live_for_a_target ON jobs (target)
        WHERE status IN ('queued', 'running')",
    "CREATE INDEX jobs_by_turn ON jobs (status, run_after)",
    "CREATE INDEX jobs_by_lease ON jobs (lease)",
    "CREATE INDEX jobs_by_owner ON jobs (owner, status, finished_at)",
    "CREATE INDEX jobs_by_target ON jobs (target, created_at)",
];
