//! Very much at once: ten thousand rows that one statement changes, seen by a hundred listeners.

use futures::future::join_all;
use sea_orm::{ConnectionTrait, TransactionTrait};
use serde_json::json;

use super::lab::{Lab, run};
use crate::app::TestApp;

const ROWS: u32 = 10_000;
const LISTENERS: usize = 50;

/// So many are told one by one, and one message says that there were more. On SQLite, where a second
/// is counted and not a transaction, a slow machine may take several.
const MOST: usize = 5 * 65;

#[tokio::test]
async fn ten_thousand_rows_changed_by_one_statement_are_a_few_messages_to_each_listener() {
    let app = TestApp::start_with(|studio| {
        studio.jobs = 0;
        studio.streams_per_user = 1000;
        studio.limits.project_streams = std::num::NonZeroU32::new(100_000).unwrap();
    })
    .await;
    let lab = Lab::of(&app).await;
    let project = &lab.project;
    run(
        &app,
        &format!(
            "INSERT INTO proposed_nodes (project_id, title, confidence)
                WITH RECURSIVE numbers (number) AS
                    (SELECT 1 UNION ALL SELECT number + 1 FROM numbers WHERE number < {ROWS})
                SELECT '{project}', 'Node ' || number, 0.5 FROM numbers"
        ),
    )
    .await;
    app.settled().await;
    let mut streams = Vec::new();
    for _ in 0..LISTENERS {
        streams.push(lab.stream(&lab.member).await);
        let mut page = lab.owner.open("/api/events?collapse=1").await;
        page.connected().await;
        streams.push(page);
    }
    run(&app, "UPDATE proposed_nodes SET status = 'accepted'").await;
    let head = app.head().await;
    let heard = join_all(streams.iter_mut().map(|stream| stream.all_until(&head))).await;
    for heard in heard {
        assert!(heard.len() <= MOST, "{} messages", heard.len());
        let last = heard.last().unwrap();
        // Whoever reads only what is documented reads everything at that.
        let reads_anew = last.kind() == "proposal_update" && last.data["proposalId"] == json!(null);
        assert!(reads_anew || matches!(last.kind(), "bulk_change" | "stale"), "{last:?}");
    }
    let counts = lab.proposals("").await["counts"].clone();
    assert_eq!(counts, json!({ "proposed": 0, "accepted": ROWS, "rejected": 0 }));
}

#[tokio::test]
async fn of_many_changes_in_one_transaction_the_log_keeps_few_rows() {
    let app = TestApp::start_with(|studio| studio.jobs = 0).await;
    let lab = Lab::of(&app).await;
    let start = app.head().await;
    let tx = app.state.db.begin().await.unwrap();
    for number in 0..300 {
        let project = &lab.project;
        tx.execute_unprepared(&format!(
            "INSERT INTO proposed_nodes (project_id, title, confidence)
                VALUES ('{project}', 'Node {number}', 0.5)"
        ))
        .await
        .unwrap();
    }
    tx.commit().await.unwrap();
    let recorded = app.rows_since(&start).await;
    assert!((65..300).contains(&recorded), "{recorded}");
    let mut stream = lab.member.resume(&lab.path("status"), &start.to_string()).await;
    stream.connected().await;
    let head = app.head().await;
    let heard = stream.all_until(&head).await;
    assert_eq!(heard.last().unwrap().data["proposalId"], json!(null));
}
