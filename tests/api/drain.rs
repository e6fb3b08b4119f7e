//! A server that is about to stop: what its streams and those who ask for one are told.

use std::time::Duration;

use crate::app::{OPS, TestApp};

const PATH: &str = "/api/events";

#[tokio::test]
async fn a_node_that_is_about_to_stop_ends_its_streams_and_takes_no_more() {
    let app = TestApp::start().await;
    let staff = app.sign_in(OPS).await;
    let mut stream = staff.open(PATH).await;
    stream.connected().await;
    app.import_orders(20_000..20_001).await;
    app.state.live.hub().drain(Duration::from_secs(4)).await;
    let heard = stream.all_until_end().await;
    assert!(heard.iter().any(|heard| heard.data["id"] == "ord_20000"), "{heard:?}");
    let told = stream.text.rsplit_once("\n\nretry: ").expect("when to come back").1;
    assert!(told.trim().parse::<u64>().unwrap() <= 4000, "{told}");
    let late = staff.get(PATH).await.expect_status(503);
    assert!(late.header("retry-after").parse::<u64>().unwrap() <= 4, "{late:?}");
}
