//! A database with a live log, a clock that is moved by hand, and a work whose runs do what the
//! test says.

use std::{
    future::pending,
    sync::{
        Arc, Mutex,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use futures::{FutureExt, future::BoxFuture};
use highwater::{
    Cursor,
    server::{By, ChangeLog, DatabaseLog, HubSettings, Recorded},
};
use sea_orm::DatabaseConnection;
use serde_json::{Value, json};
use time::OffsetDateTime;
use tokio::sync::{mpsc, oneshot};

use crate::{
    account::model::{CurrentUser, Role, UserId},
    error::AppError,
    jobs::{
        model::{Job, JobId, JobStatus},
        runner::{Progress, Runner, RunnerSettings},
        service::{Jobs, NewJob},
        store,
        work::{End, JobFailure, Task, Work},
    },
    server::{
        database::{
            self, WhenMissing,
            testing::{TestDatabase, newest_row},
            tests::migrated,
        },
        state::{Clock, Live, Write},
    },
};

/// The kind of every job here.
pub(super) const KIND: &str = "rehearse";

/// Whose they are.
pub(super) const OWNER: UserId = UserId(7);

/// What a run comes to, as the test says.
pub(super) type Told = Result<Value, JobFailure>;

/// A run that has begun and waits for the test.
pub(super) struct Begun {
    pub(super) task: Task,
    pub(super) progress: Progress,
    /// What it is to come to.
    pub(super) tell: oneshot::Sender<Told>,
}

/// What the hooks of the work were called for, in order.
pub(super) type Calls = Arc<Mutex<Vec<(JobId, String)>>>;

/// A work whose runs wait for the test to tell them what they come to.
struct Rehearsal {
    begun: mpsc::UnboundedSender<Begun>,
    calls: Calls,
    refuses: Arc<Mutex<Option<AppError>>>,
}

pub(super) struct Desk {
    db: DatabaseConnection,
    pub(super) live: Live,
    pub(super) jobs: Jobs,
    begun: mpsc::UnboundedReceiver<Begun>,
    pub(super) calls: Calls,
    /// What the work says to a result instead of taking it.
    pub(super) refuses: Arc<Mutex<Option<AppError>>>,
    now_ms: Arc<AtomicI64>,
    database: Arc<TestDatabase>,
}

impl Work for Rehearsal {
    fn kinds(&self) -> &'static [&'static str] {
        &[KIND]
    }

    fn run(&self, task: Task, progress: Progress) -> BoxFuture<'_, Told> {
        let (tell, told) = oneshot::channel();
        // A test that is over does not look.
        let _ = self.begun.send(Begun { task, progress, tell });
        async {
            match told.await {
                Ok(told) => told,
                // The test has no more to say: it goes on until it is cut off.
                Err(_) => pending().await,
            }
        }
        .boxed()
    }

    fn completed<'a>(
        &'a self,
        _: &'a Write,
        task: &'a Task,
        result: Value,
    ) -> BoxFuture<'a, Result<(), AppError>> {
        self.called(task, &format!("completed {result}"));
        let refusal = self.refuses.lock().unwrap().clone();
        async { refusal.map_or(Ok(()), Err) }.boxed()
    }

    fn ended<'a>(
        &'a self,
        _: &'a Write,
        task: &'a Task,
        end: &'a End,
    ) -> BoxFuture<'a, Result<(), AppError>> {
        let how = match end {
            End::Failed { message } => format!("failed {message}"),
            End::Cancelled => "cancelled".to_owned(),
        };
        self.called(task, &how);
        async { Ok(()) }.boxed()
    }

    fn retried<'a>(&'a self, _: &'a Write, task: &'a Task) -> BoxFuture<'a, Result<(), AppError>> {
        self.called(task, "retried");
        async { Ok(()) }.boxed()
    }
}

impl Rehearsal {
    fn called(&self, task: &Task, how: &str) {
        self.calls.lock().unwrap().push((task.job.id.clone(), how.to_owned()));
    }
}

impl Desk {
    pub(super) async fn new() -> Self {
        Self::on(Arc::new(migrated().await), Arc::new(AtomicI64::new(0))).await
    }

    /// Another process on the same database, with the same clock.
    pub(super) async fn another(&self) -> Self {
        Self::on(self.database.clone(), self.now_ms.clone()).await
    }

    async fn on(database: Arc<TestDatabase>, now_ms: Arc<AtomicI64>) -> Self {
        let db = database::connect(database.url(), WhenMissing::Refuse).await.unwrap();
        let log = DatabaseLog::open(db.clone()).await.unwrap();
        let live = Live::start(log, HubSettings::default()).await.unwrap();
        let (sent, begun) = mpsc::unbounded_channel();
        let (calls, refuses) = (Calls::default(), Arc::default());
        let work = Rehearsal { begun: sent, calls: calls.clone(), refuses: Arc::clone(&refuses) };
        let jobs = Jobs::new(vec![Arc::new(work)]);
        Self { db, live, jobs, begun, calls, refuses, now_ms, database }
    }

    /// A runner that looks often.
    pub(super) fn runner(&self) -> Runner {
        self.runner_with(settings())
    }

