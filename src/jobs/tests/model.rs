//! The queue against a model of it: whatever happens in whatever order, a job has one holder at a
//! time and one end.

use std::{collections::BTreeMap, sync::PoisonError, time::Duration};

use highwater::server::By;
use proptest::{
    prelude::{Strategy, any, prop_oneof},
    test_runner::{Config, TestRunner},
};
use serde_json::json;

use super::desk::{Desk, KIND, OWNER, user};
use crate::{
    error::AppError,
    jobs::{
        model::{JobId, JobStatus},
        queue::{self, Claim, Outcome, Settled},
        service,
        work::JobFailure,
    },
};

/// How long a claim holds.
const LEASE: Duration = Duration::from_secs(30);

/// How many targets there are, so how many jobs are live at a time.
const TARGETS: usize = 4;

/// How often a job may be begun.
const ATTEMPTS: u32 = 3;

/// Something that happens. A claim is named by its place among all there ever were.
#[derive(Clone, Debug)]
enum Step {
    Enqueue(usize),
    Claim { limit: usize },
    Pass { seconds: u64 },
    Keep(usize),
    Settle(usize, HowItWent),
    GiveUp,
    Cancel(usize),
    Retry(usize),
    Forget(usize),
}

#[derive(Clone, Copy, Debug)]
enum HowItWent {
    Completed,
    FailedForNow,
    FailedForGood,
    CutOff,
}

/// A job, as far as the model knows it.
#[derive(Clone, Debug)]
struct Known {
    id: JobId,
    target: usize,
    state: State,
    attempts: u32,
    cancelling: bool,
    due_s: u64,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum State {
    Queued,
    /// Under the claim with this place, until then.
    Held {
        claim: usize,
        until_s: u64,
    },
    Ended(JobStatus),
}

/// The queue and what is expected of it.
struct World {
    desk: Desk,
    now_s: u64,
    jobs: Vec<Known>,
    claims: Vec<Claim>,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let how = prop_oneof![
        3 => any::<u8>().prop_map(|_| HowItWent::Completed),
        2 => any::<u8>().prop_map(|_| HowItWent::FailedForNow),
        1 => any::<u8>().prop_map(|_| HowItWent::FailedForGood),
        1 => any::<u8>().prop_map(|_| HowItWent::CutOff),
    ];
    let step = prop_oneof![
        4 => (0..TARGETS).prop_map(Step::Enqueue),
        4 => (1..4_usize).prop_map(|limit| Step::Claim { limit }),
        3 => (1..40_u64).prop_map(|seconds| Step::Pass { seconds }),
        2 => (0..64_usize).prop_map(Step::Keep),
        5 => ((0..64_usize), how).prop_map(|(claim, how)| Step::Settle(claim, how)),
        1 => any::<u8>().prop_map(|_| Step::GiveUp),
        1 => (0..64_usize).prop_map(Step::Cancel),
        2 => (0..64_usize).prop_map(Step::Retry),
        1 => (0..TARGETS).prop_map(Step::Forget),
    ];
    proptest::collection::vec(step, 1..60)
}

#[test]
fn whatever_happens_a_job_has_one_holder_and_ends_once() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let mut runner = TestRunner::new(Config { cases: 40, ..Config::default() });
    let tried = runner.run(&steps(), |steps| {
        runtime.block_on(async {
            let mut world =
                World { desk: Desk::new().await, now_s: 0, jobs: Vec::new(), claims: Vec::new() };
            for step in steps {
                world.take(step).await;
                world.agrees().await;
            }
        });
        Ok(())
    });
    tried.unwrap();
}

impl World {
    async fn take(&mut self, step: Step) {
        match step {
            Step::Enqueue(target) => self.enqueue(target).await,
            Step::Claim { limit } => self.claim(limit).await,
            Step::Pass { seconds } => {
                self.now_s += seconds;
                self.desk.pass(Duration::from_secs(seconds));
            }
            Step::Keep(place) => self.keep(place).await,
            Step::Settle(place, how) => self.settle(place, how).await,
            Step::GiveUp => self.give_up().await,
            Step::Cancel(place) => self.cancel(place).await,
            Step::Retry(place) => self.retry(place).await,
            Step::Forget(target) => {
                self.desk.forget(&format!("play {target}")).await;
                let live = |job: &&mut Known| job.target == target && job.is_live();
                if let Some(job) = self.jobs.iter_mut().find(live) {
                    job.end(JobStatus::Cancelled);
                }
            }
        }
    }

