//! Live data: reads that are stamped, writes that are logged.
//!
//! Owns the transactions around an application's reads and writes. It must not know what they do.

mod attempts;

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
    time::Duration,
};

use futures::future::BoxFuture;
use highwater_core::{AsOf, Committed, Cursor, LiveEvent, Stamped};
use serde::{Serialize, de::DeserializeOwned};
use tokio::sync::{Semaphore, SemaphorePermit};

use self::attempts::{Attempts, Failed};
use super::{
    AccessChange, Audience, By, ChangeLog, Hub, HubSettings, LogError, MAX_EVENT_BYTES, Outcome,
    retention,
};
use crate::Refusal;

/// How long a read waits for a database that is behind what the client has seen.
const PATIENCE: Duration = Duration::from_secs(2);
/// How often it looks again.
const LOOK_AGAIN: Duration = Duration::from_millis(20);
/// How long a writer waits for those before it.
const TURN: Duration = Duration::from_secs(10);

/// The change log, the hub that tails it, and the transactions that use it. Cheap to clone.
pub struct Live<L: ChangeLog, E: LiveEvent> {
    pub(super) log: L,
    pub(super) hub: Hub<L, E>,
    /// Writers take turns before they take a connection, as many at a time as the log says, so that
    /// those who wait for each other do not hold the connections that readers need.
    pub(super) turn: Arc<Semaphore>,
}

/// An open write transaction.
pub struct Write<L: ChangeLog> {
    tx: L::Tx,
    by: By,
    /// Whether rows of triggers carry who writes, until that is taken back before the commit.
    attributed: AtomicBool,
    /// What is to be done once it is committed, in that order. Held only to add to it.
    then: Mutex<Vec<Then>>,
}

/// What is to be done after a commit.
type Then = Box<dyn FnOnce() + Send>;

impl<L: ChangeLog, E: LiveEvent> Clone for Live<L, E> {
    fn clone(&self) -> Self {
        Self { log: self.log.clone(), hub: self.hub.clone(), turn: self.turn.clone() }
    }
}

impl<L: ChangeLog, E: LiveEvent> Live<L, E> {
    /// Starts tailing the log. Call it within a Tokio runtime; it stops with the last clone.
    ///
    /// # Errors
    /// [`LogError`] when the log's head cannot be read.
    pub async fn start(log: L, settings: HubSettings<E>) -> Result<Self, LogError> {
        let hub = Hub::start(log.clone(), settings).await?;
        let turn = Arc::new(Semaphore::new(log.writers()));
        let live = Self { log, hub, turn };
        retention::keep(&live);
        Ok(live)
    }

    /// The log itself.
    pub fn log(&self) -> &L {
        &self.log
    }

    /// The hub, for stream endpoints.
    pub fn hub(&self) -> &Hub<L, E> {
        &self.hub
    }

    /// The log's head: what a page takes *before* its first query, so that its stream can open
    /// there and miss nothing.
    ///
    /// # Errors
    /// [`LogError`] when it cannot be read.
    pub async fn head(&self) -> Result<Cursor, LogError> {
        self.log.head().await
    }

