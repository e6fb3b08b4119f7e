//! Notes, actions, agreements and goals over REST.

use serde_json::{Value, json};

use super::pair::{Pair, ask, call, delete, id_of, list_args, made, patch};
use crate::app::{ADMIN, BEN, COREY, OPS, TestApp};

/// What differs between the kinds of items.
struct Kind {
    path: &'static str,
    of: &'static str,
    /// The field that is written.
    text: &'static str,
    what: &'static str,
    list: &'static str,
}

const KINDS: [Kind; 4] = [
    Kind {
        path: "notes",
        of: "coaching_session_id",
        text: "body",
        what: "note",
        list: "list_notes",
    },
    Kind {
        path: "actions",
        of: "coaching_session_id",
        text: "body",
        what: "action",
        list: "list_actions",
    },
    Kind {
        path: "agreements",
        of: "coaching_relationship_id",
        text: "body",
        what: "agreement",
        list: "list_agreements",
    },
    Kind {
        path: "overarching_goals",
        of: "coaching_relationship_id",
        text: "title",
        what: "goal",
        list: "list_goals",
    },
];

impl Kind {
    fn place<'a>(&self, pair: &'a Pair, session: &'a str) -> &'a str {
        if self.of == "coaching_session_id" { session } else { &pair.relationship }
    }
}

#[tokio::test]
async fn either_of_the_two_adds_changes_and_deletes_each_kind_of_item() {
    let app = TestApp::start().await;
    let pair = Pair::of(&app).await;
    let session = pair.session().await;
    for kind in &KINDS {
        let Kind { path, of, text, what, list } = kind;
        let place = kind.place(&pair, &session);
        let new = json!({ *of: place, *text: "  As it was " });
        let added = pair.coach.post(&format!("/api/v1/{path}"), new).await.expect_status(201);
        let address = added.header("location").to_owned();
        let item = added.json();
        assert_eq!(address, format!("/api/v1/{path}/{}", item["id"].as_str().unwrap()));
        assert_eq!((&item[*text], &item["version"]), (&json!("As it was"), &json!(1)), "{what}");

        let all = format!("/api/v1/{path}?{of}={place}");
        assert_eq!(pair.member.get(&all).await.expect_status(200).json(), json!([item]));
        assert_eq!(pair.member.get(&address).await.expect_status(200).json(), item);
        let args = list_args(list, &pair.relationship, &session);
        assert_eq!(ask(&pair.member, list, args).await, Ok(json!([item])));

        let one = address.strip_prefix("/api/v1/").unwrap();
        let changed = patch(&pair.member, one, json!({ *text: "As it is" })).await;
        let changed = changed.expect_status(200).json();
        let mut expected = item.clone();
        expected[*text] = json!("As it is");
        expected["version"] = json!(2);
        expected["updated_at"] = changed["updated_at"].clone();
        assert_eq!(changed, expected);
        let head = app.head().await;
        let same = patch(&pair.coach, one, json!({ *text: "As it is" })).await.expect_status(200);
        assert_eq!(same.json(), changed, "nothing to change");
        assert_eq!(app.rows_since(&head).await, 0);

        let second = made(&pair.member, path, json!({ *of: place, *text: "Second" })).await;
        assert_eq!(pair.coach.get(&all).await.json(), json!([changed, second]), "in their order");
        delete(&pair.member, one).await.expect_status(204);
        pair.coach.get(&address).await.expect_refusal(404, "not_found", None);
        assert_eq!(pair.coach.get(&all).await.json(), json!([second]));
        delete(&pair.member, one).await.expect_refusal(404, "not_found", None);
    }
}

#[tokio::test]
async fn a_change_decided_on_another_version_is_refused_and_changes_nothing() {
    let app = TestApp::start().await;
    let pair = Pair::of(&app).await;
    let session = pair.session().await;
    for kind in &KINDS {
        let Kind { path, of, text, .. } = kind;
        let new = json!({ *of: kind.place(&pair, &session), *text: "First" });
        let id = made(&pair.coach, path, new).await["id"].as_str().unwrap().to_owned();
        let one = format!("{path}/{id}");
        let change = |text_now: &str| json!({ *text: text_now, "version": 1 });
        let (coach, member) = tokio::join!(
            patch(&pair.coach, &one, change("Coach")),
            patch(&pair.member, &one, change("Member")),
        );
        let (kept, refused) =
            if coach.status.is_success() { (coach, member) } else { (member, coach) };
        refused.expect_refusal(409, "version_conflict", None);
        assert_eq!(refused.json()["current"], 2);
        let kept = kept.expect_status(200).json();

        let head = app.head().await;
        let refused = delete(&pair.member, &format!("{one}?version=1")).await;
        refused.expect_refusal(409, "version_conflict", None);
        let function = format!("delete_{}", kind.what);
        let refused = call(&pair.member, &function, json!({ "id": id, "version": 1 })).await;
        assert_eq!((refused.status.as_u16(), &refused.json()["current"]), (409, &json!(2)));
        assert_eq!(app.rows_since(&head).await, 0);
        let there = pair.coach.get(&format!("/api/v1/{one}")).await.json();
        assert_eq!(there, kept, "as the first one left it");

        // Who names no version takes whatever is there.
        let last = patch(&pair.member, &one, json!({ *text: "Last" })).await.expect_status(200);
        assert_eq!(last.json()["version"], 3);
        delete(&pair.coach, &format!("{one}?version=3")).await.expect_status(204);
    }
}

