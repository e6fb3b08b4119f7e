//! The tail of the log: reads it for as long as the hub lives, and has each page routed.
//!
//! Owns when the log is read, and what is said when it cannot be, or is held back. It must not know
//! who hears what.

use std::{
    sync::{Weak, atomic::Ordering::Relaxed},
    time::Duration,
};

use highwater_core::LiveEvent;
use tokio::time::Instant;

use super::{
    ChangeLog, LogError,
    hub::{PAGE, Shared},
};

/// How soon a log with many writers is read again after a ring or after rows: of those that commit
/// shortly after one another not each rings. Each time that nothing came it takes twice as long, until
/// it is as slow as ever.
const SOON: Duration = Duration::from_millis(5);

/// For how long a committed row may wait for older transactions before somebody is told, in
/// milliseconds, and how often.
const HELD_BACK_MS: u64 = 5_000;
const SAY_AGAIN: Duration = Duration::from_secs(60);

/// How long the tail waits to learn whose transaction it is.
const NAMING: Duration = Duration::from_secs(1);

/// Reads the log when the bell rings, and now and then without.
pub(super) async fn tail<L: ChangeLog, E: LiveEvent>(hub: Weak<Shared<L, E>>) {
    let mut read_at = Instant::now();
    let mut pace = Pace::default();
    let mut held = HeldBack::default();
    loop {
        let Some((bell, poll)) = hub.upgrade().map(|hub| (hub.bell.clone(), hub.settings.poll))
        else {
            return;
        };
        let rang = bell.rung_within(pace.wait(poll)).await;
        loop {
            let Some(hub) = hub.upgrade() else { return };
            let head = hub.state().head.clone();
            let page =
                tokio::time::timeout(hub.settings.patience, hub.log.after(&head, PAGE)).await;
            match page.unwrap_or(Err(LogError::Silent)) {
                Ok(page) => {
                    read_at = Instant::now();
                    hub.metrics.checked(&page);
                    pace.read(hub.log.writers() > 1, rang || !page.rows.is_empty());
                    let (more, waiting_ms) = (page.rows.len() == PAGE as usize, page.waiting_ms);
                    let reach = {
                        let mut state = hub.state();
                        state.take(page, hub.settings.wires.len());
                        state.reach
                    };
                    hub.reach.store(reach, Relaxed);
                    hub.moved.notify_waiters();
                    held.check(&hub.log, waiting_ms).await;
                    if more {
                        continue;
                    }
                }
                Err(error) => {
                    tracing::error!(%error, "the change log could not be read");
                    // Whatever is wrong is not over sooner for being asked about more often.
                    pace = Pace::default();
                    if read_at.elapsed() >= hub.settings.patience {
                        hub.state().close();
                    }
                }
            }
            break;
        }
    }
}

/// How long to wait for a ring.
#[derive(Default)]
struct Pace {
    /// `None` as long as the settings say.
    soon: Option<Duration>,
}

impl Pace {
    fn wait(&self, poll: Duration) -> Duration {
        self.soon.map_or(poll, |soon| soon.min(poll))
    }

    fn read(&mut self, many_writers: bool, news: bool) {
        self.soon = match news {
            true => many_writers.then_some(SOON),
            false => self.soon.map(|soon| soon.saturating_mul(2)),
        };
    }
}

/// Says so when transactions hold the log back.
#[derive(Default)]
struct HeldBack {
    said_at: Option<Instant>,
}

impl HeldBack {
    async fn check<L: ChangeLog>(&mut self, log: &L, waiting_ms: Option<u64>) {
        let Some(waiting_ms) = waiting_ms.filter(|waiting_ms| *waiting_ms > HELD_BACK_MS) else {
            return;
        };
        if self.said_at.is_some_and(|said_at| said_at.elapsed() < SAY_AGAIN) {
            return;
        }
        let by = tokio::time::timeout(NAMING, log.held_back_by()).await;
        let by = match by.unwrap_or(Err(LogError::Silent)) {
            Ok(Some(by)) => by,
            // It has ended meanwhile.
            Ok(None) => return,
            Err(error) => error.to_string(),
        };
        self.said_at = Some(Instant::now());
        tracing::warn!(waiting_ms, by, "a transaction under way holds back what was committed");
    }
}
