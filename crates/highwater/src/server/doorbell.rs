//! The doorbell: a hint that the log grew. It never carries truth, so a lost ring only delays.

use std::time::Duration;

use tokio::sync::Notify;

/// The doorbell of one process, which a log that hears others rings as well. Rings before anyone listens are kept, and any number are one.
#[derive(Debug, Default)]
pub(crate) struct Doorbell(Notify);

impl Doorbell {
    pub(crate) fn ring(&self) {
        self.0.notify_one();
    }

    /// Waits for a ring, or for `patience`, because the bell may be lost; says whether it rang.
    pub(crate) async fn rung_within(&self, patience: Duration) -> bool {
        tokio::time::timeout(patience, self.0.notified()).await.is_ok()
    }
}
