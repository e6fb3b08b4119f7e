//! Sessions: scheduled, running, done.

use serde_json::json;

use super::pair::{Pair, ask, delete, id_of, made, patch};
use crate::app::{BEN, TestApp};

#[tokio::test]
async fn a_session_is_scheduled_started_and_ended_and_goes_no_step_back() {
    let app = TestApp::start().await;
    let pair = Pair::of(&app).await;
    let id = pair.session().await;
    let one = format!("coaching_sessions/{id}");
    let scheduled = pair.member.get(&format!("/api/v1/{one}")).await.expect_status(200).json();
    assert_eq!((&scheduled["status"], &scheduled["version"]), (&json!("scheduled"), &json!(1)));

    let change = json!({ "title": " Second steps ", "scheduled_at": "2026-03-02T10:30:00+01:00" });
    let moved = patch(&pair.member, &one, change).await.expect_status(200).json();
    assert_eq!(moved["title"], "Second steps");
    assert_eq!(moved["scheduled_at"], "2026-03-02T09:30:00Z");
    let end = patch(&pair.coach, &one, json!({ "status": "done" })).await;
    end.expect_refusal(409, "conflict", None);

    let running = patch(&pair.coach, &one, json!({ "status": "running", "version": 2 })).await;
    let running = running.expect_status(200).json();
    assert!(running["started_at"].is_string() && running["ended_at"].is_null(), "{running}");
    let late = patch(&pair.member, &one, json!({ "scheduled_at": "2026-04-01T00:00:00Z" })).await;
    late.expect_refusal(409, "conflict", None);
    delete(&pair.coach, &one).await.expect_refusal(409, "conflict", None);
    let stale = patch(&pair.member, &one, json!({ "status": "done", "version": 2 })).await;
    stale.expect_refusal(409, "version_conflict", None);

    let done = patch(&pair.member, &one, json!({ "status": "done" })).await.expect_status(200);
    assert!(done.json()["ended_at"].is_string());
    let again = patch(&pair.member, &one, json!({ "status": "running" })).await;
    again.expect_refusal(409, "conflict", None);
    for (change, field) in [
        (json!({ "title": "" }), Some("title")),
        (json!({ "status": "lost" }), Some("status")),
        (json!({ "scheduled_at": "soon" }), Some("scheduled_at")),
    ] {
        patch(&pair.coach, &one, change).await.expect_refusal(422, "invalid", field);
    }
}

#[tokio::test]
async fn sessions_are_listed_for_one_relationship_and_for_all_of_mine() {
    let app = TestApp::start().await;
    let pair = Pair::of(&app).await;
    let ben = app.sign_in(BEN).await;
    let other = json!({ "coach": id_of(&pair.coach).await, "member": id_of(&ben).await });
    let other = super::pair::call(&pair.admin, "create_relationship", other).await.json();
    let other = other["value"]["id"].as_str().unwrap().to_owned();
    let schedule = async |of: &str, at: &str| {
        let new = json!({ "coaching_relationship_id": of, "title": "T", "scheduled_at": at });
        made(&pair.coach, "coaching_sessions", new).await
    };
    let early = schedule(&pair.relationship, "2026-01-01T09:00:00Z").await;
    let middle = schedule(&other, "2026-01-02T09:00:00Z").await;
    let late = schedule(&pair.relationship, "2026-01-03T09:00:00Z").await;

    let path = "/api/v1/coaching_sessions";
    assert_eq!(pair.coach.get(path).await.json(), json!([late, middle, early]), "latest first");
    assert_eq!(pair.member.get(path).await.json(), json!([late, early]));
    let of_one = format!("{path}?coaching_relationship_id={}", pair.relationship);
    assert_eq!(pair.coach.get(&of_one).await.json(), json!([late, early]));
    let both = pair.coach.get("/api/v1/coaching_relationships").await.json();
    let ids: Vec<&str> =
        both.as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap()).collect();
    assert_eq!(ids, [&*other, &*pair.relationship], "newest first");

    // A session stands in its own relationship and in no other.
    for (function, field) in
        [("get_coaching_session", "id"), ("list_notes", "session"), ("list_actions", "session")]
    {
        let args = json!({ "relationship": other, field: early["id"] });
        let refusal = ask(&pair.coach, function, args).await.unwrap_err();
        assert_eq!(refusal["code"], "not_found", "{function}");
    }
}

