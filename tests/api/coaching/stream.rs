//! `GET /api/sse`: the documented shape of every message.

use serde_json::json;

use highwater::server::By;
use studio::{
    account::{service::find, session::force_out},
    coaching::{live::CoachingEvent, model::Person, service::audience_of_session},
    live::StudioEvent,
};

use super::pair::{Pair, delete, made, patch};
use crate::app::{ADMIN, ANA, OPS, TestApp};

const PATH: &str = "/api/sse";

#[tokio::test]
async fn a_stream_opens_with_a_named_connected_at_the_head() {
    let app = TestApp::start().await;
    let member = app.sign_in(ANA).await;
    let mut stream = member.open(PATH).await;
    for (name, value) in [
        ("content-type", "text/event-stream"),
        ("cache-control", "no-store"),
        ("x-accel-buffering", "no"),
    ] {
        assert_eq!(stream.headers.get(name).unwrap(), value, "{name}");
    }
    let connected = stream.next().await;
    assert_eq!(connected.event, "connected");
    let head = connected.id.unwrap();
    assert!(app.is_head(&head).await);
    assert_eq!(connected.data, json!({ "type": "connected", "data": {} }));
    let ping = stream.next().await;
    assert_eq!(ping.event, "ping");
    let upto = ping.id.unwrap();
    assert!(upto.reaches(&head) && app.is_head(&upto).await);
    assert_eq!(ping.data["type"], "ping");
    assert!(ping.data["data"]["ts"].is_u64());
}

#[tokio::test]
async fn each_event_is_named_and_carries_its_type_and_its_data() {
    let app = TestApp::start().await;
    let pair = Pair::of(&app).await;
    let session = pair.session().await;
    app.settled().await;
    let mut stream = pair.member.open(PATH).await;
    stream.connected().await;
    let relationship = &pair.relationship;
    for (name, path, of, place, text) in [
        ("action", "actions", "coaching_session_id", &session, "body"),
        ("note", "notes", "coaching_session_id", &session, "body"),
        ("agreement", "agreements", "coaching_relationship_id", relationship, "body"),
        ("goal", "overarching_goals", "coaching_relationship_id", relationship, "title"),
    ] {
        let item = made(&pair.coach, path, json!({ of: place, text: "One\ntwo".get(..3) })).await;
        let heard = stream.next_said().await;
        let kind = format!("{name}_created");
        assert_eq!((heard.event.as_str(), heard.id.is_some()), (kind.as_str(), true));
        assert_eq!(heard.data, json!({ "type": kind, "data": { of: place, name: item } }));

        let one = format!("{path}/{}", item["id"].as_str().unwrap());
        let changed = patch(&pair.coach, &one, json!({ text: "Other" })).await.json();
        let heard = stream.next_said().await;
        let kind = format!("{name}_updated");
        assert_eq!(heard.event, kind);
        assert_eq!(heard.data, json!({ "type": kind, "data": { of: place, name: changed } }));

        delete(&pair.coach, &one).await.expect_status(204);
        let heard = stream.next_said().await;
        let (kind, id) = (format!("{name}_deleted"), format!("{name}_id"));
        assert_eq!(heard.event, kind);
        assert_eq!(heard.data, json!({ "type": kind, "data": { of: place, id: item["id"] } }));
    }
    let one = format!("coaching_sessions/{session}");
    for (status, kind) in [("running", "session_started"), ("done", "session_ended")] {
        let now = patch(&pair.coach, &one, json!({ "status": status })).await.json();
        let heard = stream.next_said().await;
        assert_eq!(heard.event, kind);
        let data = json!({ "coaching_session_id": session, "coaching_session": now });
        assert_eq!(heard.data, json!({ "type": kind, "data": data }));
        if status == "running" {
            let told = stream.next_said().await;
            assert_eq!(told.event, "notification_created");
            assert_eq!(told.data["data"]["notification"]["kind"], "session_started");
        }
    }
}

