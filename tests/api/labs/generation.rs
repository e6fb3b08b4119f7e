//! Generation: from sources to proposals, with progress that ends in `complete`.

use std::collections::BTreeSet;

use highwater::server::By;
use serde_json::{Value, json};
use studio::{
    error::AppError,
    labs::{
        model::{ProjectId, SourceId},
        service,
    },
};

use super::lab::{Lab, demo, next, run};
use crate::app::TestApp;

#[tokio::test]
async fn a_job_reads_the_sources_tells_how_far_it_is_and_proposes() {
    let app = TestApp::start().await;
    let lab = Lab::of(&app).await;
    lab.owner.post(&lab.path("jobs"), json!({})).await.expect_refusal(409, "conflict", None);
    lab.ingest("No. 10", &demo("federalist-10.txt")).await;
    let mut stream = lab.stream(&lab.member).await;
    let job = lab.owner.post(&lab.path("jobs"), json!({})).await.expect_status(201).json();
    let (mut proposed, mut last) = (BTreeSet::new(), Value::Null);
    loop {
        let heard = stream.next_said().await;
        match heard.kind() {
            "new_proposal" => {
                let confidence = heard.data["confidence"].as_f64().unwrap();
                assert!((0.0..=1.0).contains(&confidence), "{heard:?}");
                proposed.insert(heard.data["proposalId"].as_str().unwrap().to_owned());
            }
            "progress_update" => {
                assert_eq!(heard.data["jobId"], job["id"]);
                last = heard.data["progress"].clone();
            }
            other => panic!("{other}: {heard:?}"),
        }
        if last["stage"] == "complete" && !proposed.is_empty() {
            break;
        }
    }
    assert_eq!(last["current"], last["total"]);
    // The rest of one transaction.
    let page = lab.proposals("").await;
    let rows = page["rows"].as_array().unwrap();
    assert_eq!(page["counts"]["proposed"], rows.len());
    assert!(rows.iter().any(|row| row["title"].as_str().unwrap().to_lowercase() == "faction"));
    let confidences: Vec<f64> =
        rows.iter().map(|row| row["confidence"].as_f64().unwrap()).collect();
    assert!(confidences.is_sorted_by(|a, b| a >= b), "{confidences:?}");
    assert!(rows.iter().all(|row| row["sourceName"] == "No. 10" && row["summary"] != ""));
    let found = lab.member.get(&lab.path("jobs")).await.expect_status(200).json();
    assert_eq!((&found[0]["id"], &found[0]["status"]), (&job["id"], &json!("completed")));
    let one = lab.path(&format!("jobs/{}", job["id"].as_str().unwrap()));
    assert_eq!(lab.member.get(&one).await.expect_status(200).json()["id"], job["id"]);
    lab.stranger.get(&one).await.expect_refusal(403, "forbidden", None);
}

#[tokio::test]
async fn what_was_decided_is_not_proposed_again() {
    let app = TestApp::start().await;
    let lab = Lab::of(&app).await;
    let first = lab.propose("federalist-10.txt").await;
    let ids: Vec<&Value> = first.iter().map(|row| &row["id"]).collect();
    let reject = json!({ "ids": ids, "action": "reject" });
    lab.owner.post(&lab.path("proposals"), reject).await.expect_status(200);
    let mut stream = lab.stream(&lab.owner).await;
    lab.owner.post(&lab.path("jobs"), json!({})).await.expect_status(201);
    while next(&mut stream, "progress_update").await.data["progress"]["stage"] != "complete" {}
    let counts = lab.proposals("").await["counts"].clone();
    assert_eq!((&counts["proposed"], &counts["rejected"]), (&json!(0), &json!(first.len())));
}

