//! Limits: how many streams may be open, in all and for each owner, and how large an event may be.

use std::time::Duration;

use highwater::{
    AsOf, LiveEvent,
    server::{
        AccessChange, By, HubSettings, Live, LogError, MAX_EVENT_BYTES, Subscribe, SubscribeError,
        Subscription,
    },
};
use highwater_core::parser::Parser;
use serde::{Deserialize, Serialize};

use crate::{
    fake_log::{FakeLog, Mood},
    notes::{Noted, Refused, audiences},
    reader::{Reader, ask, settings, start},
};

type Outcome = Result<Subscription<FakeLog, Noted>, SubscribeError>;

async fn open(streams: usize, streams_per_owner: usize) -> Live<FakeLog, Noted> {
    start(&FakeLog::new(), HubSettings { streams, streams_per_owner, ..settings() }).await
}

async fn subscribe(live: &Live<FakeLog, Noted>, owner: &str) -> Outcome {
    let ask = Subscribe { owner: owner.to_owned(), ..ask(live, &["all"]).await };
    live.hub().subscribe(ask).await
}

#[tokio::test(start_paused = true)]
async fn an_owner_has_so_many_streams_and_no_more() {
    let live = open(100, 2).await;
    let first = subscribe(&live, "user:1").await.unwrap();
    let _second = subscribe(&live, "user:1").await.unwrap();
    let retry_after = settings().heartbeat;
    let refused = SubscribeError::TooMany { limit: 2, retry_after };
    assert_eq!(subscribe(&live, "user:1").await.err(), Some(refused));
    let _other = subscribe(&live, "user:2").await.unwrap();
    drop(first);
    let _again = subscribe(&live, "user:1").await.unwrap();
    assert_eq!(live.hub().subscribers(), 3);
}

#[tokio::test(start_paused = true)]
async fn a_node_has_so_many_streams_and_no_more() {
    let live = open(3, 2).await;
    let mut streams = Vec::new();
    for owner in ["user:1", "user:2", "user:3"] {
        streams.push(subscribe(&live, owner).await.unwrap());
    }
    let retry_after = settings().heartbeat;
    let refused = SubscribeError::Full { limit: 3, retry_after };
    assert_eq!(subscribe(&live, "user:4").await.err(), Some(refused));
    streams.pop();
    streams.push(subscribe(&live, "user:4").await.unwrap());
}

#[tokio::test(start_paused = true)]
async fn a_subscription_that_is_refused_takes_no_place() {
    let live = open(1, 1).await;
    let early =
        Subscribe { evaluated: AsOf::upto(&"other.1.0".parse().unwrap()), ..ask(&live, &[]).await };
    for _ in 0..3 {
        assert_eq!(live.hub().subscribe(early.clone()).await.err(), Some(SubscribeError::Outdated));
    }
    subscribe(&live, "user:1").await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn who_is_refused_causes_no_read_of_the_log() {
    let live = open(1, 1).await;
    let after = "fake-1.5.0".parse().map(Some).unwrap();
    let ask = Subscribe { after: after.map(Ok), ..ask(&live, &[]).await };
    let _held = subscribe(&live, "user:7").await.unwrap();
    live.log().set(Mood::Silent);
    let refused = live.hub().subscribe(ask).await.err();
    assert!(matches!(refused, Some(SubscribeError::TooMany { .. })), "{refused:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn places_are_counted_exactly_when_many_ask_at_once() {
    let live = open(50, 4).await;
    for _ in 0..20 {
        let asks = (0..400).map(|number| {
            let (live, owner) = (live.clone(), format!("user:{}", number % 20));
            tokio::spawn(async move { (subscribe(&live, &owner).await, owner) })
        });
        let asks: Vec<_> = asks.collect();
        let (mut held, mut refused) = (Vec::new(), 0);
        for ask in asks {
            match ask.await.unwrap() {
                (Ok(subscription), owner) => held.push((subscription, owner)),
                (Err(SubscribeError::TooMany { .. } | SubscribeError::Full { .. }), _) => {
                    refused += 1;
                }
                (Err(error), _) => panic!("{error}"),
            }
        }
        assert_eq!((held.len(), refused), (50, 350));
        for (_, owner) in &held {
            assert!(held.iter().filter(|(_, other)| other == owner).count() <= 4, "{owner}");
        }
        // They are dropped on all threads at once, while the last of them is not free yet.
        let drops = held.into_iter().map(|(held, _)| tokio::spawn(async move { drop(held) }));
        for dropped in drops.collect::<Vec<_>>() {
            dropped.await.unwrap();
        }
        assert_eq!(live.hub().subscribers(), 0);
    }
}

#[tokio::test(start_paused = true)]
async fn a_stream_that_has_ended_frees_its_place() {
    let live = open(1, 1).await;
    let over = Some(std::time::SystemTime::now() - Duration::from_secs(1));
    let ask = Subscribe { expires: over, ..ask(&live, &[]).await };
    let mut reader = Reader::open(live.hub(), ask).await;
    reader.rest().await;
    drop(reader);
    subscribe(&live, "user:7").await.unwrap();
}

/// An event as long as a test wants it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Long {
    r#type: String,
}

impl LiveEvent for Long {
    type Tag = u32;

    fn tags(&self) -> Vec<u32> {
        Vec::new()
    }
}

/// Records an event whose JSON has so many bytes, and a change of access that is as long.
async fn record(live: &Live<FakeLog, Noted>, bytes: usize) -> [Result<(), Refused>; 2] {
    let event = Long { r#type: "x".repeat(bytes - r#"{"type":""}"#.len()) };
    let mut change = AccessChange { subject: "user:7".into(), ..AccessChange::default() };
    let short = serde_json::to_string(&change).unwrap().len();
    change.lost = vec!["x".repeat(bytes - short - 2).into()];
    let event = live.write(By::nobody(), |write| {
        Box::pin(async move { Ok(write.record(&audiences(&["all"]), &event).await.map(drop)?) })
    });
    let event = event.await.map(drop);
    let change = live.write(By::nobody(), |write| {
        Box::pin(async move { Ok(write.record_access(&change).await.map(drop)?) })
    });
    [event, change.await.map(drop)]
}

#[tokio::test(start_paused = true)]
async fn what_is_too_large_for_a_client_is_not_recorded() {
    const { assert!(MAX_EVENT_BYTES * 2 < Parser::DEFAULT_LIMIT) };
    let live = open(10, 10).await;
    let mut reader = Reader::open(live.hub(), ask(&live, &["all"]).await).await;
    assert_eq!(record(&live, MAX_EVENT_BYTES).await, [Ok(()), Ok(())]);
    let head = live.head().await.unwrap();
    let refusal = LogError::TooLarge { bytes: MAX_EVENT_BYTES + 1 };
    let refusal = Err(Refused::Broken(refusal.to_string()));
    assert_eq!(record(&live, MAX_EVENT_BYTES + 1).await, [refusal.clone(), refusal]);
    assert_eq!(live.head().await.unwrap(), head, "nothing was written");
    // The reader's parser has the limit of every client's.
    assert_eq!(reader.until(&head).await.len(), 3);
}
