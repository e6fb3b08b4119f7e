//! What the engine counts, for an application to register where it keeps its metrics.
//!
//! Owns the names and what each means. It must not know who reads them: there is no global
//! registry, and two hubs in one process count for themselves. Whatever happens for each delivery
//! costs a few atomic additions for each write to a stream, and no look-up.

mod delays;

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
};

use prometheus_client::{
    encoding::{EncodeMetric, MetricEncoder},
    metrics::{
        MetricType,
        counter::Counter,
        family::Family,
        gauge::{ConstGauge, Gauge},
    },
    registry::Registry,
};

use self::delays::Delays;
pub(crate) use self::delays::Tally;
use super::{Page, SubscribeError, unix_ms};

/// The metrics of one hub. Cheap to clone; every clone counts for the same hub.
#[derive(Clone, Debug)]
pub struct Metrics {
    pub(crate) streams: Gauge,
    refused: Counts,
    pub(crate) deliveries: Counter,
    pub(crate) ephemerals: Counter,
    pub(crate) ephemerals_dropped: Counter,
    pub(crate) bytes: Counter,
    pub(crate) delays: Delays,
    pub(crate) collapses: Counter,
    resets: Counts,
    replays: Counts,
    pub(crate) foreign: Counter,
    checked: Checked,
    rows_behind: Gauge,
    held_back: HeldBack,
    pub(crate) trims: Counter,
    pub(crate) trimmed_rows: Counter,
    reads: Counts,
}

/// One counter for each value of one label.
type Counts = Family<[(&'static str, &'static str); 1], Counter>;

/// Why a client has to start over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ResetCause {
    /// It asked for a position that cannot be continued.
    Position,
    /// Its backlog was larger than its bounds.
    Overflow,
    /// The log was trimmed past it while it was behind.
    Trimmed,
    /// The log is another one, or lost rows before they were routed.
    Log,
}

/// Where a client that was behind is served from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ReplaySource {
    /// From memory.
    Ring,
    /// From the database.
    Log,
}

impl Default for Metrics {
    fn default() -> Self {
        Self {
            streams: Gauge::default(),
            refused: counts("reason", REFUSALS),
            deliveries: Counter::default(),
            ephemerals: Counter::default(),
            ephemerals_dropped: Counter::default(),
            bytes: Counter::default(),
            delays: Delays::default(),
            collapses: Counter::default(),
            resets: counts("reason", ["position", "overflow", "trimmed", "log"]),
            replays: counts("source", ["ring", "log"]),
            foreign: Counter::default(),
            checked: Checked::default(),
            rows_behind: Gauge::default(),
            held_back: HeldBack::default(),
            trims: Counter::default(),
            trimmed_rows: Counter::default(),
            reads: counts("kind", ["first", "refetch"]),
        }
    }
}

const REFUSALS: [&str; 5] = ["outdated", "unavailable", "too_many", "full", "draining"];

/// Every value is there from the start, so that its first step from 0 to 1 shows in a rate.
fn counts<const N: usize>(label: &'static str, values: [&'static str; N]) -> Counts {
    let counts = Counts::default();
    for value in values {
        drop(counts.get_or_create(&[(label, value)]));
    }
    counts
}

