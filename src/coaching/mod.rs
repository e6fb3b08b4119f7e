//! Coaching: relationships between a coach and a member, their sessions, and what they write down
//! in them: notes, actions, agreements and goals. Only the two of them see it.
//!
//! Owns the tables that `migration` names, the events that `live` lists, who is in a session right
//! now, and every rule about them. Other slices must not read its tables.

pub mod model;
pub mod live;
pub mod api;
#[cfg(feature = "ssr")]
pub mod service;
#[cfg(feature = "ssr")]
mod store;
#[cfg(feature = "ssr")]
pub mod migration;
#[cfg(feature = "ssr")]
pub mod presence;
#[cfg(feature = "ssr")]
pub mod wire;
#[cfg(feature = "ssr")]
pub mod http;
#[cfg(feature = "ssr")]
pub mod demo;
pub mod view;
