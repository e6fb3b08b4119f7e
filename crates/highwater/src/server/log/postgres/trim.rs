//! Trimming: up to where the oldest rows go, and that those who trim take turns.
//!
//! Owns how many rows this process believes the log to have, so that they need not be counted each
//! time. It must not decide when to trim.

use std::sync::{Arc, Mutex, PoisonError};

use highwater_core::Cursor;
use sea_orm::{ConnectionTrait, DatabaseTransaction, IsolationLevel};

use super::{
    super::{
        LogError, Retention, TRIM_BATCH, Trimmed,
        sql::{self, signed, unsigned, with},
    },
    PostgresLog,
    position::Position,
    tables::NOW_MS,
};

/// The rows of the log as they were counted last. Rows settle in their order, so what has come since
/// then is behind what was counted, and to be counted by itself.
#[derive(Clone, Debug, Default)]
pub(super) struct Count(Arc<Mutex<Option<Counted>>>);

#[derive(Clone, Debug)]
struct Counted {
    /// The log's floor then. Whoever moved it since has removed rows.
    floor: Cursor,
    /// Rows of transactions before this one were counted.
    below: u64,
    /// How many there were, or more than that.
    rows: u64,
    /// Whether there were so many: others have removed none since all of them were counted.
    exact: bool,
}

impl Count {
    /// Takes it away: whoever trims beside this or fails half-way leaves nothing that is wrong.
    fn take(&self) -> Option<Counted> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    fn keep(&self, counted: Counted) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(counted);
    }
}

/// Up to which row the oldest ones go, of the `$4` that one trim removes: those from before `$1`, and
/// the first `$3`. What has not settled, from `$2` on, stays.
const GONE: &str = "SELECT xid, n FROM (
        SELECT xid, n, recorded_ms, row_number() OVER (ORDER BY xid, n) AS place
        FROM highwater_log WHERE xid < $2 ORDER BY xid, n LIMIT $4
    ) AS oldest
    WHERE recorded_ms < $1 OR place <= $3 ORDER BY xid DESC, n DESC LIMIT 1";

const RAISE: &str = "UPDATE highwater_meta SET floor_xid = $1, floor_n = $2
    WHERE (floor_xid, floor_n) < ($1, $2)";

/// Makes those who trim take turns, without a trace in any row; the number is "high" in ASCII.
const TURN: &str = "SELECT pg_advisory_xact_lock(1751607144, 1)";

impl PostgresLog {
    pub(super) async fn trim_batch(&self, keep: Retention) -> Result<Trimmed, LogError> {
        // Statement by statement: whoever waits for another one to trim sees then what is left.
        let tx = self.begin(IsolationLevel::ReadCommitted, None).await?;
        tx.execute_unprepared(TURN).await?;
        let position = Position::read(&tx).await?;
        let mut counted = count(&tx, &position, self.count.take(), keep.max_rows).await?;
        let sql = format!("SELECT {NOW_MS} AS now");
        let now = tx.query_one_raw(with(&tx, &sql, [])).await?;
        let now = now.map_or(Ok(0), |row| row.try_get::<i64>("", "now"))?;
        let oldest = now.saturating_sub(signed(keep.max_age_ms));
        let values = [
            oldest.into(),
            signed(position.xmin()).into(),
            signed(counted.rows.saturating_sub(keep.max_rows)).into(),
            TRIM_BATCH.into(),
        ];
        let mut rows = 0;
        if let Some(gone) = tx.query_one_raw(with(&tx, GONE, values)).await? {
            let upto: [i64; 2] = [gone.try_get("", "xid")?, gone.try_get("", "n")?];
            let raise = with(&tx, RAISE, upto.map(Into::into));
            tx.execute_raw(raise).await?;
            let delete = "DELETE FROM highwater_log WHERE (xid, n) <= ($1, $2)";
            let delete = with(&tx, delete, upto.map(Into::into));
            rows = tx.execute_raw(delete).await?.rows_affected();
        }
        let forget = with(&tx, sql::FORGET, [oldest.into(), TRIM_BATCH.into()]);
        let forgotten = tx.execute_raw(forget).await?.rows_affected();
        let floor = Position::read(&tx).await?.floor();
        tx.commit().await?;
        (counted.rows, counted.floor) = (counted.rows.saturating_sub(rows), floor.clone());
        self.count.keep(counted);
        Ok(Trimmed { floor, rows, more: rows.max(forgotten) >= TRIM_BATCH.into() })
    }
}

/// How many rows have settled: exactly if there are more than `most`, else at least as many as there
/// are, since others may have trimmed.
async fn count(
    tx: &DatabaseTransaction,
    position: &Position,
    last: Option<Counted>,
    most: u64,
) -> Result<Counted, LogError> {
    let (floor, below) = (position.floor(), position.xmin());
    if let Some(last) = last
        && last.floor.epoch == floor.epoch
        && last.below <= below
    {
        let rows = last.rows + rows_between(tx, last.below, below).await?;
        let exact = last.exact && last.floor == floor;
        if rows <= most || exact {
            return Ok(Counted { floor, below, rows, exact });
        }
    }
    Ok(Counted { floor, below, rows: rows_between(tx, 0, below).await?, exact: true })
}

async fn rows_between(tx: &DatabaseTransaction, from: u64, to: u64) -> Result<u64, LogError> {
    let sql = "SELECT count(*) AS rows FROM highwater_log WHERE xid >= $1 AND xid < $2";
    let values = [signed(from).into(), signed(to).into()];
    let found = tx.query_one_raw(with(tx, sql, values)).await?;
    Ok(found.map_or(Ok(0), |row| row.try_get("", "rows")).map(unsigned)?)
}
