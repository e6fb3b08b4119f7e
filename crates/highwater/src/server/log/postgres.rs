//! The change log on PostgreSQL: many writers at a time, so a row is ordered by its transaction, and
//! read when every older transaction has ended.
//!
//! Owns what is written to and read from the tables. A row carries the id of its top-level
//! transaction and a number; the log is what lies below the oldest id that is still under way
//! (a snapshot's `xmin`), because nothing can be committed there any more.

mod doorbell;
mod holder;
mod position;
mod tables;
mod trim;

use highwater_core::{AsOf, Cursor, LiveEvent, MutationId};
use sea_orm::{
    AccessMode, ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbErr, IsolationLevel,
    TransactionOptions, TransactionTrait,
};

use self::{
    position::{EPOCH, Position, row},
    tables::NOW_MS,
    trim::Count,
};
use super::{
    AccessChange, By, ChangeLog, History, LogError, Outcome, Page, Retention, Trimmed,
    sql::{self, Entry, columns, signed, unsigned, with},
};
use crate::server::Audience;

/// A change log in the application's own PostgreSQL database (14 or newer), on sea-orm's connection.
#[derive(Clone, Debug)]
pub struct PostgresLog {
    db: DatabaseConnection,
    count: Count,
}

/// How many writers of one process take turns. Commits that wait for the disk at the same time share
/// one flush, so more of them get more done; half of the connections that a server usually has stay for
/// those who read.
const WRITERS: usize = 8;

/// How many bytes a row's body has.
const BYTES: &str = "octet_length(body)";

impl PostgresLog {
    /// Opens the log of a database that has its tables. In a database that was restored from a dump,
    /// rows are renumbered that carry transactions of the server they come from, and the log gets another
    /// identity.
    ///
    /// # Errors
    /// [`LogError`] when they cannot be read.
    pub async fn open(db: DatabaseConnection) -> Result<Self, LogError> {
        tables::renumber_restored(&db).await?;
        Position::read(&db).await?;
        Ok(Self { db, count: Count::default() })
    }

    /// Whether a statement failed because its transaction lost against another one, because it waited
    /// for a lock for longer than it was to, or because no connection became free in time. The
    /// transaction has left nothing behind and may be tried again: say so in
    /// [`crate::Refusal::is_busy`], and [`crate::server::Live::write`] does.
    pub fn is_busy(error: &DbErr) -> bool {
        sql::is_busy(error)
    }

    async fn begin(
        &self,
        level: IsolationLevel,
        mode: Option<AccessMode>,
    ) -> Result<DatabaseTransaction, LogError> {
        begin(&self.db, level, mode).await
    }
}

/// Begins in a task of its own, which nobody cancels: a request that is given up while PostgreSQL answers
/// would leave a transaction open in a connection that is taken for free, and whoever got that next would
/// commit nothing. What begins for nobody is rolled back as it is dropped.
async fn begin(
    db: &DatabaseConnection,
    level: IsolationLevel,
    mode: Option<AccessMode>,
) -> Result<DatabaseTransaction, LogError> {
    let options = TransactionOptions {
        isolation_level: Some(level),
        access_mode: mode,
        ..Default::default()
    };
    let db = db.clone();
    let begun = tokio::spawn(async move { db.begin_with_options(options).await }).await;
    Ok(begun.map_err(|lost| LogError::Database(lost.into()))??)
}

impl ChangeLog for PostgresLog {
    type Tx = DatabaseTransaction;

    fn writers(&self) -> usize {
        WRITERS
    }

    async fn begin_write(&self) -> Result<DatabaseTransaction, LogError> {
        // What a service decides on what it read holds when it commits, as it does where there is
        // one writer; else the transaction fails, and is run again.
        self.begin(IsolationLevel::Serializable, None).await
    }

    async fn begin_read(&self) -> Result<DatabaseTransaction, LogError> {
        self.begin(IsolationLevel::RepeatableRead, Some(AccessMode::ReadOnly)).await
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
        Ok(Position::read(tx).await?.stamp())
    }

    async fn place(tx: &DatabaseTransaction) -> Result<(Cursor, AsOf), LogError> {
        // What triggers do at the end is done now: they may record as well.
        tx.execute_unprepared("SET CONSTRAINTS ALL IMMEDIATE").await?;
        let position = Position::read(tx).await?;
        Ok((position.last(), position.stamp()))
    }

