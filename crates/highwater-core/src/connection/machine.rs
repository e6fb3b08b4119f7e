//! The transitions of the [connection](super): what each input does.
//!
//! Owns the one live stream, its deadlines and the resume position. What every transition must
//! keep: at most one stream is live, and it is live exactly while connecting or connected; an
//! input of any other stream changes nothing; while connecting, connected or reconnecting a wake
//! is outstanding that is not later than the next deadline.

use super::{Command, Failure, Input, Settings, State, Status, StreamId, session::Check};
use crate::{
    backoff::{Backoff, Jitter},
    cursor::Cursor,
};

/// The longest wake asked for, one day. Browsers keep a timer's delay in 32 bits and run a longer
/// one at once; the wake is asked for again when it comes too early.
const LONGEST_WAKE_MS: u64 = 24 * 60 * 60 * 1_000;

/// The connection of one browser tab. See the [module](super).
#[derive(Clone, Debug)]
pub struct Connection {
    pub(super) settings: Settings,
    pub(super) jitter: Jitter,
    /// The backoff in force: that of the settings, with the base the server last asked for.
    backoff: Backoff,
    /// The stream on which it asked.
    hinted: StreamId,
    pub(super) status: Status,
    /// Whether somebody wants the stream: from `Open` to `Close` or the end of the session.
    pub(super) open: bool,
    /// The newest stream's number; the next one gets the next.
    newest: StreamId,
    /// Whether the newest stream is being opened or open.
    pub(super) live: bool,
    /// When the live stream was last heard of, or asked for.
    heard_ms: u64,
    /// Where the next stream is to resume.
    resume: Option<Cursor>,
    /// The end of the wait that the server asked for with `Retry-After`.
    pub(super) not_before_ms: u64,
    /// Why the session is being checked.
    pub(super) checking: Option<Check>,
    /// Whether the last stream was refused, so that another would be as well.
    pub(super) is_refused: bool,
    pub(super) is_visible: bool,
    /// Whether the browser put the page aside.
    pub(super) is_suspended: bool,
    /// When the wake that was asked for comes.
    wake_at_ms: Option<u64>,
    /// What this input led to so far; both are empty between inputs.
    pub(super) commands: Vec<Command>,
    pub(super) changed: bool,
}

impl Connection {
    /// A connection that nobody opened yet. `seed` makes its jitter; each client needs its own.
    pub fn new(settings: Settings, seed: u64) -> Self {
        Self {
            jitter: Jitter::new(seed),
            backoff: settings.backoff.clone(),
            hinted: StreamId(0),
            settings,
            status: Status::new(),
            open: false,
            newest: StreamId(0),
            live: false,
            heard_ms: 0,
            resume: None,
            not_before_ms: 0,
            checking: None,
            is_refused: false,
            is_visible: true,
            is_suspended: false,
            wake_at_ms: None,
            commands: Vec::new(),
            changed: false,
        }
    }

    /// Takes what happened at `now_ms` and returns what to do about it, in order.
    pub fn handle(&mut self, now_ms: u64, input: Input) -> Vec<Command> {
        if let Some(stream) = input.stream() {
            if !self.live || stream != self.newest {
                return Vec::new();
            }
            self.heard_ms = now_ms;
        }
        match input {
            Input::Open { after } => self.start(now_ms, after),
            Input::Close => self.close(),
            Input::Opened(_) | Input::Received(_) => {}
            Input::Connected(_, at) => self.connected(now_ms, at),
            Input::Delivered(_, at) => self.delivered(now_ms, &at),
            Input::Heard(_) => self.heard(now_ms),
            Input::Complete(_, upto, checked_ms) => self.complete(&upto, checked_ms),
            Input::RetryHint(stream, base_ms) => {
                (self.hinted, self.backoff.base_ms) = (stream, base_ms);
            }
            Input::Ended(_, why) => {
                self.live = false;
                self.fail(now_ms, why, 0);
            }
            Input::SessionEnded(_) => {
                self.abort();
                self.leave();
            }
            Input::Refused { status, retry_after_ms, .. } => {
                self.abort();
                self.refused(now_ms, status, retry_after_ms.unwrap_or(0));
            }
            Input::SessionChecked(session) => self.session_checked(now_ms, session),
            Input::Polled { answered } => self.polled(now_ms, answered),
            Input::Online => {
                self.end_if_silent(now_ms);
                self.hasten(now_ms);
                self.poll_now(now_ms);
            }
            Input::Visible => {
                self.is_visible = true;
                self.end_if_silent(now_ms);
                self.hasten(now_ms);
                self.poll_if_due(now_ms);
            }
            Input::Hidden => self.is_visible = false,
            Input::Suspended => self.suspend(),
            Input::Resumed => self.resume(now_ms),
            Input::Offline => self.lose_network(now_ms),
            Input::Reconnect => self.reconnect(now_ms),
            Input::Time => {
                self.wake_at_ms = None;
                self.end_if_silent(now_ms);
                self.retry_if_due(now_ms);
                self.poll_if_due(now_ms);
            }
        }
        if std::mem::take(&mut self.changed) {
            self.commands.push(Command::Changed);
        }
        self.arm(now_ms);
        std::mem::take(&mut self.commands)
    }

