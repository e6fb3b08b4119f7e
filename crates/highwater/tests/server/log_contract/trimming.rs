//! Trimming: what it takes, how much at a time, and that numbering goes on.

use highwater::server::{ChangeLog, Retention, TRIM_BATCH, Trimmed};
use proptest::{
    prelude::*,
    strategy::ValueTree,
    test_runner::{Config, TestRunner},
};

use super::{FOREVER, id_of, places, write};
use crate::desk::Desk;

pub async fn trimming_by_count_keeps_the_newest<D: Desk>() {
    let desk = D::open().await;
    let start = desk.log().head().await.unwrap();
    write(&desk, 0..10).await;
    let places = places(&desk, &start).await;
    let keep = Retention { max_age_ms: FOREVER, max_rows: 4 };
    let Trimmed { floor, rows, more } = desk.log().trim(keep).await.unwrap();
    assert_eq!((rows, more), (6, false));
    assert_eq!(floor, places[5]);
    let nothing = Trimmed { floor: floor.clone(), rows: 0, more: false };
    assert_eq!(desk.log().trim(keep).await.unwrap(), nothing);

    let below = desk.log().after(&start, 10).await.unwrap();
    assert!(!below.continues(&start));
    assert_eq!((below.rows, &below.floor), (Vec::new(), &floor));
    let page = desk.log().after(&floor, 10).await.unwrap();
    assert!(page.continues(&floor));
    assert_eq!(page.rows.iter().map(id_of).collect::<Vec<_>>(), [6, 7, 8, 9]);
}

pub async fn a_trim_removes_no_more_than_a_batch<D: Desk>() {
    let desk = D::open().await;
    let start = desk.log().head().await.unwrap();
    let last = write(&desk, 0..TRIM_BATCH + 5).await;
    let (batch, places) = (u64::from(TRIM_BATCH), places(&desk, &start).await);
    let keep = Retention { max_age_ms: FOREVER, max_rows: 3 };
    let first = desk.log().trim(keep).await.unwrap();
    assert_eq!(first, Trimmed { floor: places[499].clone(), rows: batch, more: true });
    let page = desk.log().after(&first.floor, 10).await.unwrap();
    assert_eq!((page.rows.len(), &page.floor), (5, &first.floor));
    let second = desk.log().trim(keep).await.unwrap();
    assert_eq!(second, Trimmed { floor: places[501].clone(), rows: 2, more: false });
    desk.assert_same_place(&desk.log().head().await.unwrap(), &last).await;
}

pub async fn numbering_goes_on_after_everything_was_trimmed<D: Desk>() {
    let desk = D::open().await;
    let last = write(&desk, 0..3).await;
    let nothing = Retention { max_age_ms: FOREVER, max_rows: 0 };
    assert_eq!(desk.log().trim(nothing).await.unwrap().floor, last);
    let head = desk.log().head().await.unwrap();
    desk.assert_same_place(&head, &last).await;
    assert!(desk.log().after(&head, 1).await.unwrap().continues(&head));
    desk.assert_same_place(&desk.another().await.head().await.unwrap(), &last).await;
    let next = write(&desk, [3]).await;
    assert!(next.at > head.at && places(&desk, &last).await == [next]);
}

pub async fn rows_that_are_missing_in_between_push_nothing_out<D: Desk>() {
    let desk = D::open().await;
    let start = desk.log().head().await.unwrap();
    let keep = Retention { max_age_ms: FOREVER, max_rows: 4 };
    write(&desk, 0..3).await;
    assert_eq!(desk.log().trim(keep).await.unwrap().rows, 0);
    // Many are written, of which few stay.
    write(&desk, 3..40).await;
    desk.remove(3..38).await;
    let five = places(&desk, &start).await;
    assert_eq!(desk.log().trim(keep).await.unwrap().rows, 1);
    let page = desk.log().after(&five[0], 10).await.unwrap();
    assert_eq!(page.rows.iter().map(id_of).collect::<Vec<_>>(), [1, 2, 38, 39]);
    assert_eq!((page.floor, desk.log().trim(keep).await.unwrap().rows), (five[0].clone(), 0));
    write(&desk, 40..42).await;
    let page = desk.log().after(&five[0], 10).await.unwrap();
    assert_eq!(page.rows.len(), 6, "nothing goes by itself");
    assert_eq!(desk.log().trim(keep).await.unwrap().rows, 2);
}

/// What somebody does to a log that two processes trim.
#[derive(Clone, Debug)]
enum Step {
    /// So many rows are written.
    Write(u32),
    /// The oldest rows get older than anybody keeps them.
    Age,
    /// One of the two trims, to so many rows.
    Trim(bool, u64),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        4 => (1u32..6).prop_map(Step::Write),
        1 => Just(Step::Age),
        5 => (any::<bool>(), 2u64..9).prop_map(|(other, most)| Step::Trim(other, most)),
    ];
    prop::collection::vec(step, 1..24)
}

/// Whoever trims, with whatever they know of it: the newest rows that are not too old stay, and no others.
pub async fn the_newest_rows_stay_whoever_trims<D: Desk>() {
    const HOUR_MS: u64 = 3_600_000;
    let mut runner = TestRunner::new(Config { failure_persistence: None, ..Config::default() });
    for _ in 0..16 {
        let steps = steps().new_tree(&mut runner).unwrap().current();
        let desk = D::open().await;
        let logs = [desk.log().clone(), desk.another().await];
        let (mut next, mut model) = (0, Vec::new());
        for step in &steps {
            match step {
                Step::Write(rows) => {
                    write(&desk, next..next + rows).await;
                    model.extend((next..next + rows).map(|id| (id, false)));
                    next += rows;
                }
                Step::Age => {
                    desk.age().await;
                    model.iter_mut().for_each(|(_, old)| *old = true);
                }
                Step::Trim(other, most) => {
                    let keep = Retention { max_age_ms: HOUR_MS / 2, max_rows: *most };
                    logs[usize::from(*other)].trim(keep).await.unwrap();
                    model.retain(|(_, old)| !old);
                    let surplus = model.len().saturating_sub(usize::try_from(*most).unwrap());
                    model.drain(..surplus);
                    // From wherever reading goes on.
                    let head = desk.log().head().await.unwrap();
                    let floor = desk.log().after(&head, 1).await.unwrap().floor;
                    let rows = desk.log().after(&floor, 1000).await.unwrap().rows;
                    let found: Vec<_> = rows.iter().map(id_of).collect();
                    let expected: Vec<_> = model.iter().map(|(id, _)| *id).collect();
                    assert_eq!(found, expected, "{steps:?}");
                }
            }
        }
    }
}
