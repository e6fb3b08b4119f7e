//! Who hears what, and until when.

use std::time::Duration;

use serde_json::json;
use studio::account::{
    model::{CurrentUser, Role},
    service,
};

use crate::app::{ADMIN, ANA, CARLA, OPS, TestApp};

const OWN: &str = "/api/events";
const ORDERS: &str = "/api/v1/stream/events";
const DAY: Duration = Duration::from_secs(24 * 3600);

#[tokio::test]
async fn streams_need_a_session_and_the_orders_stream_a_role() {
    let app = TestApp::start().await;
    for path in [OWN, ORDERS] {
        app.client().get(path).await.expect_refusal(401, "unauthenticated", None);
    }
    for email in [ANA, CARLA] {
        app.sign_in(email).await.get(ORDERS).await.expect_refusal(403, "forbidden", None);
    }
    app.sign_in(ADMIN).await.open(ORDERS).await.connected().await;
}

#[tokio::test]
async fn a_member_hears_no_order_event_while_staff_does() {
    let app = TestApp::start().await;
    let (staff, member) = (app.sign_in(OPS).await, app.sign_in(ANA).await);
    let start = app.head().await;
    let (mut for_staff, mut for_member) = (staff.open(OWN).await, member.open(OWN).await);
    for_staff.connected().await;
    for_member.connected().await;

    staff.patch_order("ord_10248", json!({ "note": "private" })).await.expect_status(200);
    app.import_orders(20_000..20_001).await;
    let head = app.head().await;
    let heard = for_staff.all_until(&head).await;
    let kinds: Vec<&str> = heard.iter().map(|heard| heard.kind()).collect();
    let expected = ["order.updated", "catalogue.updated", "order.created", "metric.updated"];
    assert_eq!(kinds, expected);
    assert_eq!(for_member.all_until(&head).await, [], "complete through the change, in silence");

    // Nor by coming back to before it, from the ring or, after a restart, from the log.
    let path = format!("{OWN}?after={start}");
    let mut replayed = member.open(&path).await;
    replayed.connected().await;
    assert_eq!(replayed.all_until(&head).await, []);
    let app = app.restart().await;
    let mut replayed = member.at(&app).open(&path).await;
    replayed.connected().await;
    assert_eq!(replayed.all_until(&head).await, []);
    assert!(!for_member.text.contains("ord_") && !replayed.text.contains("ord_"));
}

#[tokio::test]
async fn a_stream_that_opens_while_a_role_changes_hears_by_the_new_one() {
    let app = TestApp::start().await;
    let (changing, other) = (app.sign_in(OPS).await, app.sign_in(ADMIN).await);
    let user = changing.get("/api/v1/session").await.json();
    let user: CurrentUser = serde_json::from_value(user).unwrap();
    let roles = [Role::Member, Role::Staff].into_iter().cycle();
    for (round, role) in roles.take(40).enumerate() {
        // The session is read before, during or after the change, as it happens.
        let (mut stream, changed) =
            tokio::join!(changing.open(OWN), service::change_role(&app.state.live, user.id, role));
        changed.unwrap();
        stream.connected().await;
        let note = json!({ "note": format!("for {role}, {round}") });
        other.patch_order("ord_10248", note).await.expect_status(200);
        let head = app.head().await;
        let heard = stream.all_until(&head).await;
        let orders = heard.iter().filter(|heard| heard.kind() == "order.updated").count();
        assert_eq!(orders, usize::from(role == Role::Staff), "{round}: {heard:?}");
    }
}

#[tokio::test]
async fn signing_out_ends_the_streams_of_that_session() {
    let app = TestApp::start().await;
    let (leaving, staying) = (app.sign_in(OPS).await, app.sign_in(OPS).await);
    let mut orders = leaving.open(ORDERS).await;
    let mut own = leaving.open(OWN).await;
    let mut other = staying.open(ORDERS).await;
    for stream in [&mut orders, &mut own, &mut other] {
        stream.connected().await;
    }
    staying.patch_order("ord_10248", json!({ "note": "before" })).await.expect_status(200);
    leaving.sign_out().await.expect_status(204);
    staying.patch_order("ord_10248", json!({ "note": "after" })).await.expect_status(200);

    for stream in [&mut orders, &mut own] {
        let heard = stream.all_until_end().await;
        let order_events: Vec<_> =
            heard.iter().filter(|heard| heard.kind() == "order.updated").collect();
        assert_eq!(order_events.len(), 1, "what came before, and nothing after: {heard:?}");
        assert_eq!(order_events[0].data["patch"]["note"], "before");
    }
    assert_eq!(other.event().await.data["patch"]["note"], "before");
    assert_eq!(other.event().await.data["patch"]["note"], "after");
    leaving.get(ORDERS).await.expect_refusal(401, "unauthenticated", None);
}

#[tokio::test]
async fn a_stream_ends_with_its_session() {
    let app = TestApp::start_with(|studio| studio.session_lifetime = DAY).await;
    // The server that signs in is a day late, so the session has but a second to live.
    app.set_clock_ahead(time::Duration::seconds(1) - time::Duration::days(1));
    let staff = app.sign_in(OPS).await;
    for path in [OWN, ORDERS] {
        let mut stream = staff.open(path).await;
        stream.connected().await;
        assert_eq!(stream.all_until_end().await, []);
    }
    // By a clock that is right, what comes after is refused, a resume as well.
    app.set_clock_ahead(time::Duration::ZERO);
    for path in [OWN, ORDERS, "/api/v1/orders"] {
        staff.get(path).await.expect_refusal(401, "unauthenticated", None);
    }
}
