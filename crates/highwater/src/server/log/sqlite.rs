//! The change log on SQLite: one writer at a time, so the row's number is the order.
//!
//! Owns what is written to and read from the tables. Head and floor live in the meta row, so that
//! trimming everything never restarts the numbering.

mod failure;
mod tables;

use highwater_core::{AsOf, Cursor, Epoch, LiveEvent, MutationId};
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, QueryResult,
    SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait, Value,
};

use super::{
    AccessChange, By, ChangeLog, History, LogError, Outcome, Page, Recorded, Retention, Row,
    TRIM_BATCH, Trimmed,
};
use crate::server::{Audience, unix_ms};

/// A change log in the application's own SQLite database, on sea-orm's connection.
#[derive(Clone, Debug)]
pub struct SqliteLog {
    db: DatabaseConnection,
}

/// What a [`Row`] is read from.
const COLUMNS: &str = "id, recorded_ms, kind, audiences, mutation, actor, about, body";

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
        append(tx, "event", by, json_of(&to)?, event.about(), json_of(event)?).await
    }

    async fn record_access(
        tx: &DatabaseTransaction,
        by: &By,
        change: &AccessChange,
    ) -> Result<Cursor, LogError> {
        append(tx, "access", by, "[]".to_owned(), None, json_of(change)?).await
    }

    async fn stamp(tx: &DatabaseTransaction) -> Result<AsOf, LogError> {
        let meta = meta(tx).await?;
        Ok(AsOf::upto(&meta.cursor(meta.head)))
    }

    async fn outcome(
        tx: &DatabaseTransaction,
        actor: &str,
        id: MutationId,
    ) -> Result<Option<Outcome>, LogError> {
        let sql = "SELECT body FROM highwater_outcomes WHERE actor = ? AND mutation = ?";
        let Some(row) = tx.query_one_raw(with(sql, [actor.into(), id.to_string().into()])).await?
        else {
            return Ok(None);
        };
        let body: String = row.try_get("", "body")?;
        serde_json::from_str(&body).map(Some).map_err(|error| unreadable("an outcome", &error))
    }

    async fn remember(
        tx: &DatabaseTransaction,
        actor: &str,
        id: MutationId,
        outcome: &Outcome,
    ) -> Result<(), LogError> {
        let sql = "INSERT OR IGNORE INTO highwater_outcomes (actor, mutation, recorded_ms, body)
            VALUES (?, ?, ?, ?)";
        let values = [
            actor.into(),
            id.to_string().into(),
            signed(unix_ms()).into(),
            json_of(outcome)?.into(),
        ];
        tx.execute_raw(with(sql, values)).await?;
        Ok(())
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
            "SELECT {COLUMNS} FROM highwater_log WHERE about = ? AND id < ?
                ORDER BY id DESC LIMIT ?"
        );
        let values = [about.into(), before.into(), i64::from(limit).into()];
        let found = tx.query_all_raw(with(&sql, values)).await?;
        let rows = found.iter().map(|found| row(&meta, found)).collect::<Result<Vec<_>, _>>()?;
        let sql = "SELECT recorded_ms FROM highwater_log ORDER BY id LIMIT 1";
        let oldest = tx.query_one_raw(with(sql, [])).await?;
        let oldest: Option<i64> = oldest.map(|row| row.try_get("", "recorded_ms")).transpose()?;
        Ok(History {
            // One that a writer outside the application spoilt has nothing to tell.
            rows: rows.into_iter().filter_map(Result::ok).collect(),
            floor: meta.cursor(meta.floor),
            kept_since_ms: oldest.map(unsigned),
        })
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
        let surplus = signed(found.head.saturating_sub(keep.max_rows));
        let values = [oldest.into(), surplus.into(), TRIM_BATCH.into(), oldest.into()];
        let old = look.query_one_raw(with(OLD, values)).await?;
        look.rollback().await?;
        let old = old.ok_or_else(|| LogError::Unreadable("nothing counts the log".into()))?;
        let (gone, outcomes): (i64, bool) = (old.try_get("", "gone")?, old.try_get("", "old")?);
        let mut trimmed = Trimmed { floor: found.cursor(found.floor), rows: 0, more: false };
        if unsigned(gone) <= found.floor && !outcomes {
            return Ok(trimmed);
        }
        let tx = self.begin_write().await?;
        let delete = with("DELETE FROM highwater_log WHERE id <= ?", [gone.into()]);
        trimmed.rows = tx.execute_raw(delete).await?.rows_affected();
        let raise = "UPDATE highwater_meta SET floor = MAX(floor, ?) WHERE id = 1";
        tx.execute_raw(with(raise, [gone.into()])).await?;
        let forget = with(FORGET, [oldest.into(), TRIM_BATCH.into()]);
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
        FROM (SELECT id, recorded_ms < ? OR id <= ? AS gone FROM highwater_log ORDER BY id LIMIT ?)
        WHERE gone) AS gone,
    EXISTS (SELECT 1 FROM highwater_outcomes WHERE recorded_ms < ?) AS old";

