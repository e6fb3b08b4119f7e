//! Labs: projects that people share, the sources they put into them, and the concepts that are
//! proposed from those and make up the project's map.
//!
//! Owns the tables that `migration` names and every rule about them. Its events are written by
//! triggers of the database, so that a change made by anybody is heard: a service here writes rows and
//! records nothing. Other slices must not read its tables.

pub mod model;
pub mod live;
pub mod api;
pub mod layout;
pub mod view;
#[cfg(feature = "ssr")]
pub mod service;
#[cfg(feature = "ssr")]
mod store;
#[cfg(feature = "ssr")]
pub mod migration;
#[cfg(feature = "ssr")]
mod concepts;
#[cfg(feature = "ssr")]
pub mod work;
#[cfg(feature = "ssr")]
pub mod arrivals;
#[cfg(feature = "ssr")]
pub mod wire;
#[cfg(feature = "ssr")]
pub mod http;
#[cfg(feature = "ssr")]
pub mod demo;
