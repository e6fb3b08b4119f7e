//! Notifications: what makes one, once, and how it is put aside.

use serde_json::{Value, json};
use studio::coaching::service::remind;
use time::{OffsetDateTime, macros::datetime};

use super::pair::{Pair, ask, call, delete, id_of, made, patch};
use crate::{app::TestApp, client::Client};

async fn listed(client: &Client) -> Value {
    ask(client, "list_notifications", json!({})).await.unwrap()
}

#[tokio::test]
async fn whoever_is_given_an_action_by_the_other_one_is_told_and_nobody_else() {
    let app = TestApp::start().await;
    let pair = Pair::of(&app).await;
    let session = pair.session().await;
    let mut stream = pair.member.open("/api/events?types=notification_created").await;
    stream.connected().await;
    let (coach, member) = (id_of(&pair.coach).await, id_of(&pair.member).await);
    let give = |body: &str, to: &Value| json!({ "coaching_session_id": session, "body": body, "assignee_id": to });
    made(&pair.coach, "actions", give("For myself", &coach)).await;
    let action = made(&pair.coach, "actions", give("Ask Ben\nand wait", &member)).await;
    let told = stream.next_said().await.data["notification"].clone();
    let expected = json!({
        "id": told["id"], "kind": "assigned", "subject": "Ask Ben", "by": "Some coach",
        "due_on": null, "coaching_relationship_id": pair.relationship,
        "coaching_session_id": session, "created_at": action["created_at"],
    });
    assert_eq!(told, expected);
    assert_eq!(listed(&pair.member).await, json!({ "unread": 1, "newest": [told] }));

    // Again only when it comes from somebody else's hands.
    let one = format!("actions/{}", action["id"].as_str().unwrap());
    patch(&pair.coach, &one, json!({ "body": "Ask Ben" })).await.expect_status(200);
    patch(&pair.member, &one, json!({ "assignee_id": null })).await.expect_status(200);
    patch(&pair.member, &one, json!({ "assignee_id": member })).await.expect_status(200);
    assert_eq!(listed(&pair.member).await["unread"], 1);
    patch(&pair.member, &one, json!({ "assignee_id": coach })).await.expect_status(200);
    assert_eq!(listed(&pair.coach).await["newest"][0]["by"], "Some member");
    assert_eq!(listed(&pair.admin).await, json!({ "unread": 0, "newest": [] }));

    delete(&pair.coach, &one).await.expect_status(204);
    for client in [&pair.coach, &pair.member] {
        assert_eq!(listed(client).await["unread"], 0, "what it led to is no more");
    }
}

#[tokio::test]
async fn that_a_session_starts_is_told_to_the_other_one() {
    let app = TestApp::start().await;
    let pair = Pair::of(&app).await;
    let session = pair.session().await;
    let one = format!("coaching_sessions/{session}");
    patch(&pair.member, &one, json!({ "status": "running" })).await.expect_status(200);
    let told = listed(&pair.coach).await;
    assert_eq!(
        (&told["unread"], &told["newest"][0]["kind"]),
        (&json!(1), &json!("session_started"))
    );
    assert_eq!(told["newest"][0]["subject"], "First steps");
    assert_eq!(listed(&pair.member).await["unread"], 0);
}

