//! Retention: the log is trimmed in the background, while it is read and written.
//!
//! Owns when and how fast. What may go is the application's to say, and how a row goes is the
//! log's. It must not keep anything alive: it ends with the last clone of its [`Live`].

use std::{sync::Arc, time::Duration};

use highwater_core::LiveEvent;

use super::{ChangeLog, Hub, Live, LogError, Retention, Trimmed};

/// How often it is looked whether something may go.
const INTERVAL: Duration = Duration::from_secs(60);

/// Between two steps, so that the writers of other processes, which do not queue with ours, find
/// the database free.
const PAUSE: Duration = Duration::from_millis(20);

impl<L: ChangeLog, E: LiveEvent> Live<L, E> {
    /// Trims the log now, without waiting for the background to do it. Writers go in between its
    /// steps.
    ///
    /// # Errors
    /// [`LogError`] when a step fails; those before it stay done.
    pub async fn trim(&self, keep: Retention) -> Result<Trimmed, LogError> {
        let mut rows = 0;
        loop {
            let step = self.trim_step(keep).await?;
            rows += step.rows;
            if !step.more {
                return Ok(Trimmed { rows, ..step });
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    async fn trim_step(&self, keep: Retention) -> Result<Trimmed, LogError> {
        let _turn = self.turn().await?;
        let step = self.log.trim(keep).await?;
        if step.rows > 0 {
            self.hub.metrics().trims.inc();
            self.hub.metrics().trimmed_rows.inc_by(step.rows);
        }
        Ok(step)
    }
}

/// Starts to trim after the settings, for as long as a clone of `live` lives.
pub(super) fn keep<L: ChangeLog, E: LiveEvent>(live: &Live<L, E>) {
    let Some(keep) = live.hub.shared.settings.retention else {
        return;
    };
    let (shared, turn) = (Arc::downgrade(&live.hub.shared), Arc::downgrade(&live.turn));
    let upgrade = move || {
        let (shared, turn) = (shared.upgrade()?, turn.upgrade()?);
        Some(Live { log: shared.log.clone(), hub: Hub { shared }, turn })
    };
    tokio::spawn(async move {
        while let Some(live) = upgrade() {
            let step = live.trim_step(keep).await;
            drop(live);
            let more = match step {
                Ok(Trimmed { floor, rows, more }) => {
                    if rows > 0 {
                        tracing::debug!(%floor, rows, "the change log was trimmed");
                    }
                    more
                }
                Err(error) => {
                    tracing::warn!(%error, "the change log could not be trimmed; it will be later");
                    false
                }
            };
            tokio::time::sleep(if more { PAUSE } else { INTERVAL }).await;
        }
    });
}
