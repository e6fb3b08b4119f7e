//! The pure heart of Highwater: the wire vocabulary, the event-stream parser, and the connection
//! and query cache as state machines.
//!
//! Nothing here knows an async runtime, the DOM, a clock, randomness, the network or a database:
//! time comes in as milliseconds, randomness as seeds, and what is to be done goes out as commands.
//! That is what lets property tests drive all of it through thousands of schedules.

pub mod as_of;
pub mod backoff;
pub mod cache;
pub mod connection;
pub mod cursor;
pub mod entry;
pub mod event;
pub mod frame;
pub mod json;
pub mod mutation;
pub mod overlay;
pub mod parser;
pub mod tag;

pub use as_of::{AsOf, Committed, Stamped};
pub use cursor::{Cursor, Epoch, Malformed, Pos};
pub use event::{Answer, FetchFailed, Fetched, LiveEvent, MutationId, Patch, Query, Refusal};
pub use frame::Frame;
pub use tag::Tag;