    /// Reads in one snapshot. The answer includes at least `min`; `min` of another log is void.
    ///
    /// # Errors
    /// What `work` answers, or [`LogError`] when the snapshot fails or stays behind `min`.
    pub async fn read<T, R>(
        &self,
        min: Option<&AsOf>,
        work: impl for<'t> FnOnce(&'t L::Tx) -> BoxFuture<'t, Result<T, R>> + Send,
    ) -> Result<Stamped<T>, R>
    where
        R: From<LogError>,
    {
        self.hub.metrics().read(min.is_some());
        let deadline = tokio::time::Instant::now() + PATIENCE;
        loop {
            let tx = self.log.begin_read().await?;
            let as_of = L::stamp(&tx).await?;
            let met = |min: &AsOf| min.epoch() != as_of.epoch() || as_of.includes(min);
            if min.is_none_or(met) {
                let value = work(&tx).await?;
                L::rollback(tx).await?;
                return Ok(Stamped { value, as_of });
            }
            L::rollback(tx).await?;
            if tokio::time::Instant::now() >= deadline {
                return Err(LogError::Behind.into());
            }
            tokio::time::sleep(LOOK_AGAIN).await;
        }
    }

    /// Writes in one transaction, with the events that `work` records in it. An error of `work`
    /// leaves nothing behind. A mutation that was seen before is not run: its first outcome, good
    /// or bad, is answered again.
    ///
    /// Where the transaction lost against another one, `work` is run again in a new one, a few times:
    /// what it does outside of the transaction belongs in [`Write::on_commit`].
    ///
    /// `by` says who writes, and under which mutation id.
    ///
    /// # Errors
    /// What `work` answers, or [`LogError`] when the transaction fails.
    pub async fn write<T, R>(
        &self,
        by: By,
        work: impl for<'t> FnOnce(&'t Write<L>) -> BoxFuture<'t, Result<T, R>> + Clone + Send,
    ) -> Result<Committed<T>, R>
    where
        T: Serialize + DeserializeOwned,
        R: From<LogError> + Refusal,
    {
        let _turn = self.turn().await?;
        let mut attempts = Attempts::new(TURN);
        loop {
            if let Some((actor, id)) = by.key()
                && let Some(first) = self.log.outcome(actor, id).await?
            {
                return first.answer();
            }
            let failed = match self.attempt(&by, work.clone()).await {
                Ok(committed) => return Ok(committed),
                Err(Failed::ForGood(refusal)) => return Err(refusal),
                Err(Failed::ForNow(failed)) => failed,
            };
            let Some(pause) = attempts.pause() else {
                return Err(failed);
            };
            tokio::time::sleep(pause).await;
        }
    }

    async fn attempt<T, R>(
        &self,
        by: &By,
        work: impl for<'t> FnOnce(&'t Write<L>) -> BoxFuture<'t, Result<T, R>> + Send,
    ) -> Result<Committed<T>, Failed<R>>
    where
        T: Serialize + DeserializeOwned,
        R: From<LogError> + Refusal,
    {
        // Whoever waited for a connection in vain has waited long enough.
        let tx = self.log.begin_write().await.map_err(|error| Failed::ForGood(error.into()))?;
        let write = Write {
            tx,
            by: by.clone(),
            attributed: AtomicBool::new(false),
            then: Mutex::default(),
        };
        match work(&write).await {
            Ok(value) => Ok(self.commit(write, value).await?),
            Err(refusal) => {
                L::rollback(write.tx).await?;
                if refusal.is_busy() {
                    return Err(Failed::ForNow(refusal));
                }
                if refusal.is_final() {
                    self.keep_refusal(by, &refusal).await?;
                }
                Err(Failed::ForGood(refusal))
            }
        }
    }

    async fn commit<T: Serialize>(
        &self,
        write: Write<L>,
        value: T,
    ) -> Result<Committed<T>, LogError> {
        let Write { tx, by, attributed, then } = write;
        if attributed.into_inner() {
            L::attribute(&tx, None).await?;
        }
        let (cursor, as_of) = L::place(&tx).await?;
        if let Some((actor, id)) = by.key() {
            let outcome =
                Outcome { json: Ok(json(&value)?), cursor: cursor.clone(), as_of: as_of.clone() };
            if !L::remember(&tx, actor, id, &outcome).await? {
                L::rollback(tx).await?;
                return Err(done_meanwhile());
            }
        }
        L::commit(tx).await?;
        self.hub.ring();
        then.into_inner()
            .unwrap_or_else(PoisonError::into_inner)
            .into_iter()
            .for_each(|then| then());
        Ok(Committed { value, cursor, as_of })
    }

    /// Waits for the turn to write, but no longer than a request may take.
    pub(super) async fn turn(&self) -> Result<Option<SemaphorePermit<'_>>, LogError> {
        let turn = tokio::time::timeout(TURN, self.turn.acquire()).await;
        // The semaphore is never closed.
        turn.map(Result::ok).map_err(|late| LogError::Busy(late.into()))
    }

    /// Keeps a refusal that is final: a repeat that arrives late must not be accepted after its
    /// author was told no.
    async fn keep_refusal(&self, by: &By, refusal: &impl Refusal) -> Result<(), LogError> {
        let Some((actor, id)) = by.key() else {
            return Ok(());
        };
        let tx = self.log.begin_write().await?;
        let as_of = L::stamp(&tx).await?;
        let outcome = Outcome { json: Err(json(refusal)?), cursor: as_of.bound(), as_of };
        if !L::remember(&tx, actor, id, &outcome).await? {
            L::rollback(tx).await?;
            return Err(done_meanwhile());
        }
        L::commit(tx).await
    }
}

