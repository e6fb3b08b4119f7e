//! The change log: an append-only table beside the data, written in the writer's transaction.
//!
//! Owns the contract every log keeps (one test suite runs against each). It must not know events'
//! types beyond their JSON, nor who listens.

#[cfg(any(feature = "sqlite", feature = "postgres"))]
mod sql;
#[cfg(feature = "sqlite")]
mod sqlite;
#[cfg(feature = "postgres")]
mod postgres;
#[cfg(all(feature = "sqlite", feature = "postgres"))]
mod database;

use std::future::Future;

use highwater_core::{AsOf, Cursor, LiveEvent, MutationId};
use serde::{Deserialize, Serialize};

use crate::server::Audience;
#[cfg(all(feature = "sqlite", feature = "postgres"))]
pub use database::DatabaseLog;
#[cfg(feature = "postgres")]
pub use postgres::PostgresLog;
#[cfg(feature = "sqlite")]
pub use sqlite::SqliteLog;

/// The largest event or change of access that is recorded, in bytes of its JSON. It is a quarter of
/// what a client takes for one message ([`highwater_core::parser::Parser::DEFAULT_LIMIT`]): a
/// stream that repeats what its client cannot read would never get past it.
pub const MAX_EVENT_BYTES: usize = 256 * 1024;

/// One row of the log.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Its place.
    pub at: Cursor,
    /// When it was recorded, in milliseconds since the Unix epoch.
    pub recorded_ms: u64,
    /// The mutation that caused it.
    pub by: Option<MutationId>,
    /// Who caused it, as the application names its users, such as `7`. It stays on the server:
    /// no wire of the engine writes it.
    pub actor: Option<String>,
    /// What it is about: [`LiveEvent::about`].
    pub about: Option<String>,
    /// What it records.
    pub what: Recorded,
}

/// What a row records.
#[derive(Clone, Debug, PartialEq)]
pub enum Recorded {
    /// An event and who may hear it.
    Event {
        /// Its audiences.
        to: Vec<Audience>,
        /// Its JSON.
        json: String,
    },
    /// Somebody may see more or less from here on.
    Access(AccessChange),
}

/// A change of what the subscribers of one subject (a user, a session) may hear. It takes effect
/// in log order: for the rows after it, and for nothing before it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct AccessChange {
    /// Whose subscribers: one of the subjects they were subscribed with.
    pub subject: String,
    /// Audiences they join.
    pub join: Vec<Audience>,
    /// Audiences they leave.
    pub leave: Vec<Audience>,
    /// Tags they may see from now on, as the application's JSON.
    pub gained: Vec<serde_json::Value>,
    /// Tags they may no longer see, as the application's JSON.
    pub lost: Vec<serde_json::Value>,
    /// Their streams end here.
    pub end: bool,
}

/// Part of the log, read in one snapshot.
#[derive(Clone, Debug, PartialEq)]
pub struct Page {
    /// The rows after the cursor asked for, in order.
    pub rows: Vec<Row>,
    /// Every row up to here is in this page or before it.
    pub upto: Cursor,
    /// Every row there is, or that is still to come, is up to here or after it: the newest row, or
    /// where the oldest transaction under way begins.
    pub head: Cursor,
    /// Rows up to here were trimmed, or the last of them cannot be read: a writer outside the
    /// application spoilt it. A reader before it has missed some; one after it goes on, since one
    /// spoilt row must not stop the rest.
    pub floor: Cursor,
    /// For how long the first row has waited that is committed and comes after the head all the same: it
    /// waits for an older transaction to end. In milliseconds since it was recorded, by the clock of
    /// whoever dates rows. Not told of a page that asked for no rows.
    pub waiting_ms: Option<u64>,
}

impl Page {
    /// A page without rows, up to the head.
    pub fn empty(head: Cursor, floor: Cursor) -> Self {
        let (rows, upto) = (Vec::new(), head.clone());
        Self { rows, upto, head, floor, waiting_ms: None }
    }