    pub(super) fn runner_with(&self, settings: RunnerSettings) -> Runner {
        Runner::start(self.live.clone(), self.jobs.clone(), self.clock(), settings)
    }

    fn clock(&self) -> Clock {
        let now_ms = self.now_ms.clone();
        Arc::new(move || at(now_ms.load(Ordering::SeqCst)))
    }

    pub(super) fn now(&self) -> OffsetDateTime {
        at(self.now_ms.load(Ordering::SeqCst))
    }

    /// Lets time pass for whoever asks what time it is.
    pub(super) fn pass(&self, time: Duration) {
        let ms = i64::try_from(time.as_millis()).unwrap();
        self.now_ms.fetch_add(ms, Ordering::SeqCst);
    }

    pub(super) async fn enqueue(&self, target: &str) -> Result<Job, AppError> {
        self.enqueue_with(target, 3).await
    }

    pub(super) async fn enqueue_with(
        &self,
        target: &str,
        max_attempts: u32,
    ) -> Result<Job, AppError> {
        let (jobs, now) = (self.jobs.clone(), self.now());
        let new = NewJob {
            kind: KIND,
            owner: OWNER,
            project_id: None,
            target: target.to_owned(),
            title: format!("The {target}"),
            link: None,
            payload: json!({ "about": target }),
            max_attempts,
        };
        let queued = self.live.write::<_, AppError>(By::nobody(), move |write| {
            Box::pin(async move { jobs.enqueue(write, new, now).await })
        });
        Ok(queued.await?.value)
    }

    /// What whoever deletes a target does about its job.
    pub(super) async fn forget(&self, target: &str) {
        let (jobs, target, now) = (self.jobs.clone(), target.to_owned(), self.now());
        let forgotten = self.live.write::<_, AppError>(By::nobody(), move |write| {
            Box::pin(async move { jobs.cancel_for_target(write, &target, now).await })
        });
        forgotten.await.unwrap();
    }

    /// The next run that begins here.
    pub(super) async fn begun(&mut self) -> Begun {
        in_time(self.begun.recv()).await.unwrap()
    }

    /// Whether no run has begun here that was not looked at.
    pub(super) fn nothing_begun(&mut self) -> bool {
        self.begun.try_recv().is_err()
    }

    pub(super) async fn job(&self, id: &JobId) -> Job {
        let id = id.clone();
        let read = self.live.read::<_, AppError>(None, move |tx| {
            Box::pin(async move { Ok(store::find(tx, &id).await?.unwrap().task.job) })
        });
        read.await.unwrap().value
    }

    /// The job, once it is as wanted.
    pub(super) async fn when(&self, id: &JobId, wanted: impl Fn(&Job) -> bool) -> Job {
        in_time(async {
            loop {
                let job = self.job(id).await;
                if wanted(&job) {
                    return job;
                }
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
        })
        .await
    }

    pub(super) async fn when_status(&self, id: &JobId, status: JobStatus) -> Job {
        self.when(id, |job| job.status == status).await
    }

    /// What the hooks were called for about a job.
    pub(super) fn calls_about(&self, id: &JobId) -> Vec<String> {
        let calls = self.calls.lock().unwrap();
        calls.iter().filter(|(of, _)| of == id).map(|(_, how)| how.clone()).collect()
    }

    pub(super) async fn head(&self) -> Cursor {
        newest_row(&self.db, self.live.log()).await
    }

    /// The events recorded after a place, with their audiences.
    pub(super) async fn events_after(&self, after: &Cursor) -> Vec<(Vec<String>, Value)> {
        // What it answers is settled, and all of it.
        self.head().await;
        let page = self.live.log().after(after, 10_000).await.unwrap();
        let events = page.rows.into_iter().filter_map(|row| match row.what {
            Recorded::Event { to, json } => {
                let to = to.iter().map(|audience| audience.as_str().to_owned()).collect();
                Some((to, serde_json::from_str(&json).unwrap()))
            }
            Recorded::Access(_) => None,
        });
        events.collect()
    }
}

/// Looks every few milliseconds, holds for half a minute of the tests' clock, and gives its signs of
/// life so seldom that a test decides about them.
pub(super) fn settings() -> RunnerSettings {
    RunnerSettings {
        concurrency: 4,
        lease: Duration::from_secs(30),
        poll: Duration::from_millis(3),
        tell: Duration::from_millis(5),
    }
}

pub(super) fn user(id: UserId) -> CurrentUser {
    CurrentUser {
        id,
        email: "ana@example.com".to_owned(),
        name: "Ana".to_owned(),
        role: Role::Member,
    }
}

pub(super) fn failure(message: &str, retry: bool) -> Told {
    Err(JobFailure { message: message.to_owned(), retry })
}

/// Waits, but not for ever.
pub(super) async fn in_time<T>(waits: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(20), waits).await.expect("it happens in time")
}

fn at(ms: i64) -> OffsetDateTime {
    OffsetDateTime::UNIX_EPOCH + time::Duration::days(20_000) + time::Duration::milliseconds(ms)
}
