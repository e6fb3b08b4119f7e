//! The runner: takes up what is due, keeps what it holds, and gives it back when it stops.
//!
//! Owns tasks and timers, and nothing that would be lost with them: what is true of a job stands in
//! its row, which the queue changes. Several runners, in one process or in many, share a database.

mod run;
mod progress;

use std::{sync::Arc, time::Duration};

use highwater::server::By;
use time::OffsetDateTime;
use tokio::{
    task::{JoinHandle, JoinSet},
    time::{Interval, MissedTickBehavior, interval},
};
use tokio_util::sync::CancellationToken;

pub use self::progress::Progress;
use self::progress::Reports;
use super::{
    queue::{self, Claim, Kept},
    service::Jobs,
    store::{self, Entry},
};
use crate::{
    error::AppError,
    server::state::{Clock, Live},
};

/// How a runner runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RunnerSettings {
    /// How many jobs it does at a time; at least 1.
    pub concurrency: usize,
    /// How long a job stays its own without a sign of life; it gives three in that time.
    pub lease: Duration,
    /// How often it looks for what is due when nobody wakes it.
    pub poll: Duration,
    /// How often it tells how far its jobs have come.
    pub tell: Duration,
}

/// A runner that is running. Dropped, it is as if its process was killed: its jobs stay as they are
/// until their leases run out.
pub struct Runner {
    stop: CancellationToken,
    main: JoinHandle<()>,
}

/// What the tasks of a runner share.
struct Shared {
    live: Live,
    jobs: Jobs,
    clock: Clock,
    settings: RunnerSettings,
    reports: Arc<Reports>,
    stop: CancellationToken,
}

impl Runner {
    /// Starts doing what is queued. Call it within a Tokio runtime.
    pub fn start(live: Live, jobs: Jobs, clock: Clock, settings: RunnerSettings) -> Self {
        let stop = CancellationToken::new();
        let reports = Arc::default();
        let shared = Shared { live, jobs, clock, settings, reports, stop: stop.clone() };
        Self { stop, main: tokio::spawn(Arc::new(shared).run()) }
    }

    /// Takes nothing up any more, cuts off what runs and gives it back to the queue. What has its
    /// result already is completed.
    pub async fn stop(mut self) {
        self.stop.cancel();
        if let Err(error) = (&mut self.main).await {
            tracing::error!(%error, "the runner of jobs did not end well");
        }
    }
}

impl Drop for Runner {
    fn drop(&mut self) {
        self.main.abort();
    }
}

impl Shared {
    async fn run(self: Arc<Self>) {
        tokio::select! {
            () = self.clone().take_up() => {}
            () = self.keep() => {}
            () = self.tell() => {}
        }
    }

    /// Takes jobs up until it is told to stop; ends when the last has been given back.
    async fn take_up(self: Arc<Self>) {
        let mut runs = JoinSet::new();
        let mut poll = every(self.settings.poll);
        loop {
            let woken = tokio::select! {
                biased;
                () = self.stop.cancelled() => break,
                Some(_) = runs.join_next() => true,
                () = self.jobs.due.notified() => true,
                _ = poll.tick() => false,
            };
            let free = self.settings.concurrency.saturating_sub(runs.len());
            match self.claim(free, woken).await {
                Ok(claims) => claims.into_iter().for_each(|claim| {
                    runs.spawn(self.clone().go_through(claim));
                }),
                // It was logged; the next poll tries again.
                Err(error) => tracing::warn!(%error, "no job could be taken up"),
            }
        }
        while runs.join_next().await.is_some() {}
    }

    /// Claims what is due. Unless it was woken it looks first, because a look needs no turn to write.
    async fn claim(&self, free: usize, woken: bool) -> Result<Vec<Claim>, AppError> {
        let kinds = self.jobs.works.kinds();
        if free == 0 || kinds.is_empty() {
            return Ok(Vec::new());
        }
        if !woken && !self.is_due(&kinds).await? {
            return Ok(Vec::new());
        }
        let now = self.now();
        let until = now + self.settings.lease;
        let claimed = self.live.write::<_, AppError>(By::nobody(), move |write| {
            Box::pin(async move { queue::claim(write, &kinds, free, until, now).await })
        });
        Ok(claimed.await?.value)
    }

    /// Whether anything is due. On the way it ends what was lost and must not be run again.
    async fn is_due(&self, kinds: &[&'static str]) -> Result<bool, AppError> {
        let (kinds, now) = (kinds.to_vec(), self.now());
        let looked = self.live.read::<_, AppError>(None, move |tx| {
            Box::pin(async move {
                let given_up = store::given_up(tx, &kinds, now).await?;
                Ok((given_up, !store::due(tx, &kinds, now, 1).await?.is_empty()))
            })
        });
        let (given_up, due) = looked.await?.value;
        let due = due || !given_up.unreadable.is_empty();
        for Entry { task, .. } in given_up.entries {
            let (works, kind) = (self.jobs.works.clone(), task.job.kind.clone());
            let settled = self.live.write::<_, AppError>(By::nobody(), move |write| {
                Box::pin(async move { queue::give_up(write, &works, &task.job, now).await })
            });
            // Each by itself: one that cannot be ended must not keep the others.
            match settled.await {
                Ok(settled) => self.jobs.metrics.settled(&kind, settled.value),
                Err(error) => tracing::error!(%error, "a job that was lost could not be ended"),
            }
        }
        Ok(due)
    }

    /// Keeps what runs here, and stops what is to stop or was lost to another runner.
    async fn keep(&self) {
        let mut beat = every(self.settings.lease / 3);
        loop {
            beat.tick().await;
            let leases = self.jobs.leases();
            if leases.is_empty() {
                continue;
            }
            let until = self.now() + self.settings.lease;
            let asked = leases.clone();
            let kept = self.live.write::<_, AppError>(By::nobody(), move |write| {
                Box::pin(async move { queue::keep(write, &asked, until).await })
            });
            match kept.await {
                Ok(kept) => leases.iter().for_each(|lease| {
                    let goes_on = |kept: &Kept| kept.lease == *lease && !kept.cancel_requested;
                    if !kept.value.iter().any(goes_on) {
                        self.jobs.stop_lease(lease);
                    }
                }),
                // It has two more before the leases run out.
                Err(error) => tracing::warn!(%error, "the leases of jobs could not be kept"),
            }
        }
    }

    /// Tells how far runs have come, all of them together and each as often as there is room.
    async fn tell(&self) {
        let mut tick = every(self.settings.tell);
        loop {
            tick.tick().await;
            let (reports, told) = self.reports.next(self.now());
            if reports.is_empty() {
                continue;
            }
            let written = self.live.write::<_, AppError>(By::nobody(), move |write| {
                Box::pin(async move { queue::tell(write, &reports).await })
            });
            match written.await {
                Ok(_) => self.reports.told(told),
                Err(error) => tracing::warn!(%error, "the progress of jobs could not be told"),
            }
        }
    }

    /// The time as it is stored.
    fn now(&self) -> OffsetDateTime {
        (self.clock)().truncate_to_millisecond()
    }
}

/// Ticks at once and then every so often; a tick that comes late puts the others off.
fn every(period: Duration) -> Interval {
    let mut interval = interval(period);
    interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
    interval
}
