//! What stays bounded however much there is to do: runs at a time, what is told of them, and what a
//! runner that stops leaves behind.

use std::time::Duration;

use serde_json::json;

use super::desk::{Begun, Desk, in_time, settings};
use crate::jobs::{model::JobStatus, runner::RunnerSettings};

#[tokio::test]
async fn no_more_jobs_run_at_a_time_than_was_said() {
    let mut desk = Desk::new().await;
    let _runner = desk.runner_with(RunnerSettings { concurrency: 2, ..settings() });
    let mut waiting = Vec::new();
    for number in 0..6 {
        waiting.push(desk.enqueue(&format!("play {number}")).await.unwrap().id);
    }
    let mut running: Vec<Begun> = vec![desk.begun().await, desk.begun().await];
    for _ in 0..4 {
        assert!(desk.nothing_begun());
        let done = running.remove(0);
        done.tell.send(Ok(json!(1))).unwrap();
        desk.when_status(&done.task.job.id, JobStatus::Completed).await;
        running.push(desk.begun().await);
    }
    assert!(desk.nothing_begun());
}

#[tokio::test]
async fn a_runner_that_stops_gives_back_what_runs_and_another_goes_on_at_once() {
    let mut first = Desk::new().await;
    let mut second = first.another().await;
    let runner = first.runner();
    let queued = first.enqueue("play").await.unwrap();
    let run = first.begun().await;
    in_time(runner.stop()).await;
    let back = first.job(&queued.id).await;
    assert_eq!((back.status, back.attempts), (JobStatus::Queued, 0), "the run does not count");
    assert!(run.progress.is_cancelled());
    assert_eq!(first.calls_about(&queued.id), [""; 0]);
    first.pass(Duration::from_millis(1));
    first.enqueue("opera").await.unwrap();

    let _runner = second.runner();
    let again = second.begun().await;
    assert_eq!(again.task.job.id, queued.id);
    again.tell.send(Ok(json!(1))).unwrap();
    second.when_status(&queued.id, JobStatus::Completed).await;
    assert!(first.nothing_begun(), "who has stopped begins nothing");
}

#[tokio::test]
async fn progress_is_told_to_the_owner_and_the_newest_of_it() {
    let mut desk = Desk::new().await;
    let _runner = desk.runner();
    let queued = desk.enqueue("play").await.unwrap();
    let run = desk.begun().await;
    let start = desk.head().await;
    for act in 1..=50 {
        run.progress.report("Rehearsing", act, Some(50), format!("Act {act}"));
    }
    let whole = |progress: Option<u64>| progress == Some(50);
    let job = desk.when(&queued.id, |job| whole(job.progress.as_ref().map(|p| p.current))).await;
    let progress = job.progress.unwrap();
    assert_eq!((progress.stage.as_str(), progress.message.as_str()), ("Rehearsing", "Act 50"));
    let events = desk.events_after(&start).await;
    assert!(events.len() < 50, "{} events", events.len());
    let (to, newest) = events.last().unwrap();
    assert_eq!(
        (to.as_slice(), &newest["type"]),
        (["user:7".to_owned()].as_slice(), &json!("job.progress"))
    );
    assert_eq!((&newest["id"], &newest["version"]), (&json!(queued.id), &json!(job.version)));
}
