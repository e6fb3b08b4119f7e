//! Changes made by anybody: statements of a writer that knows nothing of the application are heard as
//! its own changes are. The same expectations hold on every database.

use std::process::{Command, Stdio};

use highwater::server::{ChangeLog, Recorded};
use sea_orm::{ConnectionTrait, TransactionTrait};
use serde_json::{Value, json};
use studio::account::service::find;

use super::lab::{Lab, next, rows, run};
use crate::{
    app::{BEN, CARLA, TestApp},
    database::on_postgres,
};

/// A project whose jobs nobody here does, with a source and a job that somebody elsewhere works on.
struct Elsewhere {
    app: TestApp,
    lab: Lab,
    source: String,
    job: String,
}

impl Elsewhere {
    async fn start() -> Self {
        let app = TestApp::start_with(|studio| studio.jobs = 0).await;
        let lab = Lab::of(&app).await;
        let source = lab.add("No. 10", "A faction.").await["id"].as_str().unwrap().to_owned();
        let ready =
            format!("UPDATE ingestion_sources SET status = 'completed' WHERE id = '{source}'");
        run(&app, &ready).await;
        let job = lab.owner.post(&lab.path("jobs"), json!({})).await.expect_status(201).json();
        let job = job["id"].as_str().unwrap().to_owned();
        run(
            &app,
            &format!(
                "UPDATE jobs SET status = 'running', lease = 'elsewhere', lease_until = 9999999999999
                    WHERE id = '{job}'"
            ),
        )
        .await;
        app.settled().await;
        Self { app, lab, source, job }
    }
}

#[tokio::test]
async fn progress_that_is_written_by_hand_is_heard_once_for_each_change_of_it() {
    let Elsewhere { app, lab, job, .. } = Elsewhere::start().await;
    let mut stream = lab.stream(&lab.member).await;
    let set = async |what: &str| {
        run(&app, &format!("UPDATE jobs SET {what} WHERE id = '{job}'")).await;
    };
    set("progress_stage = 'Reading', progress_current = 3, progress_total = 10").await;
    // What is no progress is not told here, nor is what changes nothing.
    set("attempts = attempts + 1").await;
    set("progress_current = 3").await;
    set("title = 'Ten', error = 'Slow.', run_after = 5").await;
    let first = stream.next_said().await;
    let progress = &first.data["progress"];
    assert_eq!((first.kind(), &first.data["jobId"]), ("progress_update", &json!(job)));
    let expected = (&json!("Reading"), &json!(3), &json!(10), &json!(""));
    let told = (&progress["stage"], &progress["current"], &progress["total"], &progress["message"]);
    assert_eq!(told, expected);
    let now = time::OffsetDateTime::now_utc().unix_timestamp() * 1000;
    assert!((progress["timestamp"].as_i64().unwrap() - now).abs() < 60_000, "{progress}");
    set("progress_message = 'Chapter 4', progress_updated_at = 1700000000123").await;
    let second = stream.next_said().await;
    assert_eq!(
        second.data["progress"],
        json!({
            "stage": "Reading",
            "current": 3,
            "total": 10,
            "message": "Chapter 4",
            "timestamp": 1_700_000_000_123_i64,
        })
    );
    let shown = lab.member.get(&lab.path("jobs")).await.json()[0].clone();
    assert_eq!(shown["progress"]["message"], "Chapter 4");
}

#[tokio::test]
async fn a_job_of_no_project_is_told_to_no_project() {
    let Elsewhere { app, lab, job, .. } = Elsewhere::start().await;
    let start = app.head().await;
    run(&app, &format!("UPDATE jobs SET project_id = NULL WHERE id = '{job}'")).await;
    let mut stream = lab.stream(&lab.member).await;
    run(&app, &format!("UPDATE jobs SET progress_current = 5 WHERE id = '{job}'")).await;
    run(&app, "UPDATE ingestion_sources SET status = 'failed'").await;
    next(&mut stream, "status_update").await;
    let rows = app.state.live.log().after(&start, 100).await.unwrap().rows;
    let about_jobs = rows.iter().filter(|row| match &row.what {
        Recorded::Event { json, .. } => json.contains("progress_update"),
        Recorded::Access(_) => false,
    });
    assert_eq!(about_jobs.count(), 0);
}

