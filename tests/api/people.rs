//! Admins and people, over HTTP: who is here, and what open pages of other admins learn.

use serde_json::{Value, json};
use studio::account::{model::Role, service};

use crate::{
    app::{ADMIN, ANA, OPS, TestApp},
    client::Client,
};

async fn people(admin: &Client) -> Vec<Value> {
    let answer = admin.post("/api/fn/list_people", json!({ "min": null })).await;
    answer.expect_status(200).json()["value"]["Ok"].as_array().unwrap().clone()
}

async fn open_streams(admin: &Client) -> Vec<(Value, String)> {
    let answer = admin.post("/api/fn/list_open_streams", json!({ "min": null })).await;
    let streams = answer.expect_status(200).json()["value"]["Ok"].as_array().unwrap().clone();
    let told = |one: Value| (one["user"].clone(), one["device"].as_str().unwrap().to_owned());
    streams.into_iter().map(told).collect()
}

#[tokio::test]
async fn open_streams_say_whose_they_are_and_what_opened_them() {
    let app = TestApp::start().await;
    let admin = app.sign_in(ADMIN).await;
    assert_eq!(open_streams(&admin).await, []);
    let ana = app.sign_in(ANA).await;
    let id = ana.get("/api/v1/session").await.json()["id"].clone();
    let made = ana.post("/api/v1/tokens", json!({ "name": "import" })).await.json();
    let program = app.with_token(made["secret"].as_str().unwrap());
    let mut page = ana.open("/api/events").await;
    page.connected().await;
    let mut other = program.open("/api/events").await;
    other.connected().await;
    let open = open_streams(&admin).await;
    assert_eq!(open.len(), 2, "{open:?}");
    assert!(open.iter().all(|(user, _)| *user == id), "{open:?}");
    assert!(open.iter().any(|(_, device)| device == "Token “import”"), "{open:?}");
}

#[tokio::test]
async fn another_admin_hears_of_a_change_and_who_is_none_any_more_loses_it_all() {
    let app = TestApp::start().await;
    let (one, other) = (app.sign_in(ADMIN).await, app.sign_in(OPS).await);
    let ops = service::find(&app.state, OPS).await.unwrap().id;
    let role = |role: &str, mutation: u8| {
        let mutation = format!("{mutation:032x}");
        json!({ "user": ops, "role": role, "mutation": mutation })
    };
    one.post("/api/fn/change_role", role("admin", 1)).await.expect_status(200);
    app.settled().await;
    let mut heard = other.open("/api/events").await;
    heard.connected().await;

    let ana = service::find(&app.state, ANA).await.unwrap().id;
    service::change_role(&app.state.live, ana, Role::Coach).await.unwrap();
    let event = heard.next_said().await;
    assert_eq!(event.kind(), "account.person_changed");
    assert_eq!(event.data["user"]["role"], "coach");
    let listed = people(&other).await;
    let row = listed.iter().find(|row| row["user"]["email"] == ANA).unwrap();
    assert_eq!(row["user"]["role"], "coach");

    one.post("/api/fn/change_role", role("staff", 2)).await.expect_status(200);
    service::change_role(&app.state.live, ana, Role::Member).await.unwrap();
    let head = app.head().await;
    let kinds = heard.all_until(&head).await;
    let access = &kinds[0];
    let lost = access.data["lost"].as_array().unwrap();
    assert!(lost.contains(&json!({ "account": "every" })), "{lost:?}");
    assert_eq!(kinds[1].kind(), "account.changed", "their own, and nobody else's: {kinds:?}");
    assert_eq!(kinds.len(), 2, "{kinds:?}");
}
