//! The application's log, with as many writers at a time as a measurement wants.
//!
//! Owns that number, and counts the transactions that writers begin. All else is the log's.

use std::{
    future::Future,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
};

use highwater::{
    AsOf, Cursor, LiveEvent, MutationId,
    server::{
        AccessChange, Audience, By, ChangeLog, DatabaseLog, History, LogError, Outcome, Page,
        Retention, Trimmed,
    },
};

type Tx = <DatabaseLog as ChangeLog>::Tx;

#[derive(Clone)]
pub struct Turns {
    log: DatabaseLog,
    turns: usize,
    begun: Arc<AtomicU64>,
}

impl Turns {
    /// As many turns as the log wants, unless it is said how many.
    pub fn new(log: DatabaseLog, turns: Option<usize>) -> Self {
        let turns = turns.unwrap_or(log.writers());
        Self { log, turns, begun: Arc::default() }
    }

    /// How many transactions writers have begun, also those that were run again.
    pub fn begun(&self) -> u64 {
        self.begun.load(Relaxed)
    }
}

impl ChangeLog for Turns {
    type Tx = Tx;

    fn writers(&self) -> usize {
        self.turns
    }

    async fn begin_write(&self) -> Result<Tx, LogError> {
        self.begun.fetch_add(1, Relaxed);
        self.log.begin_write().await
    }

    async fn begin_read(&self) -> Result<Tx, LogError> {
        self.log.begin_read().await
    }

    async fn commit(tx: Tx) -> Result<(), LogError> {
        DatabaseLog::commit(tx).await
    }

    async fn rollback(tx: Tx) -> Result<(), LogError> {
        DatabaseLog::rollback(tx).await
    }

    async fn record<E: LiveEvent>(
        tx: &Tx,
        by: &By,
        to: &[Audience],
        event: &E,
    ) -> Result<Cursor, LogError> {
        DatabaseLog::record(tx, by, to, event).await
    }

    async fn record_access(tx: &Tx, by: &By, change: &AccessChange) -> Result<Cursor, LogError> {
        DatabaseLog::record_access(tx, by, change).await
    }

    async fn stamp(tx: &Tx) -> Result<AsOf, LogError> {
        DatabaseLog::stamp(tx).await
    }

    async fn place(tx: &Tx) -> Result<(Cursor, AsOf), LogError> {
        DatabaseLog::place(tx).await
    }

    async fn attribute(tx: &Tx, to: Option<&By>) -> Result<(), LogError> {
        DatabaseLog::attribute(tx, to).await
    }

    async fn outcome(&self, actor: &str, id: MutationId) -> Result<Option<Outcome>, LogError> {
        self.log.outcome(actor, id).await
    }

    async fn remember(
        tx: &Tx,
        actor: &str,
        id: MutationId,
        outcome: &Outcome,
    ) -> Result<bool, LogError> {
        DatabaseLog::remember(tx, actor, id, outcome).await
    }

    async fn after(&self, cursor: &Cursor, limit: u32) -> Result<Page, LogError> {
        self.log.after(cursor, limit).await
    }

    async fn history(
        tx: &Tx,
        about: &str,
        before: Option<&Cursor>,
        limit: u32,
    ) -> Result<History, LogError> {
        DatabaseLog::history(tx, about, before, limit).await
    }

    async fn head(&self) -> Result<Cursor, LogError> {
        self.log.head().await
    }

    fn listen(&self, ring: impl Fn() + Send + Sync) -> impl Future<Output = ()> + Send {
        self.log.listen(ring)
    }

    async fn held_back_by(&self) -> Result<Option<String>, LogError> {
        self.log.held_back_by().await
    }

    async fn trim(&self, keep: Retention) -> Result<Trimmed, LogError> {
        self.log.trim(keep).await
    }
}