    /// Where the connection stands.
    pub fn state(&self) -> &State {
        &self.status.state
    }

    /// What the user may be told.
    pub fn status(&self) -> &Status {
        &self.status
    }

    fn start(&mut self, now_ms: u64, after: Option<Cursor>) {
        if self.open {
            return;
        }
        self.open = true;
        self.backoff = self.settings.backoff.clone();
        self.status = Status::new();
        self.is_refused = false;
        self.resume = after;
        self.connect(now_ms);
    }

    fn close(&mut self) {
        if self.open {
            (self.open, self.is_suspended) = (false, false);
            self.abort();
            self.enter(State::Disconnected);
        }
    }

    /// The user's own wish begins a new count, and waits for nothing.
    fn reconnect(&mut self, now_ms: u64) {
        if self.open && !self.is_suspended {
            self.abort();
            self.status.reconnect_attempts = 0;
            self.is_refused = false;
            self.connect(now_ms);
        }
    }

    /// A page with an open stream is not put aside by every browser, and what would come for one
    /// that is fills memory or is lost.
    fn suspend(&mut self) {
        if self.open && !self.is_suspended {
            self.is_suspended = true;
            self.abort();
            self.enter(State::Disconnected);
        }
    }

    /// Coming back is as good as the user's own wish.
    fn resume(&mut self, now_ms: u64) {
        if std::mem::take(&mut self.is_suspended) {
            self.reconnect(now_ms);
        }
    }

    pub(super) fn connect(&mut self, now_ms: u64) {
        self.newest = StreamId(self.newest.0 + 1);
        self.live = true;
        self.heard_ms = now_ms;
        self.commands.push(Command::Connect { stream: self.newest, after: self.resume.clone() });
        self.enter(State::Connecting);
    }

    /// Drops the live stream, if there is one.
    pub(super) fn abort(&mut self) {
        if std::mem::take(&mut self.live) {
            self.commands.push(Command::Abort(self.newest));
        }
    }

    /// Every change of state goes through here. Only waiting has a time to retry at, only who wants
    /// a stream polls for want of it, and a check of the session concerns nobody once the state it
    /// was asked in is left.
    pub(super) fn enter(&mut self, state: State) {
        self.status.state = state;
        self.status.retry_at_ms = None;
        if matches!(state, State::Connected | State::Disconnected) {
            self.status.poll_at_ms = None;
        }
        self.checking = None;
        self.changed = true;
    }

    /// The server says where this stream begins, and what comes next follows from there. That
    /// is the one case in which the resume position may leave its epoch or go back: to keep a
    /// position that this log does not have yet would skip what it will hold there.
    fn connected(&mut self, now_ms: u64, at: Cursor) {
        // What a server that stopped asked for is no wish of the one that answers now.
        if self.hinted != self.newest {
            self.backoff = self.settings.backoff.clone();
        }
        self.status.complete_through.take_if(|upto| !at.reaches(upto));
        self.resume = Some(at);
        self.is_refused = false;
        self.status.reconnect_attempts = 0;
        self.status.last_error = None;
        self.status.last_connected_ms = Some(now_ms);
        self.enter(State::Connected);
    }

    fn delivered(&mut self, now_ms: u64, at: &Cursor) {
        advance(&mut self.resume, at);
        self.heard(now_ms);
    }

    fn heard(&mut self, now_ms: u64) {
        let last = self.status.last_event_ms.replace(now_ms);
        self.changed |= last.is_none_or(|last| last / 1_000 != now_ms / 1_000);
    }