#[tokio::test]
async fn what_moves_to_another_project_is_told_to_both() {
    let Elsewhere { app, lab, source, job } = Elsewhere::start().await;
    let other = lab.owner.post("/api/projects", json!({ "name": "Other" })).await.json();
    let other = other["id"].as_str().unwrap();
    run(
        &app,
        &format!(
            "INSERT INTO proposed_nodes (project_id, title, confidence)
                VALUES ('{}', 'Faction', 0.5)",
            lab.project
        ),
    )
    .await;
    app.settled().await;
    for (table, changed, which) in [
        ("ingestion_sources", "sources", format!("id = '{source}'")),
        ("jobs", "jobs", format!("id = '{job}'")),
        ("proposed_nodes", "proposals", format!("project_id = '{}'", lab.project)),
    ] {
        let mut from = lab.stream(&lab.owner).await;
        let mut to = lab.owner.open(&format!("/api/projects/{other}/status")).await;
        to.connected().await;
        run(&app, &format!("UPDATE {table} SET project_id = '{other}' WHERE {which}")).await;
        for stream in [&mut from, &mut to] {
            let heard = stream.next_said().await;
            assert_eq!(
                (&heard.data["proposalId"], &heard.data["changed"]),
                (&json!(null), &json!(changed))
            );
        }
    }
}

#[tokio::test]
async fn what_is_written_at_any_length_is_told_within_bounds_or_refused() {
    let Elsewhere { app, lab, source, job } = Elsewhere::start().await;
    let mut stream = lab.stream(&lab.member).await;
    let long = "x".repeat(100_000);
    run(&app, &format!("UPDATE jobs SET progress_message = '{long}' WHERE id = '{job}'")).await;
    let heard = next(&mut stream, "progress_update").await;
    assert_eq!(heard.data["progress"]["message"].as_str().unwrap().len(), 2_000);
    for wrong in [
        format!("UPDATE ingestion_sources SET error = '{long}' WHERE id = '{source}'"),
        format!("UPDATE ingestion_sources SET source_name = '' WHERE id = '{source}'"),
        format!(
            "INSERT INTO proposed_nodes (project_id, title, summary, confidence)
                VALUES ('{}', 'T', '{long}', 0.5)",
            lab.project
        ),
        format!("UPDATE jobs SET progress_current = -1 WHERE id = '{job}'"),
        format!("UPDATE jobs SET id = 'mine' WHERE id = '{job}'"),
    ] {
        app.state.db.execute_unprepared(&wrong).await.expect_err(&wrong[..60]);
    }
}

#[tokio::test]
async fn that_a_job_is_done_is_told_however_much_else_is() {
    let Elsewhere { app, lab, job, .. } = Elsewhere::start().await;
    let mut stream = lab.stream(&lab.member).await;
    let tx = app.state.db.begin().await.unwrap();
    for current in 1..=100 {
        let sql = format!("UPDATE jobs SET progress_current = {current} WHERE id = '{job}'");
        tx.execute_unprepared(&sql).await.unwrap();
    }
    let sql = format!("UPDATE jobs SET progress_stage = 'complete' WHERE id = '{job}'");
    tx.execute_unprepared(&sql).await.unwrap();
    tx.commit().await.unwrap();
    while next(&mut stream, "progress_update").await.data["progress"]["stage"] != "complete" {}
}

#[tokio::test]
async fn a_row_whose_writer_gives_it_no_version_gets_the_next_one() {
    let Elsewhere { app, lab, source, .. } = Elsewhere::start().await;
    let before = lab.member.get(&lab.path("sources")).await.json()[0].clone();
    let sql = format!("UPDATE ingestion_sources SET source_name = 'Ten' WHERE id = '{source}'");
    run(&app, &sql).await;
    let after = lab.member.get(&lab.path("sources")).await.json()[0].clone();
    let next = before["version"].as_u64().unwrap() + 1;
    assert_eq!((&after["sourceName"], &after["version"]), (&json!("Ten"), &json!(next)));
    assert_ne!(before["updatedAt"], after["updatedAt"]);

    // A version without a time gets the time.
    let old = "UPDATE ingestion_sources SET updated_at = 0";
    run(&app, old).await;
    run(&app, "UPDATE ingestion_sources SET source_name = 'Eleven', version = version + 5").await;
    let last = lab.member.get(&lab.path("sources")).await.json()[0].clone();
    assert_eq!(last["version"], json!(next + 6));
    assert!(!last["updatedAt"].as_str().unwrap().starts_with("1970"), "{last}");
}

