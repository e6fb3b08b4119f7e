//! A change log in memory: one writer at a time, snapshots for readers, and failures on demand.
//!
//! Owns nothing that the trait does not ask for, except its switches. It passes the contract suite,
//! so what a hub does on it holds on the others, and time may be paused around it.

use std::{
    collections::{HashMap, hash_map::Entry},
    sync::{
        Arc, Mutex, MutexGuard,
        atomic::{AtomicU32, Ordering},
    },
    time::{SystemTime, UNIX_EPOCH},
};

use highwater::{
    AsOf, Cursor, Epoch, LiveEvent, MutationId,
    server::{
        AccessChange, Audience, By, ChangeLog, History, LogError, Outcome, Page, Recorded,
        Retention, Row, TRIM_BATCH, Trimmed,
    },
};
use tokio::sync::{Mutex as WriterLock, OwnedMutexGuard};

/// What one database holds.
#[derive(Clone)]
pub struct Book {
    pub epoch: Epoch,
    pub rows: Vec<Row>,
    pub head: u64,
    pub floor: u64,
    outcomes: HashMap<(String, MutationId), (u64, Outcome)>,
    /// The application's own data.
    pub words: Vec<String>,
}

/// How the log answers.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Mood {
    Well,
    /// Reads fail.
    Failing,
    /// Reads are never answered.
    Silent,
}

#[derive(Clone)]
pub struct FakeLog {
    book: Arc<Mutex<Book>>,
    writer: Arc<WriterLock<()>>,
    mood: Arc<Mutex<Mood>>,
    /// How many writers it says to have.
    writers: usize,
    /// How often it was read.
    reads: Arc<AtomicU32>,
}

/// A copy of the book; a writer's replaces it.
pub struct FakeTx {
    log: FakeLog,
    copy: Mutex<Book>,
    writer: Option<OwnedMutexGuard<()>>,
}

pub fn now_ms() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis().try_into().unwrap()
}

impl FakeLog {
    pub fn new() -> Self {
        let book = Book {
            epoch: Epoch::new("fake-1").unwrap(),
            rows: Vec::new(),
            head: 0,
            floor: 0,
            outcomes: HashMap::new(),
            words: Vec::new(),
        };
        Self {
            book: Arc::new(Mutex::new(book)),
            writer: Arc::default(),
            mood: Arc::new(Mutex::new(Mood::Well)),
            writers: 1,
            reads: Arc::default(),
        }
    }

    /// One that says to have many writers, though it has one.
    pub fn with_writers(writers: usize) -> Self {
        Self { writers, ..Self::new() }
    }

    /// How often it was read, in vain too.
    pub fn reads(&self) -> u32 {
        self.reads.load(Ordering::Relaxed)
    }

    /// The book itself, for a test to change behind everybody's back.
    pub fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap()
    }

    pub fn set(&self, mood: Mood) {
        *self.mood.lock().unwrap() = mood;
    }

    /// Whether anybody else holds this log.
    pub fn is_held_elsewhere(&self) -> bool {
        Arc::strong_count(&self.book) > 1
    }

    async fn asked(&self) -> Result<(), LogError> {
        self.reads.fetch_add(1, Ordering::Relaxed);
        let mood = *self.mood.lock().unwrap();
        match mood {
            Mood::Well => Ok(()),
            Mood::Failing => Err(LogError::Database("out of order".into())),
            Mood::Silent => std::future::pending().await,
        }
    }
}

impl FakeTx {
    pub fn copy(&self) -> MutexGuard<'_, Book> {
        self.copy.lock().unwrap()
    }
}

impl Book {
    pub fn cursor(&self, number: u64) -> Cursor {
        Cursor::new(self.epoch.clone(), number, 0)
    }

    /// A row that nobody in particular wrote, about nothing in particular.
    pub fn append(&mut self, what: Recorded) -> Cursor {
        self.push(By::nobody(), None, what)
    }

    fn push(&mut self, by: By, about: Option<String>, what: Recorded) -> Cursor {
        self.head += 1;
        let at = self.cursor(self.head);
        let By { actor, mutation } = by;
        let recorded_ms = now_ms();
        self.rows.push(Row { at: at.clone(), recorded_ms, by: mutation, actor, about, what });
        at
    }

    /// Makes everything one hour old.
    pub fn age(&mut self) {
        let kept = self.outcomes.values_mut().map(|(kept_ms, _)| kept_ms);
        for recorded_ms in self.rows.iter_mut().map(|row| &mut row.recorded_ms).chain(kept) {
            *recorded_ms -= 3_600_000;
        }
    }

    fn page(&self, after: &Cursor, limit: u32) -> Page {
        let (head, floor) = (self.cursor(self.head), self.cursor(self.floor));
        let mut page = Page::empty(head, floor);
        if !page.continues(after) {
            return page;
        }
        let limit = usize::try_from(limit).unwrap();
        let rows = self.rows.iter().filter(|row| row.at.at > after.at);
        page.rows = rows.take(limit).cloned().collect();
        if page.rows.len() == limit
            && let Some(last) = page.rows.last()
        {
            page.upto = last.at.clone();
        }
        page
    }
}