    fn complete(&mut self, upto: &Cursor, checked_ms: u64) {
        advance(&mut self.resume, upto);
        if self.resume.as_ref().is_some_and(|resume| resume.reaches(upto)) {
            advance(&mut self.status.complete_through, upto);
        }
        self.status.checked_ms = Some(checked_ms);
        self.changed = true;
    }

    /// Notes a failure, for the user to be told.
    pub(super) fn note(&mut self, at_ms: u64, message: String) {
        let attempt = self.status.reconnect_attempts;
        self.status.last_error = Some(Failure { message, at_ms, attempt });
        self.changed = true;
    }

    /// Counts a failure of the stream that was live, and waits or gives up.
    pub(super) fn fail(&mut self, now_ms: u64, why: String, at_least_ms: u64) {
        self.note(now_ms, why);
        self.not_before_ms = now_ms.saturating_add(at_least_ms);
        let made = self.status.reconnect_attempts;
        if made >= self.settings.max_attempts {
            self.enter(State::Error);
            self.begin_polling(now_ms, at_least_ms);
            return;
        }
        let wait = self.backoff.delay_ms(made, self.jitter.draw());
        self.status.reconnect_attempts += 1;
        self.enter(State::Reconnecting { attempt: self.status.reconnect_attempts });
        self.status.retry_at_ms = Some(now_ms.saturating_add(wait.max(at_least_ms)));
    }

    /// The browser knows at once what the watchdog would find out much later.
    fn lose_network(&mut self, now_ms: u64) {
        if self.live {
            self.abort();
            self.fail(now_ms, "the browser is offline".into(), 0);
        }
    }

    /// Ends the live stream if it was silent for too long.
    fn end_if_silent(&mut self, now_ms: u64) {
        let deadline = self.heard_ms.saturating_add(self.settings.watchdog_ms());
        if self.live && now_ms >= deadline {
            self.abort();
            self.fail(now_ms, "the stream fell silent".into(), 0);
        }
    }

    fn retry_if_due(&mut self, now_ms: u64) {
        if self.status.retry_at_ms.is_some_and(|at| now_ms >= at) {
            self.connect(now_ms);
        }
    }

    /// Ends our own wait, but not the one that the server asked for with `Retry-After`: many
    /// tabs becoming visible are no reason to press an overloaded server.
    fn hasten(&mut self, now_ms: u64) {
        if let Some(at) = &mut self.status.retry_at_ms {
            if *at > self.not_before_ms {
                *at = self.not_before_ms;
                self.changed = true;
            }
            self.retry_if_due(now_ms);
        }
    }

    /// Asks for a wake if the next deadline comes before the one that was asked for. A deadline
    /// that moved away, as with all bytes that come in, is seen when the earlier wake comes:
    /// that saves a timer for each chunk.
    fn arm(&mut self, now_ms: u64) {
        let stream = match self.status.state {
            State::Connecting | State::Connected => {
                Some(self.heard_ms.saturating_add(self.settings.watchdog_ms()))
            }
            State::Reconnecting { .. } => self.status.retry_at_ms,
            State::Disconnected | State::Error => None,
        };
        let poll = self.status.poll_at_ms.filter(|_| self.is_visible);
        let Some(deadline) = [stream, poll].into_iter().flatten().min() else {
            // The caller may drop its timer now; the next deadline asks anew.
            self.wake_at_ms = None;
            return;
        };
        let at = deadline.min(now_ms.saturating_add(LONGEST_WAKE_MS));
        if self.wake_at_ms.is_none_or(|wake_at| at < wake_at) {
            self.wake_at_ms = Some(at);
            self.commands.push(Command::Wake { in_ms: at.saturating_sub(now_ms) });
        }
    }
}

impl Status {
    fn new() -> Self {
        Self {
            state: State::Disconnected,
            last_error: None,
            reconnect_attempts: 0,
            last_connected_ms: None,
            last_event_ms: None,
            complete_through: None,
            checked_ms: None,
            retry_at_ms: None,
            poll_at_ms: None,
        }
    }
}

/// Moves `position` to `to`, if that is forward in the same log.
fn advance(position: &mut Option<Cursor>, to: &Cursor) {
    if position.as_ref().is_none_or(|position| to.reaches(position)) {
        *position = Some(to.clone());
    }
}