#[tokio::test]
async fn what_cannot_be_is_refused_by_the_field_that_is_to_blame() {
    let app = TestApp::start().await;
    let pair = Pair::of(&app).await;
    let session = pair.session().await;
    for kind in &KINDS {
        let Kind { path, of, text, .. } = kind;
        let place = kind.place(&pair, &session);
        let collection = format!("/api/v1/{path}");
        let add = async |new: Value| pair.coach.post(&collection, new).await;
        add(json!({ *of: place, *text: " " })).await.expect_refusal(422, "invalid", Some(text));
        let long = "a".repeat(10_001);
        let refused = add(json!({ *of: place, *text: long })).await;
        refused.expect_refusal(422, "invalid", Some(text));
        add(json!({ *of: place })).await.expect_refusal(422, "invalid", Some(text));
        let unknown = json!({ *of: place, *text: "T", "colour": "red" });
        assert_eq!(add(unknown).await.status, 422);
        assert_eq!(add(json!({ *of: "elsewhere", *text: "T" })).await.status, 422);
        let prefix = &place[..4];
        let nowhere = json!({ *of: format!("{prefix}0123456789abcdef"), *text: "T" });
        add(nowhere).await.expect_refusal(404, "not_found", None);
        assert_eq!(pair.coach.get(&collection).await.status, 422, "of what, is not said");
        let refused = pair.coach.get(&format!("{collection}/nothing")).await;
        refused.expect_refusal(404, "not_found", None);
    }
    let of_session = |field: &str, value: Value| json!({ "coaching_session_id": session, "body": "B", field: value });
    let stranger = id_of(&app.sign_in(BEN).await).await;
    for (field, value) in
        [("assignee_id", stranger), ("due_on", json!("tomorrow")), ("status", json!("lost"))]
    {
        let refused = pair.coach.post("/api/v1/actions", of_session(field, value)).await;
        refused.expect_refusal(422, "invalid", Some(field));
    }
    let goal = json!({ "coaching_relationship_id": pair.relationship, "title": "T" });
    let goal = made(&pair.coach, "overarching_goals", goal).await;
    let one = format!("overarching_goals/{}", goal["id"].as_str().unwrap());
    let refused = patch(&pair.coach, &one, json!({ "progress": 101 })).await;
    refused.expect_refusal(422, "invalid", Some("progress"));
}

#[tokio::test]
async fn what_was_given_to_an_action_can_be_taken_away() {
    let app = TestApp::start().await;
    let pair = Pair::of(&app).await;
    let session = pair.session().await;
    let member = id_of(&pair.member).await;
    let new = json!({
        "coaching_session_id": session,
        "body": "Ask for help",
        "assignee_id": member,
        "due_on": "2026-03-08",
        "status": "in_progress",
    });
    let action = made(&pair.coach, "actions", new).await;
    let assignee = json!({ "id": member, "name": "Some member" });
    assert_eq!((&action["assignee"], &action["due_on"]), (&assignee, &json!("2026-03-08")));
    let one = format!("actions/{}", action["id"].as_str().unwrap());
    let change = json!({ "assignee_id": null, "due_on": null });
    let taken = patch(&pair.coach, &one, change).await.expect_status(200).json();
    assert_eq!((&taken["assignee"], &taken["due_on"]), (&Value::Null, &Value::Null));
    assert_eq!(taken["status"], "in_progress", "what is left out stays");
    assert_eq!(taken["status_changed_at"], action["status_changed_at"]);
    let done = patch(&pair.member, &one, json!({ "status": "completed" })).await.json();
    assert_eq!(done["status_changed_at"], done["updated_at"]);
}