#[tokio::test]
async fn one_is_under_way_at_a_time_and_any_member_stops_it() {
    let app = TestApp::start_with(|studio| studio.jobs = 0).await;
    let lab = Lab::of(&app).await;
    // Nobody does jobs here, so the source is what somebody else ingested.
    let source = lab.add("No. 10", "A faction.").await;
    let id = source["id"].as_str().unwrap();
    run(
        &app,
        &format!("UPDATE ingestion_sources SET status = 'completed', words = 2 WHERE id = '{id}'"),
    )
    .await;
    let job = lab.owner.post(&lab.path("jobs"), json!({})).await.expect_status(201).json();
    lab.member.post(&lab.path("jobs"), json!({})).await.expect_refusal(409, "conflict", None);
    let cancel = lab.path(&format!("jobs/{}/cancel", job["id"].as_str().unwrap()));
    lab.stranger.post(&cancel, json!({})).await.expect_refusal(403, "forbidden", None);
    let stopped = lab.member.post(&cancel, json!({})).await.expect_status(200).json();
    assert_eq!(stopped["status"], "cancelled");
    lab.member.post(&cancel, json!({})).await.expect_refusal(409, "conflict", None);
}

/// A job that somebody elsewhere has under way for Ben.
async fn of_ben(app: &TestApp, lab: &Lab) -> String {
    let source = lab.add("No. 10", "A faction.").await;
    let id = source["id"].as_str().unwrap();
    run(app, &format!("UPDATE ingestion_sources SET status = 'completed' WHERE id = '{id}'")).await;
    let job = lab.member.post(&lab.path("jobs"), json!({})).await.expect_status(201).json();
    job["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_stream_tells_why_it_ended_before_all_was_done() {
    let app = TestApp::start_with(|studio| studio.jobs = 0).await;
    let lab = Lab::of(&app).await;
    let job = of_ben(&app, &lab).await;
    let mut stream = lab.stream(&lab.owner).await;
    lab.member.post(&lab.path(&format!("jobs/{job}/cancel")), json!({})).await.expect_status(200);
    let told = next(&mut stream, "progress_update").await;
    assert_eq!(
        (&told.data["jobId"], &told.data["progress"]["stage"]),
        (&json!(job), &json!("cancelled"))
    );
}

#[tokio::test]
async fn what_somebody_has_proposed_is_given_up_when_they_are_removed_and_not_begun_again() {
    let app = TestApp::start_with(|studio| studio.jobs = 0).await;
    let lab = Lab::of(&app).await;
    let job = of_ben(&app, &lab).await;
    let ben = lab.member.get("/api/v1/session").await.json()["id"].clone();
    lab.delete(&lab.owner, &format!("members/{ben}")).await.expect_status(200);
    let shown = lab.owner.get(&lab.path(&format!("jobs/{job}"))).await.json();
    assert_eq!(shown["status"], "cancelled");
    let retry = format!("/api/v1/jobs/{job}/retry");
    lab.member.post(&retry, json!({})).await.expect_refusal(403, "forbidden", None);
    let shown = lab.owner.get(&lab.path(&format!("jobs/{job}"))).await.json();
    assert_eq!(shown["status"], "cancelled");
}

#[tokio::test]
async fn a_source_that_is_deleted_while_it_is_read_keeps_nothing_from_being_proposed() {
    let app = TestApp::start().await;
    let lab = Lab::of(&app).await;
    let source = lab.ingest("No. 10", &demo("federalist-10.txt")).await;
    let id: SourceId = source["id"].as_str().unwrap().parse().unwrap();
    let project: ProjectId = lab.project.parse().unwrap();
    let found = json!({
        "concepts": [{ "title": "Faction", "summary": "S.", "confidence": 0.5, "mentions": 2, "source": id }],
        "links": [],
    });
    lab.delete(&lab.owner, &format!("sources/{id}")).await.expect_status(204);
    let now = app.state.now();
    let done = app.state.live.write::<(), AppError>(By::nobody(), move |write| {
        Box::pin(async move {
            service::propose(write, &project, serde_json::from_value(found).unwrap(), now).await
        })
    });
    done.await.unwrap();
    let rows = lab.proposals("").await["rows"].clone();
    assert_eq!((&rows[0]["title"], &rows[0]["sourceId"]), (&json!("Faction"), &json!(null)));
}
