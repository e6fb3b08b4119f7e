//! The one stream to the server, as a state machine: inputs in, commands out.
//!
//! Owns when to connect, when to wait and for how long, when a silent stream counts as dead,
//! where to resume, and what the user may be told of it. It must not touch a clock, a timer, the
//! network or the DOM: time comes in as `now_ms` (any monotonic origin), and every effect goes out
//! as a [`Command`] for the caller to carry out in order.
//!
//! ```text
//!                  Open                    Connected
//!  Disconnected ─────────▶ Connecting ───────────────▶ Connected
//!        ▲                  ▲      │ failure              │ failure
//!        │ Close, 204,      │      ▼                      ▼
//!        │ session over     └─ Reconnecting { 1..=10 } ◀──┘
//!                    wait is over, │
//!                  online, visible │ failure after the tenth, or 401/403
//!                                  ▼
//!                                Error ──Reconnect, or a poll that was answered──▶ Connecting
//! ```
//!
//! A *failure* is an ended stream, a refusal other than 204, 401 and 403, a stream that was silent
//! for 2.5 heartbeats, or the browser going offline. Failures are counted until the server's
//! `connected` event resets the count, however far an attempt came before it failed.
//!
//! - 401 and 403 are not retried: the session is checked once. If it is over, the user is led to
//!   the sign-in page; if it stands, the connection stays in `Error` and says so.
//! - A stream that says that its session was ended leads to the sign-in page at once.
//! - A server's `retry` replaces the base of the backoff until another stream is connected, or the
//!   next `Open`. Its `Retry-After` is a least wait, which only the user cuts short.
//! - `Reconnect` works from every state of an open connection; it replaces a stream that is open
//!   and begins a new count.
//! - From `Error` until a stream is connected, slow polling keeps what is shown fresh.
//! - A page that the browser puts aside has no stream; it resumes where it was when it comes back.

mod machine;
mod session;
mod polling;

use crate::{backoff::Backoff, cursor::Cursor};

pub use machine::Connection;

/// Where the connection stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// No stream and none wanted: not opened yet, closed, the session is over, the page was put
    /// aside, or the server answered 204. Only `Open`, `Resumed`, or `Reconnect` after 204, leads on.
    Disconnected,
    /// A stream was asked for; its `connected` event has not come.
    Connecting,
    /// The server's `connected` event came, and the stream was not silent for too long since.
    Connected,
    /// Waiting to try again.
    Reconnecting {
        /// Which attempt to reconnect comes next, from 1.
        attempt: u32,
    },
    /// Given up: too many failures, or the server refuses us. `Reconnect` leads on and, unless we
    /// are refused, a poll that was answered.
    Error,
}

/// The numbers of the event-stream contract: base 1 s, doubling, at most 30 s, plus 0 to 1 s of
/// jitter; ten attempts; a `ping` every 15 s. Polls, of which it says nothing, come every 30 s, plus 0
/// to 5 s of jitter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// How long to wait before each attempt.
    pub backoff: Backoff,
    /// How many attempts to reconnect are made before giving up.
    pub max_attempts: u32,
    /// How often the server sends something at least, in milliseconds. A stream that is silent
    /// for 2.5 times as long is dead.
    pub heartbeat_ms: u64,
    /// How long after one poll the next one comes, in milliseconds, after giving up.
    pub poll_ms: u64,
    /// Up to this much is added at random, and comes before the first poll.
    pub poll_jitter_ms: u64,
}

/// One attempt at a stream. Inputs that carry the id of an earlier one are ignored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct StreamId(u64);

/// What happened. Inputs with a [`StreamId`] come from the stream that [`Command::Connect`] asked
/// for; times are milliseconds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// Somebody is signed in and wants the stream: start, as if new. Ignored while open.
    Open {
        /// The position that the page in hand already includes, if it has one.
        after: Option<Cursor>,
    },
    /// Nobody wants the stream any more: sign-out, or the provider is gone.
    Close,
    /// The response is 200 with `text/event-stream`. Any other content type is `Ended`.
    Opened(StreamId),
    /// The `connected` event, with the position at which the server begins; also a `reset`, with
    /// the position at which it begins anew.
    Connected(StreamId, Cursor),
    /// The event at this position was handed on.
    Delivered(StreamId, Cursor),
    /// An event without a position was handed on.
    Heard(StreamId),
    /// A `ping`: all up to the position was delivered, and the server read the head of its log at
    /// this time of its own clock.
    Complete(StreamId, Cursor, u64),
    /// Bytes came, whatever they mean.
    Received(StreamId),
    /// A `retry` field.
    RetryHint(StreamId, u64),
    /// The server said that what the stream was opened with is no more: the session was ended.
    SessionEnded(StreamId),
    /// The stream ended or could not be opened; why, in words.
    Ended(StreamId, String),
    /// The server answered with something other than 200.
    Refused {
        /// Which attempt.
        stream: StreamId,
        /// The HTTP status.
        status: u16,
        /// Its `Retry-After`, if it had one.
        retry_after_ms: Option<u64>,
    },
    /// The answer to [`Command::CheckSession`]. Not asked for, it is ignored.
    SessionChecked(Session),
    /// The answer to [`Command::Poll`]: whether the server answered any of it.
    Polled {
        /// Also when there was nothing to ask for.
        answered: bool,
    },
    /// The browser has a network again.
    Online,
    /// The page became visible.
    Visible,
    /// The page became hidden.
    Hidden,
    /// The browser puts the page aside, to show it again when its user comes back to it.
    Suspended,
    /// It came back, and its session still stands.
    Resumed,
    /// The browser has no network.
    Offline,
    /// The user wants to try now.
    Reconnect,
    /// The time that [`Command::Wake`] asked for has come.
    Time,
}