    /// Whether a reader at `after` gets every row from this page on: the same log, nothing
    /// trimmed in between, and not from a future that this log does not know.
    pub fn continues(&self, after: &Cursor) -> bool {
        after.epoch == self.head.epoch && after.at >= self.floor.at && after.at <= self.head.at
    }
}

/// What the log still knows of one thing.
#[derive(Clone, Debug, PartialEq)]
pub struct History {
    /// Its rows, newest first.
    pub rows: Vec<Row>,
    /// Rows up to here were trimmed, whatever they were about; a new log's floor has number 0.
    pub floor: Cursor,
    /// When the oldest row of the log was recorded, in milliseconds since the Unix epoch: since
    /// then nothing is missing. `None` when the log is empty.
    pub kept_since_ms: Option<u64>,
}

/// Who causes what a transaction records.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct By {
    /// Who, as the application names its users, such as `7`; `None` for nobody in particular: an
    /// import, a job of the server's own.
    pub actor: Option<String>,
    /// The mutation, made by the client. Ids of different actors never meet, and without an actor
    /// it is not known again when it is repeated.
    pub mutation: Option<MutationId>,
}

impl By {
    /// Nobody in particular.
    pub fn nobody() -> Self {
        Self::default()
    }

    /// This user.
    pub fn actor(actor: impl Into<String>) -> Self {
        Self { actor: Some(actor.into()), mutation: None }
    }

    /// Under the mutation id that the client sent, if it sent one.
    pub fn under(self, mutation: impl Into<Option<MutationId>>) -> Self {
        Self { mutation: mutation.into(), ..self }
    }

    /// Under whose name and which id an outcome is kept.
    pub(crate) fn key(&self) -> Option<(&str, MutationId)> {
        self.actor.as_deref().zip(self.mutation)
    }
}

/// The first outcome of a mutation, kept to answer a repeat.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// The answer's JSON: what was committed, or why not.
    pub json: Result<String, String>,
    /// Its last row, or the head.
    pub cursor: Cursor,
    /// What the answer includes.
    pub as_of: AsOf,
}

/// How much of the log to keep.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retention {
    /// Rows older than this go, in milliseconds. So do outcomes, and for no other reason: keep
    /// them longer than any client may wait before it repeats a mutation. A browser gives up after
    /// six sends, but the machine that it runs on may sleep between two of them.
    pub max_age_ms: u64,
    /// At most this many rows stay.
    pub max_rows: u64,
}

/// What a trim removed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trimmed {
    /// Rows up to here are gone.
    pub floor: Cursor,
    /// How many rows were removed.
    pub rows: u64,
    /// Whether there may be more to remove.
    pub more: bool,
}

/// How many rows, and how many outcomes, one [`ChangeLog::trim`] removes at most: few enough that
/// a writer hardly waits for it.
pub const TRIM_BATCH: u32 = 500;

