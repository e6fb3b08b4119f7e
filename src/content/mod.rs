//! Content: documents that people add, and what is made of them. Each is its owner's alone.
//!
//! Owns the tables `files`, `documents`, `podcasts`, `podcast_sources`, `voiceovers`, `infographics` and
//! `activities`, the files in the data directory, the events that `live` lists, and every rule about
//! them. Other slices must not read its tables.

pub mod model;
pub mod live;
pub mod api;
#[cfg(feature = "ssr")]
pub mod text;
#[cfg(feature = "ssr")]
pub mod speech;
#[cfg(feature = "ssr")]
pub mod service;
#[cfg(feature = "ssr")]
mod store;
#[cfg(feature = "ssr")]
pub mod migration;
#[cfg(feature = "ssr")]
pub mod files;
#[cfg(feature = "ssr")]
pub mod work;
#[cfg(feature = "ssr")]
pub mod demo;
#[cfg(feature = "ssr")]
pub mod http;
pub mod view;
