//! What an event makes of a page is what a read would bring, or it is said to be stale.

use highwater::Patch;
use proptest::{prelude::any, proptest};
use time::{Duration, OffsetDateTime};

use super::*;
use crate::jobs::model::JobStatus;

fn at(seconds: i64) -> OffsetDateTime {
    OffsetDateTime::UNIX_EPOCH + Duration::seconds(seconds)
}

/// A job made at a time.
fn made(number: u64, seconds: i64) -> Job {
    Job {
        id: JobId::of_bits(number),
        kind: "rehearse".to_owned(),
        project_id: None,
        target: format!("play:{number}"),
        title: format!("Play {number}"),
        link: None,
        status: JobStatus::Queued,
        attempts: 0,
        max_attempts: 3,
        run_after: at(seconds),
        cancel_requested: false,
        error: None,
        progress: None,
        created_at: at(seconds),
        started_at: None,
        finished_at: None,
        version: 1,
    }
}

/// What a read of all these brings.
fn read(jobs: &[Job], page: u32) -> JobPage {
    let of = |wanted: fn(JobStatus) -> bool| {
        jobs.iter().filter(move |job| wanted(job.status)).cloned().collect::<Vec<_>>()
    };
    let mut running = of(|status| status == JobStatus::Running);
    running.sort_by_key(|job| (job.started_at, job.id.clone()));
    let mut queued = of(|status| status == JobStatus::Queued);
    queued.sort_by_key(|job| (job.run_after, job.created_at, job.id.clone()));
    let mut finished = of(|status| !status.is_live());
    finished.sort_by_key(|job| std::cmp::Reverse((job.finished_at, job.id.clone())));
    let totals = [&running, &queued, &finished].map(|jobs| jobs.len() as u64);
    running.truncate(JobPage::LIVE as usize);
    queued.truncate(JobPage::LIVE as usize);
    let before = (page as usize - 1) * JobPage::PER_PAGE as usize;
    let finished = finished.into_iter().skip(before).take(JobPage::PER_PAGE as usize).collect();
    let [running_total, queued_total, finished_total] = totals;
    JobPage {
        running,
        running_total,
        queued,
        queued_total,
        finished,
        finished_total,
        page,
        pages: JobPage::pages_of(finished_total),
    }
}

/// What happens next to one of `jobs`, or a new one; and the event that tells it.
fn happen(jobs: &mut Vec<Job>, which: usize, what: u8, seconds: i64) -> JobEvent {
    if jobs.is_empty() || what < 2 {
        jobs.push(made(jobs.len() as u64, seconds));
        return JobEvent::changed(jobs.last().unwrap());
    }
    let count = jobs.len();
    let job = &mut jobs[which % count];
    job.version += 1;
    match (job.status, what) {
        (JobStatus::Queued, 2..=5) => {
            (job.status, job.started_at) = (JobStatus::Running, Some(at(seconds)));
        }
        (JobStatus::Queued, _) => {
            (job.status, job.finished_at) = (JobStatus::Cancelled, Some(at(seconds)));
        }
        (JobStatus::Running, 2..=4) => {
            let progress = JobProgress {
                stage: "Rehearsing".to_owned(),
                current: seconds.unsigned_abs(),
                total: None,
                message: String::new(),
                updated_at: at(seconds),
            };
            job.progress = Some(progress.clone());
            let (id, target, version) = (job.id.clone(), job.target.clone(), job.version);
            return JobEvent::Progress { id, target, progress, version };
        }
        (JobStatus::Running, 5) => {
            (job.status, job.started_at) = (JobStatus::Queued, None);
            job.run_after = at(seconds + 5);
        }
        (JobStatus::Running, _) => {
            (job.status, job.finished_at) = (JobStatus::Completed, Some(at(seconds)));
        }
        _ => {
            (job.status, job.finished_at) = (JobStatus::Queued, None);
            (job.created_at, job.run_after) = (at(seconds), at(seconds));
        }
    }
    JobEvent::changed(job)
}

proptest! {
    #[test]
    fn a_patched_page_is_the_page_that_a_read_brings(
        begun in 0_usize..160,
        happens in proptest::collection::vec((any::<usize>(), 0..8_u8), 1..120),
        number in 1_u32..3,
    ) {
        let mut jobs: Vec<Job> = (0..begun as u64).map(|number| made(number, 0)).collect();
        for (job, ended) in jobs.iter_mut().zip(0_i64..).filter(|(_, place)| place % 3 == 0) {
            (job.status, job.finished_at) = (JobStatus::Failed, Some(at(ended)));
        }
        let query = JobList { page: number };
        let mut page = read(&jobs, number);
        for ((which, what), seconds) in happens.into_iter().zip(1_000_i64..) {
            let event = StudioEvent::Job(happen(&mut jobs, which, what, seconds));
            let before = page.clone();
            let there = read(&jobs, number);
            match query.patch(&mut page, &event) {
                Patch::Patched => assert_eq!(page, there),
                Patch::Unaffected => assert_eq!(before, there),
                Patch::Stale => page = there,
            }
        }
    }

    #[test]
    fn the_job_of_a_target_is_the_one_asked_for_last(
        happens in proptest::collection::vec((any::<usize>(), 0..8_u8), 1..60),
    ) {
        let mut jobs = Vec::<Job>::new();
        let query = TargetJob("play:1".to_owned());
        let mut shown = None;
        for ((which, what), seconds) in happens.into_iter().zip(1_000_i64..) {
            let event = StudioEvent::Job(happen(&mut jobs, which, what, seconds));
            let there = jobs.iter().find(|job| job.target == query.0).cloned();
            match query.patch(&mut shown, &event) {
                Patch::Patched | Patch::Unaffected => assert_eq!(shown, there),
                Patch::Stale => shown = there,
            }
        }
    }
}

#[test]
fn a_list_that_shows_everything_is_patched_and_never_read_again() {
    let mut jobs = Vec::new();
    let mut page = read(&jobs, 1);
    // Queued, begun, told of, given back, begun, completed.
    for (seconds, what) in [0, 2, 3, 5, 2, 7].into_iter().enumerate() {
        let event = StudioEvent::Job(happen(&mut jobs, 0, what, seconds as i64));
        assert_eq!(JobList { page: 1 }.patch(&mut page, &event), Patch::Patched, "step {seconds}");
        assert_eq!(page, read(&jobs, 1));
    }
    assert_eq!(page.finished[0].status, JobStatus::Completed);
}

#[test]
fn progress_is_conflated_by_job_and_changes_never_are() {
    let mut jobs = vec![made(1, 0), made(2, 0)];
    assert_eq!(happen(&mut jobs, 0, 2, 1).conflate(), None);
    happen(&mut jobs, 1, 2, 1);
    let mut key = |which| happen(&mut jobs, which, 3, 2).conflate();
    let (one, again, other) = (key(0), key(0), key(1));
    assert!(one.is_some() && one == again && one != other);
}
