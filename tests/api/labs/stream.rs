//! `GET /api/projects/{id}/status`: whom it lets in, and the documented shape of its messages.

use std::num::NonZeroU32;

use reqwest::Method;
use serde_json::json;
use studio::account::service::find;

use super::lab::{Lab, next, run};
use crate::{
    app::{ANA, BEN, TestApp},
    client::Client,
    process::Process,
};

async fn token(lab: &Lab, client: &Client) -> String {
    let made = client.post(&lab.path("stream-token"), json!({})).await.expect_status(201).json();
    made["token"].as_str().unwrap().to_owned()
}

/// The status of the answer to somebody who asks for a stream.
async fn status(client: &Client, path: &str) -> u16 {
    client.open_with(path, |request| request).await.status.as_u16()
}

#[tokio::test]
async fn it_opens_with_an_unnamed_connected_and_is_not_kept_on_the_way() {
    let app = TestApp::start().await;
    let lab = Lab::of(&app).await;
    let mut stream = lab.member.open(&lab.path("status")).await;
    for (name, value) in [
        ("content-type", "text/event-stream"),
        ("cache-control", "no-store"),
        ("x-accel-buffering", "no"),
    ] {
        assert_eq!(stream.headers.get(name).unwrap(), value, "{name}");
    }
    let connected = stream.next().await;
    assert_eq!(connected.event, "message");
    let said = json!({ "type": "connected", "message": "Connected to status updates" });
    assert_eq!(connected.data, said);
    let ping = stream.next().await;
    assert_eq!((ping.event.as_str(), ping.data["ts"].is_u64()), ("ping", true));
}

#[tokio::test]
async fn it_is_for_members_by_session_by_api_token_and_by_a_token_of_its_own() {
    let app = TestApp::start().await;
    let lab = Lab::of(&app).await;
    let path = lab.path("status");
    assert_eq!(status(&app.client(), &path).await, 401);
    assert_eq!(status(&lab.stranger, &path).await, 403);
    assert_eq!(status(&lab.owner, "/api/projects/prj_0123456789abcdef/status").await, 404);
    assert_eq!(status(&lab.owner, "/api/projects/nonsense/status").await, 404);
    assert_eq!(status(&app.client(), "/api/projects/nonsense/status").await, 401);
    lab.stranger.post(&lab.path("stream-token"), json!({})).await.expect_status(403);

    let made = lab.owner.post("/api/v1/tokens", json!({ "name": "t" })).await.json();
    let program = app.with_token(made["secret"].as_str().unwrap());
    lab.stream(&program).await;
    assert_eq!(status(&app.with_token(&format!("hw_{}", "0".repeat(64))), &path).await, 401);

    let token = token(&lab, &lab.member).await;
    let with = |token: &str| format!("{path}?token={token}");
    let anybody = app.client();
    let mut stream = anybody.open(&with(&token)).await;
    stream.connected().await;
    lab.add("No. 10", "A faction.").await;
    next(&mut stream, "status_update").await;
    for wrong in ["", "x", &token[..20], &format!("hws_{}", "0".repeat(64))] {
        assert_eq!(status(&anybody, &with(wrong)).await, 401, "{wrong}");
    }
    // It opens this one project and nothing else.
    let new = json!({ "name": "Another" });
    let other = lab.member.post("/api/projects", new).await.json();
    let other = format!("/api/projects/{}/status?token={token}", other["id"].as_str().unwrap());
    assert_eq!(status(&anybody, &other).await, 401);
    assert_eq!(status(&anybody, &format!("/api/events?token={token}")).await, 401);
    app.with_token(&token).get("/api/projects").await.expect_status(401);
}

#[tokio::test]
async fn a_token_of_its_own_is_good_for_ten_minutes_and_no_longer_than_what_it_came_from() {
    let app = TestApp::start().await;
    let lab = Lab::of(&app).await;
    let path = async |client| format!("{}?token={}", lab.path("status"), token(&lab, client).await);
    let anybody = app.client();
    let first = path(&lab.member).await;
    app.set_clock_ahead(time::Duration::minutes(9));
    assert_eq!(status(&anybody, &first).await, 200);
    app.set_clock_ahead(time::Duration::minutes(10) + time::Duration::seconds(1));
    assert_eq!(status(&anybody, &first).await, 401);

    let second = path(&lab.member).await;
    let mut stream = anybody.open(&second).await;
    stream.connected().await;
    lab.member.sign_out().await.expect_status(204);
    stream.all_until_end().await;
    assert_eq!(status(&anybody, &second).await, 401);
}

#[tokio::test]
async fn a_member_who_is_removed_by_anybody_is_cut_off() {
    let app = TestApp::start().await;
    let lab = Lab::of(&app).await;
    let token = token(&lab, &lab.member).await;
    let path = format!("{}?token={token}", lab.path("status"));
    let mut streams = [lab.stream(&lab.member).await, app.client().open(&path).await];
    let ben = find(&app.state, BEN).await.unwrap().id;
    run(&app, &format!("DELETE FROM labs_members WHERE user_id = {ben}")).await;
    for stream in &mut streams {
        stream.all_until_end().await;
    }
    assert_eq!(status(&app.client(), &path).await, 403);
    assert_eq!(status(&lab.member, &lab.path("status")).await, 403);
}

