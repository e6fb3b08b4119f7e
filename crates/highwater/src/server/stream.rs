//! Streams: the writer of one subscription, as the body of an HTTP response.
//!
//! Owns the order of what is written, the coalescing of writes, the heartbeat and the end. It must
//! not decide who hears what; the hub did.

use std::{
    collections::BTreeMap,
    convert::Infallible,
    time::{Duration, SystemTime},
};

use axum::{
    body::Body,
    http::{HeaderMap, HeaderValue, header},
    response::Response,
};
use bytes::{Bytes, BytesMut};
use highwater_core::{Cursor, LiveEvent, Malformed};
use tokio::time::Instant;

use super::{
    ChangeLog, Delivery, Metrics, Subscription, Wire,
    backlog::{Backlog, Queue, Waiting},
    catch_up::Catch,
    hub::PAGE,
    metrics::{ReplaySource, ResetCause, Tally},
};

/// A busy stream is not written to again within this time, so that one write carries more.
const GAP: Duration = Duration::from_millis(4);

/// About how many bytes one write carries at most.
const CHUNK: usize = 64 * 1024;

/// Where a client says it left off.
#[derive(Clone, Copy, Debug)]
pub struct Resume;

impl Resume {
    /// The `Last-Event-ID` header, else the `after` parameter of the query. What is not a cursor
    /// is a resume position that nobody knows.
    pub fn position(headers: &HeaderMap, after: Option<&str>) -> Option<Result<Cursor, Malformed>> {
        let header = headers.get("last-event-id").map(|value| value.to_str().unwrap_or("?"));
        let text = header.or(after).filter(|text| !text.is_empty())?;
        Some(text.parse())
    }
}

/// Answers a request with a subscription's stream.
pub fn sse<L: ChangeLog, E: LiveEvent>(subscription: Subscription<L, E>) -> Response {
    let chunks = futures::stream::unfold(Writer::new(subscription), |mut writer| async move {
        let chunk = writer.next().await?;
        writer.metrics().bytes.inc_by(chunk.len() as u64);
        Some((Ok::<_, Infallible>(chunk), writer))
    });
    let mut response = Response::new(Body::from_stream(chunks));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert("x-accel-buffering", HeaderValue::from_static("no"));
    response
}

struct Writer<L: ChangeLog, E: LiveEvent> {
    subscription: Subscription<L, E>,
    greeted: bool,
    ended: bool,
    written_at: Option<Instant>,
    ping_at: Instant,
    /// The session's end.
    ends_at: Option<Instant>,
}

/// What the backlog holds for the next write.
enum Next<E: LiveEvent> {
    Bytes(Bytes),
    Stale(BTreeMap<E::Tag, Cursor>, Cursor),
    Reset(Cursor, ResetCause),
    Behind,
    Nothing,
    /// The stream ends; when its client is to come back, if the server says so.
    End(Option<Duration>),
}

impl<L: ChangeLog, E: LiveEvent> Writer<L, E> {
    fn new(subscription: Subscription<L, E>) -> Self {
        let left = |at: SystemTime| at.duration_since(SystemTime::now()).unwrap_or_default();
        let ends_at = subscription.expires.map(|at| Instant::now() + left(at));
        let ping_at = Instant::now() + subscription.hub.shared.settings.heartbeat;
        Self { subscription, greeted: false, ended: false, written_at: None, ping_at, ends_at }
    }

    /// The next chunk: everything that is there when it is asked for, at once on an idle stream.
    async fn next(&mut self) -> Option<Bytes> {
        if !self.greeted {
            self.greeted = true;
            return Some(self.greeting());
        }
        while !self.ended {
            if let Some(written_at) = self.written_at.take() {
                tokio::time::sleep_until(written_at + GAP).await;
            }
            if self.ends_at.is_some_and(|at| at <= Instant::now()) {
                return None;
            }
            let chunk = match self.take() {
                Next::Bytes(bytes) => bytes,
                Next::Stale(tags, upto) => {
                    self.metrics().collapses.inc();
                    let tags: Vec<_> = tags.into_iter().collect();
                    Bytes::from(
                        self.wire().stale(&tags, &upto).unwrap_or_else(|| self.wire().reset(&upto)),
                    )
                }
                Next::Reset(at, cause) => {
                    self.metrics().reset(cause);
                    Bytes::from(self.wire().reset(&at))
                }
                Next::Behind => match self.catch_up().await? {
                    Some(bytes) => bytes,
                    None => continue,
                },
                Next::Nothing => {
                    self.idle().await;
                    Bytes::new()
                }
                Next::End(retry) => {
                    self.ended = true;
                    return retry.map(|retry| format!("retry: {}\n\n", retry.as_millis()).into());
                }
            };
            let chunk = self.with_ping(chunk);
            if !chunk.is_empty() {
                self.written_at = Some(Instant::now());
                return Some(chunk);
            }
        }
        None
    }

