//! The jobs of one owner, grouped as they are shown.
//!
//! Owns the order within each group and how many of each are listed.

use serde::{Deserialize, Serialize};

use super::{Job, JobStatus};

/// Everything that runs and waits, and a page of what has ended.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct JobPage {
    /// What runs, the first to have begun first; at most 100.
    pub running: Vec<Job>,
    /// How many run.
    pub running_total: u64,
    /// What waits, the first to be begun first; at most 100.
    pub queued: Vec<Job>,
    /// How many wait.
    pub queued_total: u64,
    /// What has ended, the last first; a page of it.
    pub finished: Vec<Job>,
    /// How many have ended.
    pub finished_total: u64,
    /// Which page of the ended ones this is, from 1.
    pub page: u32,
    /// How many such pages there are; at least 1.
    pub pages: u32,
}

impl JobPage {
    /// How many of those that run, and of those that wait, are listed.
    pub const LIVE: u32 = 100;

    /// How many ended ones are on a page.
    pub const PER_PAGE: u32 = 25;

    /// How many pages that many ended jobs have.
    pub fn pages_of(finished: u64) -> u32 {
        let pages = finished.div_ceil(u64::from(Self::PER_PAGE)).max(1);
        u32::try_from(pages).unwrap_or(u32::MAX)
    }

    /// Whether there is nothing at all.
    pub fn is_empty(&self) -> bool {
        self.running_total + self.queued_total + self.finished_total == 0
    }

    /// Every job that is listed.
    pub fn jobs_mut(&mut self) -> impl Iterator<Item = &mut Job> {
        self.running.iter_mut().chain(&mut self.queued).chain(&mut self.finished)
    }

    /// Every job that is listed.
    pub fn jobs(&self) -> impl Iterator<Item = &Job> {
        self.running.iter().chain(&self.queued).chain(&self.finished)
    }

    /// Puts a job where a read would have it; `before` is how it was, if it was not made just now.
    /// Whether that can be known from what is listed; if not, this is half-done and worthless.
    pub(in crate::jobs) fn place(&mut self, job: Job) -> bool {
        let known = self.take(&job);
        if known.is_none() && job.version > 1 {
            // It is on another page, or past what is listed.
            return false;
        }
        if known == Some(false) {
            return false;
        }
        let first_page = self.page == 1;
        let (list, total, most) = match job.status {
            JobStatus::Running => (&mut self.running, &mut self.running_total, Self::LIVE),
            JobStatus::Queued => (&mut self.queued, &mut self.queued_total, Self::LIVE),
            _ if !first_page => return false,
            _ => (&mut self.finished, &mut self.finished_total, Self::PER_PAGE),
        };
        let at = list.partition_point(|other| precedes(other, &job));
        list.insert(at, job);
        list.truncate(most as usize);
        *total += 1;
        self.pages = Self::pages_of(self.finished_total);
        true
    }

    /// Takes a job out; `None` if it is not listed, and `Some(false)` if others that are not listed
    /// would move up into its place.
    fn take(&mut self, job: &Job) -> Option<bool> {
        let groups = [
            (&mut self.running, &mut self.running_total),
            (&mut self.queued, &mut self.queued_total),
            (&mut self.finished, &mut self.finished_total),
        ];
        for (list, total) in groups {
            if let Some(at) = list.iter().position(|other| other.id == job.id) {
                let whole = list.len() as u64 == *total;
                list.remove(at);
                *total = total.saturating_sub(1);
                return Some(whole);
            }
        }
        None
    }
}

/// Whether a job is listed before another of its group.
fn precedes(one: &Job, other: &Job) -> bool {
    match one.status {
        JobStatus::Running => (one.started_at, &one.id) < (other.started_at, &other.id),
        JobStatus::Queued => {
            (one.run_after, one.created_at, &one.id)
                < (other.run_after, other.created_at, &other.id)
        }
        _ => (one.finished_at, &one.id) > (other.finished_at, &other.id),
    }
}