    async fn attribute(tx: &DatabaseTransaction, to: Option<&By>) -> Result<(), LogError> {
        // The settings are the transaction's own, and end with it.
        let Some(By { actor, mutation }) = to.cloned() else {
            return Ok(());
        };
        let sql = "SELECT set_config('highwater.actor', COALESCE($1, ''), true),
            set_config('highwater.mutation', COALESCE($2, ''), true)";
        let values = [actor.into(), mutation.map(|id| id.to_string()).into()];
        tx.query_one_raw(with(tx, sql, values)).await?;
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
        let tx = self.begin_read().await?;
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
        let position = Position::read(tx).await?;
        let before = before.filter(|before| before.epoch == position.epoch);
        let (xid, n) = before.map_or((u64::MAX, u64::MAX), |at| (at.at.major, at.at.minor));
        let sql = format!(
            "SELECT xid, n, {} FROM highwater_log WHERE about = $1 AND (xid, n) < ($2, $3)
                ORDER BY xid DESC, n DESC LIMIT $4",
            columns(BYTES)
        );
        let values = [about.into(), signed(xid).into(), signed(n).into(), i64::from(limit).into()];
        let found = tx.query_all_raw(with(tx, &sql, values)).await?;
        let sql = "SELECT recorded_ms FROM highwater_log ORDER BY xid, n LIMIT 1";
        let oldest = tx.query_one_raw(with(tx, sql, [])).await?;
        sql::history(position.floor(), oldest, found.iter().map(|found| row(&position, found)))
    }

    async fn head(&self) -> Result<Cursor, LogError> {
        Ok(Position::read(&self.db).await?.head())
    }

    async fn listen(&self, ring: impl Fn() + Send + Sync) {
        doorbell::listen(&self.db, ring).await;
    }

    async fn held_back_by(&self) -> Result<Option<String>, LogError> {
        holder::of_oldest(&self.db).await
    }

    async fn trim(&self, keep: Retention) -> Result<Trimmed, LogError> {
        self.trim_batch(keep).await
    }
}

async fn append(tx: &DatabaseTransaction, by: &By, entry: Entry) -> Result<Cursor, LogError> {
    let sql = format!(
        "INSERT INTO highwater_log (kind, audiences, mutation, actor, about, body)
            VALUES ($1, $2, $3, $4, $5, $6) RETURNING xid, n, {EPOCH} AS epoch"
    );
    let values = [
        entry.kind.into(),
        entry.audiences.into(),
        by.mutation.map(|id| id.to_string()).into(),
        by.actor.clone().into(),
        entry.about.into(),
        entry.body.into(),
    ];
    let row = tx.query_one_raw(with(tx, &sql, values)).await?;
    let row = row.ok_or_else(|| LogError::Unreadable("a row that was not recorded".into()))?;
    let epoch: String = row.try_get("", "epoch")?;
    position::cursor(&position::epoch(&epoch)?, &row)
}

async fn page(tx: &DatabaseTransaction, after: &Cursor, limit: u32) -> Result<Page, LogError> {
    let position = Position::read(tx).await?;
    let mut page = Page::empty(position.head(), position.floor());
    if limit > 0 && position.hides_what_is_committed() {
        // By the database's own clock, as rows are dated, and found by the index.
        let sql = format!(
            "SELECT {NOW_MS} - recorded_ms AS waiting FROM highwater_log WHERE xid >= $1
                ORDER BY xid, n LIMIT 1"
        );
        let first = tx.query_one_raw(with(tx, &sql, [signed(position.xmin()).into()])).await?;
        let waiting: Option<i64> = first.map(|row| row.try_get("", "waiting")).transpose()?;
        page.waiting_ms = waiting.map(unsigned);
    }
    if !page.continues(after) {
        return Ok(page);
    }
    let sql = format!(
        "SELECT xid, n, {} FROM highwater_log WHERE (xid, n) > ($1, $2) AND xid < $3
            ORDER BY xid, n LIMIT $4",
        columns(BYTES)
    );
    let values = [
        signed(after.at.major).into(),
        signed(after.at.minor).into(),
        signed(position.xmin()).into(),
        i64::from(limit).into(),
    ];
    let found = tx.query_all_raw(with(tx, &sql, values)).await?;
    sql::fill(&mut page, after, limit, found.iter().map(|found| row(&position, found)))?;
    Ok(page)
}
