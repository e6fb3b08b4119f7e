//! The tables `highwater_log`, `highwater_meta` and `highwater_outcomes`, and the triggers that go
//! with them.
//!
//! Owns their definition, and what is done to rows that came from another server. A column that was
//! released is never changed: what is new is added to it.

use sea_orm::{ConnectionTrait, DatabaseConnection, IsolationLevel};

use super::super::{LogError, sql::with};
use super::{PostgresLog, begin};

/// What the database's clock says, in milliseconds since the Unix epoch. It dates rows and outcomes, so
/// it says how old they are as well: the clocks of those who write and read may differ from it.
pub(super) const NOW_MS: &str = "floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint";

/// The tables; each statement may run again on a database that has them. Any program may insert
/// `kind`, `audiences` and `body`, and triggers may: the rest follows by itself. `xid` is the
/// transaction's id also within a savepoint.
const TABLES: [&str; 7] = [
    "CREATE TABLE IF NOT EXISTS highwater_log (
        xid bigint NOT NULL DEFAULT pg_current_xact_id()::text::bigint,
        n bigint GENERATED ALWAYS AS IDENTITY,
        recorded_ms bigint NOT NULL
            DEFAULT floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint,
        kind text NOT NULL CONSTRAINT highwater_log_kind CHECK (kind IN ('event', 'access')),
        audiences text NOT NULL DEFAULT '[]',
        mutation text DEFAULT NULLIF(current_setting('highwater.mutation', true), ''),
        actor text DEFAULT NULLIF(current_setting('highwater.actor', true), ''),
        about text,
        body text NOT NULL,
        PRIMARY KEY (xid, n)
    )",
    "CREATE TABLE IF NOT EXISTS highwater_meta (
        single boolean PRIMARY KEY DEFAULT true
            CONSTRAINT highwater_meta_single CHECK (single),
        id text NOT NULL DEFAULT left(replace(gen_random_uuid()::text, '-', ''), 16),
        floor_xid bigint NOT NULL DEFAULT 0,
        floor_n bigint NOT NULL DEFAULT 0
    )",
    "CREATE TABLE IF NOT EXISTS highwater_outcomes (
        actor text NOT NULL,
        mutation text NOT NULL,
        recorded_ms bigint NOT NULL,
        body text NOT NULL,
        PRIMARY KEY (actor, mutation)
    )",
    "INSERT INTO highwater_meta DEFAULT VALUES ON CONFLICT DO NOTHING",
    // For histories, which rows about nothing are not in.
    "CREATE INDEX IF NOT EXISTS highwater_log_by_about
        ON highwater_log (about, xid, n) WHERE about IS NOT NULL",
    "CREATE INDEX IF NOT EXISTS highwater_outcomes_by_age ON highwater_outcomes (recorded_ms)",
    // Changes of access are few among events.
    "CREATE INDEX IF NOT EXISTS highwater_log_of_access ON highwater_log (xid) WHERE kind = 'access'",
];

/// What follows each row: the transaction knows the last one that was recorded in it, and forgets it
/// where a savepoint is rolled back. The first one rings. `NOTIFY` makes those who commit queue behind
/// each other, so only one transaction at a time does (the number of its lock is "high" in ASCII), and
/// the others leave it at that: they commit soon after, and hubs look again. `SET LOCAL
/// highwater.ring = off` rings not at all, for a transaction that is to be prepared: one that rang
/// cannot be.
///
/// What others have heard must be there after a crash, so nobody records without waiting for the disk.
/// For the disk of this server: a standby that takes over is another log, so whoever chose not to wait
/// is not made to wait for one, which may be away.
const TRIGGER: [&str; 2] = [
    "CREATE OR REPLACE FUNCTION highwater_recorded() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF COALESCE(current_setting('highwater.recorded', true), '') = ''
                AND current_setting('highwater.ring', true) IS DISTINCT FROM 'off'
                AND pg_try_advisory_xact_lock(1751607144, 0)
            THEN
                PERFORM pg_notify('highwater', '');
            END IF;
            IF current_setting('synchronous_commit') = 'off' THEN
                PERFORM set_config('synchronous_commit', 'local', true);
            END IF;
            PERFORM set_config('highwater.recorded', NEW.n::text, true);
            RETURN NULL;
        END
    $$",
    "CREATE OR REPLACE TRIGGER highwater_recorded AFTER INSERT ON highwater_log
        FOR EACH ROW EXECUTE FUNCTION highwater_recorded()",
];

