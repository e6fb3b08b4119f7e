//! How often a write is tried that loses against others, and how long it waits in between.
//!
//! Owns those numbers. Whether something is worth another attempt is said by whoever failed.

use std::{
    hash::{BuildHasher, RandomState},
    time::Duration,
};

use highwater_core::backoff::{Backoff, Jitter};
use tokio::time::Instant;

use crate::server::LogError;

/// How often at most.
const ATTEMPTS: u32 = 12;

/// Writes take milliseconds, and so do the waits for them. What is added at random keeps those apart
/// that failed in the same moment.
const PAUSES: Backoff = Backoff { base_ms: 2, max_ms: 250, jitter_ms: 30 };

/// Why an attempt failed.
pub(super) enum Failed<R> {
    /// Another attempt would fail as well, or was one too many.
    ForGood(R),
    /// Another transaction was in the way.
    ForNow(R),
}

/// The attempts at one write.
pub(super) struct Attempts {
    made: u32,
    jitter: Jitter,
    deadline: Instant,
}

impl<R: From<LogError>> From<LogError> for Failed<R> {
    fn from(error: LogError) -> Self {
        match error {
            LogError::Busy(_) => Self::ForNow(error.into()),
            error => Self::ForGood(error.into()),
        }
    }
}

impl Attempts {
    /// Begins the first one; none begins after `patience`.
    pub(super) fn new(patience: Duration) -> Self {
        let jitter = Jitter::new(RandomState::new().hash_one(()));
        Self { made: 0, jitter, deadline: Instant::now() + patience }
    }

    /// How long to wait before the next one; `None` when there is to be none.
    pub(super) fn pause(&mut self) -> Option<Duration> {
        let pause = Duration::from_millis(PAUSES.delay_ms(self.made, self.jitter.draw()));
        self.made += 1;
        (self.made < ATTEMPTS && Instant::now() + pause < self.deadline).then_some(pause)
    }
}
