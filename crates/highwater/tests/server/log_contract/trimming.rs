//! Trimming: what it takes, how much at a time, and that numbering goes on.

use highwater::server::{ChangeLog, Retention, TRIM_BATCH, Trimmed};

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
