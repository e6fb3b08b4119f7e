//! Trimming passes a client that was away: it starts over, and ends with what is true.

use highwater::server::Retention;
use serde_json::json;

use crate::{
    app::{OLE, OPS, TestApp},
    tab::Tab,
};

#[tokio::test]
async fn a_tab_that_slept_while_the_log_was_trimmed_past_it_starts_over_and_ends_right() {
    let app = TestApp::start_with(|studio| studio.ring_events = 2).await;
    let staff = app.sign_in(OLE).await;
    let ids = ["ord_11077", "ord_11076", "ord_10248"].map(|id| id.parse().unwrap());
    let start = app.head().await;
    let mut tab = Tab::new(app.sign_in(OPS).await, &ids, 1);
    tab.run(app.head()).await;
    tab.sleep();
    for time in 0..6 {
        for id in &ids[..2] {
            let note = json!({ "note": format!("while it slept {time}") });
            staff.patch_order(id.as_str(), note).await.expect_status(200);
        }
    }
    // What is not settled is not trimmed.
    app.head().await;
    let rows = app.rows_after(&start).await;
    let keep = Retention { max_age_ms: u64::MAX, max_rows: 1 };
    let floor = app.state.live.trim(keep).await.unwrap().floor;
    tab.run(app.head()).await;
    assert_eq!((tab.connects, tab.resets), (2, 1));
    assert!(app.head().await.reaches(&floor));

    // From there on it is as live as before.
    let note = json!({ "note": "afterwards" });
    staff.patch_order(ids[0].as_str(), note).await.expect_status(200);
    tab.run(app.head()).await;
    assert_eq!((tab.connects, tab.resets), (2, 1));
    for id in &ids {
        let shown = serde_json::to_value(tab.order(id)).unwrap();
        assert_eq!(shown, staff.order(id.as_str()).await);
    }
    assert_eq!(tab.order(&ids[0]).note, "afterwards");
    tab.missed_none_of(&[rows, app.rows_after(&floor).await].concat());
}
