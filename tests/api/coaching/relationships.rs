//! Who coaches whom, and what they hear from when to when.

use highwater::Cursor;
use serde_json::{Value, json};

use super::pair::{Pair, ask, call, delete, id_of, made, patch};
use crate::{
    app::{ADMIN, ANA, BEN, CARLA, COREY, OPS, TestApp},
    client::Client,
    stream::{Heard, Stream},
};

/// What a stream has said up to a place, by kind.
async fn kinds(stream: &mut Stream, head: &Cursor) -> Vec<String> {
    stream.all_until(head).await.iter().map(|heard| heard.kind().to_owned()).collect()
}

async fn open(client: &Client) -> Stream {
    let mut stream = client.open("/api/events").await;
    stream.connected().await;
    stream
}

#[tokio::test]
async fn admins_put_a_coach_and_a_member_together_and_nobody_else_does() {
    let app = TestApp::start().await;
    let (carla, ana) = (app.sign_in(CARLA).await, app.sign_in(ANA).await);
    let admin = app.sign_in(ADMIN).await;
    let (coach, member) = (id_of(&carla).await, id_of(&ana).await);
    let new = |coach: &Value, member: &Value| json!({ "coach": coach, "member": member });
    for email in [CARLA, ANA, OPS] {
        let other = app.sign_in(email).await;
        let refused = call(&other, "create_relationship", new(&coach, &member)).await;
        assert_eq!(refused.status, 403, "{email}");
        let refusal = ask(&other, "all_relationships", json!({})).await.unwrap_err();
        assert_eq!(refusal["code"], "forbidden", "{email}");
    }
    for (coach, member, field) in
        [(&member, &member, "coach"), (&coach, &coach, "member"), (&json!(999), &member, "coach")]
    {
        let refused = call(&admin, "create_relationship", new(coach, member)).await;
        assert_eq!((refused.status.as_u16(), &refused.json()["field"]), (422, &json!(field)));
    }
    let mut stream = open(&admin).await;
    let made = call(&admin, "create_relationship", new(&coach, &member)).await.expect_status(200);
    let made = made.json()["value"].clone();
    assert_eq!((&made["coach"]["id"], &made["member"]["id"]), (&coach, &member));
    assert_eq!(stream.next_said().await.data["coaching_relationship"], made);
    let again = call(&admin, "create_relationship", new(&coach, &member)).await;
    assert_eq!(again.status, 409, "they have one already");
    assert_eq!(ask(&admin, "all_relationships", json!({})).await, Ok(json!([made])));
    assert_eq!(ana.get("/api/v1/coaching_relationships").await.json(), json!([made]));
}

#[tokio::test]
async fn a_place_changes_hands_under_the_version_that_was_seen() {
    let app = TestApp::start().await;
    let pair = Pair::of(&app).await;
    let (ben, corey) = (app.sign_in(BEN).await, app.sign_in(COREY).await);
    let refused = pair.put("member", id_of(&corey).await, 1).await;
    assert_eq!((refused.status.as_u16(), &refused.json()["field"]), (422, &json!("person")));
    let done = pair.put("member", id_of(&ben).await, 1).await.expect_status(200).json();
    assert_eq!(
        (&done["value"]["version"], &done["value"]["member"]["id"]),
        (&json!(2), &id_of(&ben).await)
    );
    let refused = pair.put("coach", Value::Null, 1).await;
    assert_eq!((refused.status.as_u16(), &refused.json()["current"]), (409, &json!(2)));
    let head = app.head().await;
    pair.put("member", id_of(&ben).await, 2).await.expect_status(200);
    assert_eq!(app.rows_since(&head).await, 0, "they have it already");
    let args = json!({ "id": pair.relationship });
    let refusal = ask(&pair.member, "get_relationship", args.clone()).await.unwrap_err();
    assert_eq!(refusal["code"], "not_found");
    assert_eq!(ask(&ben, "get_relationship", args).await, Ok(done["value"].clone()));
}

