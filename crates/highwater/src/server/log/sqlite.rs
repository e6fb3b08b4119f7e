//! The change log on SQLite: one writer at a time, so the row's number is the order.
//!
//! Owns what is written to and read from the tables. Head and floor live in the meta row, so that
//! trimming everything never restarts the numbering.

mod tables;

use highwater_core::{AsOf, Cursor, Epoch, LiveEvent, MutationId};
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbErr, QueryResult,
    SqliteTransactionMode, TransactionOptions, TransactionTrait,
};

use self::tables::NOW_MS;
use super::{
    AccessChange, By, ChangeLog, History, LogError, Outcome, Page, Retention, Row, TRIM_BATCH,
    Trimmed,
    sql::{self, Entry, columns, signed, unsigned, with},
};
use crate::server::{Audience, unix_ms};

/// A change log in the application's own SQLite database, on sea-orm's connection.
#[derive(Clone, Debug)]
pub struct SqliteLog {
    db: DatabaseConnection,
}

/// How many bytes a row's body has, in words that every SQLite knows.
const BYTES: &str = "length(CAST(body AS BLOB))";

struct Meta {
    epoch: Epoch,
    head: u64,
    floor: u64,
}

impl Meta {
    fn cursor(&self, number: u64) -> Cursor {
        Cursor::new(self.epoch.clone(), number, 0)
    }
}

impl SqliteLog {
    /// Opens the log of a database that has its tables.
    ///
    /// # Errors
    /// [`LogError`] when they cannot be read.
    pub async fn open(db: DatabaseConnection) -> Result<Self, LogError> {
        meta(&db).await?;
        Ok(Self { db })
    }

    /// Whether a statement failed because somebody else held the database for longer than the busy
    /// timeout, or because no connection became free in time. It was not executed, and may be
    /// tried again. For an application's own statements; the engine's answer [`LogError::Busy`].
    pub fn is_busy(error: &DbErr) -> bool {
        sql::is_busy(error)
    }
}

impl ChangeLog for SqliteLog {
    type Tx = DatabaseTransaction;