    async fn enqueue(&mut self, target: usize) {
        let taken = self.is_taken(target);
        match self.desk.enqueue_with(&format!("play {target}"), ATTEMPTS).await {
            Ok(job) => {
                assert!(!taken, "a target has one job at a time");
                let (state, due_s) = (State::Queued, self.now_s);
                let known =
                    Known { id: job.id, target, state, attempts: 0, cancelling: false, due_s };
                self.jobs.push(known);
            }
            Err(refusal) => {
                assert!(taken && matches!(refusal, AppError::Conflict { .. }), "{refusal:?}");
            }
        }
    }

    async fn claim(&mut self, limit: usize) {
        let now = self.desk.now();
        let claimed = self.desk.live.write::<_, AppError>(By::nobody(), move |write| {
            Box::pin(async move { queue::claim(write, &[KIND], limit, now + LEASE, now).await })
        });
        let claimed = claimed.await.unwrap().value;
        let now_s = self.now_s;
        let due = self.jobs.iter().filter(|job| job.may_begin(now_s)).count();
        assert_eq!(claimed.len(), due.min(limit));
        for claim in claimed {
            let place = self.claims.len();
            let job = self.jobs.iter_mut().find(|job| job.id == claim.task.job.id).unwrap();
            assert!(job.may_begin(now_s), "somebody holds it: {job:?}");
            job.attempts += 1;
            job.state = State::Held { claim: place, until_s: now_s + LEASE.as_secs() };
            self.claims.push(claim);
        }
    }

    async fn keep(&mut self, place: usize) {
        let Some(claim) = self.place(place) else { return };
        let (lease, until) = (self.claims[claim].lease.clone(), self.desk.now() + LEASE);
        let kept = self.desk.live.write::<_, AppError>(By::nobody(), move |write| {
            Box::pin(async move { queue::keep(write, &[lease], until).await })
        });
        let kept = kept.await.unwrap().value;
        let until_s = self.now_s + LEASE.as_secs();
        match self.holder(claim) {
            Some(job) => {
                assert_eq!(kept[0].cancel_requested, job.cancelling);
                job.state = State::Held { claim, until_s };
            }
            None => assert!(kept.is_empty()),
        }
    }

    async fn settle(&mut self, place: usize, how: HowItWent) {
        let Some(claim) = self.place(place) else { return };
        let (lease, now) = (self.claims[claim].lease.clone(), self.desk.now());
        let failure = |retry| JobFailure { message: "It went wrong.".to_owned(), retry };
        let outcome = match how {
            HowItWent::Completed => Outcome::Completed(json!(claim)),
            HowItWent::FailedForNow => Outcome::Failed(failure(true)),
            HowItWent::FailedForGood => Outcome::Failed(failure(false)),
            HowItWent::CutOff => Outcome::CutOff,
        };
        let work = self.desk.jobs.works.of(KIND).unwrap().clone();
        let settled = self.desk.live.write::<_, AppError>(By::nobody(), move |write| {
            Box::pin(async move { queue::settle(write, &*work, &lease, outcome, now).await })
        });
        let settled = settled.await.unwrap().value;
        let now_s = self.now_s;
        let Some(job) = self.holder(claim) else {
            assert_eq!(settled, Settled::Lost, "its claim is over");
            return;
        };
        match (how, settled) {
            (_, Settled::Ended(JobStatus::Cancelled)) if job.cancelling => {
                job.end(JobStatus::Cancelled);
            }
            (HowItWent::Completed, Settled::Ended(JobStatus::Completed)) => {
                job.end(JobStatus::Completed);
            }
            (HowItWent::FailedForNow, Settled::Queued) if job.attempts < ATTEMPTS => {
                (job.state, job.due_s) = (State::Queued, now_s + 5 * u64::from(job.attempts));
            }
            (HowItWent::FailedForNow, Settled::Ended(JobStatus::Failed))
                if job.attempts == ATTEMPTS =>
            {
                job.end(JobStatus::Failed);
            }
            (HowItWent::FailedForGood, Settled::Ended(JobStatus::Failed)) => {
                job.end(JobStatus::Failed);
            }
            (HowItWent::CutOff, Settled::Queued) => {
                (job.state, job.due_s) = (State::Queued, now_s);
                job.attempts -= 1;
            }
            other => panic!("{other:?} of {job:?}"),
        }
    }

