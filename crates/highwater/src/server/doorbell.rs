//! The doorbell: a hint that the log grew. It never carries truth, so a lost ring only delays.

use std::time::Duration;

use tokio::sync::Notify;

/// The doorbell of one process. Rings before anyone listens are kept, and any number are one.
#[derive(Debug, Default)]
pub(crate) struct Doorbell(Notify);

impl Doorbell {
    pub(crate) fn ring(&self) {
        self.0.notify_one();
    }

    /// Waits for a ring, or for `patience`: the bell may be lost, and other processes have none.
    pub(crate) async fn rung_within(&self, patience: Duration) {
        tokio::select! {
            () = self.0.notified() => {}
            () = tokio::time::sleep(patience) => {}
        }
    }
}
