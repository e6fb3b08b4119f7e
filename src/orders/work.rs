//! The slice's jobs: importing orders.
//!
//! Owns how an import runs. Each batch of orders is there as soon as it is added, together with how
//! far the import has come, so that a run which was cut off is taken up where it was. What is written
//! when a job ends, the service says.

use futures::future::BoxFuture;
use highwater::server::By;
use sea_orm::DatabaseConnection;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::task::spawn_blocking;

use super::{
    import::{Import, ImportError, Source},
    model::{BadRow, ImportCounts, ImportId, OrderImport},
    service::{self, whole_millis},
};
use crate::{
    error::AppError,
    jobs::work::{End, JobFailure, Progress, Task, Work, payload, result_of},
    server::state::{Clock, Live, Write},
};

/// The job that imports orders.
pub(super) const KIND_IMPORT: &str = "import-orders";

/// The jobs of the orders slice.
pub struct OrderWork {
    /// For reads that need no stamp.
    pub db: DatabaseConnection,
    /// What the batches are written through.
    pub live: Live,
    /// What tells the time.
    pub clock: Clock,
}

/// What the job works on.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct OfImport {
    import_id: ImportId,
}

/// What the job did: its result.
#[derive(Serialize, Deserialize)]
pub(super) struct Imported {
    pub(super) counts: ImportCounts,
    /// The first of them.
    pub(super) bad_rows: Vec<BadRow>,
}

impl OrderWork {
    async fn import(&self, task: Task, progress: Progress) -> Result<Value, JobFailure> {
        let OfImport { import_id } = task.read()?;
        let found = service::import_to_do(&self.db, task.owner, &import_id).await;
        let Some((so_far, files)) = found.map_err(JobFailure::again)? else {
            let message = "The files of the import are no longer kept.".to_owned();
            return Err(JobFailure { message, retry: false });
        };
        progress.report("Reading the files", 0, None, "");
        let by = By::actor(task.owner.to_string());
        // Files of this size take a second or so, in which other requests want this thread.
        let read = spawn_blocking(move || Import::read(&Source::Uploaded(files), by)).await;
        let read = read.map_err(JobFailure::broken)?;
        let mut import = read.map_err(unusable)?.going_on(import_id, &so_far);
        import
            .add_catalogue(&self.live, whole_millis((self.clock)()))
            .await
            .map_err(JobFailure::again)?;
        loop {
            let ImportCounts { done, total, .. } = import.counts();
            progress.report("Adding orders", done, Some(total), "");
            let added = import.add_batch(&self.live, whole_millis((self.clock)())).await;
            if !added.map_err(JobFailure::again)? {
                break;
            }
        }
        let rows = import.bad_rows().iter().take(OrderImport::BAD_ROWS).cloned();
        let imported = Imported { counts: import.counts(), bad_rows: rows.collect() };
        serde_json::to_value(imported).map_err(JobFailure::broken)
    }
}

impl Work for OrderWork {
    fn kinds(&self) -> &'static [&'static str] {
        &[KIND_IMPORT]
    }

    fn run(&self, task: Task, progress: Progress) -> BoxFuture<'_, Result<Value, JobFailure>> {
        Box::pin(self.import(task, progress))
    }

    fn completed<'a>(
        &'a self,
        write: &'a Write,
        task: &'a Task,
        result: Value,
    ) -> BoxFuture<'a, Result<(), AppError>> {
        Box::pin(async move {
            let id = import_of(task)?;
            service::import_done(write, task.owner, &id, result_of(result)?, (self.clock)()).await
        })
    }

    fn ended<'a>(
        &'a self,
        write: &'a Write,
        task: &'a Task,
        end: &'a End,
    ) -> BoxFuture<'a, Result<(), AppError>> {
        Box::pin(async move {
            let id = import_of(task)?;
            service::import_not_done(write, task.owner, &id, end.why(), (self.clock)()).await
        })
    }

    fn retried<'a>(
        &'a self,
        write: &'a Write,
        task: &'a Task,
    ) -> BoxFuture<'a, Result<(), AppError>> {
        Box::pin(async move { service::import_retried(write, task.owner, &import_of(task)?).await })
    }
}

fn import_of(task: &Task) -> Result<ImportId, AppError> {
    let OfImport { import_id } = payload(task)?;
    Ok(import_id)
}

/// The failure of files that cannot be used.
fn unusable(error: ImportError) -> JobFailure {
    match error {
        ImportError::App(error) => JobFailure::again(error),
        wrong => JobFailure { message: format!("Nothing was imported: {wrong}."), retry: false },
    }
}
