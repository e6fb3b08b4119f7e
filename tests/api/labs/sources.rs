//! Sources over REST: added as JSON and as files, ingested, ingested again, and what is refused.

use reqwest::Method;
use serde_json::json;
use studio::labs::model::{PROJECT_MAX_BYTES, PROJECT_MAX_SOURCES};

use super::lab::{Lab, next, run};
use crate::app::TestApp;

#[tokio::test]
async fn a_source_is_ingested_and_ingested_again() {
    let app = TestApp::start().await;
    let lab = Lab::of(&app).await;
    let mut stream = lab.stream(&lab.member).await;
    let source = lab.add("Notes.md", "# Faction\n\nA *number* of citizens.").await;
    assert_eq!((&source["status"], &source["words"]), (&json!("pending"), &json!(null)));
    let one = lab.path(&format!("sources/{}", source["id"].as_str().unwrap()));
    assert_eq!(lab.member.get(&one).await.expect_status(200).json()["id"], source["id"]);
    lab.stranger.get(&one).await.expect_refusal(403, "forbidden", None);
    for status in ["processing", "completed"] {
        let heard = next(&mut stream, "status_update").await;
        assert_eq!(heard.data["sourceId"], source["id"]);
        assert_eq!(
            (&heard.data["status"], &heard.data["sourceName"]),
            (&json!(status), &json!("Notes.md"))
        );
    }
    let listed = lab.member.get(&lab.path("sources")).await.expect_status(200).json();
    assert_eq!((&listed[0]["status"], &listed[0]["words"]), (&json!("completed"), &json!(5)));

    let again = format!("sources/{}/ingest", source["id"].as_str().unwrap());
    let pending = lab.member.post(&lab.path(&again), json!({})).await.expect_status(200).json();
    assert_eq!(pending["status"], "pending");
    for status in ["pending", "processing", "completed"] {
        assert_eq!(next(&mut stream, "status_update").await.data["status"], status);
    }
}

#[tokio::test]
async fn a_file_is_a_source_of_its_own_name() {
    let app = TestApp::start().await;
    let lab = Lab::of(&app).await;
    let send = async |name: &'static str, bytes: Vec<u8>| {
        lab.owner.post_files(&lab.path("sources"), &[("file", Some(name), &bytes)]).await
    };
    let added = send("no-10.txt", b"A faction.".to_vec()).await.expect_status(201).json();
    assert_eq!((&added["sourceName"], &added["bytes"]), (&json!("no-10.txt"), &json!(10)));
    send("image.png", vec![0x89, b'P', 0xff]).await.expect_refusal(422, "invalid", Some("file"));
    send("empty.txt", Vec::new()).await.expect_refusal(422, "invalid", Some("text"));
    send("large.txt", vec![b'a'; 2_000_001]).await.expect_refusal(413, "too_large", None);
    send("larger.txt", vec![b'a'; 3_000_000]).await.expect_refusal(413, "too_large", None);
    assert_eq!(lab.owner.get(&lab.path("sources")).await.json().as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn what_is_no_text_fails_and_says_why() {
    let app = TestApp::start().await;
    let lab = Lab::of(&app).await;
    let mut stream = lab.stream(&lab.owner).await;
    lab.add("paper.pdf", "%PDF-1.7 and so on").await;
    while next(&mut stream, "status_update").await.data["status"] != "failed" {}
    let listed = lab.owner.get(&lab.path("sources")).await.json();
    assert!(listed[0]["error"].as_str().unwrap().contains("not text"), "{listed}");
}

#[tokio::test]
async fn a_source_is_of_its_project() {
    let app = TestApp::start().await;
    let lab = Lab::of(&app).await;
    let source = lab.add("No. 10", "A faction.").await;
    let one = format!("sources/{}", source["id"].as_str().unwrap());
    lab.delete(&lab.stranger, &one).await.expect_refusal(403, "forbidden", None);
    let new = json!({ "name": "Another" });
    let other = lab.stranger.post("/api/projects", new).await.expect_status(201).json();
    let elsewhere = format!("/api/projects/{}/{one}", other["id"].as_str().unwrap());
    let sent = lab.stranger.send(Method::DELETE, &elsewhere, |request| request).await;
    sent.expect_refusal(404, "not_found", None);
    lab.delete(&lab.member, &one).await.expect_status(204);
    assert_eq!(lab.owner.get(&lab.path("sources")).await.json(), json!([]));
}

#[tokio::test]
async fn a_project_has_room_for_so_many_sources_and_so_much_text() {
    let app = TestApp::start_with(|studio| studio.jobs = 0).await;
    let lab = Lab::of(&app).await;
    let kept = lab.add("Kept", "A text.").await;
    let of_bytes = |bytes: u64| format!("UPDATE ingestion_sources SET bytes = {bytes}");
    let more = async || {
        let new = json!({ "sourceName": "More", "text": "Ten bytes." });
        lab.owner.post(&lab.path("sources"), new).await
    };
    run(&app, &of_bytes(PROJECT_MAX_BYTES - 9)).await;
    more().await.expect_refusal(409, "conflict", None);
    run(&app, &of_bytes(PROJECT_MAX_BYTES - 10)).await;
    more().await.expect_status(201);
    run(&app, &of_bytes(1)).await;
    let row = |_| format!("('{}', 'Many')", lab.project);
    let many: Vec<String> = (2..PROJECT_MAX_SOURCES).map(row).collect();
    let values = many.join(", ");
    run(&app, &format!("INSERT INTO ingestion_sources (project_id, source_name) VALUES {values}"))
        .await;
    more().await.expect_refusal(409, "conflict", None);
    let kept = format!("sources/{}", kept["id"].as_str().unwrap());
    lab.delete(&lab.owner, &kept).await.expect_status(204);
    more().await.expect_status(201);
}
