//! What content is, on both sides of the wire: scripts, outlines and voices.
//!
//! Owns the shapes and what is a valid one. It must not read, write or speak any of it.

pub mod outline;
pub mod script;
pub mod voice;

pub use outline::{Direction, Heading};
pub use script::{Host, Script, Segment, Turn};
pub use voice::{Rate, Voice};