    async fn begin_write(&self) -> Result<DatabaseTransaction, LogError> {
        // IMMEDIATE takes the write lock now, so that a transaction which reads before it writes
        // cannot fail half-way because another one wrote in between.
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..Default::default()
        };
        Ok(self.db.begin_with_options(options).await?)
    }

    async fn begin_read(&self) -> Result<DatabaseTransaction, LogError> {
        Ok(self.db.begin().await?)
    }

    async fn commit(tx: DatabaseTransaction) -> Result<(), LogError> {
        Ok(tx.commit().await?)
    }

    async fn rollback(tx: DatabaseTransaction) -> Result<(), LogError> {
        Ok(tx.rollback().await?)
    }

    async fn record<E: LiveEvent>(
        tx: &DatabaseTransaction,
        by: &By,
        to: &[Audience],
        event: &E,
    ) -> Result<Cursor, LogError> {
        append(tx, by, Entry::event(to, event)?).await
    }

    async fn record_access(
        tx: &DatabaseTransaction,
        by: &By,
        change: &AccessChange,
    ) -> Result<Cursor, LogError> {
        append(tx, by, Entry::access(change)?).await
    }

    async fn stamp(tx: &DatabaseTransaction) -> Result<AsOf, LogError> {
        let meta = meta(tx).await?;
        Ok(AsOf::upto(&meta.cursor(meta.head)))
    }

    async fn place(tx: &DatabaseTransaction) -> Result<(Cursor, AsOf), LogError> {
        let meta = meta(tx).await?;
        let head = meta.cursor(meta.head);
        let as_of = AsOf::upto(&head);
        Ok((head, as_of))
    }

    async fn attribute(tx: &DatabaseTransaction, to: Option<&By>) -> Result<(), LogError> {
        let By { actor, mutation } = to.cloned().unwrap_or_default();
        let sql = "UPDATE highwater_meta SET actor = $1, mutation = $2 WHERE id = 1";
        let values = [actor.into(), mutation.map(|id| id.to_string()).into()];
        tx.execute_raw(with(tx, sql, values)).await?;
        Ok(())
    }

    async fn outcome(&self, actor: &str, id: MutationId) -> Result<Option<Outcome>, LogError> {
        sql::first(&self.db, actor, id).await
    }

    async fn remember(
        tx: &DatabaseTransaction,
        actor: &str,
        id: MutationId,
        outcome: &Outcome,
    ) -> Result<bool, LogError> {
        sql::keep_first(tx, NOW_MS, actor, id, outcome).await
    }

    async fn after(&self, cursor: &Cursor, limit: u32) -> Result<Page, LogError> {
        let tx = self.db.begin().await?;
        let page = page(&tx, cursor, limit).await;
        tx.rollback().await?;
        page
    }

    async fn history(
        tx: &DatabaseTransaction,
        about: &str,
        before: Option<&Cursor>,
        limit: u32,
    ) -> Result<History, LogError> {
        let meta = meta(tx).await?;
        let before = before.filter(|before| before.epoch == meta.epoch);
        let before = before.map_or(i64::MAX, |before| signed(before.at.major));
        let sql = format!(
            "SELECT id, {} FROM highwater_log WHERE about = $1 AND id < $2
                ORDER BY id DESC LIMIT $3",
            columns(BYTES)
        );
        let values = [about.into(), before.into(), i64::from(limit).into()];
        let found = tx.query_all_raw(with(tx, &sql, values)).await?;
        let sql = "SELECT recorded_ms FROM highwater_log ORDER BY id LIMIT 1";
        let oldest = tx.query_one_raw(with(tx, sql, [])).await?;
        sql::history(meta.cursor(meta.floor), oldest, found.iter().map(|found| row(&meta, found)))
    }

    async fn head(&self) -> Result<Cursor, LogError> {
        let meta = meta(&self.db).await?;
        Ok(meta.cursor(meta.head))
    }

    async fn trim(&self, keep: Retention) -> Result<Trimmed, LogError> {
        let oldest = signed(unix_ms().saturating_sub(keep.max_age_ms));
        // Looking takes no lock: mostly there is nothing to do, and no writer is to wait for that.
        let look = self.db.begin().await?;
        let found = meta(&look).await?;
        let surplus = surplus(&look, &found, keep.max_rows).await?;
        let values = [oldest.into(), surplus.into(), TRIM_BATCH.into()];
        let old = look.query_one_raw(with(&look, OLD, values)).await?;
        look.rollback().await?;
        let old = old.ok_or_else(|| LogError::Unreadable("nothing counts the log".into()))?;
        let (gone, outcomes): (i64, bool) = (old.try_get("", "gone")?, old.try_get("", "old")?);
        let mut trimmed = Trimmed { floor: found.cursor(found.floor), rows: 0, more: false };
        if unsigned(gone) <= found.floor && !outcomes {
            return Ok(trimmed);
        }
        let tx = self.begin_write().await?;
        let delete = with(&tx, "DELETE FROM highwater_log WHERE id <= $1", [gone.into()]);
        trimmed.rows = tx.execute_raw(delete).await?.rows_affected();
        let raise = "UPDATE highwater_meta SET floor = MAX(floor, $1) WHERE id = 1";
        tx.execute_raw(with(&tx, raise, [gone.into()])).await?;
        let forget = with(&tx, sql::FORGET, [oldest.into(), TRIM_BATCH.into()]);
        let forgotten = tx.execute_raw(forget).await?.rows_affected();
        let found = meta(&tx).await?;
        trimmed.floor = found.cursor(found.floor);
        trimmed.more = trimmed.rows.max(forgotten) >= TRIM_BATCH.into();
        tx.commit().await?;
        Ok(trimmed)
    }
}