/// The log could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// The database failed.
    #[error("the change log's database failed")]
    Database(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The meta row or an outcome does not have the form this version writes.
    #[error("the change log holds something unreadable: {0}")]
    Unreadable(String),
    /// The database is held by somebody else for longer than was waited, the transaction lost
    /// against another one again and again, or all connections are in use. What was asked for was not
    /// done; it may be asked for again.
    #[error("the change log's database is busy")]
    Busy(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// An event is larger than what may be recorded; nothing large travels on a stream.
    #[error("an event of {bytes} bytes is larger than {MAX_EVENT_BYTES}")]
    TooLarge {
        /// How large its JSON is.
        bytes: usize,
    },
    /// The database gives no answer.
    #[error("the change log's database gives no answer")]
    Silent,
    /// The database has not caught up with what the client has seen.
    #[error("the database has not caught up with what was asked for")]
    Behind,
}

/// A change log. Applications write through [`crate::server::Live`].
pub trait ChangeLog: Clone + Send + Sync + 'static {
    /// The application's transaction.
    type Tx: Send + Sync;

    /// How many writers of one process may have a transaction open at a time; the others wait for
    /// their turn.
    fn writers(&self) -> usize {
        1
    }

    /// Begins a transaction that may write and record.
    fn begin_write(&self) -> impl Future<Output = Result<Self::Tx, LogError>> + Send;

    /// Begins a read transaction; its first query fixes the snapshot.
    fn begin_read(&self) -> impl Future<Output = Result<Self::Tx, LogError>> + Send;

    /// Ends a transaction for good.
    fn commit(tx: Self::Tx) -> impl Future<Output = Result<(), LogError>> + Send;

    /// Ends a transaction without a trace.
    fn rollback(tx: Self::Tx) -> impl Future<Output = Result<(), LogError>> + Send;

    /// Appends an event in the caller's transaction.
    fn record<E: LiveEvent>(
        tx: &Self::Tx,
        by: &By,
        to: &[Audience],
        event: &E,
    ) -> impl Future<Output = Result<Cursor, LogError>> + Send;

    /// Appends a change of access in the caller's transaction.
    fn record_access(
        tx: &Self::Tx,
        by: &By,
        change: &AccessChange,
    ) -> impl Future<Output = Result<Cursor, LogError>> + Send;

    /// Which rows the transaction's snapshot includes.
    fn stamp(tx: &Self::Tx) -> impl Future<Output = Result<AsOf, LogError>> + Send;

    /// What a write answers when it is about to commit: its last row, whoever recorded it in the
    /// transaction, a trigger too, or else the head; and its stamp.
    fn place(tx: &Self::Tx) -> impl Future<Output = Result<(Cursor, AsOf), LogError>> + Send;

    /// From here on, rows that triggers record in the transaction, or anybody else who does not say
    /// of whom they are, carry this actor and mutation; with `None`, which comes before the commit,
    /// they do not any more.
    fn attribute(
        tx: &Self::Tx,
        to: Option<&By>,
    ) -> impl Future<Output = Result<(), LogError>> + Send;

    /// The first outcome of `actor`'s mutation that was committed, if it had one.
    fn outcome(
        &self,
        actor: &str,
        id: MutationId,
    ) -> impl Future<Output = Result<Option<Outcome>, LogError>> + Send;

    /// Keeps the outcome of `actor`'s mutation, and says `true`; or `false` when there is one
    /// already. Where another transaction has one that is not to be seen yet, it may also be
    /// [`LogError::Busy`].
    fn remember(
        tx: &Self::Tx,
        actor: &str,
        id: MutationId,
        outcome: &Outcome,
    ) -> impl Future<Output = Result<bool, LogError>> + Send;

    /// At most `limit` rows after a cursor, with head and floor, in one snapshot. A cursor of
    /// another epoch gets an empty page that does not [continue](Page::continues) it.
    fn after(
        &self,
        cursor: &Cursor,
        limit: u32,
    ) -> impl Future<Output = Result<Page, LogError>> + Send;

    /// What the transaction's snapshot has of one thing: at most `limit` rows before a cursor, or
    /// else the newest, newest first. A cursor of another epoch is void.
    fn history(
        tx: &Self::Tx,
        about: &str,
        before: Option<&Cursor>,
        limit: u32,
    ) -> impl Future<Output = Result<History, LogError>> + Send;

    /// The head: see [`Page::head`].
    fn head(&self) -> impl Future<Output = Result<Cursor, LogError>> + Send;

    /// Rings when somebody else recorded something, for as long as it is polled: a log that nobody
    /// tells of it is pending for ever. Rings may be lost, so that a hub reads without them as well.
    fn listen(&self, ring: impl Fn() + Send + Sync) -> impl Future<Output = ()> + Send {
        let _ = ring;
        std::future::pending()
    }

    /// Whose transaction is the oldest under way, in words for an operator: what was committed after
    /// it began waits for it. `None` where nothing waits for others.
    fn held_back_by(&self) -> impl Future<Output = Result<Option<String>, LogError>> + Send {
        std::future::ready(Ok(None))
    }

    /// Removes the oldest of what need not be kept, [`TRIM_BATCH`] rows and outcomes at most, in a
    /// transaction of its own. The floor moves in the same one, so that no page has a gap. Numbering
    /// goes on. [`crate::server::Live::trim`] repeats it until all is removed.
    fn trim(&self, keep: Retention) -> impl Future<Output = Result<Trimmed, LogError>> + Send;
}
