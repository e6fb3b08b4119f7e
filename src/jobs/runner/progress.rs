//! How far runs have come, on its way to their owners.
//!
//! Owns what was reported and not told yet, and whose turn it is: however many jobs report, a few
//! are told at a time. It must not write.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use time::OffsetDateTime;
use tokio_util::sync::CancellationToken;

use crate::jobs::{model::JobProgress, queue::Report};

/// How many jobs are told of at a time.
const AT_A_TIME: usize = 16;

/// Where a run says how far it has come. Cheap to clone; whoever has it may be on any thread.
#[derive(Clone)]
pub struct Progress {
    reports: Arc<Reports>,
    lease: Arc<str>,
    stop: CancellationToken,
}

/// What the runs of a runner have reported.
#[derive(Default)]
pub(super) struct Reports(Mutex<HashMap<Arc<str>, Slot>>);

/// What one run has reported.
#[derive(Default)]
struct Slot {
    newest: Newest,
    /// How often it has reported.
    reported: u64,
    /// How often it had when it was told last.
    told: u64,
    /// In which round that was; 0 for never.
    round: u64,
}

#[derive(Clone, Default)]
struct Newest {
    stage: String,
    current: u64,
    total: Option<u64>,
    message: String,
}

/// Which reports are being told, and how far each run had come with them.
pub(super) type Told = Vec<(Arc<str>, u64)>;

impl Progress {
    pub(super) fn new(reports: Arc<Reports>, lease: &str, stop: CancellationToken) -> Self {
        Self { reports, lease: lease.into(), stop }
    }

    /// Says what is being done, how many of how many are done, and what there is to say besides.
    /// It never waits; of what comes too fast the newest is told.
    pub fn report(
        &self,
        stage: impl Into<String>,
        current: u64,
        total: Option<u64>,
        message: impl Into<String>,
    ) {
        // A thread that goes on after its run was given up has nothing to say.
        if self.stop.is_cancelled() {
            return;
        }
        let newest = Newest { stage: stage.into(), current, total, message: message.into() };
        let mut slots = self.reports.0.lock().unwrap_or_else(PoisonError::into_inner);
        let slot = slots.entry(self.lease.clone()).or_default();
        slot.newest = newest;
        slot.reported += 1;
    }

    /// Waits until the run is given up: its job was cancelled, or the server stops. The future of
    /// the run is dropped then by itself; this is for what goes on beside it.
    pub async fn cancelled(&self) {
        self.stop.cancelled().await;
    }

    /// Whether the run was given up: for a loop on a thread of its own.
    pub fn is_cancelled(&self) -> bool {
        self.stop.is_cancelled()
    }
}

impl Reports {
    /// What is to be told next, those first that have waited longest.
    pub(super) fn next(&self, now: OffsetDateTime) -> (Vec<Report>, Told) {
        let slots = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut waiting: Vec<_> =
            slots.iter().filter(|(_, slot)| slot.reported > slot.told).collect();
        waiting.sort_unstable_by_key(|(lease, slot)| (slot.round, (*lease).clone()));
        waiting.truncate(AT_A_TIME);
        let told = waiting.iter().map(|(lease, slot)| ((*lease).clone(), slot.reported)).collect();
        let reports = waiting.into_iter().map(|(lease, slot)| {
            let Newest { stage, current, total, message } = slot.newest.clone();
            (lease.to_string(), JobProgress { stage, current, total, message, updated_at: now })
        });
        (reports.collect(), told)
    }

    /// These were told.
    pub(super) fn told(&self, told: Told) {
        let mut slots = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let round = slots.values().map(|slot| slot.round).max().unwrap_or(0) + 1;
        for (lease, reported) in told {
            if let Some(slot) = slots.get_mut(&lease) {
                (slot.told, slot.round) = (reported, round);
            }
        }
    }

    /// The run is over; what it reported last is of no use any more.
    pub(super) fn forget(&self, lease: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(lease);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    fn runs(count: u32) -> (Arc<Reports>, Vec<Progress>) {
        let reports = Arc::<Reports>::default();
        let run = |number| {
            Progress::new(reports.clone(), &format!("{number:03}"), CancellationToken::new())
        };
        (reports.clone(), (0..count).map(run).collect())
    }

    #[test]
    fn of_200_that_report_all_the_time_a_few_are_told_at_a_time_and_each_in_its_turn() {
        let (reports, runs) = runs(200);
        let mut heard = HashSet::new();
        // 13 times 16 are the first that make 200.
        for at in 0..13 {
            runs.iter().for_each(|run| run.report("Rehearsing", at, None, ""));
            let (told, all) = reports.next(OffsetDateTime::UNIX_EPOCH);
            assert_eq!(told.len(), AT_A_TIME);
            reports.told(all);
            for (lease, progress) in told {
                assert_eq!(progress.current, at, "the newest of {lease}");
                heard.insert(lease);
            }
        }
        assert_eq!(heard.len(), 200);
    }

    #[test]
    fn what_was_told_is_not_told_again_and_what_could_not_be_is() {
        let (reports, runs) = runs(1);
        runs[0].report("Rehearsing", 1, Some(2), "Act 1");
        let (first, _) = reports.next(OffsetDateTime::UNIX_EPOCH);
        let (again, all) = reports.next(OffsetDateTime::UNIX_EPOCH);
        assert_eq!(first, again, "nobody said that it was told");
        runs[0].report("Rehearsing", 2, Some(2), "Act 2");
        reports.told(all);
        let (newer, all) = reports.next(OffsetDateTime::UNIX_EPOCH);
        assert_eq!(newer[0].1.message, "Act 2");
        reports.told(all);
        assert!(reports.next(OffsetDateTime::UNIX_EPOCH).0.is_empty());
    }

    #[test]
    fn a_run_that_was_given_up_has_nothing_to_say() {
        let (reports, runs) = runs(1);
        runs[0].stop.cancel();
        runs[0].report("Rehearsing", 1, None, "");
        assert!(reports.next(OffsetDateTime::UNIX_EPOCH).0.is_empty());
    }
}
