//! The studio: a full-stack Leptos application kept live by Highwater.
//!
//! Vertical slices (`account`, `orders`, `jobs`, `content`, `coaching`, `labs`) on shared ground:
//! `server` surrounds them on a machine, `ui` gives them components that know no slice.
//! `docs/ARCHITECTURE.md` has the map.

#![recursion_limit = "256"]

pub mod app;
mod devtools;
pub mod error;
pub mod id;
mod line;
pub mod answers;
pub mod arguments;
pub mod calls;
pub mod live;
pub mod account;
pub mod orders;
pub mod jobs;
pub mod content;
pub mod coaching;
pub mod labs;
pub mod home;
pub mod ui;
pub mod shown;
#[cfg(feature = "ssr")]
pub mod server;
#[cfg(feature = "hydrate")]
mod browser;
