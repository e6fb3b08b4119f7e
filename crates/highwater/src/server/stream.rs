//! Streams: the writer of one subscription, as the body of an HTTP response.
//!
//! Owns the order of what is written, the coalescing of writes, the heartbeat and the end; the
//! encoding of the bytes is [`super::output`]'s. It must
//! not decide who hears what; the hub did.

use std::{
    collections::BTreeMap,
    convert::Infallible,
    future::poll_fn,
    pin::Pin,
    sync::atomic::Ordering::Relaxed,
    time::{Duration, SystemTime},
};

use axum::{
    body::Body,
    http::{HeaderMap, HeaderValue, header},
    response::Response,
};
use bytes::Bytes;
use highwater_core::{Cursor, LiveEvent, Malformed};
use tokio::time::{Instant, Sleep};

use super::{
    ChangeLog, Encoding, Metrics, Subscription, Wire,
    backlog::{Backlog, Queue, Waiting},
    catch_up::Catch,
    hub::PAGE,
    metrics::{ReplaySource, ResetCause, Tally},
    output::{Output, Text},
};

/// A busy stream is not written to again within this time, so that one write carries more.
const MIN_GAP: Duration = Duration::from_millis(4);

/// The same for each stream that hears the same rows: a write takes a core about 8 µs, most of
/// them in the system call (`script/bench fanout`), so that writing takes a third of one at most.
const GAP_PER_STREAM: Duration = Duration::from_micros(25);

/// No stream waits longer.
const MAX_GAP: Duration = Duration::from_millis(100);

/// About how many bytes one write carries at most.
const CHUNK: usize = 64 * 1024;

/// Where a client says it left off.
#[derive(Clone, Copy, Debug)]
pub struct Resume;

impl Resume {
    /// The `Last-Event-ID` header, else the `after` parameter of the query; an empty one is none.
    /// What is not a cursor is a resume position that nobody knows.
    pub fn position(headers: &HeaderMap, after: Option<&str>) -> Option<Result<Cursor, Malformed>> {
        let header = headers.get("last-event-id").map(|value| value.to_str().unwrap_or("?"));
        let text = [header, after].into_iter().flatten().find(|text| !text.is_empty())?;
        Some(text.parse())
    }
}