const FORGET: &str = "DELETE FROM highwater_outcomes WHERE (actor, mutation) IN
    (SELECT actor, mutation FROM highwater_outcomes WHERE recorded_ms < ? LIMIT ?)";

async fn meta(conn: &impl ConnectionTrait) -> Result<Meta, LogError> {
    let row = conn.query_one_raw(with("SELECT epoch, head, floor FROM highwater_meta", [])).await?;
    let row = row.ok_or_else(|| LogError::Unreadable("the meta row is missing".into()))?;
    let epoch: String = row.try_get("", "epoch")?;
    Ok(Meta {
        epoch: Epoch::new(&epoch).map_err(|error| unreadable("the meta row", &error))?,
        head: unsigned(row.try_get("", "head")?),
        floor: unsigned(row.try_get("", "floor")?),
    })
}

async fn append(
    tx: &DatabaseTransaction,
    kind: &str,
    by: &By,
    audiences: String,
    about: Option<String>,
    body: String,
) -> Result<Cursor, LogError> {
    let sql = "INSERT INTO highwater_log
        (recorded_ms, kind, audiences, mutation, actor, about, body) VALUES (?, ?, ?, ?, ?, ?, ?)";
    let mutation = by.mutation.map(|id| id.to_string());
    let values = [
        signed(unix_ms()).into(),
        kind.into(),
        audiences.into(),
        mutation.into(),
        by.actor.clone().into(),
        about.into(),
        body.into(),
    ];
    tx.execute_raw(with(sql, values)).await?;
    let meta = meta(tx).await?;
    Ok(meta.cursor(meta.head))
}

async fn page(tx: &DatabaseTransaction, after: &Cursor, limit: u32) -> Result<Page, LogError> {
    let meta = meta(tx).await?;
    let (head, floor) = (meta.cursor(meta.head), meta.cursor(meta.floor));
    let mut page = Page { rows: Vec::new(), upto: head.clone(), head, floor };
    if !page.continues(after) {
        return Ok(page);
    }
    let sql = format!("SELECT {COLUMNS} FROM highwater_log WHERE id > ? ORDER BY id LIMIT ?");
    let values = [signed(after.at.major).into(), i64::from(limit).into()];
    for found in tx.query_all_raw(with(&sql, values)).await? {
        match row(&meta, &found)? {
            Ok(row) => page.rows.push(row),
            Err(spoilt) => page.floor = spoilt,
        }
    }
    if !page.continues(after) {
        page.rows.clear();
        return Ok(page);
    }
    if page.rows.len() >= usize::try_from(limit).unwrap_or(usize::MAX)
        && let Some(last) = page.rows.last()
    {
        page.upto = last.at.clone();
    }
    Ok(page)
}

/// A row of the log, or the place of one that cannot be read.
fn row(meta: &Meta, row: &QueryResult) -> Result<Result<Row, Cursor>, LogError> {
    let (kind, body): (String, String) = (row.try_get("", "kind")?, row.try_get("", "body")?);
    let audiences: String = row.try_get("", "audiences")?;
    let mutation: Option<String> = row.try_get("", "mutation")?;
    let what = match kind.as_str() {
        "event" => serde_json::from_str(&audiences).map(|to| Recorded::Event { to, json: body }),
        _ => serde_json::from_str(&body).map(Recorded::Access),
    };
    let at = meta.cursor(unsigned(row.try_get("", "id")?));
    let what = what.inspect_err(|error| tracing::error!(%at, %error, "a row is unreadable"));
    let Ok(what) = what else {
        return Ok(Err(at));
    };
    Ok(Ok(Row {
        at,
        recorded_ms: unsigned(row.try_get("", "recorded_ms")?),
        // A writer outside the application may have put anything there.
        by: mutation.and_then(|id| id.parse().ok()),
        actor: row.try_get("", "actor")?,
        about: row.try_get("", "about")?,
        what,
    }))
}

fn with<const N: usize>(sql: &str, values: [Value; N]) -> Statement {
    Statement::from_sql_and_values(DbBackend::Sqlite, sql, values)
}

fn json_of(value: &impl serde::Serialize) -> Result<String, LogError> {
    serde_json::to_string(value).map_err(|error| unreadable("what is to be written", &error))
}

/// SQLite's integers are signed; row numbers and times never reach the sign.
fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn unsigned(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}

fn unreadable(what: &str, error: &dyn std::fmt::Display) -> LogError {
    LogError::Unreadable(format!("{what}: {error}"))
}