/// The log has transactions in the order in which they began to write, and what somebody may hear ends
/// as the last change of it says. Under READ COMMITTED, as `psql` and most programs have it, one that
/// began earlier may see what a later one did, and undo it: in the log, the undoing would come first.
/// Such a change of access is refused, as one that lost against another; it succeeds in a transaction
/// that begins now. A serializable transaction sees nothing of those that began later, and must not
/// look, since it would lose against whoever records a change of access.
///
/// Whoever may only insert is checked all the same, so the function has the rights of its owner; all
/// that it finds by name is its own log's schema, and nobody else makes it a trigger of theirs. Rows
/// that are restored come in any order, and bring their transaction.
const ACCESS: [&str; 3] = [
    "CREATE OR REPLACE FUNCTION highwater_access() RETURNS trigger
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
        DECLARE
            later text;
            same boolean;
        BEGIN
            IF NEW.xid <> pg_current_xact_id()::text::bigint
                OR current_setting('transaction_isolation') = 'serializable'
            THEN
                RETURN NULL;
            END IF;
            FOR later IN
                SELECT body FROM {schema}.highwater_log WHERE kind = 'access' AND xid > NEW.xid
            LOOP
                BEGIN
                    same := later::json ->> 'subject' = NEW.body::json ->> 'subject';
                EXCEPTION WHEN data_exception THEN
                    same := false;
                END;
                IF same THEN
                    RAISE EXCEPTION 'the access was changed by a later transaction: run this again'
                        USING ERRCODE = 'serialization_failure';
                END IF;
            END LOOP;
            RETURN NULL;
        END
    $$",
    "REVOKE ALL ON FUNCTION highwater_access() FROM PUBLIC",
    "CREATE OR REPLACE TRIGGER highwater_access AFTER INSERT ON highwater_log
        FOR EACH ROW WHEN (NEW.kind = 'access') EXECUTE FUNCTION highwater_access()",
];

/// Whether rows came with a dump: committed ones of a transaction that has not begun on this server.
const IS_RESTORED: &str = "SELECT EXISTS (SELECT 1 FROM highwater_log
        WHERE xid >= pg_snapshot_xmax(pg_current_snapshot())::text::bigint)
    OR floor_xid >= pg_snapshot_xmax(pg_current_snapshot())::text::bigint AS restored
    FROM highwater_meta";

/// Whoever opens the log beside this waits.
const ALONE: &str = "SELECT 1 FROM highwater_meta FOR UPDATE";

/// Rows of a dump would be read when this server gets to their transactions, and its new ones before
/// them; so they are put first, in the order in which they were recorded. No transaction has the number
/// 1: PostgreSQL's begin at 3. Whoever had heard of this log before knows none of these places, so it
/// becomes another one.
const RENUMBER: [&str; 2] = [
    "UPDATE highwater_log SET xid = 1 WHERE EXISTS (SELECT 1 FROM highwater_log
        WHERE xid >= pg_snapshot_xmax(pg_current_snapshot())::text::bigint)",
    "UPDATE highwater_meta SET id = DEFAULT, (floor_xid, floor_n) = (SELECT
        CASE WHEN floor_xid >= xmax THEN 1 ELSE floor_xid END,
        CASE WHEN floor_xid >= xmax THEN 0 ELSE floor_n END
        FROM (SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint AS xmax) AS snapshot)",
];

impl PostgresLog {
    /// Makes the log's tables where they are missing, and adds to those of an older version what
    /// they lack. Call it from the application's first migration, and from another one whenever a
    /// newer version of the engine says so in its change log; what is up to date stays as it is.
    ///
    /// # Errors
    /// [`LogError::Database`] when a statement fails.
    pub async fn create_tables(conn: &impl ConnectionTrait) -> Result<(), LogError> {
        for statement in TABLES.into_iter().chain(TRIGGER) {
            conn.execute_unprepared(statement).await?;
        }
        let sql = "SELECT relnamespace::regnamespace::text AS schema FROM pg_class
            WHERE oid = 'highwater_log'::regclass";
        let found = conn.query_one_raw(with(conn, sql, [])).await?;
        let found = found.ok_or_else(|| LogError::Unreadable("the log has no schema".into()))?;
        let schema: String = found.try_get("", "schema")?;
        for statement in ACCESS {
            conn.execute_unprepared(&statement.replace("{schema}", &schema)).await?;
        }
        Ok(())
    }
}

/// Makes rows that came with a dump the oldest of this log, all or none.
pub(super) async fn renumber_restored(db: &DatabaseConnection) -> Result<(), LogError> {
    if !is_restored(db).await? {
        return Ok(());
    }
    let tx = begin(db, IsolationLevel::ReadCommitted, None).await?;
    tx.query_one_raw(with(&tx, ALONE, [])).await?;
    if is_restored(&tx).await? {
        for statement in RENUMBER {
            tx.execute_unprepared(statement).await?;
        }
    }
    Ok(tx.commit().await?)
}

async fn is_restored(conn: &impl ConnectionTrait) -> Result<bool, LogError> {
    let found = conn.query_one_raw(with(conn, IS_RESTORED, [])).await?;
    Ok(found.map_or(Ok(false), |found| found.try_get("", "restored"))?)
}