/// Answers a request with a subscription's stream.
pub fn sse<L: ChangeLog, E: LiveEvent>(
    subscription: Subscription<L, E>,
    encoding: Encoding,
) -> Response {
    // Boxed, because it goes in and out of each future.
    let writer = Box::new(Writer::new(subscription, encoding));
    let chunks = futures::stream::unfold(writer, |mut writer| async move {
        let chunk = writer.next().await?;
        writer.metrics().bytes.inc_by(chunk.len() as u64);
        Some((Ok::<_, Infallible>(chunk), writer))
    });
    let mut response = Response::new(Body::from_stream(chunks));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    headers.insert("x-accel-buffering", HeaderValue::from_static("no"));
    if encoding == Encoding::Gzip {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    response
}

struct Writer<L: ChangeLog, E: LiveEvent> {
    subscription: Subscription<L, E>,
    output: Output,
    greeted: bool,
    ended: bool,
    written_at: Option<Instant>,
    ping_at: Instant,
    /// The session's end.
    ends_at: Option<Instant>,
    /// Rings when there is something to do besides what the hub hands out. Kept between writes: a
    /// timer for each costs more than all else that a write takes here.
    timer: Pin<Box<Sleep>>,
}

/// What the backlog had to say.
enum Next<E: LiveEvent> {
    /// It is in the output.
    Deliveries,
    Stale(BTreeMap<E::Tag, Cursor>, Cursor),
    Reset(Cursor, ResetCause),
    Behind,
    Nothing,
    /// The stream ends; when its client is to come back, if the server says so.
    End(Option<Duration>),
}

impl<L: ChangeLog, E: LiveEvent> Writer<L, E> {
    fn new(subscription: Subscription<L, E>, encoding: Encoding) -> Self {
        let left = |at: SystemTime| at.duration_since(SystemTime::now()).unwrap_or_default();
        let ends_at = subscription.expires.map(|at| Instant::now() + left(at));
        let ping_at = Instant::now() + subscription.hub.shared.settings.heartbeat;
        Self {
            subscription,
            output: Output::new(encoding),
            greeted: false,
            ended: false,
            written_at: None,
            ping_at,
            ends_at,
            timer: Box::pin(tokio::time::sleep_until(ping_at)),
        }
    }

    /// The next chunk: everything that is there when it is asked for, at once on an idle stream.
    async fn next(&mut self) -> Option<Bytes> {
        if !self.greeted {
            self.greeted = true;
            self.greet();
            return Some(self.output.take());
        }
        while self.output.len() == 0 {
            if self.ended {
                return None;
            }
            self.wait().await;
            self.write().await;
        }
        self.written_at = Some(Instant::now());
        Some(self.output.take())
    }

    /// `connected`, after a `reset` if the resume position could not be continued: a client that
    /// hears no more than the first message must not believe that it missed nothing.
    fn greet(&mut self) {
        let Subscription { start, hello, reset, hub, .. } = &self.subscription;
        let mut text = if *reset { self.wire().reset(start) } else { String::new() };
        text += &self.wire().connected(start, &hub.shared.settings.build, hello);
        self.output.own(text.as_bytes());
    }

    /// Waits until there is something to write, a heartbeat is due or the session ends; on a busy
    /// stream, also until it is time for another write.
    async fn wait(&mut self) {
        if self.subscription.subscriber.waiting().is_idle() {
            let until = self.ends_at.map_or(self.ping_at, |end| end.min(self.ping_at));
            if self.timer.deadline() != until {
                self.timer.as_mut().reset(until);
            }
            let subscriber = &self.subscription.subscriber;
            tokio::select! {
                biased;
                () = poll_fn(|cx| subscriber.poll_waiting(cx)) => {}
                () = &mut self.timer => {}
            }
        }
        if let Some(at) = self.written_at.take() {
            let again = at + self.gap();
            if Instant::now() < again {
                self.timer.as_mut().reset(again);
                (&mut self.timer).await;
            }
        }
    }

    /// How long after a write a busy stream is left alone.
    fn gap(&self) -> Duration {
        let reach = self.subscription.hub.shared.reach.load(Relaxed);
        let gap = GAP_PER_STREAM.saturating_mul(u32::try_from(reach).unwrap_or(u32::MAX));
        gap.clamp(MIN_GAP, MAX_GAP)
    }

    /// Puts what waits into the output.
    async fn write(&mut self) {
        if self.ends_at.is_some_and(|at| at <= Instant::now()) {
            self.end(None);
            return;
        }
        match self.take() {
            Next::Stale(tags, upto) => {
                self.metrics().collapses.inc();
                let tags: Vec<_> = tags.into_iter().collect();
                let stale = self.wire().stale(&tags, &upto);
                let text = stale.unwrap_or_else(|| self.wire().reset(&upto));
                self.output.own(text.as_bytes());
            }
            Next::Reset(at, cause) => {
                self.metrics().reset(cause);
                let text = self.wire().reset(&at);
                self.output.own(text.as_bytes());
            }
            Next::Behind => self.catch_up().await,
            Next::End(retry) => self.end(retry),
            Next::Deliveries | Next::Nothing => {}
        }
        if !self.ended && Instant::now() >= self.ping_at {
            self.ping();
        }
    }

    fn end(&mut self, retry: Option<Duration>) {
        if let Some(retry) = retry {
            self.output.own(format!("retry: {}\n\n", retry.as_millis()).as_bytes());
        }
        self.output.end();
        self.ended = true;
    }

    fn take(&mut self) -> Next<E> {
        let Subscription { hub, subscriber, wire, .. } = &self.subscription;
        let mut waiting = subscriber.waiting();
        let Waiting { backlog, fleeting, written, ending, retry, .. } = &mut *waiting;
        let metrics = &hub.shared.metrics;
        if !matches!(backlog, Backlog::Live(_)) {
            metrics.ephemerals_dropped.inc_by(fleeting.clear() as u64);
        }
        let next = match backlog {
            Backlog::Live(queue) if queue.is_empty() && *ending => return Next::End(retry.take()),
            Backlog::Live(queue) if queue.is_empty() => {
                while self.output.len() < CHUNK
                    && let Some(ephemeral) = fleeting.pop()
                {
                    if let Some(text) = ephemeral.on(*wire, &hub.shared.settings.wires) {
                        self.output.shared(text);
                        metrics.ephemerals.inc();
                    }
                }
                return Next::Nothing;
            }
            Backlog::Live(queue) => {
                let mut tally = Tally::new(metrics);
                let mut last = None;
                while self.output.len() < CHUNK
                    && let Some(delivery) = queue.pop()
                {
                    if let Some(text) = delivery.on(*wire, &hub.shared.settings.wires) {
                        self.output.shared(text);
                        tally.add(delivery.recorded_ms);
                    }
                    last = Some(delivery);
                }
                if let Some(last) = last {
                    written.clone_from(&last.at);
                }
                return Next::Deliveries;
            }
            Backlog::Behind { .. } => return Next::Behind,
            Backlog::Collapsed { tags, upto } => {
                *written = upto.clone();
                Next::Stale(std::mem::take(tags), upto.clone())
            }
            Backlog::Reset { at, cause } => {
                *written = at.clone();
                Next::Reset(at.clone(), *cause)
            }
        };
        *backlog = Backlog::Live(Queue::default());
        next
    }

    /// Writes what a subscriber that is behind gets next, from the ring or the log. If the log
    /// cannot be read, the stream ends.
    async fn catch_up(&mut self) {
        let Subscription { hub, subscriber, wire, .. } = &self.subscription;
        let wires = &hub.shared.settings.wires;
        match hub.catch_up(subscriber) {
            Catch::Deliveries(deliveries) => {
                let texts = deliveries.iter().filter_map(|delivery| delivery.on(*wire, wires));
                let written = texts.inspect(|text| self.output.shared(text)).count();
                hub.shared.metrics.replay(ReplaySource::Ring);
                hub.shared.metrics.deliveries.inc_by(written as u64);
            }
            Catch::Done => {}
            Catch::Log(after) => match hub.shared.log.after(&after, PAGE).await {
                Ok(page) => {
                    // Nobody else writes these: they are encoded in one piece.
                    let deliveries = hub.catch_up_from(subscriber, page);
                    let texts = deliveries.iter().filter_map(|delivery| delivery.on(*wire, wires));
                    let texts: Vec<&[u8]> = texts.map(Text::as_bytes).collect();
                    self.output.own(&texts.concat());
                    hub.shared.metrics.replay(ReplaySource::Log);
                    hub.shared.metrics.deliveries.inc_by(texts.len() as u64);
                }
                Err(error) => {
                    tracing::warn!(%error, "a replay could not read the change log");
                    self.end(None);
                }
            },
        }
    }

    /// Writes a heartbeat, if nothing waits behind what is written. So a busy stream says how far
    /// it is complete as often as an idle one.
    fn ping(&mut self) {
        let Subscription { hub, subscriber, .. } = &self.subscription;
        if let Some((upto, checked_ms)) = hub.complete_through(subscriber) {
            let text = self.wire().ping(&upto, checked_ms);
            self.ping_at = Instant::now() + hub.shared.settings.heartbeat;
            self.output.own(text.as_bytes());
        }
    }

    fn metrics(&self) -> &Metrics {
        &self.subscription.hub.shared.metrics
    }

    fn wire(&self) -> &dyn Wire<E> {
        &*self.subscription.hub.shared.settings.wires[self.subscription.wire]
    }
}