#[tokio::test]
async fn a_position_resumes_it_and_types_choose() {
    let app = TestApp::start_with(|studio| studio.jobs = 0).await;
    let lab = Lab::of(&app).await;
    let mut stream = lab.member.open(&lab.path("status")).await;
    let start = stream.connected().await;
    drop(stream);
    let source = lab.add("No. 10", "A faction.").await;
    let id = source["id"].as_str().unwrap();
    for status in ["processing", "failed"] {
        run(&app, &format!("UPDATE ingestion_sources SET status = '{status}' WHERE id = '{id}'"))
            .await;
    }
    let mut stream = lab.member.resume(&lab.path("status"), &start.to_string()).await;
    stream.connected().await;
    for status in ["processing", "failed"] {
        assert_eq!(next(&mut stream, "status_update").await.data["status"], status);
    }
    let chosen = lab.path("status?types=new_proposal&after=nonsense");
    let mut stream = lab.member.open(&chosen).await;
    // What cannot be resumed says so to a client that knows the documented types alone.
    let reset = stream.next().await;
    assert_eq!(reset.data["proposalId"], json!(null), "{reset:?}");
    assert_eq!(reset.kind(), "proposal_update");
    stream.connected().await;
    assert_eq!(status(&lab.member, &lab.path("status?types=lost")).await, 422);
    assert_eq!(status(&lab.member, &lab.path("status?tokens=1")).await, 422);
}

#[tokio::test]
async fn of_other_projects_it_says_nothing() {
    let app = TestApp::start_with(|studio| studio.jobs = 0).await;
    let lab = Lab::of(&app).await;
    let mut stream = lab.stream(&lab.member).await;
    let other = lab.member.post("/api/projects", json!({ "name": "Other" })).await.json();
    let other = format!("/api/projects/{}/sources", other["id"].as_str().unwrap());
    let new = json!({ "sourceName": "Elsewhere", "text": "A text." });
    lab.member.post(&other, new).await.expect_status(201);
    run(&app, "UPDATE ingestion_sources SET status = 'failed'").await;
    lab.add("Here", "A text.").await;
    run(&app, "UPDATE ingestion_sources SET status = 'processing'").await;
    assert_eq!(stream.next_said().await.data["sourceName"], "Here");
}

#[tokio::test]
async fn whoever_chose_types_hears_that_very_much_has_changed() {
    let app = TestApp::start_with(|studio| studio.jobs = 0).await;
    let lab = Lab::of(&app).await;
    let mut stream = lab.member.open(&lab.path("status?types=proposal_deleted")).await;
    stream.connected().await;
    let node = |number: u32| format!("('{}', 'Node {number}', 0.5)", lab.project);
    let nodes: Vec<String> = (0..100).map(node).collect();
    let values = nodes.join(", ");
    run(
        &app,
        &format!("INSERT INTO proposed_nodes (project_id, title, confidence) VALUES {values}"),
    )
    .await;
    let heard = stream.next_said().await;
    assert_eq!((heard.kind(), &heard.data["proposalId"]), ("proposal_update", &json!(null)));
}

#[tokio::test]
async fn whoever_opens_it_too_often_waits() {
    let app = TestApp::start_with(|studio| {
        studio.limits.project_streams = NonZeroU32::new(3).unwrap();
    })
    .await;
    let lab = Lab::of(&app).await;
    for _ in 0..3 {
        assert_eq!(status(&lab.member, &lab.path("status")).await, 200);
    }
    let refused = lab.member.open_with(&lab.path("status"), |request| request).await;
    assert_eq!(refused.status.as_u16(), 429);
    assert!((1..=20).contains(&refused.header("retry-after").parse::<u32>().unwrap()));
    // Nor does asking for tokens help.
    lab.member.post(&lab.path("stream-token"), json!({})).await.expect_status(429);
    assert_eq!(status(&lab.owner, &lab.path("status")).await, 200);
}

#[tokio::test]
async fn pages_of_configured_origins_may_read_it() {
    let app = TestApp::start_with(|studio| {
        studio.cors_origins = vec!["https://labs.example.com".parse().unwrap()];
    })
    .await;
    let lab = Lab::of(&app).await;
    let from = async |origin: &'static str| {
        lab.member.open_with(&lab.path("status"), |request| request.header("origin", origin)).await
    };
    let answer = from("https://labs.example.com").await;
    assert_eq!(answer.header("access-control-allow-origin"), "https://labs.example.com");
    assert_eq!(answer.header("access-control-allow-credentials"), "true");
    assert_eq!(from("https://evil.example.com").await.header("access-control-allow-origin"), "");
}

#[tokio::test]
async fn a_token_in_an_address_reaches_no_log() {
    let process = Process::start(&[("STUDIO_LOG", "trace")]).await;
    let client = process.client();
    client.sign_in(ANA).await.expect_status(200);
    let made = client.post("/api/projects", json!({ "name": "P" })).await.expect_status(201).json();
    let below = format!("/api/projects/{}", made["id"].as_str().unwrap());
    let made = client.post(&format!("{below}/stream-token"), json!({})).await.expect_status(201);
    let token = made.json()["token"].as_str().unwrap().to_owned();
    let path = format!("{below}/status?token={token}");
    let mut stream = process.client().open(&path).await;
    stream.connected().await;
    drop(stream);
    let wrong = format!("{below}/status?token={token}x");
    process.client().send(Method::GET, &wrong, |request| request).await.expect_status(401);
    process.logged(&["/status", "401"]).await;
    assert!(!process.log().contains(&token["hws_".len()..]), "the token is in the log");
}
