//! What people do with jobs: one for a target, stopping, having done again; and who may.

use std::time::Duration;

use serde_json::json;

use super::desk::{Desk, OWNER, failure, in_time, settings, user};
use crate::{
    account::model::UserId,
    error::AppError,
    jobs::{
        model::{Job, JobId, JobStatus},
        runner::RunnerSettings,
        service,
    },
};

impl Desk {
    async fn cancel(&self, id: &JobId) -> Result<Job, AppError> {
        let (on, now) = ((&self.live, &self.jobs), self.now());
        Ok(service::cancel(on, &user(OWNER), id.clone(), None, now).await?.value)
    }

    async fn retry(&self, id: &JobId) -> Result<Job, AppError> {
        let (on, now) = ((&self.live, &self.jobs), self.now());
        Ok(service::retry(on, &user(OWNER), id.clone(), None, now).await?.value)
    }
}

fn is_conflict(refused: Result<Job, AppError>) -> bool {
    matches!(refused, Err(AppError::Conflict { .. }))
}

#[tokio::test]
async fn of_two_jobs_for_one_target_at_once_one_is_refused() {
    let desk = Desk::new().await;
    let (one, other) = tokio::join!(desk.enqueue("play"), desk.enqueue("play"));
    assert_eq!(usize::from(is_conflict(one)) + usize::from(is_conflict(other)), 1);
    desk.enqueue("opera").await.unwrap();
}

#[tokio::test]
async fn a_target_can_have_another_job_once_its_last_has_ended() {
    let mut desk = Desk::new().await;
    let _runner = desk.runner();
    let first = desk.enqueue("play").await.unwrap();
    let run = desk.begun().await;
    assert!(is_conflict(desk.enqueue("play").await), "it runs");
    run.tell.send(Ok(json!(1))).unwrap();
    desk.when_status(&first.id, JobStatus::Completed).await;
    desk.enqueue("play").await.unwrap();
}

#[tokio::test]
async fn a_job_that_waits_is_cancelled_at_once_and_never_begun() {
    let mut desk = Desk::new().await;
    let queued = desk.enqueue("play").await.unwrap();
    let cancelled = desk.cancel(&queued.id).await.unwrap();
    assert_eq!((cancelled.status, cancelled.attempts), (JobStatus::Cancelled, 0));
    assert_eq!(desk.calls_about(&queued.id), ["cancelled"]);
    let _runner = desk.runner();
    desk.enqueue("opera").await.unwrap();
    assert_eq!(desk.begun().await.task.job.target, "opera");
    assert!(desk.nothing_begun());
    assert!(is_conflict(desk.cancel(&queued.id).await), "it has ended already");
}

#[tokio::test]
async fn a_job_that_runs_is_cut_off_and_cancelled() {
    let mut desk = Desk::new().await;
    let _runner = desk.runner();
    let queued = desk.enqueue("play").await.unwrap();
    let run = desk.begun().await;
    let asked = desk.cancel(&queued.id).await.unwrap();
    assert!(asked.cancel_requested && asked.status == JobStatus::Running);
    in_time(run.progress.cancelled()).await;
    let cancelled = desk.when_status(&queued.id, JobStatus::Cancelled).await;
    assert!(!cancelled.cancel_requested);
    assert!(run.tell.send(Ok(json!("too late"))).is_err(), "nobody listens to the run");
    assert_eq!(desk.calls_about(&queued.id), ["cancelled"]);
}

#[tokio::test]
async fn a_job_that_runs_in_another_process_stops_at_its_next_sign_of_life() {
    let mut runs = Desk::new().await;
    let asks = runs.another().await;
    let often = RunnerSettings { lease: Duration::from_millis(30), ..settings() };
    let _runner = runs.runner_with(often);
    let queued = asks.enqueue("play").await.unwrap();
    let run = runs.begun().await;
    asks.cancel(&queued.id).await.unwrap();
    in_time(run.progress.cancelled()).await;
    asks.when_status(&queued.id, JobStatus::Cancelled).await;
    assert_eq!(runs.calls_about(&queued.id), ["cancelled"]);
}

