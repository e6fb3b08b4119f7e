//! The session behind the [connection](super): what a refusal means for it, and what follows.
//!
//! Owns why it is being checked. It must not decide when to try again.

use super::{Command, Connection, Session, State};

/// Why the session is being checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Check {
    /// A stream was refused with this status.
    Refusal(u16),
    /// A poll begins.
    Poll,
}

impl Connection {
    pub(super) fn refused(&mut self, now_ms: u64, status: u16, retry_after_ms: u64) {
        let why = format!("the server answered {status}");
        match status {
            // "Do not come back", says the event-stream contract.
            204 => {
                self.note(now_ms, why);
                self.enter(State::Disconnected);
            }
            // Another try would be answered alike; the session decides what comes next.
            401 | 403 => {
                self.note(now_ms, why);
                self.is_refused = true;
                self.enter(State::Error);
                self.check(Check::Refusal(status));
            }
            _ => self.fail(now_ms, why, retry_after_ms),
        }
    }

    pub(super) fn session_checked(&mut self, now_ms: u64, session: Session) {
        match (self.checking.take(), session) {
            (None, _) => {}
            (Some(_), Session::Over) => self.leave(),
            (Some(Check::Poll), Session::Stands) => self.poll(),
            (Some(Check::Poll), Session::Unknown) => {}
            (Some(Check::Refusal(status)), Session::Stands) => {
                self.note(now_ms, format!("you are signed in, but the server answered {status}"));
                self.begin_polling(now_ms, 0);
            }
            (Some(Check::Refusal(_)), Session::Unknown) => self.begin_polling(now_ms, 0),
        }
    }

    /// The session is over.
    pub(super) fn leave(&mut self) {
        self.open = false;
        self.commands.push(Command::SignIn);
        self.enter(State::Disconnected);
    }

    /// Asks whether the session stands.
    pub(super) fn check(&mut self, why: Check) {
        self.checking = Some(why);
        self.commands.push(Command::CheckSession);
    }
}
