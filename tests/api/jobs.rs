//! Jobs as their owner and everybody else meets them: over REST, on streams, and across the ends of
//! servers.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::{Duration, Instant},
};

use futures::{FutureExt, future::BoxFuture};
use highwater::server::By;
use reqwest::Method;
use sea_orm::{ConnectionTrait, Statement};
use serde_json::{Value, json};
use studio::{
    account::model::{CurrentUser, UserId},
    error::AppError,
    jobs::{
        model::{Job, JobId, JobStatus},
        service::NewJob,
        work::{End, JobFailure, Progress, Task, Work},
    },
    server::{
        http,
        state::{AppState, Write},
    },
};
use tokio::{
    net::TcpListener,
    sync::{Notify, oneshot},
};

use crate::{
    app::{ADMIN, ANA, OPS, TestApp},
    client::Client,
    stream::Heard,
};

const KIND: &str = "rehearse";

/// How often progress is told, and of how many jobs at a time.
const TOLD_EVERY: Duration = Duration::from_millis(350);
const TOLD_AT_A_TIME: u32 = 16;

/// A work whose runs report as fast as they can until they are told to end.
#[derive(Clone, Default)]
struct Rehearsal {
    /// Lets one run after another end.
    end: Arc<Notify>,
    results: Arc<AtomicU32>,
}

impl Work for Rehearsal {
    fn kinds(&self) -> &'static [&'static str] {
        &[KIND]
    }

    fn run(&self, task: Task, progress: Progress) -> BoxFuture<'_, Result<Value, JobFailure>> {
        async move {
            if task.payload["fails"] == true {
                return Err(JobFailure { message: "There is no play.".to_owned(), retry: false });
            }
            let mut lines = 0;
            let report = async {
                let mut often = tokio::time::interval(Duration::from_millis(20));
                loop {
                    often.tick().await;
                    lines += 1;
                    progress.report("Rehearsing", lines, None, "");
                }
            };
            tokio::select! {
                () = report => {}
                () = self.end.notified() => {}
            }
            Ok(json!("applause"))
        }
        .boxed()
    }

    fn completed<'a>(
        &'a self,
        _: &'a Write,
        _: &'a Task,
        _: Value,
    ) -> BoxFuture<'a, Result<(), AppError>> {
        self.results.fetch_add(1, Ordering::SeqCst);
        async { Ok(()) }.boxed()
    }

    fn ended<'a>(
        &'a self,
        _: &'a Write,
        _: &'a Task,
        _: &'a End,
    ) -> BoxFuture<'a, Result<(), AppError>> {
        async { Ok(()) }.boxed()
    }

    fn retried<'a>(&'a self, _: &'a Write, _: &'a Task) -> BoxFuture<'a, Result<(), AppError>> {
        async { Ok(()) }.boxed()
    }
}

/// Queues a job of a user.
pub async fn queue(
    state: &AppState,
    owner: UserId,
    kind: &'static str,
    target: &str,
    payload: Value,
) -> JobId {
    let new = NewJob {
        kind,
        owner,
        project_id: None,
        target: target.to_owned(),
        title: format!("The {target}"),
        link: None,
        payload,
        max_attempts: 3,
    };
    let (jobs, now) = (state.jobs.clone(), state.now());
    let queued = state.live.write::<_, AppError>(By::nobody(), move |write| {
        Box::pin(async move { jobs.enqueue(write, new, now).await })
    });
    queued.await.unwrap().value.id
}

/// Cancels the job of a target, as whoever deletes the target does.
pub async fn forget(state: &AppState, target: &'static str) {
    let (jobs, now) = (state.jobs.clone(), state.now());
    let forgotten = state.live.write::<_, AppError>(By::nobody(), move |write| {
        Box::pin(async move { jobs.cancel_for_target(write, target, now).await })
    });
    forgotten.await.unwrap();
}

async fn user_of(client: &Client) -> UserId {
    let user: CurrentUser =
        serde_json::from_value(client.get("/api/v1/session").await.json()).unwrap();
    user.id
}