/// What is known of the session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Session {
    /// The server still knows it.
    Stands,
    /// It is over.
    Over,
    /// The server did not say.
    Unknown,
}

/// What to do now, in this order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Ask for a stream. No other is open or being opened.
    Connect {
        /// The id to give with its inputs.
        stream: StreamId,
        /// Where to resume; `None` begins at the head of the log.
        after: Option<Cursor>,
    },
    /// Drop this stream, its response or its request. Nothing more is heard of it.
    Abort(StreamId),
    /// Ask the server whether the session still stands, and answer with
    /// [`Input::SessionChecked`].
    CheckSession,
    /// Fetch every query that is shown, once, and answer with [`Input::Polled`].
    Poll,
    /// The session is over: lead the user to the sign-in page.
    SignIn,
    /// Give [`Input::Time`] in so many milliseconds. There is one timer: a new wake replaces it.
    Wake {
        /// From now.
        in_ms: u64,
    },
    /// [`Connection::status`] changed in a way that is worth showing.
    Changed,
}

/// What the user may be told. Times are those passed to [`Connection::handle`], unless said
/// otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    /// Where the connection stands.
    pub state: State,
    /// The last failure; none once connected.
    pub last_error: Option<Failure>,
    /// Failures since the last `connected`, which is also the number of the attempt under way or
    /// waited for. Never above [`Settings::max_attempts`].
    pub reconnect_attempts: u32,
    /// When `connected` last came.
    pub last_connected_ms: Option<u64>,
    /// When an event last came. [`Command::Changed`] tells of it at most once a second.
    pub last_event_ms: Option<u64>,
    /// Everything this client may hear up to here was delivered.
    pub complete_through: Option<Cursor>,
    /// When the server last looked for more, by the server's clock, in Unix milliseconds.
    pub checked_ms: Option<u64>,
    /// When the next attempt is due; only while reconnecting.
    pub retry_at_ms: Option<u64>,
    /// When the next poll is due; from giving up until a stream is connected. While the page is
    /// hidden it waits.
    pub poll_at_ms: Option<u64>,
}

/// Why a stream, or the attempt at one, failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// What happened, in words.
    pub message: String,
    /// When.
    pub at_ms: u64,
    /// Which attempt to reconnect it ended; 0 for a stream that needed none.
    pub attempt: u32,
}

impl State {
    /// Its name, for styles, tests and logs.
    pub fn name(self) -> &'static str {
        match self {
            Self::Disconnected => "disconnected",
            Self::Connecting => "connecting",
            Self::Connected => "connected",
            Self::Reconnecting { .. } => "reconnecting",
            Self::Error => "error",
        }
    }
}

impl Status {
    /// Whether live updates are off, and polling takes their place.
    pub fn is_polling(&self) -> bool {
        self.poll_at_ms.is_some()
    }
}

impl Input {
    /// The stream that it comes from, if it comes from one.
    pub fn stream(&self) -> Option<StreamId> {
        match self {
            Self::Opened(stream)
            | Self::Connected(stream, _)
            | Self::Delivered(stream, _)
            | Self::Complete(stream, _, _)
            | Self::Heard(stream)
            | Self::Received(stream)
            | Self::RetryHint(stream, _)
            | Self::SessionEnded(stream)
            | Self::Ended(stream, _)
            | Self::Refused { stream, .. } => Some(*stream),
            Self::Open { .. }
            | Self::Close
            | Self::SessionChecked(_)
            | Self::Polled { .. }
            | Self::Online
            | Self::Visible
            | Self::Hidden
            | Self::Suspended
            | Self::Resumed
            | Self::Offline
            | Self::Reconnect
            | Self::Time => None,
        }
    }
}

impl Settings {
    /// How long a stream may be silent: 2.5 heartbeats.
    pub fn watchdog_ms(&self) -> u64 {
        self.heartbeat_ms.saturating_mul(5) / 2
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            backoff: Backoff::default(),
            max_attempts: 10,
            heartbeat_ms: 15_000,
            poll_ms: 30_000,
            poll_jitter_ms: 5_000,
        }
    }
}

#[cfg(test)]
mod tests;
