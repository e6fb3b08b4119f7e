//! Several servers on one database: each hears what another wrote, soon.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::app::{OPS, TestApp};

/// How soon another process's write is to be noticed.
const SOON: Duration = Duration::from_secs(1);

#[tokio::test]
async fn another_servers_change_is_heard_within_a_second() {
    let (one, staff) = {
        let app = TestApp::start().await;
        let staff = app.sign_in(OPS).await;
        (app, staff)
    };
    let other = one.another().await;
    let elsewhere = staff.at(&other);
    let mut stream = staff.open("/api/v1/stream/events").await;
    stream.connected().await;
    for note in ["one", "two"] {
        let change = json!({ "note": note });
        elsewhere.patch_order("ord_10248", change).await.expect_status(200);
        let written = Instant::now();
        let heard = stream.event().await;
        assert!(written.elapsed() < SOON, "after {:?}", written.elapsed());
        assert_eq!(heard.data["patch"]["note"], note);
        assert_eq!(staff.order("ord_10248").await["note"], note);
    }
}

#[tokio::test]
async fn a_stream_moves_to_another_server_without_loss() {
    let one = TestApp::start().await;
    let other = one.another().await;
    let staff = one.sign_in(OPS).await;
    let elsewhere = staff.at(&other);
    let mut stream = staff.open("/api/v1/stream/events").await;
    let start = stream.connected().await;
    staff.patch_order("ord_10248", json!({ "note": "here" })).await.expect_status(200);
    let left = stream.event().await;

    // It may well be that the other server has not read that row yet.
    let mut stream = elsewhere.resume("/api/v1/stream/events", &left.position()).await;
    assert_eq!(Some(stream.connected().await), left.id);
    elsewhere.patch_order("ord_10248", json!({ "note": "there" })).await.expect_status(200);
    assert_eq!(stream.event().await.data["patch"]["note"], "there");
    assert_eq!(one.rows_since(&start).await, 2);
}

#[tokio::test]
async fn signing_out_at_another_server_ends_the_stream_here() {
    let one = TestApp::start().await;
    let other = one.another().await;
    let staff = one.sign_in(OPS).await;
    let mut stream = staff.open("/api/events").await;
    stream.connected().await;
    staff.at(&other).sign_out().await.expect_status(204);
    let left = Instant::now();
    let heard = stream.all_until_end().await;
    assert!(left.elapsed() < SOON, "after {:?}", left.elapsed());
    assert!(heard.iter().all(|heard| heard.kind() == "end"), "{heard:?}");
}