#[tokio::test]
async fn rows_that_are_inserted_with_little_more_than_a_title_are_proposals() {
    let Elsewhere { app, lab, .. } = Elsewhere::start().await;
    let mut stream = lab.stream(&lab.member).await;
    let project = &lab.project;
    run(
        &app,
        &format!(
            "INSERT INTO proposed_nodes (project_id, title, confidence)
                VALUES ('{project}', 'Faction', 0.75)"
        ),
    )
    .await;
    let heard = next(&mut stream, "new_proposal").await;
    let page = lab.proposals("").await;
    let row = &page["rows"][0];
    assert_eq!(
        heard.data,
        json!({
            "type": "new_proposal",
            "proposalId": row["id"],
            "title": "Faction",
            "confidence": 0.75,
            "createdAt": row["createdAt"],
        })
    );
    run(&app, "UPDATE proposed_nodes SET status = 'accepted'").await;
    let heard = next(&mut stream, "proposal_update").await;
    assert_eq!(
        (&heard.data["status"], &heard.data["title"]),
        (&json!("accepted"), &json!("Faction"))
    );
    run(&app, "DELETE FROM proposed_nodes").await;
    assert_eq!(next(&mut stream, "proposal_deleted").await.data["proposalId"], row["id"]);
    let bad = format!(
        "INSERT INTO proposed_nodes (id, project_id, title, confidence)
            VALUES ('mine', '{project}', 'X', 0.5)"
    );
    app.state.db.execute_unprepared(&bad).await.unwrap_err();
}

#[tokio::test]
async fn what_is_rolled_back_is_not_told() {
    let Elsewhere { app, lab, source, .. } = Elsewhere::start().await;
    let mut stream = lab.stream(&lab.member).await;
    let set = |status: &str| {
        format!("UPDATE ingestion_sources SET status = '{status}' WHERE id = '{source}'")
    };
    let tx = app.state.db.begin().await.unwrap();
    tx.execute_unprepared(&set("processing")).await.unwrap();
    tx.rollback().await.unwrap();
    run(&app, &set("failed")).await;
    assert_eq!(next(&mut stream, "status_update").await.data["status"], "failed");
}

#[tokio::test]
async fn somebody_who_is_made_a_member_by_hand_hears_of_it_and_from_then_on() {
    let Elsewhere { app, lab, source, .. } = Elsewhere::start().await;
    let mut page = lab.stranger.open("/api/events").await;
    page.connected().await;
    let carla = find(&app.state, CARLA).await.unwrap().id;
    let project = &lab.project;
    run(
        &app,
        &format!("INSERT INTO labs_members (project_id, user_id) VALUES ('{project}', {carla})"),
    )
    .await;
    assert_eq!(page.next_said().await.kind(), "access");
    let rename = format!("UPDATE ingestion_sources SET source_name = 'Ten' WHERE id = '{source}'");
    run(&app, &rename).await;
    assert_eq!(next(&mut page, "status_update").await.data["sourceName"], "Ten");
}

#[tokio::test]
async fn a_membership_that_is_given_to_somebody_else_by_hand_is_theirs_from_then_on() {
    let Elsewhere { app, lab, source, .. } = Elsewhere::start().await;
    let mut ended = lab.stream(&lab.member).await;
    let mut page = lab.stranger.open("/api/events").await;
    page.connected().await;
    let of = async |email| find(&app.state, email).await.unwrap().id;
    let (ben, carla) = (of(BEN).await, of(CARLA).await);
    let sql = format!("UPDATE labs_members SET user_id = {carla} WHERE user_id = {ben}");
    run(&app, &sql).await;
    ended.all_until_end().await;
    assert_eq!(page.next_said().await.kind(), "access");
    let rename = format!("UPDATE ingestion_sources SET source_name = 'Ten' WHERE id = '{source}'");
    run(&app, &rename).await;
    assert_eq!(next(&mut page, "status_update").await.data["sourceName"], "Ten");
    lab.member.get(&lab.path("sources")).await.expect_refusal(403, "forbidden", None);
}