impl<L: ChangeLog> Write<L> {
    /// The application's transaction, for its own statements.
    pub fn tx(&self) -> &L::Tx {
        &self.tx
    }

    /// Has something done once the transaction is committed, such as waking what waits for it: once,
    /// and not at all if the transaction is given up. It is no part of the transaction, so it may also
    /// be lost: with the process, or when nobody can tell whether the commit was heard.
    pub fn on_commit(&self, then: impl FnOnce() + Send + 'static) {
        self.then.lock().unwrap_or_else(PoisonError::into_inner).push(Box::new(then));
    }

    /// Records an event for these audiences.
    ///
    /// # Errors
    /// [`LogError`] when the row cannot be written, or is larger than [`MAX_EVENT_BYTES`]; the
    /// transaction is then to be given up.
    pub async fn record<E: LiveEvent>(
        &self,
        to: &[Audience],
        event: &E,
    ) -> Result<Cursor, LogError> {
        fits(event)?;
        L::record(&self.tx, &self.by, to, event).await
    }

    /// Records that the subscribers of a subject may hear more or less from here on.
    ///
    /// # Errors
    /// As [`record`](Self::record).
    pub async fn record_access(&self, change: &AccessChange) -> Result<Cursor, LogError> {
        fits(change)?;
        L::record_access(&self.tx, &self.by, change).await
    }

    /// Ends the open streams of a subject, such as a session that was signed out.
    ///
    /// # Errors
    /// As [`record`](Self::record).
    pub async fn revoke(&self, subject: &str) -> Result<Cursor, LogError> {
        let change =
            AccessChange { subject: subject.to_owned(), end: true, ..AccessChange::default() };
        self.record_access(&change).await
    }

    /// From here on, what the database's triggers record in this transaction carries this write's
    /// actor and mutation id, as what [`record`](Self::record) does.
    ///
    /// # Errors
    /// [`LogError`] when that cannot be said to the database; the transaction is then to be given up.
    pub async fn attribute_triggers(&self) -> Result<(), LogError> {
        self.attributed.store(true, Relaxed);
        L::attribute(&self.tx, Some(&self.by)).await
    }
}

impl Outcome {
    fn answer<T: DeserializeOwned, R: From<LogError> + DeserializeOwned>(
        self,
    ) -> Result<Committed<T>, R> {
        match self.json {
            Ok(value) => {
                Ok(Committed { value: parse(&value)?, cursor: self.cursor, as_of: self.as_of })
            }
            Err(refusal) => Err(parse(&refusal)?),
        }
    }
}

/// Another attempt at the mutation was first: its outcome is the answer, and found by looking again.
fn done_meanwhile() -> LogError {
    LogError::Busy("the mutation was done meanwhile".into())
}

/// Whether a client could read it.
fn fits(recorded: &impl Serialize) -> Result<(), LogError> {
    match json(recorded)?.len() {
        bytes if bytes > MAX_EVENT_BYTES => Err(LogError::TooLarge { bytes }),
        _ => Ok(()),
    }
}

fn json(value: &impl Serialize) -> Result<String, LogError> {
    serde_json::to_string(value)
        .map_err(|error| LogError::Unreadable(format!("what is to be written: {error}")))
}

fn parse<T: DeserializeOwned>(json: &str) -> Result<T, LogError> {
    serde_json::from_str(json).map_err(|error| LogError::Unreadable(format!("an outcome: {error}")))
}
