//! Jobs: work that takes longer than a request, done in the background and followed by its owner.
//!
//! Owns the table `jobs`, the events `job.changed` and `job.progress`, the runner that does the
//! work, and the page `/jobs`. It must not know what any kind of job does: slices say so by
//! implementing [`work::Work`].
//!
//! The queue is our own: a result must be written in the same logged transaction that ends its job,
//! while apalis-sqlite acknowledges jobs in transactions of its own, and underway knows PostgreSQL
//! alone.

pub mod model;
pub mod live;
pub mod api;
#[cfg(feature = "ssr")]
pub mod work;
#[cfg(feature = "ssr")]
mod store;
#[cfg(feature = "ssr")]
mod queue;
#[cfg(feature = "ssr")]
pub mod service;
#[cfg(feature = "ssr")]
pub mod runner;
#[cfg(feature = "ssr")]
pub mod metrics;
#[cfg(feature = "ssr")]
pub mod migration;
#[cfg(feature = "ssr")]
pub mod http;
pub mod view;
#[cfg(test)]
#[cfg(feature = "ssr")]
mod tests;
