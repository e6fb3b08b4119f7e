//! Slow polling: what keeps shown data fresh once the [connection](super) gave up.
//!
//! Owns when a poll is due and what its answers lead to. A poll first asks whether the session
//! stands, one small request: where no server answers, nothing else is sent, and whoever was signed
//! out is led to the sign-in page. Then every query that is shown is fetched once. Where that was
//! answered, one attempt is made to connect again, which does not begin a new count: if it fails, the
//! next answered poll makes another. Hidden pages do not poll, and a `Retry-After` is waited for.

use super::{Command, Connection, session::Check};

impl Connection {
    /// The connection gave up. The first poll comes as soon as the jitter allows: by then nothing
    /// was heard for minutes.
    pub(super) fn begin_polling(&mut self, now_ms: u64, at_least_ms: u64) {
        let first = now_ms.saturating_add(self.spread());
        let at = self.status.poll_at_ms.unwrap_or(first);
        self.status.poll_at_ms = Some(at.max(now_ms.saturating_add(at_least_ms)));
        self.changed = true;
    }

    /// There is a network again: a poll is worth its while, once the server allows.
    pub(super) fn poll_now(&mut self, now_ms: u64) {
        if let Some(at) = &mut self.status.poll_at_ms {
            *at = (*at).min(self.not_before_ms.max(now_ms));
            self.changed = true;
            self.poll_if_due(now_ms);
        }
    }

    pub(super) fn poll_if_due(&mut self, now_ms: u64) {
        if self.is_visible && self.status.poll_at_ms.is_some_and(|at| now_ms >= at) {
            let wait = self.settings.poll_ms.saturating_add(self.spread());
            self.status.poll_at_ms = Some(now_ms.saturating_add(wait));
            self.changed = true;
            self.check(Check::Poll);
        }
    }

    /// It stands, and a server answers.
    pub(super) fn poll(&mut self) {
        if self.is_visible && self.status.is_polling() {
            self.commands.push(Command::Poll);
        }
    }

    pub(super) fn polled(&mut self, now_ms: u64, answered: bool) {
        let wants_stream = self.status.is_polling() && !self.live && !self.is_refused;
        if answered && wants_stream && now_ms >= self.not_before_ms {
            self.connect(now_ms);
        }
    }

    /// A random part of the jitter.
    fn spread(&mut self) -> u64 {
        let range = self.settings.poll_jitter_ms.saturating_add(1);
        self.jitter.draw() % range
    }
}
