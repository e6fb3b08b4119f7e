//! Importing orders for somebody who waits for it in a browser.
//!
//! Owns the import as a job: one at a time for each user, in the background, with progress that its
//! user hears of, and an end that is told whatever happens. What is imported, `orders::import` says.

use std::{
    panic::AssertUnwindSafe,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use futures::FutureExt;
use highwater::{AsOf, Committed, MutationId, Stamped, server::By};
use time::OffsetDateTime;
use tokio::{task::spawn_blocking, time::Instant};

use super::{authorise, whole_millis};
use crate::{
    account::{
        model::{CurrentUser, UserId},
        service::{audience_of, author},
    },
    error::AppError,
    id::random_bits,
    live::StudioEvent,
    orders::{
        import::{Import, ImportError, Source},
        live::OrderEvent,
        model::{ImportCounts, ImportId, ImportStatus, OrderImport},
        store,
    },
    server::state::{AppState, Live, Write},
};

/// How long progress waits to be told after the last time: three times a second are enough to see
/// it move.
const TOLD_EVERY: Duration = Duration::from_millis(300);

/// What to do about an import that stopped in the middle.
const TRY_AGAIN: &str = "What it added is there. Import the same files again to add the rest: \
                         orders that are there already are left alone.";

/// Starts an import of these files in the name of the user, and answers it before it has read any.
/// A repeat of the mutation `by` of the same user starts nothing.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::Conflict`] while an import of the same user is under way;
/// or when the database or the log fails.
pub async fn start_import(
    state: &AppState,
    user: &CurrentUser,
    source: Source,
    by: Option<MutationId>,
) -> Result<Committed<OrderImport>, AppError> {
    authorise(user)?;
    let by = author(user.id, by);
    let new = OrderImport {
        id: ImportId::of_bits(random_bits()?),
        status: ImportStatus::Running,
        started_at: whole_millis(state.now()),
        finished_at: None,
        counts: ImportCounts::default(),
        bad_rows: Vec::new(),
        message: None,
        version: 1,
    };
    let user = user.id;
    let is_new = Arc::new(AtomicBool::new(false));
    let begun = is_new.clone();
    let started = state.live.write::<_, AppError>(by, move |write| {
        Box::pin(async move {
            store::insert_import(write.tx(), user, &new).await?;
            record(write, user, &new, new.started_at).await?;
            begun.store(true, Ordering::Relaxed);
            Ok(new)
        })
    });
    let started = started.await?;
    if is_new.load(Ordering::Relaxed) {
        tokio::spawn(run(state.clone(), user, started.value.clone(), source));
    }
    Ok(started)
}

/// An import of the user's own. The answer includes at least `min`; a refusal (forbidden, or no such
/// import of theirs) is stamped as well.
///
/// # Errors
/// When the database or the log fails.
pub async fn import(
    live: &Live,
    user: &CurrentUser,
    id: ImportId,
    min: Option<&AsOf>,
) -> Result<Stamped<Result<OrderImport, AppError>>, AppError> {
    let allowed = authorise(user);
    let user = user.id;
    live.read(min, move |tx| {
        Box::pin(async move {
            if let Err(refusal) = allowed {
                return Ok(Err(refusal));
            }
            let found = store::find_import(tx, user, &id).await?;
            Ok(found.ok_or_else(|| AppError::NotFound { what: "import".to_owned() }))
        })
    })
    .await
}

/// Marks the imports that were under way when the server stopped. For a server that starts: none of
/// them runs any more.
///
/// # Errors
/// When the database or the log fails.
pub async fn interrupt_imports(live: &Live, now: OffsetDateTime) -> Result<u64, AppError> {
    let now = whole_millis(now);
    let interrupted = live.write::<u64, AppError>(By::nobody(), move |write| {
        Box::pin(async move {
            let running = store::running_imports(write.tx()).await?;
            let count = running.len() as u64;
            for (user, mut import) in running {
                let message = format!("The server stopped in the middle of it. {TRY_AGAIN}");
                end(&mut import, ImportStatus::Interrupted, Some(message), now);
                tell(write, user, &import, now).await?;
            }
            Ok(count)
        })
    });
    Ok(interrupted.await?.value)
}

/// Runs an import to its end, which is told also when it panics: its user waits for it, and could
/// start no other.
async fn run(state: AppState, user: UserId, import: OrderImport, source: Source) {
    let mut job = Job { state, user, import };
    let done = AssertUnwindSafe(job.work(source)).catch_unwind().await;
    let (status, message) = outcome(done.unwrap_or_else(|_| {
        tracing::error!(import = %job.import.id, "an import panicked");
        Err(AppError::Internal.into())
    }));
    end(&mut job.import, status, message, whole_millis(job.state.now()));
    if let Err(error) = job.tell().await {
        // It stays as running until the server starts again, which calls it interrupted.
        tracing::error!(%error, import = %job.import.id, "the end of an import could not be told");
    }
}

/// How an import ended, in its status and in words.
fn outcome(done: Result<(), ImportError>) -> (ImportStatus, Option<String>) {
    match done {
        Ok(()) => (ImportStatus::Completed, None),
        Err(ImportError::App(error)) => {
            (ImportStatus::Failed, Some(format!("{error} {TRY_AGAIN}")))
        }
        Err(wrong) => (ImportStatus::Failed, Some(format!("Nothing was imported: {wrong}."))),
    }
}

/// An import that is under way.
struct Job {
    state: AppState,
    user: UserId,
    import: OrderImport,
}

impl Job {
    async fn work(&mut self, source: Source) -> Result<(), ImportError> {
        let by = By::actor(self.user.to_string());
        // Files of this size take a second or so, in which other requests want this thread.
        let read = spawn_blocking(move || Import::read(&source, by)).await;
        let mut import = read.map_err(|error| {
            tracing::error!(%error, "the files of an import could not be read");
            AppError::Internal
        })??;
        let rows = import.bad_rows();
        self.import.bad_rows = rows.iter().take(OrderImport::BAD_ROWS).cloned().collect();
        import.add_catalogue(&self.state.live, whole_millis(self.state.now())).await?;
        self.progress(&import).await?;
        let mut told = Instant::now();
        while import.add_batch(&self.state.live, whole_millis(self.state.now())).await? {
            if told.elapsed() >= TOLD_EVERY {
                self.progress(&import).await?;
                told = Instant::now();
            }
        }
        self.import.counts = import.counts();
        Ok(())
    }

    async fn progress(&mut self, import: &Import) -> Result<(), AppError> {
        self.import.counts = import.counts();
        self.import.version += 1;
        if self.tell().await? {
            return Ok(());
        }
        // A server that started meanwhile took it for interrupted, and its user was told so.
        Err(AppError::Conflict { message: "This import has ended already.".to_owned() })
    }

    async fn tell(&self) -> Result<bool, AppError> {
        let (user, import) = (self.user, self.import.clone());
        let now = whole_millis(self.state.now());
        let told =
            self.state.live.write::<_, AppError>(By::actor(user.to_string()), move |write| {
                Box::pin(async move { tell(write, user, &import, now).await })
            });
        Ok(told.await?.value)
    }
}

fn end(
    import: &mut OrderImport,
    status: ImportStatus,
    message: Option<String>,
    now: OffsetDateTime,
) {
    import.status = status;
    import.finished_at = Some(now);
    import.message = message;
    import.version += 1;
}

/// Writes how far an import has come and records it for its user, if it still runs; says whether it
/// did.
async fn tell(
    write: &Write,
    user: UserId,
    import: &OrderImport,
    now: OffsetDateTime,
) -> Result<bool, AppError> {
    let runs = store::update_import(write.tx(), user, import).await?;
    if runs {
        record(write, user, import, now).await?;
    }
    Ok(runs)
}

async fn record(
    write: &Write,
    user: UserId,
    import: &OrderImport,
    now: OffsetDateTime,
) -> Result<(), AppError> {
    let event = StudioEvent::Order(OrderEvent::import(import, now));
    write.record(&[audience_of(user)], &event).await?;
    Ok(())
}