#[tokio::test]
async fn one_is_put_aside_in_every_tab_of_its_owner_and_by_nobody_else() {
    let app = TestApp::start().await;
    let pair = Pair::of(&app).await;
    let session = pair.session().await;
    let member = id_of(&pair.member).await;
    for body in ["One", "Two", "Three"] {
        let new = json!({ "coaching_session_id": session, "body": body, "assignee_id": member });
        made(&pair.coach, "actions", new).await;
    }
    let list = listed(&pair.member).await;
    let subjects = |list: &Value| -> Vec<String> {
        let newest = list["newest"].as_array().unwrap().iter();
        newest.map(|one| one["subject"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(subjects(&list), ["Three", "Two", "One"], "newest first");
    let two = json!({ "id": list["newest"][1]["id"] });
    assert_eq!(call(&pair.coach, "dismiss_notification", two.clone()).await.status, 404);

    let mut tab = pair.member.open("/api/events?types=notification_dismissed").await;
    tab.connected().await;
    call(&pair.member, "dismiss_notification", two.clone()).await.expect_status(200);
    assert_eq!(tab.next_said().await.data["notification_id"], two["id"]);
    assert_eq!(subjects(&listed(&pair.member).await), ["Three", "One"]);
    assert_eq!(call(&pair.member, "dismiss_notification", two).await.status, 404, "it is gone");
    call(&pair.member, "dismiss_notifications", json!({})).await.expect_status(200);
    assert_eq!(tab.next_said().await.data["notification_id"], list["newest"][2]["id"]);
    assert_eq!(tab.next_said().await.data["notification_id"], list["newest"][0]["id"]);
    assert_eq!(listed(&pair.member).await, json!({ "unread": 0, "newest": [] }));
}

#[tokio::test]
async fn whoever_has_something_due_tomorrow_is_reminded_once() {
    let app = TestApp::start().await;
    let pair = Pair::of(&app).await;
    let session = pair.session().await;
    let (coach, member) = (id_of(&pair.coach).await, id_of(&pair.member).await);
    let add = async |body: &str, to: &Value, due: &str, status: &str| {
        let new = json!({
            "coaching_session_id": session, "body": body, "assignee_id": to, "due_on": due,
            "status": status,
        });
        made(&pair.member, "actions", new).await
    };
    let soon = add("Soon", &member, "2090-05-11", "not_started").await;
    add("Later", &member, "2090-05-12", "in_progress").await;
    add("Done", &member, "2090-05-11", "completed").await;
    add("Nobody's", &Value::Null, "2090-05-11", "not_started").await;
    add("The coach's", &coach, "2090-05-11", "blocked").await;
    call(&pair.coach, "dismiss_notifications", json!({})).await.expect_status(200);

    let at = async |now: OffsetDateTime| remind(&app.state, now).await.unwrap();
    assert_eq!(at(datetime!(2090-05-09 23:59:59 UTC)).await, 0, "the day before the day before");
    assert_eq!(at(datetime!(2090-05-10 00:00 UTC)).await, 2);
    assert_eq!(at(datetime!(2090-05-10 00:01 UTC)).await, 0, "once");
    let told = listed(&pair.member).await["newest"][0].clone();
    assert_eq!((&told["kind"], &told["subject"]), (&json!("due_tomorrow"), &json!("Soon")));
    assert_eq!((&told["due_on"], &told["by"]), (&json!("2090-05-11"), &Value::Null));
    assert_eq!(listed(&pair.coach).await["newest"][0]["subject"], "The coach's");

    // Also when it was put aside, by another server or after a restart.
    call(&pair.member, "dismiss_notifications", json!({})).await.expect_status(200);
    let another = app.another_state().await;
    assert_eq!(remind(&another, datetime!(2090-05-10 23:59 UTC)).await.unwrap(), 0);
    assert_eq!(at(datetime!(2090-05-11 00:00 UTC)).await, 1, "what was later");

    // Another day or another person is another matter.
    let one = format!("actions/{}", soon["id"].as_str().unwrap());
    patch(&pair.member, &one, json!({ "due_on": "2090-06-01" })).await.expect_status(200);
    assert_eq!(at(datetime!(2090-05-31 12:00 UTC)).await, 1);
    patch(&pair.coach, &one, json!({ "assignee_id": coach })).await.expect_status(200);
    assert_eq!(at(datetime!(2090-05-31 12:01 UTC)).await, 1);
    patch(&pair.coach, &one, json!({ "status": "completed", "due_on": "2090-07-01" })).await;
    assert_eq!(at(datetime!(2090-06-30 12:00 UTC)).await, 0, "it is completed");
}

#[tokio::test]
async fn whoever_was_removed_has_no_word_of_it_left_and_is_not_reminded() {
    let app = TestApp::start().await;
    let pair = Pair::of(&app).await;
    let session = pair.session().await;
    let new = json!({
        "coaching_session_id": session, "body": "Secret", "due_on": "2090-05-11",
        "assignee_id": id_of(&pair.member).await,
    });
    made(&pair.coach, "actions", new).await;
    assert_eq!(listed(&pair.member).await["unread"], 1);
    pair.put("member", Value::Null, 1).await.expect_status(200);
    assert_eq!(listed(&pair.member).await, json!({ "unread": 0, "newest": [] }));
    assert_eq!(remind(&app.state, datetime!(2090-05-10 12:00 UTC)).await.unwrap(), 0);
}

#[tokio::test]
async fn the_server_reminds_by_its_own_clock() {
    let app = TestApp::start().await;
    let pair = Pair::of(&app).await;
    let session = pair.session().await;
    let due = (OffsetDateTime::now_utc() + time::Duration::days(40)).date();
    let due = due.to_string();
    let new = json!({
        "coaching_session_id": session, "body": "In a while", "due_on": due,
        "assignee_id": id_of(&pair.member).await,
    });
    made(&pair.member, "actions", new).await;
    app.set_clock_ahead(time::Duration::days(39));
    // It looks when it starts.
    let app = app.restart().await;
    let member = app.sign_in(crate::app::ANA).await;
    let mut stream = member.open("/api/events?types=notification_created").await;
    stream.connected().await;
    if listed(&member).await["unread"] == 0 {
        stream.next_said().await;
    }
    assert_eq!(listed(&member).await["newest"][0]["subject"], "In a while");
}