impl Metrics {
    /// Registers everything under `highwater_…`. Call it once for each registry.
    pub fn register(&self, registry: &mut Registry) {
        let to = registry.sub_registry_with_prefix("highwater");
        to.register("streams", "Open streams", self.streams.clone());
        to.register(
            "subscriptions_refused",
            "Streams that were refused, by reason",
            self.refused.clone(),
        );
        to.register(
            "deliveries",
            "Log rows written to streams, once for each stream",
            self.deliveries.clone(),
        );
        to.register(
            "ephemeral_deliveries",
            "Ephemeral events written to streams, once for each stream",
            self.ephemerals.clone(),
        );
        to.register(
            "ephemerals_dropped",
            "Ephemeral events that gave way to others, or whose reader was slow",
            self.ephemerals_dropped.clone(),
        );
        to.register(
            "stream_bytes",
            "Bytes written to streams; of a stream that is compressed, the compressed ones",
            self.bytes.clone(),
        );
        to.register(
            "commit_to_delivered_seconds",
            "From the recording of a row to its writing to a live stream; replays are left out",
            self.delays.clone(),
        );
        to.register(
            "collapses",
            "Backlogs of slow readers that were collapsed into what went stale",
            self.collapses.clone(),
        );
        to.register("resets", "Clients told to start over, by reason", self.resets.clone());
        to.register(
            "replays",
            "Batches of rows for clients that were behind, by where they came from",
            self.replays.clone(),
        );
        to.register(
            "undecodable_events",
            "Events that this build cannot decode: a newer one wrote them",
            self.foreign.clone(),
        );
        to.register(
            "log_checked_seconds_ago",
            "How long ago the head of the change log was last read",
            self.checked.clone(),
        );
        to.register(
            "log_rows_behind",
            "Rows of the change log that were not routed yet when it was last read",
            self.rows_behind.clone(),
        );
        to.register(
            "log_held_back_seconds",
            "For how long the oldest committed row has waited for older transactions to end",
            self.held_back.clone(),
        );
        to.register("log_trims", "Steps in which the change log was trimmed", self.trims.clone());
        to.register(
            "log_trimmed_rows",
            "Rows removed from the change log",
            self.trimmed_rows.clone(),
        );
        to.register(
            "reads",
            "Stamped reads: first ones, and refetches, which say what they must include",
            self.reads.clone(),
        );
    }

    pub(crate) fn refused(&self, error: &SubscribeError) {
        let reason = match error {
            SubscribeError::Outdated => "outdated",
            SubscribeError::Unavailable => "unavailable",
            SubscribeError::TooMany { .. } => "too_many",
            SubscribeError::Full { .. } => "full",
            SubscribeError::Draining { .. } => "draining",
        };
        self.refused.get_or_create(&[("reason", reason)]).inc();
    }

    pub(crate) fn reset(&self, cause: ResetCause) {
        let reason = match cause {
            ResetCause::Position => "position",
            ResetCause::Overflow => "overflow",
            ResetCause::Trimmed => "trimmed",
            ResetCause::Log => "log",
        };
        self.resets.get_or_create(&[("reason", reason)]).inc();
    }

    pub(crate) fn replay(&self, source: ReplaySource) {
        let source = match source {
            ReplaySource::Ring => "ring",
            ReplaySource::Log => "log",
        };
        self.replays.get_or_create(&[("source", source)]).inc();
    }

    /// A read, which had to include something or not.
    pub(crate) fn read(&self, refetch: bool) {
        let kind = if refetch { "refetch" } else { "first" };
        self.reads.get_or_create(&[("kind", kind)]).inc();
    }

    /// The log was read, and this is what there was.
    pub(crate) fn checked(&self, page: &Page) {
        self.checked.0.store(unix_ms(), Relaxed);
        let since = page.waiting_ms.map(|waiting_ms| unix_ms().saturating_sub(waiting_ms));
        self.held_back.0.store(since.unwrap_or(0), Relaxed);
        // In a log with one writer, rows are numbered without gaps. Where they are ordered by
        // transactions, those are counted, and no more than say whether it is behind.
        let behind = page.head.at.major.saturating_sub(page.upto.at.major);
        self.rows_behind.set(i64::try_from(behind).unwrap_or(i64::MAX));
    }
}

/// When the head of the log was last read, in milliseconds since the Unix epoch.
#[derive(Clone, Debug)]
struct Checked(Arc<AtomicU64>);

impl Default for Checked {
    fn default() -> Self {
        // A hub reads the head before it starts.
        Self(Arc::new(AtomicU64::new(unix_ms())))
    }
}