    /// `connected`, after a `reset` if the resume position could not be continued: a client that
    /// hears no more than the first message must not believe that it missed nothing.
    fn greeting(&self) -> Bytes {
        let Subscription { start, hello, reset, .. } = &self.subscription;
        let mut text = if *reset { self.wire().reset(start) } else { String::new() };
        text += &self.wire().connected(start, &self.subscription.hub.shared.settings.build, hello);
        Bytes::from(text)
    }

    fn take(&self) -> Next<E> {
        let mut waiting = self.subscription.subscriber.waiting();
        let Waiting { backlog, written, ending, retry, .. } = &mut *waiting;
        let next = match backlog {
            Backlog::Live(queue) if queue.is_empty() => {
                return if *ending { Next::End(retry.take()) } else { Next::Nothing };
            }
            Backlog::Live(queue) => {
                let (bytes, last) = self.drain(queue);
                *written = last.unwrap_or_else(|| written.clone());
                return Next::Bytes(bytes);
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

    fn drain(&self, queue: &mut Queue<E>) -> (Bytes, Option<Cursor>) {
        let mut bytes = BytesMut::new();
        let mut last = None;
        let mut tally = Tally::new(self.metrics());
        while bytes.len() < CHUNK
            && let Some(delivery) = queue.pop()
        {
            if self.write(&delivery, &mut bytes) {
                tally.add(delivery.recorded_ms);
            }
            last = Some(delivery.at.clone());
        }
        (bytes.freeze(), last)
    }

    /// What a subscriber that is behind gets next, from the ring or the log; `None` inside means
    /// that it has caught up, `None` outside that the log cannot be read and the stream ends.
    async fn catch_up(&self) -> Option<Option<Bytes>> {
        let Subscription { hub, subscriber, .. } = &self.subscription;
        let deliveries = match hub.catch_up(subscriber) {
            Catch::Deliveries(deliveries) => {
                self.metrics().replay(ReplaySource::Ring);
                deliveries
            }
            Catch::Done => return Some(None),
            Catch::Log(after) => match hub.shared.log.after(&after, PAGE).await {
                Ok(page) => {
                    self.metrics().replay(ReplaySource::Log);
                    hub.catch_up_from(subscriber, page)
                }
                Err(error) => {
                    tracing::warn!(%error, "a replay could not read the change log");
                    return None;
                }
            },
        };
        let mut bytes = BytesMut::new();
        let written = deliveries.iter().filter(|delivery| self.write(delivery, &mut bytes)).count();
        self.metrics().deliveries.inc_by(written as u64);
        Some(Some(bytes.freeze()))
    }

    /// Waits until there is something to write, a heartbeat is due or the session ends.
    async fn idle(&self) {
        let wake = self.subscription.subscriber.wake.notified();
        let until = self.ends_at.map_or(self.ping_at, |end| end.min(self.ping_at));
        let _ = tokio::time::timeout_at(until, wake).await;
    }

    /// Adds a heartbeat, if one is due and nothing waits behind this chunk. So a busy stream says
    /// how far it is complete as often as an idle one.
    fn with_ping(&mut self, chunk: Bytes) -> Bytes {
        let now = Instant::now();
        if now < self.ping_at {
            return chunk;
        }
        let Subscription { hub, subscriber, .. } = &self.subscription;
        let Some((upto, checked_ms)) = hub.complete_through(subscriber) else {
            return chunk;
        };
        let mut bytes = BytesMut::from(chunk);
        bytes.extend_from_slice(self.wire().ping(&upto, checked_ms).as_bytes());
        self.ping_at = now + hub.shared.settings.heartbeat;
        bytes.freeze()
    }

    /// Whether there was something to write.
    fn write(&self, delivery: &Delivery<E>, bytes: &mut BytesMut) -> bool {
        let text = delivery.on(self.subscription.wire, self.wire());
        text.inspect(|text| bytes.extend_from_slice(text)).is_some()
    }

    fn metrics(&self) -> &Metrics {
        &self.subscription.hub.shared.metrics
    }

    fn wire(&self) -> &dyn Wire<E> {
        &*self.subscription.hub.shared.settings.wires[self.subscription.wire]
    }
}
