//! Projects and members over REST: who may do what, what is refused, and what open streams make of it.

use reqwest::Method;
use serde_json::{Value, json};

use super::lab::{Lab, next};
use crate::{
    app::{ANA, BEN, CARLA, TestApp},
    coaching::pair::id_of,
};

#[tokio::test]
async fn a_project_is_its_members_alone() {
    let app = TestApp::start().await;
    let lab = Lab::of(&app).await;
    let path = format!("/api/projects/{}", lab.project);
    let mine = lab.owner.get(&path).await.expect_status(200).json();
    assert_eq!((&mine["role"], &mine["members"]), (&json!("owner"), &json!(2)));
    assert_eq!(lab.member.get(&path).await.expect_status(200).json()["role"], "member");
    lab.stranger.get(&path).await.expect_refusal(403, "forbidden", None);
    lab.owner.get("/api/projects/prj_0123456789abcdef").await.expect_refusal(
        404,
        "not_found",
        None,
    );
    lab.owner.get("/api/projects/nonsense").await.expect_refusal(404, "not_found", None);
    app.client().get(&path).await.expect_refusal(401, "unauthenticated", None);

    let listed = |of: &Value| of.as_array().unwrap().len();
    assert_eq!(listed(&lab.member.get("/api/projects").await.json()), 1);
    assert_eq!(listed(&lab.stranger.get("/api/projects").await.json()), 0);
    for below in ["members", "sources", "jobs", "proposals", "map"] {
        lab.member.get(&lab.path(below)).await.expect_status(200);
        lab.stranger.get(&lab.path(below)).await.expect_refusal(403, "forbidden", None);
    }
}

#[tokio::test]
async fn a_name_is_changed_on_the_version_that_was_seen() {
    let app = TestApp::start().await;
    let lab = Lab::of(&app).await;
    let path = format!("/api/projects/{}", lab.project);
    let patch = async |change: Value| {
        lab.member.send(Method::PATCH, &path, |request| request.json(&change)).await
    };
    let renamed = patch(json!({ "name": " The States ", "version": 1 })).await.expect_status(200);
    assert_eq!(
        (&renamed.json()["name"], &renamed.json()["version"]),
        (&json!("The States"), &json!(2))
    );
    let late = patch(json!({ "name": "Other", "version": 1 })).await;
    late.expect_refusal(409, "version_conflict", None);
    assert_eq!(late.json()["current"], 2);
    patch(json!({ "name": "" })).await.expect_refusal(422, "invalid", Some("name"));
    patch(json!({ "colour": "red" })).await.expect_refusal(422, "invalid", Some("colour"));
    assert_eq!(lab.owner.get(&path).await.json()["name"], "The States");
}

