//! Who is in a session right now, as two open streams hear of it.

use highwater::server::By;
use serde_json::{Value, json};
use studio::account::{service, session};

use super::pair::{Pair, id_of};
use crate::{
    app::{ANA, TestApp},
    client::{Answer, Client},
    stream::{Heard, Stream},
};

const TAB: &str = "tab_0000000000000001";
const OTHER_TAB: &str = "tab_0000000000000002";

async fn be_present(client: &Client, session: &str, tab: &str, typing: Value) -> Answer {
    let args = json!({ "session": session, "tab": tab, "typing": typing });
    client.post("/api/fn/be_present", args).await
}

async fn leave(client: &Client, session: &str, tab: &str) {
    let args = json!({ "session": session, "tab": tab });
    client.post("/api/fn/leave_session", args).await.expect_status(200);
}

async fn stream(client: &Client, path: &str) -> Stream {
    let mut stream = client.open(path).await;
    stream.connected().await;
    stream
}

/// The next thing that is said of who is there. It must have no position.
async fn told(stream: &mut Stream) -> Heard {
    loop {
        let heard = stream.next_said().await;
        if matches!(heard.kind(), "presence" | "user_joined_session" | "user_left_session") {
            assert_eq!(heard.id, None, "{heard:?}");
            return heard;
        }
    }
}

#[tokio::test]
async fn two_people_see_each_other_come_type_and_go_and_it_leaves_no_row() {
    let app = TestApp::start().await;
    let pair = Pair::of(&app).await;
    let session = pair.session().await;
    app.settled().await;
    let mut own = stream(&pair.coach, "/api/events").await;
    let mut documented = stream(&pair.member, "/api/sse").await;
    let start = app.head().await;
    let (coach, member) = (id_of(&pair.coach).await, id_of(&pair.member).await);
    let carla = json!({ "id": coach, "name": "Some coach" });
    let ana = json!({ "id": member, "name": "Some member" });
    let present = |person: &Value, typing: Value| {
        let mut present = person.clone();
        present["typing"] = typing;
        present
    };

    let alone = be_present(&pair.coach, &session, TAB, Value::Null).await.expect_status(200);
    assert_eq!(alone.json(), json!([present(&carla, Value::Null)]));
    let joined = told(&mut documented).await;
    assert_eq!(joined.event, "user_joined_session");
    let data = json!({ "coaching_session_id": session, "user": carla });
    assert_eq!(joined.data, json!({ "type": "user_joined_session", "data": data }));
    let heard = told(&mut own).await;
    assert_eq!((heard.kind(), &heard.data["user"]), ("user_joined_session", &carla));
    assert_eq!(told(&mut own).await.data["people"], json!([present(&carla, Value::Null)]));

    // A second tab is the same person; where they type is told.
    be_present(&pair.coach, &session, OTHER_TAB, Value::Null).await.expect_status(200);
    be_present(&pair.member, &session, TAB, json!("new_note")).await.expect_status(200);
    let heard = told(&mut own).await;
    assert_eq!((heard.kind(), &heard.data["user"]), ("user_joined_session", &ana));
    let people = told(&mut own).await.data["people"].as_array().unwrap().clone();
    assert_eq!(people.len(), 2);
    assert!(people.contains(&present(&ana, json!("new_note"))), "{people:?}");

    leave(&pair.coach, &session, TAB).await;
    leave(&pair.member, &session, TAB).await;
    let heard = told(&mut own).await;
    assert_eq!((heard.kind(), &heard.data["user"]), ("user_left_session", &ana));
    assert_eq!(told(&mut own).await.data["people"], json!([present(&carla, Value::Null)]));
    assert_eq!(app.rows_since(&start).await, 0);
}

#[tokio::test]
async fn a_page_that_falls_silent_is_gone_when_its_lease_is_over() {
    let app = TestApp::start().await;
    let pair = Pair::of(&app).await;
    let session = pair.session().await;
    app.settled().await;
    let mut own = stream(&pair.coach, "/api/events").await;
    be_present(&pair.member, &session, TAB, Value::Null).await.expect_status(200);
    assert_eq!(told(&mut own).await.kind(), "user_joined_session");
    assert_eq!(told(&mut own).await.kind(), "presence");
    app.set_clock_ahead(time::Duration::seconds(17));
    assert_eq!(told(&mut own).await.kind(), "user_left_session");
    assert_eq!(told(&mut own).await.data["people"], json!([]));
}

#[tokio::test]
async fn whoever_is_removed_or_signed_out_is_gone_at_once_and_comes_back_no_more() {
    let app = TestApp::start().await;
    let pair = Pair::of(&app).await;
    let session = pair.session().await;
    app.settled().await;
    let mut own = stream(&pair.coach, "/api/events").await;
    be_present(&pair.member, &session, TAB, Value::Null).await.expect_status(200);
    assert_eq!(told(&mut own).await.kind(), "user_joined_session");
    assert_eq!(told(&mut own).await.kind(), "presence");
    let ana = service::find(&app.state, ANA).await.unwrap();
    session::force_out(&app.state, By::nobody(), ana.id, "Over.").await.unwrap();
    assert_eq!(told(&mut own).await.kind(), "user_left_session");
    assert_eq!(told(&mut own).await.kind(), "presence");
    let refused = be_present(&pair.member, &session, TAB, Value::Null).await;
    refused.expect_refusal(401, "unauthenticated", None);

    let again = app.sign_in(ANA).await;
    be_present(&again, &session, TAB, Value::Null).await.expect_status(200);
    assert_eq!(told(&mut own).await.kind(), "user_joined_session");
    assert_eq!(told(&mut own).await.kind(), "presence");
    let mut removed = stream(&again, "/api/events").await;
    pair.put("member", Value::Null, 1).await.expect_status(200);
    assert_eq!(told(&mut own).await.kind(), "user_left_session");
    assert_eq!(told(&mut own).await.kind(), "presence");
    be_present(&again, &session, TAB, Value::Null).await.expect_refusal(404, "not_found", None);
    be_present(&pair.coach, &session, TAB, Value::Null).await.expect_status(200);
    let head = app.head().await;
    removed.all_until(&head).await;
    assert!(!removed.text.contains("user_joined_session"), "{}", removed.text);
}