/// A shell of SQLite's own does not follow references.
#[tokio::test]
async fn nobody_takes_part_in_a_project_that_was_deleted_by_hand() {
    let Elsewhere { app, lab, .. } = Elsewhere::start().await;
    let mut ended = lab.stream(&lab.member).await;
    foreign(&app, "shell", &format!("DELETE FROM labs_projects WHERE id = '{}'", lab.project));
    ended.all_until_end().await;
    lab.member.get(&lab.path("sources")).await.expect_refusal(404, "not_found", None);
    let left = rows(&app, "SELECT 1 FROM labs_members UNION ALL SELECT 1 FROM ingestion_sources");
    assert_eq!(left.await.len(), 0);
}

#[tokio::test]
async fn a_job_that_is_deleted_by_hand_is_no_longer_shown() {
    let Elsewhere { app, lab, job, .. } = Elsewhere::start().await;
    let mut page = lab.member.open("/api/events").await;
    page.connected().await;
    run(&app, &format!("DELETE FROM jobs WHERE id = '{job}'")).await;
    let heard = next(&mut page, "generation_changed").await;
    assert_eq!(heard.data["jobId"], json!(job));
    assert_eq!(lab.member.get(&lab.path("jobs")).await.json(), json!([]));
}

/// What a shell or a worker in another language does to the database, by its own client.
fn foreign(app: &TestApp, program: &str, sql: &str) {
    let mut command = match (program, on_postgres()) {
        ("shell", true) => {
            let mut command = Command::new("psql");
            command.args([
                app.database().url(),
                "--quiet",
                "--set=ON_ERROR_STOP=1",
                "--command",
                sql,
            ]);
            command
        }
        ("shell", false) => {
            let mut command = Command::new("sqlite3");
            command.arg(app.data_dir().join("studio.db")).arg(sql);
            command
        }
        (_, _) => {
            let mut command = Command::new("python3");
            let worker = "import sqlite3, sys\n\
                 db = sqlite3.connect(sys.argv[1], timeout=20)\n\
                 db.execute(sys.argv[2])\n\
                 db.commit()";
            command.args(["-c", worker]).arg(app.data_dir().join("studio.db")).arg(sql);
            command
        }
    };
    let ended = command.stdin(Stdio::null()).output().unwrap();
    let said = String::from_utf8_lossy(&ended.stderr);
    assert!(ended.status.success() && said.is_empty(), "{program}: {said}");
}

#[tokio::test]
async fn an_update_typed_into_the_databases_own_shell_is_heard() {
    let Elsewhere { app, lab, job, source } = Elsewhere::start().await;
    let mut stream = lab.stream(&lab.member).await;
    foreign(&app, "shell", &format!("UPDATE jobs SET progress_current = 7 WHERE id = '{job}'"));
    let heard = next(&mut stream, "progress_update").await;
    assert_eq!(heard.data["progress"]["current"], 7);
    if !on_postgres() {
        let sql = format!("UPDATE ingestion_sources SET status = 'failed' WHERE id = '{source}'");
        foreign(&app, "worker", &sql);
        assert_eq!(next(&mut stream, "status_update").await.data["status"], "failed");
    }
    let versions: Vec<Value> = rows(&app, "SELECT version FROM jobs")
        .await
        .iter()
        .map(|row| json!(row.try_get::<i64>("", "version").unwrap()))
        .collect();
    // Queued, begun by hand, told by hand.
    assert_eq!(versions[versions.len() - 1], 3);
}

#[tokio::test]
async fn whoever_was_removed_by_hand_while_away_is_refused_at_the_resume() {
    let Elsewhere { app, lab, .. } = Elsewhere::start().await;
    let mut stream = lab.member.open(&lab.path("status")).await;
    let start = stream.connected().await.to_string();
    drop(stream);
    let ben = find(&app.state, BEN).await.unwrap().id;
    run(&app, &format!("DELETE FROM labs_members WHERE user_id = {ben}")).await;
    let path = lab.path("status");
    let refused =
        lab.member.open_with(&path, |request| request.header("Last-Event-ID", start)).await;
    assert_eq!(refused.status.as_u16(), 403);
}
