//! A backlog stays within its bounds and stands for every delivery it was given.

use highwater_core::Epoch;
use proptest::{collection::vec, prelude::*};
use serde::{Deserialize, Serialize};

use super::*;
use crate::server::{Recorded, Row};

/// A step of a job; from 100 on a step supersedes the one before it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename = "step")]
pub(crate) struct Step {
    job: u8,
}

impl LiveEvent for Step {
    type Tag = u8;

    fn tags(&self) -> Vec<u8> {
        vec![self.job]
    }

    fn conflate(&self) -> Option<String> {
        (self.job >= 100).then(|| self.job.to_string())
    }
}

pub(crate) fn row(number: u64) -> Cursor {
    Cursor::new(Epoch::new("log-1").unwrap(), number, 0)
}

pub(crate) fn delivery(number: u64, job: u8) -> Delivery<Step> {
    let json = serde_json::to_string(&Step { job }).unwrap();
    let what = Recorded::Event { to: Vec::new(), json };
    Delivery::new(
        Row { at: row(number), recorded_ms: 0, by: None, actor: None, about: None, what },
        1,
    )
}

/// Jobs that are pushed; `None` lets the writer take one delivery.
fn pushes() -> impl Strategy<Value = Vec<Option<u8>>> {
    let job = prop_oneof![0..6_u8, 100..106_u8];
    vec(prop_oneof![4 => job.prop_map(Some), 1 => Just(None)], 0..200)
}

proptest! {
    #[test]
    fn a_backlog_is_bounded_whatever_is_pushed(
        pushes in pushes(),
        queue in 0..6_usize,
        tags in 0..6_usize,
        collapse: bool,
    ) {
        let overflow = if collapse { Overflow::Collapse } else { Overflow::Reread };
        let (mut backlog, mut written) = (Backlog::Live(Queue::default()), row(0));
        for (number, job) in (1..).zip(pushes) {
            match (job, &mut backlog) {
                (Some(job), _) => {
                    let delivery = Arc::new(delivery(number, job));
                    backlog.push(&delivery, overflow, Bounds { queue, tags }, &written);
                }
                (None, Backlog::Live(waiting)) => {
                    written = waiting.pop().map_or(written, |delivery| delivery.at.clone());
                }
                (None, _) => {}
            }
            match &backlog {
                Backlog::Live(waiting) => {
                    prop_assert!(waiting.len <= queue && waiting.deliveries.len() <= queue * 4);
                    prop_assert!(waiting.conflated.len() <= waiting.len);
                    let there = waiting.deliveries.iter().flatten().count();
                    prop_assert_eq!(there, waiting.len);
                }
                Backlog::Collapsed { tags: kept, .. } => {
                    prop_assert!(collapse && kept.len() <= tags);
                }
                Backlog::Reset { .. } => prop_assert!(collapse),
                Backlog::Behind { after } => {
                    prop_assert!(!collapse);
                    prop_assert_eq!(after, &written);
                }
            }
        }
    }

    #[test]
    fn of_superseding_deliveries_the_newest_is_popped(jobs in vec(prop_oneof![0..3_u8, 100..103_u8], 0..40)) {
        let mut queue = Queue::default();
        let numbered: Vec<_> = (1..).zip(jobs).collect();
        for (number, job) in &numbered {
            queue.push(Arc::new(delivery(*number, *job)));
        }
        let superseded = |number: u64, job: u8| {
            job >= 100 && numbered.iter().any(|(later, other)| *later > number && *other == job)
        };
        let newest = numbered.iter().filter(|(number, job)| !superseded(*number, *job));
        let popped: Vec<_> =
            std::iter::from_fn(|| queue.pop()).map(|delivery| delivery.at.clone()).collect();
        prop_assert_eq!(popped, newest.map(|(number, _)| row(*number)).collect::<Vec<_>>());
        prop_assert!(queue.is_empty() && queue.conflated.is_empty());
    }
}

#[test]
fn a_queue_that_is_never_empty_forgets_the_keys_of_what_has_left() {
    let mut queue = Queue::default();
    queue.push(Arc::new(delivery(1, 100)));
    for (number, job) in (2..).zip(101..=u8::MAX) {
        queue.push(Arc::new(delivery(number, job)));
        queue.pop();
        assert_eq!((queue.conflated.len(), queue.len), (1, 1));
    }
}

fn waiting(backlog: Backlog<Step>) -> Waiting<Step> {
    Waiting::new(BTreeSet::new(), backlog, row(0))
}

#[test]
fn what_is_over_stays_over() {
    let bounds = Bounds { queue: 4, tags: 4 };
    let mut live = waiting(Backlog::Live(Queue::default()));
    live.push(&Arc::new(delivery(1, 0)), Overflow::Collapse, bounds);
    live.end(None);
    live.push(&Arc::new(delivery(2, 0)), Overflow::Collapse, bounds);
    live.start_over(&row(9));
    live.end(Some(Duration::from_secs(1)));
    assert!(live.ending && live.retry.is_none());
    let Backlog::Live(mut queue) = live.backlog else { panic!("what waited is still to come") };
    assert_eq!(queue.pop().map(|delivery| delivery.at.clone()), Some(row(1)));
    assert!(queue.pop().is_none());

    let mut behind = waiting(Backlog::Behind { after: row(1) });
    behind.start_over(&row(9));
    behind.push(&Arc::new(delivery(10, 0)), Overflow::Reread, bounds);
    behind.end(None);
    assert!(behind.ending);
    assert!(matches!(behind.backlog, Backlog::Reset { at, .. } if at == row(9)));
}

#[test]
fn a_stream_that_is_behind_ends_with_nothing_more() {
    let mut behind = waiting(Backlog::Behind { after: row(1) });
    behind.end(None);
    assert!(matches!(behind.backlog, Backlog::Live(queue) if queue.is_empty()));
}

#[test]
fn what_has_collapsed_is_written_before_the_end() {
    let bounds = Bounds { queue: 0, tags: 4 };
    let mut slow = waiting(Backlog::Live(Queue::default()));
    slow.push(&Arc::new(delivery(1, 3)), Overflow::Collapse, bounds);
    slow.end(None);
    let Backlog::Collapsed { tags, upto } = slow.backlog else { panic!("it collapsed") };
    assert_eq!((tags, upto), (BTreeMap::from([(3, row(1))]), row(1)));
}
