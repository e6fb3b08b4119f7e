//! Ephemeral events: heard now or never, by whoever may, and never at the cost of a row.

use std::collections::BTreeSet;

use highwater::{
    frame::Frame,
    server::{AccessChange, By, HubSettings, Live, Subscribe},
};

use crate::{
    fake_log::FakeLog,
    metrics::value,
    notes::{Noted, Refused, audiences, note, say},
    reader::{Reader, ask, listen, settings, settle, start},
};

async fn open() -> Live<FakeLog, Noted> {
    start(&FakeLog::new(), settings()).await
}

fn publish(live: &Live<FakeLog, Noted>, to: &[&str], event: Noted) {
    live.hub().publish(&audiences(to), &event);
}

fn written(id: u32) -> Noted {
    Noted::Written { id }
}

/// The ephemeral ones; panics at what no audience of these tests should hear.
fn ephemerals(frames: Vec<Frame<Noted>>) -> Vec<Noted> {
    let events = frames.into_iter().filter_map(|frame| match frame {
        Frame::Ephemeral { event } => event,
        Frame::Event { .. } | Frame::Access { .. } => None,
        other => panic!("an event, not {other:?}"),
    });
    events.collect()
}

#[tokio::test(start_paused = true)]
async fn each_subscriber_of_its_audiences_hears_one_once_and_nobody_else_does() {
    let live = open().await;
    let mut both = listen(&live, &["a", "b"]).await;
    let mut other = listen(&live, &["c"]).await;
    publish(&live, &["a", "b"], written(1));
    let head = note(&live, &["nobody"], 2).await;
    assert_eq!(both.until(&head).await, [Frame::Ephemeral { event: Some(written(1)) }]);
    assert_eq!(other.until(&head).await, []);
}

#[tokio::test(start_paused = true)]
async fn one_moves_no_position_and_is_in_no_replay() {
    let live = open().await;
    let start = note(&live, &["all"], 1).await;
    settle(&live).await;
    publish(&live, &["all"], written(2));
    assert_eq!(live.head().await.unwrap(), start);
    let head = note(&live, &["all"], 3).await;
    settle(&live).await;
    let ask = Subscribe { after: Some(Ok(start.clone())), ..ask(&live, &["all"]).await };
    let mut reader = Reader::open(live.hub(), ask).await.greeted(&start).await;
    let heard = reader.until(&head).await;
    assert_eq!(heard, [Frame::Event { at: head, by: None, event: written(3) }]);
}

#[tokio::test(start_paused = true)]
async fn a_stream_hears_those_of_the_types_that_it_asked_for() {
    let live = open().await;
    let types = Some(BTreeSet::from(["note.progress".to_owned()]));
    let ask = Subscribe { types, ..ask(&live, &["all"]).await };
    let at = live.head().await.unwrap();
    let mut reader = Reader::open(live.hub(), ask).await.greeted(&at).await;
    publish(&live, &["all"], written(1));
    publish(&live, &["all"], Noted::Progress { id: 1, done: 1 });
    let head = note(&live, &["all"], 2).await;
    assert_eq!(ephemerals(reader.until(&head).await), [Noted::Progress { id: 1, done: 1 }]);
}

#[tokio::test(start_paused = true)]
async fn whoever_left_an_audience_hears_none_not_even_one_that_waits() {
    let live = open().await;
    let mut reader = listen(&live, &["left", "kept"]).await;
    publish(&live, &["left"], written(1));
    publish(&live, &["left", "kept"], written(2));
    let access = AccessChange {
        subject: "user:7".into(),
        leave: audiences(&["left"]),
        ..AccessChange::default()
    };
    let change = live.write::<_, Refused>(By::nobody(), |write| {
        Box::pin(async move { Ok(write.record_access(&access).await?) })
    });
    change.await.unwrap();
    settle(&live).await;
    publish(&live, &["left"], written(3));
    publish(&live, &["kept"], written(4));
    let head = note(&live, &["nobody"], 5).await;
    assert_eq!(ephemerals(reader.until(&head).await), [written(2), written(4)]);
}

#[tokio::test(start_paused = true)]
async fn the_newest_of_a_key_is_heard_and_of_too_many_the_newest() {
    let live = open().await;
    let mut reader = listen(&live, &["all"]).await;
    for done in 1..=100 {
        publish(&live, &["all"], Noted::Progress { id: 1, done });
    }
    for id in 1..=64 {
        publish(&live, &["all"], written(id));
    }
    let head = note(&live, &["nobody"], 1).await;
    let newest: Vec<_> = (1..=64).map(written).collect();
    assert_eq!(ephemerals(reader.until(&head).await), newest);
    assert_eq!(value(live.hub(), "ephemeral_deliveries_total"), 64.0);
    assert_eq!(value(live.hub(), "ephemerals_dropped_total"), 1.0);
}

#[tokio::test(start_paused = true)]
async fn they_give_way_to_rows_and_are_in_no_collapsed_backlog() {
    for collapse in [true, false] {
        let live = start(&FakeLog::new(), HubSettings { queue: 2, ..settings() }).await;
        let at = live.head().await.unwrap();
        let ask = Subscribe { collapse, ..ask(&live, &["all"]).await };
        let mut reader = Reader::open(live.hub(), ask).await.greeted(&at).await;
        publish(&live, &["all"], written(70));
        for id in 1..=3 {
            note(&live, &["all"], id).await;
        }
        settle(&live).await;
        publish(&live, &["all"], written(80));
        let head = say(&live, &["nobody"], written(90)).await;
        let heard = reader.until(&head).await;
        let tags: Vec<u32> = heard.iter().flat_map(tags_of).collect();
        assert_eq!(tags, [1, 2, 3], "collapse: {collapse}");
        assert_eq!(value(live.hub(), "ephemerals_dropped_total"), 2.0);
        // The stream is live again, and hears the next.
        publish(&live, &["all"], written(5));
        let head = note(&live, &["nobody"], 6).await;
        assert_eq!(ephemerals(reader.until(&head).await), [written(5)]);
    }
}

fn tags_of(frame: &Frame<Noted>) -> Vec<u32> {
    match frame {
        Frame::Event { event: Noted::Written { id }, .. } => vec![*id],
        Frame::Stale { tags, .. } => tags.iter().map(|(tag, _)| *tag).collect(),
        other => panic!("rows alone, not {other:?}"),
    }
}