#[tokio::test]
async fn it_tells_of_coaching_alone_and_of_ones_own() {
    let app = TestApp::start().await;
    let pair = Pair::of(&app).await;
    let session = pair.session().await;
    let staff = app.sign_in(OPS).await;
    let (mut member, mut other) = (pair.member.open(PATH).await, staff.open(PATH).await);
    let mut admin = app.sign_in(ADMIN).await.open(PATH).await;
    for stream in [&mut member, &mut other, &mut admin] {
        stream.connected().await;
    }
    let document = json!({ "title": "T", "body": "B" });
    pair.member.post("/api/v1/documents", document).await.expect_status(201);
    staff.patch_order("ord_10248", json!({ "note": "x" })).await.expect_status(200);
    pair.action(&session, "Private").await;
    let head = app.head().await;
    let heard: Vec<String> =
        member.all_until(&head).await.iter().map(|heard| heard.event.clone()).collect();
    assert_eq!(heard, ["action_created"]);
    assert_eq!(other.all_until(&head).await, []);
    assert_eq!(admin.all_until(&head).await, []);
}

#[tokio::test]
async fn an_api_token_opens_it_and_a_position_resumes_it() {
    let app = TestApp::start().await;
    let pair = Pair::of(&app).await;
    let session = pair.session().await;
    let token = pair.member.post("/api/v1/tokens", json!({ "name": "t" })).await.json();
    let program = app.with_token(token["secret"].as_str().unwrap());
    let mut stream = program.open(PATH).await;
    let start = stream.connected().await;
    pair.action(&session, "First").await;
    let first = stream.next_said().await;
    pair.action(&session, "Second").await;
    let second = stream.next_said().await;
    drop(stream);
    for (from, expected) in
        [(&start, vec![&first, &second]), (first.id.as_ref().unwrap(), vec![&second])]
    {
        let mut resumed = program.resume(PATH, &from.to_string()).await;
        resumed.connected().await;
        for one in expected {
            assert_eq!(resumed.next_said().await, *one);
        }
    }
    let mut narrow = program.open(&format!("{PATH}?types=note_created")).await;
    narrow.connected().await;
    pair.action(&session, "Third").await;
    let note = json!({ "coaching_session_id": session, "body": "N" });
    made(&pair.coach, "notes", note).await;
    assert_eq!(narrow.next_said().await.event, "note_created");
    app.client().get(PATH).await.expect_refusal(401, "unauthenticated", None);
}

#[tokio::test]
async fn being_signed_out_is_told_with_its_reason_and_ends_it() {
    let app = TestApp::start().await;
    let member = app.sign_in(ANA).await;
    let mut stream = member.open(PATH).await;
    stream.connected().await;
    let user = find(&app.state, ANA).await.unwrap();
    force_out(&app.state, By::nobody(), user.id, "The day is over.").await.unwrap();
    let heard = stream.all_until_end().await;
    assert_eq!(heard.len(), 1, "{heard:?}");
    assert_eq!(heard[0].event, "force_logout");
    let data = json!({ "reason": "The day is over." });
    assert_eq!(heard[0].data, json!({ "type": "force_logout", "data": data }));
    member.get(PATH).await.expect_refusal(401, "unauthenticated", None);
}

#[tokio::test]
async fn what_is_told_and_not_kept_comes_without_a_position_and_in_the_same_shape() {
    let app = TestApp::start().await;
    let pair = Pair::of(&app).await;
    let session = pair.session().await;
    app.settled().await;
    let (mut stream, mut other) =
        (pair.member.open(PATH).await, app.sign_in(OPS).await.open(PATH).await);
    let start = stream.connected().await;
    other.connected().await;
    let user = find(&app.state, crate::app::CARLA).await.unwrap();
    let user = Person { id: user.id, name: user.name };
    let coaching_session_id = session.parse().unwrap();
    let to = [audience_of_session(&coaching_session_id)];
    let event = CoachingEvent::UserJoinedSession { coaching_session_id, user: user.clone() };
    app.state.live.hub().publish(&to, &StudioEvent::Coaching(event));
    let heard = stream.next_said().await;
    assert_eq!((heard.event.as_str(), &heard.id), ("user_joined_session", &None));
    let data = json!({ "coaching_session_id": session, "user": user });
    assert_eq!(heard.data, json!({ "type": "user_joined_session", "data": data }));

    pair.action(&session, "Next").await;
    let next = stream.next_said().await;
    assert!(next.id.unwrap().at > start.at);
    let head = app.head().await;
    assert_eq!(other.all_until(&head).await, []);
}
