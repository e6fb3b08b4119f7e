//! Runs: what they come to, and what happens to their jobs when their runner is lost.

use std::time::Duration;

use serde_json::json;

use super::desk::{Desk, failure, in_time, settings};
use crate::jobs::{model::JobStatus, runner::RunnerSettings};

const LEASE: Duration = Duration::from_secs(31);

#[tokio::test]
async fn a_job_is_begun_and_its_result_lands() {
    let mut desk = Desk::new().await;
    let _runner = desk.runner();
    let queued = desk.enqueue("play").await.unwrap();
    let run = desk.begun().await;
    assert_eq!(run.task.payload, json!({ "about": "play" }));
    assert_eq!((run.task.job.status, run.task.job.attempts), (JobStatus::Running, 1));
    run.tell.send(Ok(json!("applause"))).unwrap();
    let done = desk.when_status(&queued.id, JobStatus::Completed).await;
    assert_eq!((done.attempts, done.error, done.finished_at), (1, None, Some(desk.now())));
    assert_eq!(desk.calls_about(&queued.id), ["completed \"applause\""]);
}

#[tokio::test]
async fn a_killed_runners_job_is_taken_up_again_after_its_lease_and_its_result_lands_once() {
    let mut first = Desk::new().await;
    let mut second = first.another().await;
    let killed = first.runner();
    let queued = first.enqueue("play").await.unwrap();
    let run = first.begun().await;
    drop(killed);
    // Nobody is there any more to tell it anything.
    in_time(run.progress.cancelled()).await;

    let _runner = second.runner();
    first.pass(Duration::from_secs(29));
    second.enqueue("other").await.unwrap();
    assert_eq!(second.begun().await.task.job.target, "other", "the lease has not run out");
    first.pass(Duration::from_secs(2));
    let again = second.begun().await;
    assert_eq!((&again.task.job.id, again.task.job.attempts), (&queued.id, 2));
    again.tell.send(Ok(json!(2))).unwrap();
    second.when_status(&queued.id, JobStatus::Completed).await;
    assert_eq!(second.calls_about(&queued.id), ["completed 2"]);
    assert_eq!(first.calls_about(&queued.id), [""; 0]);
}

#[tokio::test]
async fn a_result_that_comes_late_is_thrown_away() {
    let mut slow = Desk::new().await;
    let mut quick = slow.another().await;
    // It gives its next sign of life long after the test, and has no room for the job again.
    let lease = Duration::from_secs(3_600);
    let silent = RunnerSettings { lease, concurrency: 1, ..settings() };
    let _slow_runner = slow.runner_with(silent);
    let queued = slow.enqueue("play").await.unwrap();
    let late = slow.begun().await;
    slow.pass(Duration::from_secs(3_601));

    let _quick_runner = quick.runner();
    let run = quick.begun().await;
    run.tell.send(Ok(json!("quick"))).unwrap();
    let done = quick.when_status(&queued.id, JobStatus::Completed).await;
    late.tell.send(Ok(json!("late"))).unwrap();
    // Its runner has settled it then.
    in_time(late.progress.cancelled()).await;
    assert_eq!(slow.job(&queued.id).await, done);
    assert_eq!(quick.calls_about(&queued.id), ["completed \"quick\""]);
    assert_eq!(slow.calls_about(&queued.id), [""; 0]);
}

#[tokio::test]
async fn a_failure_is_tried_again_later_and_later_until_the_limit() {
    let mut desk = Desk::new().await;
    let _runner = desk.runner();
    let queued = desk.enqueue("play").await.unwrap();
    for (attempt, wait_s) in [(1, 5), (2, 10)] {
        let run = desk.begun().await;
        run.tell.send(failure("The curtain fell.", true)).unwrap();
        let waits = desk.when_status(&queued.id, JobStatus::Queued).await;
        assert_eq!(waits.attempts, attempt);
        assert_eq!(waits.error.as_deref(), Some("The curtain fell."));
        assert_eq!(waits.run_after, desk.now() + Duration::from_secs(wait_s));
        desk.pass(Duration::from_secs(wait_s));
    }
    desk.begun().await.tell.send(failure("The stage burnt.", true)).unwrap();
    let failed = desk.when_status(&queued.id, JobStatus::Failed).await;
    assert_eq!((failed.attempts, failed.error.as_deref()), (3, Some("The stage burnt.")));
    assert_eq!(desk.calls_about(&queued.id), ["failed The stage burnt."]);
}

#[tokio::test]
async fn a_failure_that_no_other_run_mends_is_final_at_once() {
    let mut desk = Desk::new().await;
    let _runner = desk.runner();
    let queued = desk.enqueue("play").await.unwrap();
    desk.begun().await.tell.send(failure("There is no play.", false)).unwrap();
    let failed = desk.when_status(&queued.id, JobStatus::Failed).await;
    assert_eq!((failed.attempts, failed.error.as_deref()), (1, Some("There is no play.")));
}

#[tokio::test]
async fn a_job_whose_runners_are_lost_again_and_again_fails() {
    let mut desk = Desk::new().await;
    let queued = desk.enqueue_with("play", 2).await.unwrap();
    for _ in 0..2 {
        let runner = desk.runner();
        desk.begun().await;
        drop(runner);
        desk.pass(LEASE);
    }
    let _runner = desk.runner();
    let failed = desk.when_status(&queued.id, JobStatus::Failed).await;
    let message = "It was begun 2 times, and the server stopped each time.";
    assert_eq!(failed.error.as_deref(), Some(message));
    assert_eq!(desk.calls_about(&queued.id), [format!("failed {message}")]);
}
