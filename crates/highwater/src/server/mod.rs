//! The server's half: a change log written in the writer's own transaction, and a hub that tells
//! every open stream what went stale.
//!
//! A write goes through [`Live::write`], a read through [`Live::read`]; a stream endpoint calls
//! [`Hub::subscribe`] and answers with [`sse`].

mod audience;
mod subscription;
mod admission;
mod backlog;
mod delivery;
mod doorbell;
mod ephemeral;
mod index;
mod routing;
mod hub;
mod tail;
mod catch_up;
mod live;
mod log;
mod metrics;
mod retention;
mod ring;
mod gzip;
mod output;
mod stream;
mod wire;

pub use audience::Audience;
pub use delivery::{Content, Delivery};
pub use gzip::Encoding;
pub use hub::{Hub, HubSettings};
pub use live::{Live, Write};
#[cfg(all(feature = "sqlite", feature = "postgres"))]
pub use log::DatabaseLog;
#[cfg(feature = "postgres")]
pub use log::PostgresLog;
#[cfg(feature = "sqlite")]
pub use log::SqliteLog;
pub use log::{
    AccessChange, By, ChangeLog, History, LogError, MAX_EVENT_BYTES, Outcome, Page, Recorded,
    Retention, Row, TRIM_BATCH, Trimmed,
};
pub use metrics::Metrics;
pub use stream::{Resume, sse};
pub use subscription::{OpenStream, Subscribe, SubscribeError, Subscription};
pub use wire::{AppWire, Wire};

/// The wall clock in milliseconds since the Unix epoch, for log rows and freshness.
pub(crate) fn unix_ms() -> u64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    since.map_or(0, |since| u64::try_from(since.as_millis()).unwrap_or(u64::MAX))
}
