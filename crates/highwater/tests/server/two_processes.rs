//! Two processes on one SQLite database: each has connections and a hub of its own.

use highwater::server::Subscribe;

use crate::{
    desk::{Desk, SqliteDesk},
    notes::note,
    reader::{Reader, ask, listen, notes, settings, start},
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_another_process_writes_is_noticed_without_a_doorbell() {
    let desk = SqliteDesk::open().await;
    let here = start(desk.log(), settings()).await;
    let there = start(&desk.another().await, settings()).await;
    let mut reader = listen(&here, &["all"]).await;
    let first = note(&there, &["all"], 1).await;
    desk.insert("all", r#"{"type":"note.written","id":2}"#).await;
    let head = note(&there, &["others"], 3).await;
    assert!(head.reaches(&first));
    assert_eq!(notes(&reader.until(&head).await), [(1, 1), (2, 2)]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stream_is_resumed_on_another_process() {
    let desk = SqliteDesk::open().await;
    let here = start(desk.log(), settings()).await;
    let there = start(&desk.another().await, settings()).await;
    let mut reader = listen(&here, &["all"]).await;
    let seen = note(&here, &["all"], 1).await;
    assert_eq!(notes(&reader.until(&seen).await), [(1, 1)]);
    drop(reader);
    let missed = note(&here, &["all"], 2).await;
    let ask = Subscribe { after: Some(Ok(seen.clone())), ..ask(&there, &["all"]).await };
    let mut reader = Reader::open(there.hub(), ask).await.greeted(&seen).await;
    assert_eq!(notes(&reader.until(&missed).await), [(2, 2)]);
    let head = note(&here, &["all"], 3).await;
    assert_eq!(notes(&reader.until(&head).await), [(3, 3)]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn every_reader_of_two_busy_processes_hears_every_row_once_and_in_order() {
    const WRITES: u32 = 60;
    let desk = SqliteDesk::open().await;
    let small = || highwater::server::HubSettings { ring: 8, queue: 4, ..settings() };
    let here = start(desk.log(), small()).await;
    let there = start(&desk.another().await, small()).await;
    let mut readers = vec![listen(&here, &["all"]).await, listen(&there, &["all"]).await];
    let writers = [(&here, 0), (&there, WRITES)].map(|(live, first)| async move {
        for id in first..first + WRITES {
            note(live, &["all"], id).await;
        }
    });
    futures::future::join_all(writers).await;
    let head = here.head().await.unwrap();
    let mut heard = Vec::new();
    for reader in &mut readers {
        heard.push(notes(&reader.until(&head).await));
    }
    assert_eq!(heard[0], heard[1]);
    let places: Vec<_> = heard[0].iter().map(|(at, _)| *at).collect();
    assert_eq!(places, (1..=u64::from(2 * WRITES)).collect::<Vec<_>>());
    let mut ids: Vec<_> = heard[0].iter().map(|(_, id)| *id).collect();
    ids.sort_unstable();
    assert_eq!(ids, (0..2 * WRITES).collect::<Vec<_>>());
}