#[tokio::test]
async fn goals_keep_how_their_progress_came_along() {
    let app = TestApp::start().await;
    let pair = Pair::of(&app).await;
    let new = json!({ "coaching_relationship_id": pair.relationship, "title": "Speak up" });
    let goal = made(&pair.member, "overarching_goals", new).await;
    let one = format!("overarching_goals/{}", goal["id"].as_str().unwrap());
    for change in [
        json!({ "progress": 20 }),
        json!({ "title": "Speak up in time" }),
        json!({ "progress": 20, "status": "on_hold" }),
        json!({ "progress": 60 }),
    ] {
        patch(&pair.coach, &one, change).await.expect_status(200);
    }
    let args = json!({ "relationship": pair.relationship });
    let points = ask(&pair.member, "goal_history", args.clone()).await.unwrap();
    let points = points.as_array().unwrap();
    let progress: Vec<u64> =
        points.iter().map(|point| point["progress"].as_u64().unwrap()).collect();
    assert_eq!(progress, [0, 20, 60], "one for each change of it");
    assert!(points.iter().all(|point| point["goal_id"] == goal["id"]));
    assert_eq!(points[0]["at"], goal["created_at"]);
    delete(&pair.coach, &one).await.expect_status(204);
    assert_eq!(ask(&pair.member, "goal_history", args).await, Ok(json!([])));
}

#[tokio::test]
async fn nobody_but_the_two_finds_anything() {
    let app = TestApp::start().await;
    let pair = Pair::of(&app).await;
    let session = pair.session().await;
    let member = id_of(&pair.member).await;
    for email in [BEN, COREY, ADMIN, OPS] {
        let stranger = app.sign_in(email).await;
        let head = app.head().await;
        assert_eq!(stranger.get("/api/v1/coaching_relationships").await.json(), json!([]));
        assert_eq!(stranger.get("/api/v1/coaching_sessions").await.json(), json!([]));
        let of = format!("?coaching_relationship_id={}", pair.relationship);
        let new = json!({
            "coaching_relationship_id": pair.relationship,
            "title": "T",
            "scheduled_at": "2026-03-01T09:00:00Z",
        });
        let mut refused = vec![
            stranger.get(&format!("/api/v1/coaching_sessions{of}")).await,
            stranger.get(&format!("/api/v1/coaching_sessions/{session}")).await,
            stranger.post("/api/v1/coaching_sessions", new).await,
            patch(&stranger, &format!("coaching_sessions/{session}"), json!({ "title": "T" }))
                .await,
            delete(&stranger, &format!("coaching_sessions/{session}")).await,
        ];
        for kind in &KINDS {
            let Kind { path, of, text, list, .. } = kind;
            let place = kind.place(&pair, &session);
            let new = json!({ *of: place, *text: "Private" });
            let item = made(&pair.coach, path, new.clone()).await;
            let one = format!("{path}/{}", item["id"].as_str().unwrap());
            refused.extend([
                stranger.get(&format!("/api/v1/{path}?{of}={place}")).await,
                stranger.post(&format!("/api/v1/{path}"), new).await,
                stranger.get(&format!("/api/v1/{one}")).await,
                patch(&stranger, &one, json!({ *text: "Mine" })).await,
                delete(&stranger, &one).await,
            ]);
            let args = list_args(list, &pair.relationship, &session);
            let refusal = ask(&stranger, list, args).await.unwrap_err();
            assert_eq!(refusal["code"], "not_found", "{list} by {email}");
        }
        for answer in refused {
            answer.expect_refusal(404, "not_found", None);
            assert!(!answer.text.contains("Private"));
        }
        for (function, field) in [
            ("get_relationship", "id"),
            ("goal_history", "relationship"),
            ("list_coaching_sessions", "relationship"),
        ] {
            let args = json!({ field: pair.relationship });
            let refusal = ask(&stranger, function, args).await.unwrap_err();
            assert_eq!(refusal["code"], "not_found", "{function} by {email}");
        }
        // Each kind of item was added by the coach, and nothing else happened.
        assert_eq!(app.rows_since(&head).await, 4, "{email}");
        assert_ne!(id_of(&stranger).await, member);
    }
}

#[tokio::test]
async fn a_repeat_is_answered_with_the_first_outcome() {
    let app = TestApp::start().await;
    let pair = Pair::of(&app).await;
    let session = pair.session().await;
    let key = "5f0c2a6e8b1d4f3790ab12cd34ef5678";
    let new = json!({ "coaching_session_id": session, "body": "Once" });
    let send = async || {
        pair.coach
            .send(reqwest::Method::POST, "/api/v1/actions", |request| {
                request.header("Idempotency-Key", key).json(&new)
            })
            .await
            .expect_status(201)
    };
    let (first, again) = (send().await, send().await);
    assert_eq!(first.text, again.text);
    let all = format!("/api/v1/actions?coaching_session_id={session}");
    assert_eq!(pair.member.get(&all).await.json(), json!([first.json()]));
}
