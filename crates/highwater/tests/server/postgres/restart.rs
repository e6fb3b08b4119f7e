//! The server goes down under load: what was acknowledged is there, and is heard once and in order.

use std::time::Duration;

use highwater::{
    Cursor,
    frame::Frame,
    server::{ChangeLog, Live, PostgresLog, Retention, Subscribe},
};
use tokio::time::Instant;

use super::{put, words};
use crate::{
    desk::{Desk, PostgresDesk},
    notes::{Noted, by},
    postgres_server::PostgresServer,
    reader::{Reader, ask, ids, listen_anywhere, settings, start as begin},
};

const WRITERS: u32 = 4;
const CRASHES: u32 = 2;

/// Repeats one mutation until it is acknowledged.
async fn put_surely(live: &Live<PostgresLog, Noted>, id: u32) -> Cursor {
    let deadline = Instant::now() + Duration::from_secs(120);
    loop {
        match put(live, by("ann", id.into()), id).await {
            Ok(written) => return written.cursor,
            Err(error) => assert!(Instant::now() < deadline, "{error:?}"),
        }
    }
}

async fn resume(live: &Live<PostgresLog, Noted>, after: &Cursor) -> Reader {
    let ask = Subscribe { after: Some(Ok(after.clone())), ..ask(live, &["all"]).await };
    Reader::open(live.hub(), ask).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn every_acknowledged_write_is_heard_once_and_in_order_whenever_the_server_crashes() {
    let mut server = PostgresServer::start_durable();
    let desk = PostgresDesk::open_on(&server.url).await;
    let live = begin(desk.log(), settings()).await;
    let mut reader = listen_anywhere(&live, &["all"]).await;
    let start = live.head().await.unwrap();
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let writers: Vec<_> = (0..WRITERS)
        .map(|writer| {
            let (live, stopped) = (live.clone(), stopped.clone());
            tokio::spawn(async move {
                let mut acknowledged = Vec::new();
                for id in (writer..).step_by(WRITERS as usize) {
                    acknowledged.push((id, put_surely(&live, id).await));
                    if *stopped.borrow() {
                        break;
                    }
                }
                acknowledged
            })
        })
        .collect();
    for _ in 0..CRASHES {
        // Under way again before the next one.
        let some = put_surely(&live, u32::MAX).await;
        desk.settled(&some).await;
        server = tokio::task::spawn_blocking(move || {
            server.crash_and_start();
            server
        })
        .await
        .unwrap();
    }
    stop.send(true).unwrap();
    let mut acknowledged = Vec::new();
    for writer in writers {
        acknowledged.extend(writer.await.unwrap());
    }
    acknowledged.push((u32::MAX, put_surely(&live, u32::MAX).await));
    acknowledged.sort_by_key(|(_, at)| at.at);
    let last = acknowledged.last().unwrap().1.clone();
    let expected: Vec<_> = acknowledged.iter().map(|(id, _)| *id).collect();
    assert_eq!(ids(&reader.until(&last).await), expected);
    assert_eq!(words(&live).await.value.len(), expected.len());

    // The log is the same one: it is resumed, has its history, and can be trimmed.
    let mut again = resume(&live, &start).await.greeted(&start).await;
    assert_eq!(ids(&again.until(&last).await), expected);
    let tx = desk.log().begin_read().await.unwrap();
    let (first_id, first) = &acknowledged[0];
    let history = PostgresLog::history(&tx, &format!("note:{first_id}"), None, 10).await.unwrap();
    assert_eq!(history.rows.iter().map(|row| &row.at).collect::<Vec<_>>(), [first]);
    PostgresLog::rollback(tx).await.unwrap();
    let keep = Retention { max_age_ms: 3_600_000, max_rows: 3 };
    live.trim(keep).await.unwrap();
    // Another process, with nothing in memory.
    let there = begin(&desk.another().await, settings()).await;
    let mut late = resume(&there, &start).await;
    assert!(matches!(late.next().await, Some(Frame::Reset { .. })));
}
