//! One run of a job, from its claim to what it comes to.

use std::{
    panic::AssertUnwindSafe,
    sync::{Arc, PoisonError},
    time::Duration,
};

use futures::FutureExt;
use highwater::{Refusal, server::By};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use super::{Progress, Shared};
use crate::{
    error::AppError,
    jobs::{
        model::JobId,
        queue::{self, Claim, Outcome, Settled},
        service::{Jobs, Run},
        work::{JobFailure, Work},
    },
};

/// How often the end of a run is tried to be written before its job is left to its lease.
const TRIES: u32 = 6;

/// How long to wait after the first try; twice as long after each further one.
const BETWEEN_TRIES: Duration = Duration::from_millis(250);

/// Takes a run off the list of those that run here, and stops whatever of it goes on.
struct Listed<'a> {
    jobs: &'a Jobs,
    lease: &'a str,
    stop: CancellationToken,
}

impl Shared {
    /// Runs a job and settles what that comes to.
    pub(super) async fn go_through(self: Arc<Self>, claim: Claim) {
        let Claim { task, lease } = claim;
        let Some(work) = self.jobs.works.of(&task.job.kind).cloned() else {
            // Only kinds that there are were claimed.
            return;
        };
        let kind = task.job.kind.clone();
        tracing::debug!(job = %task.job.id, kind, "a job begins");
        let listed = Listed::new(&self.jobs, &lease, &task.job.id);
        let progress = Progress::new(self.reports.clone(), &lease, listed.stop.clone());
        let outcome = if self.stop.is_cancelled() {
            // It was claimed while the runner was told to stop: it does not begin.
            Outcome::CutOff
        } else {
            let run = AssertUnwindSafe(work.run(task, progress)).catch_unwind();
            tokio::select! {
                biased;
                done = run => match done {
                    Ok(Ok(result)) => Outcome::Completed(result),
                    Ok(Err(failure)) => Outcome::Failed(failure),
                    Err(_) => {
                        tracing::error!(kind, "a job panicked");
                        let message = AppError::Internal.to_string();
                        Outcome::Failed(JobFailure { message, retry: true })
                    }
                },
                () = listed.stop.cancelled() => Outcome::CutOff,
                () = self.stop.cancelled() => Outcome::CutOff,
            }
        };
        let settled = self.settle(&work, &kind, &lease, outcome).await;
        self.reports.forget(&lease);
        match settled {
            Some(settled) => self.jobs.metrics.settled(&kind, settled),
            None => tracing::error!(kind, "the end of a job could not be written"),
        }
    }

    /// Writes what a run came to. A result that is refused fails the job; while the database is
    /// busy it is tried again, and `None` if it stays so.
    async fn settle(
        &self,
        work: &Arc<dyn Work>,
        kind: &str,
        lease: &str,
        mut outcome: Outcome,
    ) -> Option<Settled> {
        for tried in 0..TRIES {
            let (now, asked) = (self.now(), outcome.clone());
            let settled = self.live.write::<_, AppError>(By::nobody(), {
                let (work, lease) = (work.clone(), lease.to_owned());
                move |write| {
                    Box::pin(async move { queue::settle(write, &*work, &lease, asked, now).await })
                }
            });
            match settled.await {
                Ok(settled) => return Some(settled.value),
                Err(refusal) if refusal.is_final() => {
                    tracing::warn!(%refusal, kind, "the result of a job was refused");
                    let message = refusal.to_string();
                    outcome = Outcome::Failed(JobFailure { message, retry: false });
                }
                Err(error) => {
                    tracing::warn!(%error, kind, "the end of a job is tried again");
                    sleep(BETWEEN_TRIES * 2_u32.pow(tried)).await;
                }
            }
        }
        None
    }
}

impl<'a> Listed<'a> {
    fn new(jobs: &'a Jobs, lease: &'a str, job: &JobId) -> Self {
        let stop = CancellationToken::new();
        let run = Run { job: job.clone(), stop: stop.clone() };
        jobs.runs.lock().unwrap_or_else(PoisonError::into_inner).insert(lease.to_owned(), run);
        Self { jobs, lease, stop }
    }
}

impl Drop for Listed<'_> {
    fn drop(&mut self) {
        self.stop.cancel();
        self.jobs.runs.lock().unwrap_or_else(PoisonError::into_inner).remove(self.lease);
    }
}