/// Up to which row the oldest ones go, of as many as one trim removes, and whether outcomes do.
const OLD: &str = "SELECT
    (SELECT COALESCE(MAX(id), 0)
        FROM (SELECT id, recorded_ms < $1 OR id <= $2 AS gone FROM highwater_log
            ORDER BY id LIMIT $3)
        WHERE gone) AS gone,
    EXISTS (SELECT 1 FROM highwater_outcomes WHERE recorded_ms < $1) AS old";

/// The newest row of those that are not among the newest `max_rows`, or 0. Numbers have gaps, where
/// triggers replace rows by newer ones, so they say only that there may be one; then it is looked for.
async fn surplus(tx: &DatabaseTransaction, meta: &Meta, max_rows: u64) -> Result<i64, LogError> {
    let oldest = "SELECT id FROM highwater_log ORDER BY id LIMIT 1";
    let oldest = tx.query_one_raw(with(tx, oldest, [])).await?;
    let oldest: Option<i64> = oldest.map(|row| row.try_get("", "id")).transpose()?;
    if oldest.is_none_or(|oldest| (meta.head + 1).saturating_sub(unsigned(oldest)) <= max_rows) {
        return Ok(0);
    }
    let newest = "SELECT id FROM highwater_log ORDER BY id DESC LIMIT 1 OFFSET $1";
    let newest = tx.query_one_raw(with(tx, newest, [signed(max_rows).into()])).await?;
    Ok(newest.map(|row| row.try_get("", "id")).transpose()?.unwrap_or(0))
}

async fn meta(conn: &impl ConnectionTrait) -> Result<Meta, LogError> {
    let sql = "SELECT epoch, head, floor FROM highwater_meta";
    let row = conn.query_one_raw(with(conn, sql, [])).await?;
    let row = row.ok_or_else(|| LogError::Unreadable("the meta row is missing".into()))?;
    let epoch: String = row.try_get("", "epoch")?;
    Ok(Meta {
        epoch: Epoch::new(&epoch).map_err(|error| sql::unreadable("the meta row", &error))?,
        head: unsigned(row.try_get("", "head")?),
        floor: unsigned(row.try_get("", "floor")?),
    })
}

async fn append(tx: &DatabaseTransaction, by: &By, entry: Entry) -> Result<Cursor, LogError> {
    let sql = "INSERT INTO highwater_log
        (recorded_ms, kind, audiences, mutation, actor, about, body)
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
    let values = [
        signed(unix_ms()).into(),
        entry.kind.into(),
        entry.audiences.into(),
        by.mutation.map(|id| id.to_string()).into(),
        by.actor.clone().into(),
        entry.about.into(),
        entry.body.into(),
    ];
    tx.execute_raw(with(tx, sql, values)).await?;
    let meta = meta(tx).await?;
    Ok(meta.cursor(meta.head))
}

async fn page(tx: &DatabaseTransaction, after: &Cursor, limit: u32) -> Result<Page, LogError> {
    let meta = meta(tx).await?;
    let (head, floor) = (meta.cursor(meta.head), meta.cursor(meta.floor));
    let mut page = Page::empty(head, floor);
    if !page.continues(after) {
        return Ok(page);
    }
    let sql = format!(
        "SELECT id, {} FROM highwater_log WHERE id > $1 ORDER BY id LIMIT $2",
        columns(BYTES)
    );
    let values = [signed(after.at.major).into(), i64::from(limit).into()];
    let found = tx.query_all_raw(with(tx, &sql, values)).await?;
    sql::fill(&mut page, after, limit, found.iter().map(|found| row(&meta, found)))?;
    Ok(page)
}

/// A row of the log, or the place of one that cannot be read.
fn row(meta: &Meta, found: &QueryResult) -> Result<Result<Row, Cursor>, LogError> {
    sql::read(meta.cursor(unsigned(found.try_get("", "id")?)), found)
}
