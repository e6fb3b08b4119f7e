//! One run: streams are opened, messages caused, and what arrives is counted against what it cost.
//!
//! Owns the order of the measurements. It must not print them.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use futures::{StreamExt, TryStreamExt, future, stream};
use tokio::{task::JoinSet, time::Instant};

use crate::{
    Failure,
    listener::{Listener, Tally},
    process,
    server::Server,
};

/// How long the last messages may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// How many streams are opened at a time.
const AT_ONCE: usize = 64;

/// What is to be run.
#[derive(Clone, Copy)]
pub struct Load {
    /// Streams that hear every message.
    pub streams: usize,
    /// Streams that hear none.
    pub deaf: usize,
    /// Messages.
    pub events: u32,
    /// Messages a second; `None` for as fast as the server takes them.
    pub rate: Option<u32>,
}

/// What came of it.
pub struct Outcome {
    /// Messages that arrived in their order, on all streams.
    pub in_order: u64,
    /// Messages that arrived twice, late, or after a gap.
    pub out_of_order: u64,
    /// Messages that did not arrive.
    pub missing: u64,
    /// The median from a message's `ts` to its arrival, in milliseconds.
    pub p50_ms: f64,
    /// The 99th percentile of the same.
    pub p99_ms: f64,
    /// The server's processor time while the messages were caused and delivered, in microseconds.
    pub cpu_us: u64,
    /// What the server's memory grew by while the streams were opened, for each of them, in kB.
    pub opened_kb: f64,
    /// The same after the messages.
    pub used_kb: f64,
    /// From the first message caused to the last one delivered.
    pub took: Duration,
}

impl Outcome {
    /// The server's processor time for each message that was to arrive, in microseconds.
    pub fn cpu_us_per_delivery(&self) -> f64 {
        self.cpu_us as f64 / (self.in_order + self.out_of_order).max(1) as f64
    }
}

/// Runs a load against a server.
pub async fn run(server: &mut Server, load: Load) -> Result<Outcome, Failure> {
    let pid = server.pid()?;
    // The first messages make the server ready: caches, allocations, connections.
    for _ in 0..3 {
        server.publish(server.version + 1).await?;
        server.version += 1;
    }
    let before = process::usage(pid)?;
    let listeners = open(server, load.streams, server.path, &server.headers).await?;
    let deaf = match &server.deaf {
        Some((path, headers)) => open(server, load.deaf, path, headers).await?,
        None => Vec::new(),
    };
    let count = (listeners.len() + deaf.len()).max(1) as f64;
    let opened = process::usage(pid)?;

    let started = Instant::now();
    let version = server.version;
    let mut reading = JoinSet::new();
    for mut listener in listeners {
        reading.spawn(async move {
            let mut tally = Tally::default();
            let all = listener.read(version, load.events, &mut tally);
            let paced = load.rate.map_or(0, |rate| load.events / rate);
            let limit = PATIENCE * 2 + Duration::from_secs(paced.into());
            let ended = tokio::time::timeout(limit, all).await;
            (tally, listener, ended)
        });
    }
    publish(server, load).await?;
    server.version += u64::from(load.events);
    // The streams stay open until the server's time is read: closing costs, too.
    let read = reading.join_all().await;
    let (took, after) = (started.elapsed(), process::usage(pid)?);

    let mut outcome = Outcome {
        in_order: 0,
        out_of_order: 0,
        missing: 0,
        p50_ms: 0.0,
        p99_ms: 0.0,
        cpu_us: after.cpu_us - opened.cpu_us,
        opened_kb: opened.rss_kb.saturating_sub(before.rss_kb) as f64 / count,
        used_kb: after.rss_kb.saturating_sub(before.rss_kb) as f64 / count,
        took,
    };
    let mut delays_us = Vec::new();
    for (tally, _, _) in &read {
        outcome.in_order += u64::from(tally.in_order);
        outcome.out_of_order += u64::from(tally.out_of_order);
        let came = tally.in_order + tally.out_of_order;
        outcome.missing += u64::from(load.events.saturating_sub(came));
        delays_us.extend_from_slice(&tally.delays_us);
    }
    delays_us.sort_unstable();
    outcome.p50_ms = percentile(&delays_us, 50);
    outcome.p99_ms = percentile(&delays_us, 99);
    drop((read, deaf));
    Ok(outcome)
}

async fn open(
    server: &Server,
    count: usize,
    path: &str,
    headers: &str,
) -> Result<Vec<Listener>, Failure> {
    let opening = (0..count).map(|_| Listener::open(server.address, path, headers));
    Ok(stream::iter(opening).buffer_unordered(AT_ONCE).try_collect().await?)
}

async fn publish(server: &Server, load: Load) -> Result<(), Failure> {
    let version = server.version;
    let events = u64::from(load.events);
    if let Some(rate) = load.rate {
        let mut ticks = tokio::time::interval(Duration::from_secs(1) / rate);
        for event in 1..=events {
            ticks.tick().await;
            server.publish(version + event).await?;
        }
        return Ok(());
    }
    let next = Arc::new(AtomicU64::new(1));
    let writers = (0..server.writers).map(|_| {
        let next = next.clone();
        async move {
            loop {
                let event = next.fetch_add(1, Ordering::Relaxed);
                if event > events {
                    return Ok::<_, Failure>(());
                }
                server.publish(version + event).await?;
            }
        }
    });
    future::try_join_all(writers).await?;
    Ok(())
}

fn percentile(sorted_us: &[u32], percent: usize) -> f64 {
    let index = (sorted_us.len() * percent / 100).min(sorted_us.len().saturating_sub(1));
    sorted_us.get(index).map_or(0.0, |us| f64::from(*us) / 1000.0)
}
