//! What is counted of jobs.

use prometheus_client::{
    encoding::EncodeLabelSet,
    metrics::{counter::Counter, family::Family, gauge::Gauge},
    registry::Registry,
};
use sea_orm::DatabaseConnection;

use super::{model::JobStatus, queue::Settled, store};
use crate::error::AppError;

/// Jobs by kind, of which there are as many as slices say.
#[derive(Debug, Default)]
pub struct JobMetrics {
    queued: Family<Kind, Gauge>,
    running: Family<Kind, Gauge>,
    finished: Family<Ended, Counter>,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Kind {
    kind: String,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Ended {
    kind: String,
    outcome: &'static str,
}

impl JobMetrics {
    /// Adds them to a registry.
    pub fn register(&self, registry: &mut Registry) {
        registry.register("jobs_queued", "Jobs that wait, by kind", self.queued.clone());
        registry.register("jobs_running", "Jobs that run, by kind", self.running.clone());
        registry.register(
            "jobs_finished",
            "Jobs that ended on this server, by kind and outcome",
            self.finished.clone(),
        );
    }

    /// Counts what waits and runs now, on whatever server.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn count(&self, db: &DatabaseConnection) -> Result<(), AppError> {
        let live = store::live_by_kind(db).await?;
        self.queued.clear();
        self.running.clear();
        for (kind, status, count) in live {
            let of = match status == JobStatus::Queued.as_str() {
                true => &self.queued,
                false => &self.running,
            };
            of.get_or_create(&Kind { kind }).set(count);
        }
        Ok(())
    }

    /// Counts the end of a job, if it is one.
    pub(super) fn settled(&self, kind: &str, settled: Settled) {
        if let Settled::Ended(status) = settled {
            let ended = Ended { kind: kind.to_owned(), outcome: status.as_str() };
            self.finished.get_or_create(&ended).inc();
        }
    }
}