    /// Ends what was lost and must not be run again, as a runner does that looks around.
    async fn give_up(&mut self) {
        let now_s = self.now_s;
        for known in &mut self.jobs {
            let lost = matches!(known.state, State::Held { until_s, .. } if until_s < now_s);
            if !lost || (known.attempts < ATTEMPTS && !known.cancelling) {
                continue;
            }
            let (job, now) = (self.desk.job(&known.id).await, self.desk.now());
            let works = self.desk.jobs.works.clone();
            let settled = self.desk.live.write::<_, AppError>(By::nobody(), move |write| {
                Box::pin(async move { queue::give_up(write, &works, &job, now).await })
            });
            let how = if known.cancelling { JobStatus::Cancelled } else { JobStatus::Failed };
            assert_eq!(settled.await.unwrap().value, Settled::Ended(how));
            known.end(how);
        }
    }

    async fn cancel(&mut self, place: usize) {
        let Some(place) = nth(place, self.jobs.len()) else { return };
        let (on, now) = ((&self.desk.live, &self.desk.jobs), self.desk.now());
        let job = &mut self.jobs[place];
        let asked = service::cancel(on, &user(OWNER), job.id.clone(), None, now).await;
        assert_eq!(asked.is_ok(), job.is_live(), "{asked:?}");
        match job.state {
            State::Queued => job.end(JobStatus::Cancelled),
            State::Held { .. } => job.cancelling = true,
            State::Ended(_) => {}
        }
    }

    async fn retry(&mut self, place: usize) {
        let Some(place) = nth(place, self.jobs.len()) else { return };
        let (on, now) = ((&self.desk.live, &self.desk.jobs), self.desk.now());
        let taken = self.is_taken(self.jobs[place].target);
        let due_s = self.now_s;
        let job = &mut self.jobs[place];
        let asked = service::retry(on, &user(OWNER), job.id.clone(), None, now).await;
        let ended_badly =
            matches!(job.state, State::Ended(JobStatus::Failed | JobStatus::Cancelled));
        assert_eq!(asked.is_ok(), ended_badly && !taken, "{asked:?}");
        if asked.is_ok() {
            (job.state, job.attempts, job.due_s) = (State::Queued, 0, due_s);
        }
    }

    /// What stands in the database is what the model says, and each result was written once.
    async fn agrees(&self) {
        for known in &self.jobs {
            let job = self.desk.job(&known.id).await;
            let status = match known.state {
                State::Queued => JobStatus::Queued,
                State::Held { .. } => JobStatus::Running,
                State::Ended(status) => status,
            };
            assert_eq!((job.status, job.attempts), (status, known.attempts), "{known:?}");
            assert_eq!(job.cancel_requested, known.cancelling, "{known:?}");
        }
        let calls = self.desk.calls.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let mut results = BTreeMap::<JobId, u32>::new();
        for (id, how) in calls {
            if how.starts_with("completed") {
                *results.entry(id).or_default() += 1;
            }
        }
        assert!(results.values().all(|times| *times == 1), "{results:?}");
        let completed =
            self.jobs.iter().filter(|job| job.state == State::Ended(JobStatus::Completed));
        assert_eq!(completed.count(), results.len());
    }

    fn place(&self, place: usize) -> Option<usize> {
        nth(place, self.claims.len())
    }

    fn holder(&mut self, claim: usize) -> Option<&mut Known> {
        let holds = |job: &Known| matches!(job.state, State::Held { claim: by, .. } if by == claim);
        self.jobs.iter_mut().find(|job| holds(job))
    }

    fn is_taken(&self, target: usize) -> bool {
        self.jobs.iter().any(|job| job.target == target && job.is_live())
    }
}

impl Known {
    fn is_live(&self) -> bool {
        !matches!(self.state, State::Ended(_))
    }

    fn end(&mut self, how: JobStatus) {
        (self.state, self.cancelling) = (State::Ended(how), false);
    }

    fn may_begin(&self, now_s: u64) -> bool {
        match self.state {
            State::Queued => self.due_s <= now_s,
            State::Held { until_s, .. } => {
                until_s < now_s && self.attempts < ATTEMPTS && !self.cancelling
            }
            State::Ended(_) => false,
        }
    }
}

/// One of `count` things.
fn nth(place: usize, count: usize) -> Option<usize> {
    (count > 0).then(|| place % count)
}