/// The job, once it has that status.
async fn when(client: &Client, id: &JobId, status: JobStatus) -> Job {
    let asked = async {
        loop {
            let answer = client.get(&format!("/api/v1/jobs/{id}")).await.expect_status(200);
            let job: Job = serde_json::from_value(answer.json()).unwrap();
            if job.status == status {
                return job;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), asked).await.expect("the job comes that far")
}

#[tokio::test]
async fn an_owner_follows_a_job_and_nobody_else_sees_or_hears_it() {
    let work = Rehearsal::default();
    let app = TestApp::start_with_work(|_| {}, Arc::new(work.clone())).await;
    let (owner, other) = (app.sign_in(OPS).await, app.sign_in(ANA).await);
    let (mut hears, mut silent) =
        (owner.open("/api/events").await, other.open("/api/events").await);
    let id = queue(&app.state, user_of(&owner).await, KIND, "play", json!({})).await;
    when(&owner, &id, JobStatus::Running).await;
    let listed = owner.get("/api/v1/jobs").await.expect_status(200).json();
    assert_eq!((&listed["running"][0]["id"], &listed["runningTotal"]), (&json!(id), &json!(1)));

    let path = format!("/api/v1/jobs/{id}");
    other.get(&path).await.expect_refusal(404, "not_found", None);
    for what in ["cancel", "retry"] {
        let answer = other.post(&format!("{path}/{what}"), json!({})).await;
        answer.expect_refusal(404, "not_found", None);
    }
    let none = other.get("/api/v1/jobs").await.expect_status(200).json();
    assert_eq!((&none["runningTotal"], &none["running"]), (&json!(0), &json!([])));

    work.end.notify_one();
    let done = when(&owner, &id, JobStatus::Completed).await;
    assert_eq!(work.results.load(Ordering::SeqCst), 1);
    let head = app.head().await;
    let heard = hears.all_until(&head).await;
    let changes: Vec<&Heard> = heard.iter().filter(|told| told.kind() == "job.changed").collect();
    let statuses: Vec<&Value> = changes.iter().map(|told| &told.data["job"]["status"]).collect();
    assert_eq!(statuses, ["queued", "running", "completed"]);
    assert_eq!(changes[2].data["job"], serde_json::to_value(&done).unwrap());
    let kinds: Vec<String> =
        silent.all_until(&head).await.iter().map(|told| told.kind().to_owned()).collect();
    assert!(!kinds.iter().any(|kind| kind.starts_with("job.")), "{kinds:?}");
}

#[tokio::test]
async fn a_job_is_cancelled_and_done_again_and_a_repeat_changes_nothing() {
    let app = TestApp::start_with_work(|_| {}, Arc::new(Rehearsal::default())).await;
    let owner = app.sign_in(ANA).await;
    let id = queue(&app.state, user_of(&owner).await, KIND, "play", json!({})).await;
    when(&owner, &id, JobStatus::Running).await;
    let keyed = async |what: &str, key: &str| {
        let path = format!("/api/v1/jobs/{id}/{what}");
        owner.send(Method::POST, &path, |request| request.header("idempotency-key", key)).await
    };
    let (first, second) = ("1".repeat(32), "2".repeat(32));
    let asked = keyed("cancel", &first).await.expect_status(200);
    assert_eq!(asked.json()["cancelRequested"], true);
    when(&owner, &id, JobStatus::Cancelled).await;
    let again = keyed("cancel", &first).await.expect_status(200);
    assert_eq!(again.json(), asked.json(), "the first outcome");
    owner
        .post(&format!("/api/v1/jobs/{id}/cancel"), json!({}))
        .await
        .expect_refusal(409, "conflict", None);

    let retried = keyed("retry", &second).await.expect_status(200);
    assert_eq!(retried.json()["status"], "queued");
    when(&owner, &id, JobStatus::Running).await;
    assert_eq!(keyed("retry", &second).await.expect_status(200).json(), retried.json());
    owner
        .post(&format!("/api/v1/jobs/{id}/retry"), json!({}))
        .await
        .expect_refusal(409, "conflict", None);
}

#[tokio::test]
async fn what_a_killed_server_had_begun_another_finishes_once() {
    let work = Rehearsal::default();
    let app = TestApp::start_with_work(|_| {}, Arc::new(work.clone())).await;
    let owner = app.sign_in(OPS).await;
    let id = queue(&app.state, user_of(&owner).await, KIND, "play", json!({})).await;
    when(&owner, &id, JobStatus::Running).await;

    let app = app.restart().await;
    let owner = owner.at(&app);
    assert_eq!(when(&owner, &id, JobStatus::Running).await.attempts, 1, "its lease holds");
    app.set_clock_ahead(time::Duration::seconds(31));
    let again = async {
        while when(&owner, &id, JobStatus::Running).await.attempts < 2 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), again).await.expect("it is taken up again");
    work.end.notify_one();
    when(&owner, &id, JobStatus::Completed).await;
    assert_eq!(work.results.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_server_that_is_told_to_stop_gives_its_jobs_back() {
    let work = Rehearsal::default();
    let app = TestApp::start_with_work(|_| {}, Arc::new(work.clone())).await;
    let owner = app.sign_in(OPS).await;
    // It is served by a second server, the first one's runner being busy with what it has.
    let (stop, stopped) = oneshot::channel::<()>();
    let (state, listener) =
        (app.another_state().await, TcpListener::bind("127.0.0.1:0").await.unwrap());
    let busy = app.state.configuration.studio.jobs;
    for number in 0..busy {
        let target = format!("opera {number}");
        let id = queue(&app.state, user_of(&owner).await, KIND, &target, json!({})).await;
        when(&owner, &id, JobStatus::Running).await;
    }
    let id = queue(&app.state, user_of(&owner).await, KIND, "play", json!({})).await;
    let second = tokio::spawn(http::serve(state, listener, async {
        let _ = stopped.await;
    }));
    assert_eq!(when(&owner, &id, JobStatus::Running).await.attempts, 1);
    stop.send(()).unwrap();
    second.await.unwrap();
    let back = when(&owner, &id, JobStatus::Queued).await;
    assert_eq!((back.attempts, back.progress), (0, None), "that run does not count");
    work.end.notify_one();
    assert_eq!(when(&owner, &id, JobStatus::Running).await.attempts, 1, "it is begun again");
}

#[tokio::test]
async fn progress_of_200_jobs_at_once_is_a_bounded_number_of_frames_on_a_stream() {
    let adjust = |studio: &mut studio::server::configuration::Studio| studio.jobs = 200;
    let app = TestApp::start_with_work(adjust, Arc::new(Rehearsal::default())).await;
    let owner = app.sign_in(OPS).await;
    let user = user_of(&owner).await;
    for number in 0..200 {
        queue(&app.state, user, KIND, &format!("play {number}"), json!({})).await;
    }
    let running = async {
        while owner.get("/api/v1/jobs").await.json()["runningTotal"] != 200 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), running).await.expect("all of them run");
    let mut stream = owner.open("/api/events?types=job.progress").await;
    stream.connected().await;
    let begun = Instant::now();
    let mut frames = 0;
    let mut jobs = std::collections::BTreeSet::new();
    while frames < 5 * TOLD_AT_A_TIME {
        let heard = stream.next_said().await;
        frames += 1;
        jobs.insert(heard.data["id"].to_string());
        let times = begun.elapsed().as_millis() / TOLD_EVERY.as_millis();
        // One more was under way when the stream was opened, and one may just have come.
        let most = (u32::try_from(times).unwrap() + 2) * TOLD_AT_A_TIME;
        assert!(frames <= most, "{frames} frames in {:?}", begun.elapsed());
    }
    assert_eq!(jobs.len(), 5 * TOLD_AT_A_TIME as usize, "each is told in its turn");
}

#[tokio::test]
async fn jobs_are_counted_by_kind_and_outcome() {
    let app =
        TestApp::start_with_work(|studio| studio.jobs = 1, Arc::new(Rehearsal::default())).await;
    let (owner, admin) = (app.sign_in(ANA).await, app.sign_in(ADMIN).await);
    let user = user_of(&owner).await;
    let failed = queue(&app.state, user, KIND, "play", json!({ "fails": true })).await;
    when(&owner, &failed, JobStatus::Failed).await;
    let runs = queue(&app.state, user, KIND, "opera", json!({})).await;
    when(&owner, &runs, JobStatus::Running).await;
    let waits = queue(&app.state, user, KIND, "ballet", json!({})).await;
    let dropped = queue(&app.state, user, KIND, "circus", json!({})).await;
    when(&owner, &waits, JobStatus::Queued).await;
    owner.post(&format!("/api/v1/jobs/{dropped}/cancel"), json!({})).await.expect_status(200);
    let metrics = admin.get("/metrics").await.expect_status(200).text;
    for line in [
        "jobs_queued{kind=\"rehearse\"} 1",
        "jobs_running{kind=\"rehearse\"} 1",
        "jobs_finished_total{kind=\"rehearse\",outcome=\"failed\"} 1",
        "jobs_finished_total{kind=\"rehearse\",outcome=\"cancelled\"} 1",
    ] {
        assert!(metrics.contains(line), "{line} in\n{metrics}");
    }
}

#[tokio::test]
async fn a_row_that_cannot_be_read_is_ended_and_keeps_no_other_from_being_done() {
    let app =
        TestApp::start_with_work(|studio| studio.jobs = 1, Arc::new(Rehearsal::default())).await;
    let owner = app.sign_in(ANA).await;
    let user = user_of(&owner).await;
    let row = |id: &str, status: &str, attempts: u32, lease: &str, until: &str| {
        format!(
            "INSERT INTO jobs (id, kind, owner, target, title, payload, status, attempts,
                max_attempts, run_after, lease, lease_until, cancel_requested, created_at, version)
                VALUES ('{id}', '{KIND}', {user}, '{id}', 'By hand', 'no JSON', '{status}',
                    {attempts}, 3, 0, {lease}, {until}, false, 0, 1)"
        )
    };
    let rows = [
        row("job_00000000000000aa", "queued", 0, "NULL", "NULL"),
        row("job_00000000000000bb", "running", 1, "'lost'", "1"),
        row("job_00000000000000cc", "running", 3, "'lost too'", "1"),
    ];
    for row in rows {
        app.state.db.execute_unprepared(&row).await.unwrap();
    }
    let ended = queue(&app.state, user, KIND, "play", json!({ "fails": true })).await;
    when(&owner, &ended, JobStatus::Failed).await;
    let counted = async |status: &str| {
        let sql = format!("SELECT id FROM jobs WHERE payload = 'no JSON' AND status = '{status}'");
        let statement = Statement::from_string(app.state.db.get_database_backend(), sql);
        app.state.db.query_all_raw(statement).await.unwrap().len()
    };
    assert_eq!((counted("failed").await, counted("queued").await), (3, 0));
    let listed = owner.get("/api/v1/jobs").await.expect_status(200).json();
    assert_eq!(listed["finished"].as_array().unwrap().len(), 1);
}
