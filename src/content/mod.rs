//! Content: what is made of documents, a script for two voices, speech and a picture of the figures.
//!
//! Owns how text is read, shortened and spoken. It must not know orders.

pub mod model;
#[cfg(feature = "ssr")]
pub mod text;
#[cfg(feature = "ssr")]
pub mod speech;