#[tokio::test]
async fn a_repeat_makes_one_project() {
    let app = TestApp::start().await;
    let owner = app.sign_in(ANA).await;
    let make = async || {
        let new = json!({ "name": "Once" });
        let key = "0123456789abcdef0123456789abcdef";
        let made = owner.send(Method::POST, "/api/projects", |request| {
            request.header("Idempotency-Key", key).json(&new)
        });
        made.await.expect_status(201).json()
    };
    assert_eq!(make().await, make().await);
    assert_eq!(owner.get("/api/projects").await.json().as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn its_owner_says_who_takes_part_and_the_last_one_stays() {
    let app = TestApp::start().await;
    let lab = Lab::of(&app).await;
    let (ana, ben) = (id_of(&lab.owner).await, id_of(&lab.member).await);
    let add = async |client: &crate::client::Client, email: &str| {
        client.post(&lab.path("members"), json!({ "email": email })).await
    };
    add(&lab.member, CARLA).await.expect_refusal(403, "forbidden", None);
    add(&lab.member, "nobody@example.com").await.expect_refusal(403, "forbidden", None);
    let carla = id_of(&lab.stranger).await;
    let leave = lab.delete(&lab.stranger, &format!("members/{carla}")).await;
    leave.expect_refusal(403, "forbidden", None);
    add(&lab.owner, "nobody@example.com").await.expect_refusal(422, "invalid", Some("email"));
    add(&lab.owner, BEN).await.expect_refusal(409, "conflict", None);
    let now = add(&lab.owner, CARLA).await.expect_status(200).json();
    assert_eq!(now.as_array().unwrap().len(), 3);

    let remove = async |client, id: &Value| lab.delete(client, &format!("members/{id}")).await;
    remove(&lab.stranger, &ben).await.expect_refusal(403, "forbidden", None);
    remove(&lab.owner, &ana).await.expect_refusal(409, "conflict", None);
    remove(&lab.owner, &json!(999)).await.expect_refusal(404, "not_found", None);
    // Everybody may leave.
    remove(&lab.stranger, &id_of(&lab.stranger).await).await.expect_status(200);
    lab.stranger.get(&lab.path("map")).await.expect_refusal(403, "forbidden", None);
}

#[tokio::test]
async fn whoever_is_removed_hears_no_more_at_once_and_loses_what_is_shown() {
    let app = TestApp::start().await;
    let lab = Lab::of(&app).await;
    let mut project = lab.stream(&lab.member).await;
    let mut page = lab.member.open("/api/events").await;
    page.connected().await;
    let ben = id_of(&lab.member).await;
    lab.delete(&lab.owner, &format!("members/{ben}")).await.expect_status(200);
    lab.add("Secret", "What Ben must not hear.").await;
    let head = app.head().await;

    assert_eq!(project.all_until_end().await, []);
    let heard = page.all_until(&head).await;
    let [access] = &heard[..] else { panic!("{heard:?}") };
    assert_eq!(access.kind(), "access");
    assert_eq!(access.data["lost"], json!([{ "labs": { "within": lab.project } }]));
    assert_eq!(access.data["gained"], json!([{ "labs": "mine" }]));
    let refused = lab.member.open_with(&lab.path("status"), |request| request).await;
    assert_eq!(refused.status.as_u16(), 403);
}

#[tokio::test]
async fn whoever_is_added_hears_from_then_on() {
    let app = TestApp::start().await;
    let lab = Lab::of(&app).await;
    let mut page = lab.stranger.open("/api/events").await;
    page.connected().await;
    lab.owner.post(&lab.path("members"), json!({ "email": CARLA })).await.expect_status(200);
    let access = page.next_said().await;
    assert_eq!(access.kind(), "access");
    let within = json!({ "labs": { "within": lab.project } });
    assert_eq!(access.data["gained"], json!([{ "labs": "mine" }, within]));
    let source = lab.add("No. 10", "A faction.").await;
    assert_eq!(next(&mut page, "source_added").await.data["sourceId"], source["id"]);
}

#[tokio::test]
async fn a_project_is_deleted_with_all_that_is_in_it() {
    let app = TestApp::start_with(|studio| studio.jobs = 0).await;
    let lab = Lab::of(&app).await;
    lab.add("No. 10", "A faction.").await;
    let mut stream = lab.stream(&lab.member).await;
    let path = format!("/api/projects/{}", lab.project);
    let delete = async |client: &crate::client::Client| {
        client.send(Method::DELETE, &path, |request| request).await
    };
    delete(&lab.member).await.expect_refusal(403, "forbidden", None);
    delete(&lab.owner).await.expect_status(204);
    stream.all_until_end().await;
    lab.owner.get(&path).await.expect_refusal(404, "not_found", None);
    assert_eq!(lab.member.get("/api/projects").await.json(), json!([]));
    for table in ["ingestion_sources", "ingestion_texts", "labs_members"] {
        let left = super::lab::rows(&app, &format!("SELECT * FROM {table}")).await;
        assert_eq!(left.len(), 0, "{table}");
    }
    let waits = super::lab::rows(&app, "SELECT * FROM jobs WHERE status = 'queued'").await;
    assert_eq!(waits.len(), 0, "nothing is left to be ingested");
}