impl EncodeMetric for Checked {
    fn encode(&self, encoder: MetricEncoder<'_>) -> Result<(), fmt::Error> {
        ConstGauge::new(seconds(unix_ms().saturating_sub(self.0.load(Relaxed)))).encode(encoder)
    }

    fn metric_type(&self) -> MetricType {
        MetricType::Gauge
    }
}

/// Since when, by this process's clock, the first row has waited that is committed and held back, in
/// milliseconds since the Unix epoch; 0 when none is.
#[derive(Clone, Debug, Default)]
struct HeldBack(Arc<AtomicU64>);

impl EncodeMetric for HeldBack {
    fn encode(&self, encoder: MetricEncoder<'_>) -> Result<(), fmt::Error> {
        let waiting = match self.0.load(Relaxed) {
            0 => 0,
            since => unix_ms().saturating_sub(since),
        };
        ConstGauge::new(seconds(waiting)).encode(encoder)
    }

    fn metric_type(&self) -> MetricType {
        MetricType::Gauge
    }
}

/// Exact up to what any process lives.
#[expect(clippy::cast_precision_loss, reason = "milliseconds of centuries fit")]
fn seconds(ms: u64) -> f64 {
    ms as f64 / 1000.0
}

#[cfg(test)]
mod tests {
    use highwater_core::{Cursor, Epoch};
    use prometheus_client::encoding::text;

    use super::*;

    fn line(metrics: &Metrics, name: &str) -> f64 {
        let mut registry = Registry::default();
        metrics.register(&mut registry);
        let mut page = String::new();
        text::encode(&mut page, &registry).unwrap();
        let line = page.lines().find_map(|line| line.strip_prefix(&format!("highwater_{name} ")));
        line.unwrap_or_else(|| panic!("no {name} in {page}")).parse().unwrap()
    }

    #[test]
    fn the_lag_is_told_in_time_and_in_rows() {
        let metrics = Metrics::default();
        metrics.checked.0.fetch_sub(90_000, Relaxed);
        assert!(line(&metrics, "log_checked_seconds_ago") >= 90.0);
        let at = |number| Cursor::new(Epoch::new("log").unwrap(), number, 0);
        let page = Page { upto: at(7), ..Page::empty(at(12), at(0)) };
        metrics.checked(&page);
        assert!(line(&metrics, "log_checked_seconds_ago") < 60.0);
        assert_eq!(line(&metrics, "log_rows_behind"), 5.0);
        assert_eq!(line(&metrics, "log_held_back_seconds"), 0.0);
        metrics.checked(&Page { waiting_ms: Some(90_000), ..page });
        assert!(line(&metrics, "log_held_back_seconds") >= 90.0);
    }

    #[test]
    fn a_delay_counts_in_the_first_bucket_that_holds_it() {
        let metrics = Metrics::default();
        for (ms, times) in [(0, 1), (1, 1), (2, 3), (10_000, 1), (10_001, 2)] {
            metrics.delays.observe(ms, times);
        }
        let upto =
            |le| line(&metrics, &format!("commit_to_delivered_seconds_bucket{{le=\"{le}\"}}"));
        assert_eq!(["0.001", "0.002", "5.0", "10.0", "+Inf"].map(upto), [2.0, 5.0, 5.0, 6.0, 8.0]);
        assert_eq!(line(&metrics, "commit_to_delivered_seconds_sum"), 30.009);
    }

    #[test]
    fn rows_of_one_write_are_counted_together() {
        let metrics = Metrics::default();
        let now = unix_ms();
        let mut tally = Tally::new(&metrics);
        for recorded_ms in [now - 60_000, now - 60_000, now + 60_000] {
            tally.add(recorded_ms);
        }
        drop(tally);
        assert_eq!(line(&metrics, "deliveries_total"), 3.0);
        // A row from the future of a clock that was put back has no delay.
        assert_eq!(line(&metrics, "commit_to_delivered_seconds_bucket{le=\"0.001\"}"), 1.0);
        assert_eq!(line(&metrics, "commit_to_delivered_seconds_count"), 3.0);
    }
}
