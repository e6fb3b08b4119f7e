//! What happened to one thing, read backwards, and how far back that reaches.

use highwater::{
    Cursor, Epoch,
    server::{ChangeLog, History, Retention},
};

use super::{FOREVER, places, record, write};
use crate::{
    desk::Desk,
    notes::{Noted, audiences, by},
};

pub async fn a_history_is_of_one_thing_and_pages_backwards<D: Desk>() {
    let desk = D::open().await;
    let start = desk.log().head().await.unwrap();
    let nothing = history::<D>(desk.log(), "note:1", None).await;
    assert_eq!((nothing.rows, nothing.kept_since_ms), (Vec::new(), None));
    assert_eq!(nothing.floor.at.major, 0);

    write(&desk, [1, 2, 1, 11, 1]).await;
    let places = places(&desk, &start).await;
    let tx = desk.log().begin_write().await.unwrap();
    let aside = Noted::Progress { id: 1, done: 5 };
    D::Log::record(&tx, &by("ann", 1), &audiences(&["all"]), &aside).await.unwrap();
    let last = record::<D>(&tx, 1).await;
    // The transaction's own rows are in its history.
    let own = D::Log::history(&tx, "note:1", None, 1).await.unwrap();
    assert_eq!(places_of(&own), [&last]);
    D::Log::rollback(tx).await.unwrap();

    let newest = history::<D>(desk.log(), "note:1", None).await;
    assert_eq!(places_of(&newest), [&places[4], &places[2]]);
    let older = history::<D>(desk.log(), "note:1", Some(&newest.rows[1].at)).await;
    assert_eq!(places_of(&older), [&places[0]]);
    let foreign = Cursor::new(Epoch::new("another-log").unwrap(), 2, 0);
    assert_eq!(history::<D>(desk.log(), "note:1", Some(&foreign)).await, newest);
}

pub async fn a_history_says_how_far_back_it_reaches<D: Desk>() {
    let desk = D::open().await;
    write(&desk, [1, 1, 2]).await;
    desk.age().await;
    let last = write(&desk, [1]).await;
    let whole = history::<D>(desk.log(), "note:1", None).await;
    let an_hour_ago = crate::fake_log::now_ms() - 3_600_000;
    assert!(whole.kept_since_ms.unwrap() <= an_hour_ago);
    assert_eq!(whole.floor.at.major, 0);

    let keep = Retention { max_age_ms: FOREVER, max_rows: 1 };
    let floor = desk.log().trim(keep).await.unwrap().floor;
    let rest = history::<D>(desk.log(), "note:1", None).await;
    assert_eq!((places_of(&rest), &rest.floor), (vec![&last], &floor));
    assert!(rest.kept_since_ms.unwrap() > an_hour_ago);
    // What was trimmed is not known any more, but that there may have been something is.
    let gone = history::<D>(desk.log(), "note:2", None).await;
    assert_eq!((gone.rows, gone.kept_since_ms), (Vec::new(), rest.kept_since_ms));
}

/// The newest two rows about something, before a place.
async fn history<D: Desk>(log: &D::Log, about: &str, before: Option<&Cursor>) -> History {
    let tx = log.begin_read().await.unwrap();
    D::Log::history(&tx, about, before, 2).await.unwrap()
}

fn places_of(history: &History) -> Vec<&Cursor> {
    history.rows.iter().map(|row| &row.at).collect()
}
