//! Proposals: decided one by one and many at once, edited, deleted, and drawn as a map.

use reqwest::Method;
use serde_json::{Value, json};

use super::lab::{Lab, next, run};
use crate::app::TestApp;

fn id_of(row: &Value) -> &str {
    row["id"].as_str().unwrap()
}

#[tokio::test]
async fn a_proposal_is_accepted_edited_and_deleted_and_each_is_heard_as_documented() {
    let app = TestApp::start().await;
    let lab = Lab::of(&app).await;
    let rows = lab.propose("federalist-10.txt").await;
    let one = format!("proposals/{}", id_of(&rows[0]));
    let mut stream = lab.stream(&lab.member).await;
    let accept = json!({ "status": "accepted", "version": 1 });
    let accepted = lab.patch(&lab.owner, &one, accept.clone()).await.expect_status(200).json();
    assert_eq!((&accepted["status"], &accepted["version"]), (&json!("accepted"), &json!(2)));
    let heard = next(&mut stream, "proposal_update").await;
    assert_eq!(
        heard.data,
        json!({
            "type": "proposal_update",
            "proposalId": rows[0]["id"],
            "title": rows[0]["title"],
            "summary": rows[0]["summary"],
            "confidence": rows[0]["confidence"],
            "status": "accepted",
            "updatedAt": accepted["updatedAt"],
        })
    );
    let late = lab.patch(&lab.member, &one, accept).await;
    late.expect_refusal(409, "version_conflict", None);
    let edit = json!({ "title": "Factions", "summary": "", "version": 2 });
    lab.patch(&lab.member, &one, edit).await.expect_status(200);
    assert_eq!(next(&mut stream, "proposal_update").await.data["title"], "Factions");
    let empty = json!({ "title": " " });
    lab.patch(&lab.member, &one, empty).await.expect_refusal(422, "invalid", Some("title"));
    lab.patch(&lab.stranger, &one, json!({ "title": "X" })).await.expect_refusal(
        403,
        "forbidden",
        None,
    );

    let stale = format!("{one}?version=2");
    lab.delete(&lab.owner, &stale).await.expect_refusal(409, "version_conflict", None);
    lab.delete(&lab.owner, &one).await.expect_status(204);
    let heard = next(&mut stream, "proposal_deleted").await;
    assert_eq!(heard.data, json!({ "type": "proposal_deleted", "proposalId": rows[0]["id"] }));
    lab.delete(&lab.owner, &one).await.expect_refusal(404, "not_found", None);
}

#[tokio::test]
async fn many_are_decided_at_once_and_what_is_gone_is_told() {
    let app = TestApp::start().await;
    let lab = Lab::of(&app).await;
    let rows = lab.propose("federalist-10.txt").await;
    let ids: Vec<&str> = rows.iter().take(5).map(id_of).collect();
    lab.delete(&lab.owner, &format!("proposals/{}", ids[4])).await.expect_status(204);
    let bulk = async |action: &str| {
        let change = json!({ "ids": ids, "action": action });
        lab.member.post(&lab.path("proposals"), change).await.expect_status(200).json()
    };
    let done = json!({ "changed": 4, "unchanged": 0, "missing": [ids[4]] });
    assert_eq!(bulk("accept").await, done);
    let again = json!({ "changed": 0, "unchanged": 4, "missing": [ids[4]] });
    assert_eq!(bulk("accept").await, again);
    assert_eq!(lab.proposals("?status=accepted").await["rows"].as_array().unwrap().len(), 4);
    assert_eq!(bulk("reopen").await["changed"], 4);
    assert_eq!(bulk("reject").await["changed"], 4);
    assert_eq!(bulk("delete").await["changed"], 4);
    assert_eq!(lab.proposals("?status=rejected").await["rows"], json!([]));

    let refuse = async |change: Value| lab.owner.post(&lab.path("proposals"), change).await;
    let none: [&str; 0] = [];
    refuse(json!({ "ids": none, "action": "accept" })).await.expect_refusal(
        422,
        "invalid",
        Some("ids"),
    );
    refuse(json!({ "ids": ids, "action": "burn" })).await.expect_refusal(
        422,
        "invalid",
        Some("action"),
    );
}

#[tokio::test]
async fn pages_are_counted_from_one_and_statuses_are_known() {
    let app = TestApp::start().await;
    let lab = Lab::of(&app).await;
    let ask = async |query: &str| lab.owner.get(&lab.path(&format!("proposals{query}"))).await;
    ask("?page=0").await.expect_refusal(422, "invalid", Some("page"));
    ask("?status=lost").await.expect_refusal(422, "invalid", Some("status"));
    ask("?colour=red").await.expect_status(422);
    assert_eq!(ask("?page=9").await.expect_status(200).json()["pages"], 1);
}

#[tokio::test]
async fn the_map_has_what_was_accepted_and_what_of_it_stands_together() {
    let app = TestApp::start().await;
    let lab = Lab::of(&app).await;
    let rows = lab.propose("federalist-10.txt").await;
    let map = async || lab.member.get(&lab.path("map")).await.expect_status(200).json();
    assert_eq!(map().await, json!({ "nodes": [], "links": [], "accepted": 0 }));
    let ids: Vec<&str> = rows.iter().map(id_of).collect();
    let accept = json!({ "ids": ids, "action": "accept" });
    lab.owner.post(&lab.path("proposals"), accept).await.expect_status(200);
    let drawn = map().await;
    assert_eq!(drawn["nodes"].as_array().unwrap().len(), rows.len());
    let links = drawn["links"].as_array().unwrap();
    assert!(!links.is_empty());
    for link in links {
        let known = |end: &str| ids.contains(&link[end].as_str().unwrap());
        assert!(known("one") && known("other") && link["one"] != link["other"], "{link}");
        assert!(link["weight"].as_f64().is_some_and(|weight| weight > 0.0 && weight <= 1.0));
    }
    // What is no longer accepted takes its links along.
    let gone = links[0]["one"].as_str().unwrap();
    let path = lab.path(&format!("proposals/{gone}"));
    let rejected = json!({ "status": "rejected" });
    lab.owner
        .send(Method::PATCH, &path, |request| request.json(&rejected))
        .await
        .expect_status(200);
    let drawn = map().await;
    let links = drawn["links"].as_array().unwrap();
    assert!(links.iter().all(|link| link["one"] != gone && link["other"] != gone));
}

/// What triggers record in a write is told as that write's, so that its author fetches nothing which
/// the answer returns.
#[tokio::test]
async fn what_a_trigger_records_names_the_mutation_and_nothing_after_it_does() {
    let app = TestApp::start_with(|studio| studio.jobs = 0).await;
    let lab = Lab::of(&app).await;
    let project = &lab.project;
    run(
        &app,
        &format!(
            "INSERT INTO proposed_nodes (project_id, title, confidence)
                VALUES ('{project}', 'Faction', 0.75)"
        ),
    )
    .await;
    let mut page = lab.owner.open("/api/events").await;
    page.connected().await;
    let node = lab.proposals("").await["rows"][0]["id"].as_str().unwrap().to_owned();
    let key = "00112233445566778899aabbccddeeff";
    let path = lab.path(&format!("proposals/{node}"));
    let accept = json!({ "status": "accepted" });
    lab.owner
        .send(Method::PATCH, &path, |request| request.header("Idempotency-Key", key).json(&accept))
        .await
        .expect_status(200);
    assert_eq!(next(&mut page, "proposal_update").await.data["by"], key);
    run(&app, "UPDATE proposed_nodes SET status = 'rejected'").await;
    assert_eq!(next(&mut page, "proposal_update").await.data["by"], Value::Null);
}
