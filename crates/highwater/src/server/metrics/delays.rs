//! How long rows take from their recording to a stream.
//!
//! Owns the histogram, and how one write to a stream is added to it.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
};

use prometheus_client::{
    encoding::{EncodeMetric, MetricEncoder, NoLabelSet},
    metrics::MetricType,
};

use super::{Metrics, seconds};
use crate::server::unix_ms;

/// Upper bounds of the delays that are told apart, in milliseconds. Below is the clock's own
/// grain, above is what nobody would call live.
const BOUNDS_MS: [u64; 13] = [1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000];

/// A histogram of whole milliseconds. The library's own takes a lock for each observation, which
/// every stream would wait for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Delays(Arc<Slots>);

#[derive(Debug, Default)]
struct Slots {
    /// One for each bound, and one for what is above them all.
    counts: [AtomicU64; BOUNDS_MS.len() + 1],
    sum_ms: AtomicU64,
}

impl Delays {
    pub(super) fn observe(&self, ms: u64, times: u64) {
        let slot = BOUNDS_MS.partition_point(|bound| *bound < ms);
        self.0.counts[slot].fetch_add(times, Relaxed);
        self.0.sum_ms.fetch_add(ms * times, Relaxed);
    }
}

impl EncodeMetric for Delays {
    fn encode(&self, mut encoder: MetricEncoder<'_>) -> Result<(), fmt::Error> {
        let bounds = BOUNDS_MS.map(seconds).into_iter().chain([f64::MAX]);
        let counts = self.0.counts.iter().map(|count| count.load(Relaxed));
        let buckets: Vec<(f64, u64)> = bounds.zip(counts).collect();
        let count = buckets.iter().map(|(_, count)| count).sum();
        let sum = seconds(self.0.sum_ms.load(Relaxed));
        encoder.encode_histogram::<NoLabelSet>(sum, count, &buckets, None)
    }

    fn metric_type(&self) -> MetricType {
        MetricType::Histogram
    }
}

/// What one write to a stream carries, added up before it is counted: rows that were recorded in
/// the same millisecond are one observation.
pub(crate) struct Tally<'m> {
    metrics: &'m Metrics,
    now_ms: u64,
    rows: u64,
    run: (u64, u64),
}

impl<'m> Tally<'m> {
    pub(crate) fn new(metrics: &'m Metrics) -> Self {
        Self { metrics, now_ms: unix_ms(), rows: 0, run: (0, 0) }
    }

    pub(crate) fn add(&mut self, recorded_ms: u64) {
        if self.run.0 != recorded_ms {
            self.end_run();
            self.run = (recorded_ms, 0);
        }
        self.run.1 += 1;
        self.rows += 1;
    }

    fn end_run(&self) {
        let (recorded_ms, times) = self.run;
        if times > 0 {
            self.metrics.delays.observe(self.now_ms.saturating_sub(recorded_ms), times);
        }
    }
}

impl Drop for Tally<'_> {
    fn drop(&mut self) {
        self.end_run();
        self.metrics.deliveries.inc_by(self.rows);
    }
}