#[tokio::test]
async fn a_cancelled_job_whose_runner_is_lost_is_not_run_again() {
    let mut desk = Desk::new().await;
    let runner = desk.runner();
    let queued = desk.enqueue("play").await.unwrap();
    desk.begun().await;
    drop(runner);
    assert!(desk.cancel(&queued.id).await.unwrap().cancel_requested);
    desk.pass(Duration::from_secs(31));
    let _runner = desk.runner();
    desk.when_status(&queued.id, JobStatus::Cancelled).await;
    assert!(desk.nothing_begun());
    assert_eq!(desk.calls_about(&queued.id), ["cancelled"]);
}

#[tokio::test]
async fn a_target_that_is_deleted_takes_its_job_along() {
    let mut desk = Desk::new().await;
    let _runner = desk.runner();
    let queued = desk.enqueue("play").await.unwrap();
    let run = desk.begun().await;
    desk.forget("play").await;
    in_time(run.progress.cancelled()).await;
    assert_eq!(desk.job(&queued.id).await.status, JobStatus::Cancelled);
    desk.enqueue("opera").await.unwrap();
    desk.begun().await;
    assert_eq!(desk.calls_about(&queued.id), [""; 0], "whoever deletes knows");
}

#[tokio::test]
async fn what_failed_or_was_cancelled_can_be_done_again_as_if_it_were_new() {
    let mut desk = Desk::new().await;
    let _runner = desk.runner();
    let queued = desk.enqueue("play").await.unwrap();
    let run = desk.begun().await;
    assert!(is_conflict(desk.retry(&queued.id).await), "it runs");
    run.tell.send(failure("The curtain fell.", false)).unwrap();
    desk.when_status(&queued.id, JobStatus::Failed).await;

    let again = desk.retry(&queued.id).await.unwrap();
    assert_eq!((again.status, again.attempts, again.error), (JobStatus::Queued, 0, None));
    desk.begun().await.tell.send(Ok(json!(1))).unwrap();
    desk.when_status(&queued.id, JobStatus::Completed).await;
    assert!(is_conflict(desk.retry(&queued.id).await), "it is done");
    let calls = ["failed The curtain fell.", "retried", "completed 1"];
    assert_eq!(desk.calls_about(&queued.id), calls);
}

#[tokio::test]
async fn nothing_is_done_again_beside_another_job_of_its_target() {
    let desk = Desk::new().await;
    let first = desk.enqueue("play").await.unwrap();
    desk.cancel(&first.id).await.unwrap();
    desk.enqueue("play").await.unwrap();
    assert!(is_conflict(desk.retry(&first.id).await));
    assert_eq!(desk.job(&first.id).await.status, JobStatus::Cancelled, "nothing of it stays");
}

#[tokio::test]
async fn a_result_that_is_refused_fails_the_job_with_its_words() {
    let mut desk = Desk::new().await;
    let _runner = desk.runner();
    let refusal = AppError::Conflict { message: "The script was changed meanwhile.".to_owned() };
    *desk.refuses.lock().unwrap() = Some(refusal);
    let queued = desk.enqueue("play").await.unwrap();
    desk.begun().await.tell.send(Ok(json!(1))).unwrap();
    let failed = desk.when_status(&queued.id, JobStatus::Failed).await;
    assert_eq!(failed.error.as_deref(), Some("The script was changed meanwhile."));
}

#[tokio::test]
async fn a_job_is_its_owners_alone() {
    let desk = Desk::new().await;
    let queued = desk.enqueue("play").await.unwrap();
    let (on, now, other) = ((&desk.live, &desk.jobs), desk.now(), user(UserId(8)));
    let none = AppError::NotFound { what: "job".to_owned() };
    let id = || queued.id.clone();
    assert_eq!(service::cancel(on, &other, id(), None, now).await.unwrap_err(), none);
    assert_eq!(service::retry(on, &other, id(), None, now).await.unwrap_err(), none);
    assert_eq!(service::get(&desk.live, &other, id(), None).await.unwrap().value, Err(none));
    let page = service::list(&desk.live, &other, 1, None).await.unwrap().value.unwrap();
    assert!(page.is_empty());
    let of_target = service::of_target(&desk.live, &other, "play".to_owned(), None).await.unwrap();
    assert_eq!(of_target.value, Ok(None));
}
