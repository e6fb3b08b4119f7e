//! Outcomes of mutations: the first one stays, for as long as rows are kept by age.

use highwater::{
    AsOf, MutationId,
    server::{ChangeLog, Outcome, Retention},
};

use super::{FOREVER, record, write};
use crate::{desk::Desk, notes::by};

pub async fn the_first_outcome_stays<D: Desk>() {
    let desk = D::open().await;
    let head = write(&desk, [1]).await;
    let outcome = |json: Result<String, String>| Outcome {
        json,
        cursor: head.clone(),
        as_of: AsOf::upto(&head),
    };
    let mutation = id("ann", 5);
    let (first, second) = (outcome(Err("no".into())), outcome(Ok("yes".into())));
    let tx = desk.log().begin_write().await.unwrap();
    assert!(D::Log::remember(&tx, "ann", mutation, &first).await.unwrap());
    assert!(!D::Log::remember(&tx, "ann", mutation, &second).await.unwrap());
    let other = desk.another().await;
    assert_eq!(other.outcome("ann", mutation).await.unwrap(), None, "not before the commit");
    D::Log::commit(tx).await.unwrap();
    assert_eq!(other.outcome("ann", mutation).await.unwrap(), Some(first));
    assert_eq!(other.outcome("bob", mutation).await.unwrap(), None);
    assert_eq!(other.outcome("ann", id("ann", 6)).await.unwrap(), None);
    let late = other.begin_write().await.unwrap();
    assert!(!D::Log::remember(&late, "ann", mutation, &second).await.unwrap());
}

pub async fn trimming_by_age_forgets_outcomes_too<D: Desk>() {
    let desk = D::open().await;
    let outcome = async || desk.log().outcome("ann", id("ann", 1)).await.unwrap();
    let tx = desk.log().begin_write().await.unwrap();
    let old = record::<D>(&tx, 1).await;
    let answer = Outcome { json: Ok("1".into()), cursor: old.clone(), as_of: AsOf::upto(&old) };
    D::Log::remember(&tx, "ann", id("ann", 1), &answer).await.unwrap();
    D::Log::commit(tx).await.unwrap();
    desk.age().await;
    let head = write(&desk, [2]).await;

    let two_hours = Retention { max_age_ms: 7_200_000, max_rows: 100 };
    assert_eq!(desk.log().trim(two_hours).await.unwrap().floor.at.major, 0);
    assert_eq!(outcome().await, Some(answer));
    let half_an_hour = Retention { max_age_ms: 1_800_000, max_rows: 100 };
    assert_eq!(desk.log().trim(half_an_hour).await.unwrap().floor, old);
    assert_eq!(outcome().await, None);
    let page = desk.log().after(&old, 10).await.unwrap();
    assert_eq!(page.rows.len(), 1);
    desk.assert_same_place(&page.upto, &head).await;
}

pub async fn trimming_by_count_forgets_no_outcome<D: Desk>() {
    let desk = D::open().await;
    let head = write(&desk, [1]).await;
    let answer = Outcome { json: Ok("1".into()), cursor: head.clone(), as_of: AsOf::upto(&head) };
    let tx = desk.log().begin_write().await.unwrap();
    D::Log::remember(&tx, "ann", id("ann", 1), &answer).await.unwrap();
    D::Log::commit(tx).await.unwrap();
    let nothing = Retention { max_age_ms: FOREVER, max_rows: 0 };
    assert_eq!(desk.log().trim(nothing).await.unwrap().floor, head);
    assert_eq!(desk.log().outcome("ann", id("ann", 1)).await.unwrap(), Some(answer));
}

fn id(actor: &str, number: u128) -> MutationId {
    by(actor, number).mutation.unwrap()
}