#[tokio::test]
async fn whoever_is_removed_hears_nothing_more_at_once_and_their_pages_forget_it() {
    let app = TestApp::start().await;
    let pair = Pair::of(&app).await;
    let session = pair.session().await;
    app.settled().await;
    let (mut own, mut other) = (open(&pair.member).await, open(&pair.coach).await);
    let mut documented = pair.member.open("/api/sse").await;
    let start = documented.connected().await;
    pair.action(&session, "Heard").await;
    pair.put("member", Value::Null, 1).await.expect_status(200);
    pair.action(&session, "Secret").await;
    let agreement = json!({ "coaching_relationship_id": pair.relationship, "body": "Secret" });
    made(&pair.coach, "agreements", agreement).await;
    let second = pair.session().await;
    pair.action(&second, "Secret").await;

    let head = app.head().await;
    let heard = own.all_until(&head).await;
    let kinds_of = |heard: &[Heard]| -> Vec<String> {
        heard.iter().map(|heard| heard.kind().to_owned()).collect()
    };
    assert_eq!(kinds_of(&heard), ["action_created", "access", "coaching_relationship_changed"]);
    assert_eq!(heard[1].data["lost"], json!([{ "coaching": { "within": pair.relationship } }]));
    assert_eq!(heard[2].data["coaching_relationship"]["member"], Value::Null);
    let kinds_here = kinds(&mut documented, &head).await;
    assert_eq!(kinds_here, ["action_created", "coaching_relationship_changed"]);
    assert!(!own.text.contains("Secret") && !documented.text.contains("Secret"));
    let after = kinds(&mut other, &head).await;
    assert_eq!(after.iter().filter(|kind| *kind == "action_created").count(), 3, "{after:?}");

    // Nor by coming back to before it, from the ring or, after a restart, from the log.
    let (from, member) = (start.to_string(), pair.member.clone());
    let forgets = async |app: &TestApp| {
        for path in ["/api/events", "/api/sse"] {
            let mut resumed = member.at(app).resume(path, &from).await;
            resumed.connected().await;
            let heard = kinds(&mut resumed, &head).await;
            assert!(!resumed.text.contains("Secret"), "{heard:?}");
            let told = heard.iter().filter(|kind| *kind == "access").count();
            assert_eq!(told, usize::from(path == "/api/events"), "{heard:?}");
        }
    };
    forgets(&app).await;
    let app = app.restart().await;
    forgets(&app).await;
}

#[tokio::test]
async fn whoever_is_put_in_hears_what_follows_at_once() {
    let app = TestApp::start().await;
    let pair = Pair::of(&app).await;
    let session = pair.session().await;
    let ben = app.sign_in(BEN).await;
    let mut stream = open(&ben).await;
    pair.action(&session, "Before").await;
    pair.put("member", id_of(&ben).await, 1).await.expect_status(200);
    pair.action(&session, "After").await;
    let second = pair.session().await;
    pair.action(&second, "Later").await;
    let head = app.head().await;
    let heard = kinds(&mut stream, &head).await;
    let expected = [
        "access",
        "coaching_relationship_changed",
        "action_created",
        "access",
        "session_created",
        "action_created",
    ];
    assert_eq!(heard, expected);
    assert!(!stream.text.contains("Before"));
    assert_eq!(ben.get("/api/v1/coaching_sessions").await.json().as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn a_stream_that_opens_while_somebody_is_removed_hears_by_what_is_true_then() {
    let app = TestApp::start_with(|studio| studio.streams_per_user = 1000).await;
    let pair = Pair::of(&app).await;
    let session = pair.session().await;
    let action = pair.action(&session, "0").await;
    let one = format!("actions/{}", action["id"].as_str().unwrap());
    let member = id_of(&pair.member).await;
    for round in 1..30_u64 {
        // What they may hear is read before, during or after the change, as it happens.
        let person = if round % 2 == 1 { Value::Null } else { member.clone() };
        let there = person.is_number();
        let (mut stream, changed) =
            tokio::join!(pair.member.open("/api/events"), pair.put("member", person, round));
        changed.expect_status(200);
        stream.connected().await;
        let change = json!({ "body": format!("{round}") });
        patch(&pair.coach, &one, change).await.expect_status(200);
        let head = app.head().await;
        let heard = kinds(&mut stream, &head).await;
        let updates = heard.iter().filter(|kind| *kind == "action_updated").count();
        assert_eq!(updates, usize::from(there), "{round}: {heard:?}");
    }
}

#[tokio::test]
async fn each_of_the_two_hears_of_a_session_from_its_beginning_to_its_end() {
    let app = TestApp::start().await;
    let pair = Pair::of(&app).await;
    let mut stream = open(&pair.member).await;
    let mut stranger = open(&app.sign_in(BEN).await).await;
    let session = pair.session().await;
    let one = format!("coaching_sessions/{session}");
    patch(&pair.coach, &one, json!({ "title": "T" })).await.expect_status(200);
    for status in ["running", "done"] {
        patch(&pair.member, &one, json!({ "status": status })).await.expect_status(200);
    }
    let second = pair.session().await;
    delete(&pair.coach, &format!("coaching_sessions/{second}")).await.expect_status(204);
    let head = app.head().await;
    let heard = kinds(&mut stream, &head).await;
    let expected = [
        "access",
        "session_created",
        "session_updated",
        "session_started",
        "session_ended",
        "access",
        "session_created",
        "session_deleted",
        "access",
    ];
    assert_eq!(heard, expected);
    assert_eq!(kinds(&mut stranger, &head).await, [""; 0]);
}
