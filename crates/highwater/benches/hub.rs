//! What a row of the log costs the hub and the writers of its streams, on a log in memory and
//! without sockets.

#![expect(clippy::unwrap_used, reason = "a benchmark stops at anything unexpected")]
#![expect(dead_code, reason = "the log in memory can do more than is measured")]

#[path = "../tests/server/fake_log.rs"]
mod fake_log;

use std::{collections::BTreeSet, time::Duration};

use axum::body::BodyDataStream;
use divan::{Bencher, counter::ItemsCount};
use futures::StreamExt;
use highwater::{
    AsOf, LiveEvent,
    server::{Audience, Encoding, Hub, HubSettings, Recorded, Subscribe, sse},
};
use serde::{Deserialize, Serialize};
use tokio::runtime::{Builder, Runtime};

use crate::fake_log::FakeLog;

fn main() {
    divan::main();
}

/// An event of about 200 bytes.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Noted {
    id: u32,
    text: String,
}

impl LiveEvent for Noted {
    type Tag = u32;

    fn tags(&self) -> Vec<u32> {
        vec![self.id]
    }
}

/// A hub with open streams. Time is paused: what a writer waits for costs nothing.
struct World {
    runtime: Runtime,
    log: FakeLog,
    hub: Hub<FakeLog, Noted>,
    listeners: Vec<BodyDataStream>,
    /// Streams that are only held open.
    others: Vec<BodyDataStream>,
}

impl World {
    fn new(listeners: usize, others: usize) -> Self {
        let runtime =
            Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
        let log = FakeLog::new();
        // Neither polls nor pings while a benchmark runs.
        let never = Duration::from_secs(1 << 20);
        let settings = HubSettings {
            poll: never,
            heartbeat: never,
            streams_per_owner: usize::MAX,
            ..HubSettings::default()
        };
        let hub = runtime.block_on(Hub::start(log.clone(), settings)).unwrap();
        let mut world = Self { runtime, log, hub, listeners: Vec::new(), others: Vec::new() };
        world.listeners = (0..listeners).map(|_| world.open("all")).collect();
        world.others = (0..others).map(|_| world.open("others")).collect();
        world
    }

    /// A stream that has been greeted.
    fn open(&self, audience: &str) -> BodyDataStream {
        let ask = Subscribe {
            wire: 0,
            audiences: BTreeSet::from([Audience::new(audience)]),
            evaluated: AsOf::upto(&self.log.book().cursor(0)),
            subjects: BTreeSet::new(),
            after: None,
            collapse: true,
            expires: None,
            hello: serde_json::Map::new(),
            types: None,
            owner: String::new(),
        };
        self.runtime.block_on(async {
            let subscription = self.hub.subscribe(ask).await.unwrap();
            let mut body = sse(subscription, Encoding::Identity).into_body().into_data_stream();
            body.next().await.unwrap().unwrap();
            body
        })
    }

    /// Records events and lets each listener read what comes of them.
    fn events(&mut self, events: u32) -> usize {
        {
            let mut book = self.log.book();
            // They have been routed; the log is not what is measured.
            book.rows.clear();
            for id in 0..events {
                let json = serde_json::to_string(&Noted { id, text: "x".repeat(170) }).unwrap();
                book.append(Recorded::Event { to: vec![Audience::new("all")], json });
            }
        }
        self.hub.ring();
        let listeners = &mut self.listeners;
        self.runtime.block_on(async {
            let mut bytes = 0;
            for listener in listeners {
                bytes += listener.next().await.unwrap().unwrap().len();
            }
            bytes
        })
    }
}

/// The same for 10 and 5,000: who does not hear a row costs it nothing.
#[divan::bench(args = [10, 5000])]
fn row_reaches_one_listener_among(bencher: Bencher, others: usize) {
    let mut world = World::new(1, others);
    bencher.bench_local(|| world.events(1));
}

#[divan::bench]
fn row_reaches_1000_listeners(bencher: Bencher) {
    let mut world = World::new(1000, 0);
    bencher.counter(ItemsCount::new(1000_usize)).bench_local(|| world.events(1));
}

/// A row costs less where one write carries several: encoded once, copied once for each stream.
#[divan::bench]
fn hundred_rows_reach_1000_listeners(bencher: Bencher) {
    let mut world = World::new(1000, 0);
    bencher.counter(ItemsCount::new(100_000_usize)).bench_local(|| world.events(100));
}

/// More than a queue holds: what is left of them is one `stale`.
#[divan::bench]
fn thousand_rows_collapse_for_one_listener(bencher: Bencher) {
    let mut world = World::new(1, 0);
    bencher.counter(ItemsCount::new(1000_usize)).bench_local(|| world.events(1000));
}