impl ChangeLog for FakeLog {
    type Tx = FakeTx;

    fn writers(&self) -> usize {
        self.writers
    }

    async fn begin_write(&self) -> Result<FakeTx, LogError> {
        let writer = Some(self.writer.clone().lock_owned().await);
        let copy = Mutex::new(self.book().clone());
        Ok(FakeTx { log: self.clone(), copy, writer })
    }

    async fn begin_read(&self) -> Result<FakeTx, LogError> {
        self.asked().await?;
        let copy = Mutex::new(self.book().clone());
        Ok(FakeTx { log: self.clone(), copy, writer: None })
    }

    async fn commit(tx: FakeTx) -> Result<(), LogError> {
        let book = tx.copy().clone();
        assert!(tx.writer.is_some(), "only a writer commits");
        *tx.log.book() = book;
        Ok(())
    }

    async fn rollback(_: FakeTx) -> Result<(), LogError> {
        Ok(())
    }

    async fn record<E: LiveEvent>(
        tx: &FakeTx,
        by: &By,
        to: &[Audience],
        event: &E,
    ) -> Result<Cursor, LogError> {
        let json = serde_json::to_string(event).unwrap();
        let what = Recorded::Event { to: to.to_vec(), json };
        Ok(tx.copy().push(by.clone(), event.about(), what))
    }

    async fn record_access(
        tx: &FakeTx,
        by: &By,
        change: &AccessChange,
    ) -> Result<Cursor, LogError> {
        Ok(tx.copy().push(by.clone(), None, Recorded::Access(change.clone())))
    }

    async fn stamp(tx: &FakeTx) -> Result<AsOf, LogError> {
        let copy = tx.copy();
        Ok(AsOf::upto(&copy.cursor(copy.head)))
    }

    async fn place(tx: &FakeTx) -> Result<(Cursor, AsOf), LogError> {
        let as_of = Self::stamp(tx).await?;
        Ok((as_of.bound(), as_of))
    }

    async fn attribute(_: &FakeTx, _: Option<&By>) -> Result<(), LogError> {
        // There are no triggers here.
        Ok(())
    }

    async fn outcome(&self, actor: &str, id: MutationId) -> Result<Option<Outcome>, LogError> {
        let outcome = self.book().outcomes.get(&(actor.to_owned(), id)).cloned();
        Ok(outcome.map(|(_, outcome)| outcome))
    }

    async fn remember(
        tx: &FakeTx,
        actor: &str,
        id: MutationId,
        outcome: &Outcome,
    ) -> Result<bool, LogError> {
        let mut copy = tx.copy();
        let kept = copy.outcomes.entry((actor.to_owned(), id));
        let first = matches!(kept, Entry::Vacant(_));
        kept.or_insert_with(|| (now_ms(), outcome.clone()));
        Ok(first)
    }

    async fn after(&self, cursor: &Cursor, limit: u32) -> Result<Page, LogError> {
        self.asked().await?;
        Ok(self.book().page(cursor, limit))
    }

    async fn history(
        tx: &FakeTx,
        about: &str,
        before: Option<&Cursor>,
        limit: u32,
    ) -> Result<History, LogError> {
        let copy = tx.copy();
        let before = before.filter(|before| before.epoch == copy.epoch);
        let rows = copy.rows.iter().rev().filter(|row| row.about.as_deref() == Some(about));
        let rows = rows.filter(|row| before.is_none_or(|before| row.at.at < before.at));
        Ok(History {
            rows: rows.take(limit.try_into().unwrap()).cloned().collect(),
            floor: copy.cursor(copy.floor),
            kept_since_ms: copy.rows.first().map(|row| row.recorded_ms),
        })
    }

    async fn head(&self) -> Result<Cursor, LogError> {
        self.asked().await?;
        let book = self.book();
        Ok(book.cursor(book.head))
    }

    async fn trim(&self, keep: Retention) -> Result<Trimmed, LogError> {
        let tx = self.begin_write().await?;
        let oldest = now_ms().saturating_sub(keep.max_age_ms);
        let trimmed = {
            let mut copy = tx.copy();
            let most = usize::try_from(keep.max_rows).unwrap_or(usize::MAX);
            let surplus = copy.rows.len().saturating_sub(most);
            let gone = |(place, row): &(usize, &Row)| row.recorded_ms < oldest || *place < surplus;
            let batch = usize::try_from(TRIM_BATCH).unwrap();
            let aged = copy.rows.iter().take(batch).enumerate().rfind(gone);
            let aged = aged.map_or(0, |(_, row)| row.at.at.major);
            copy.floor = copy.floor.max(aged);
            let (floor, before) = (copy.floor, copy.rows.len());
            copy.rows.retain(|row| row.at.at.major > floor);
            copy.outcomes.retain(|_, (kept_ms, _)| *kept_ms >= oldest);
            let rows = before - copy.rows.len();
            Trimmed { floor: copy.cursor(floor), rows: rows as u64, more: rows == batch }
        };
        Self::commit(tx).await?;
        Ok(trimmed)
    }
}