#[tokio::test]
async fn a_session_that_was_not_started_is_deleted_with_what_stands_in_it() {
    let app = TestApp::start().await;
    let pair = Pair::of(&app).await;
    let session = pair.session().await;
    let action = pair.action(&session, "Forget it").await;
    let one = format!("coaching_sessions/{session}");
    delete(&pair.member, &format!("{one}?version=2")).await.expect_refusal(
        409,
        "version_conflict",
        None,
    );
    delete(&pair.member, &one).await.expect_status(204);
    let address = format!("/api/v1/actions/{}", action["id"].as_str().unwrap());
    pair.coach.get(&address).await.expect_refusal(404, "not_found", None);
    assert_eq!(pair.coach.get("/api/v1/coaching_sessions").await.json(), json!([]));
}

#[tokio::test]
async fn overviews_say_what_is_next_what_is_due_and_what_is_stuck() {
    let app = TestApp::start().await;
    let pair = Pair::of(&app).await;
    let schedule = async |title: &str, at: &str| {
        let of = &pair.relationship;
        let new = json!({ "coaching_relationship_id": of, "title": title, "scheduled_at": at });
        made(&pair.coach, "coaching_sessions", new).await["id"].as_str().unwrap().to_owned()
    };
    let over = schedule("Over", "2026-01-01T09:00:00Z").await;
    for status in ["running", "done"] {
        let one = format!("coaching_sessions/{over}");
        patch(&pair.coach, &one, json!({ "status": status })).await.expect_status(200);
    }
    let later = schedule("Later", "2026-03-01T09:00:00Z").await;
    let next = schedule("Next", "2026-02-01T09:00:00Z").await;
    let add = async |body: &str, due: Option<&str>, status: &str| {
        let new = json!({
            "coaching_session_id": over, "body": body, "due_on": due, "status": status,
        });
        made(&pair.coach, "actions", new).await
    };
    add("Whenever", None, "not_started").await;
    add("Late", Some("2026-03-02"), "in_progress").await;
    add("Soon", Some("2026-03-01"), "not_started").await;
    add("Stuck", None, "blocked").await;
    add("Done", Some("2026-02-01"), "completed").await;
    let goal = json!({ "coaching_relationship_id": pair.relationship, "title": "Speak up" });
    made(&pair.coach, "overarching_goals", goal).await;

    let titles = |list: &serde_json::Value, path: &str| -> Vec<String> {
        let texts = list.as_array().unwrap().iter().map(|of| of.pointer(path).unwrap());
        texts.map(|text| text.as_str().unwrap().to_owned()).collect()
    };
    let overview = ask(&pair.coach, "coaching_overview", json!({})).await.unwrap();
    assert_eq!(titles(&overview["sessions"], "/session/title"), ["Next", "Later"]);
    assert_eq!(titles(&overview["due"], "/action/body"), ["Soon", "Late"]);
    assert_eq!(titles(&overview["blocked"], "/action/body"), ["Stuck"]);
    assert_eq!(overview["due"][0]["member"]["name"], "Some member");
    assert_eq!(overview["due"][0]["coaching_relationship_id"], json!(pair.relationship));
    assert_eq!(overview["stuck"], json!([]), "it has only begun");
    app.set_clock_ahead(time::Duration::days(13));
    let coach = app.sign_in(crate::app::CARLA).await;
    let overview = ask(&coach, "coaching_overview", json!({})).await.unwrap();
    assert_eq!(overview["stuck"], json!([]));
    app.set_clock_ahead(time::Duration::days(14));
    let overview = ask(&coach, "coaching_overview", json!({})).await.unwrap();
    assert_eq!(titles(&overview["stuck"], "/goal/title"), ["Speak up"]);

    // Who is coached has no overview of a coach, but their own relationships.
    let member = app.sign_in(crate::app::ANA).await;
    let overview = ask(&member, "coaching_overview", json!({})).await.unwrap();
    assert_eq!(overview["due"], json!([]));
    let rows = ask(&member, "my_relationships", json!({})).await.unwrap();
    assert_eq!(rows[0]["session"]["id"], json!(next));
    assert_eq!((&rows[0]["open_actions"], &rows[0]["goals"]), (&json!(4), &json!(1)));
    let one = format!("coaching_sessions/{later}");
    patch(&member, &one, json!({ "status": "running" })).await.expect_status(200);
    let rows = ask(&member, "my_relationships", json!({})).await.unwrap();
    assert_eq!(rows[0]["session"]["id"], json!(later), "what is going on comes first");
}
