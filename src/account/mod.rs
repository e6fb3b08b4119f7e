//! Accounts: who may sign in, and who is signed in.
//!
//! Owns users, passwords, sessions, API tokens and the events `account.…`. It must not know what
//! the other slices let a role do with their data.

pub mod model;
pub mod live;
pub mod api;

#[cfg(feature = "ssr")]
mod store;
#[cfg(feature = "ssr")]
pub mod secret;
#[cfg(feature = "ssr")]
pub mod credentials;
#[cfg(feature = "ssr")]
pub mod password;
#[cfg(feature = "ssr")]
pub mod caller;
#[cfg(feature = "ssr")]
pub mod attempts;
#[cfg(feature = "ssr")]
pub mod service;
#[cfg(feature = "ssr")]
pub mod session;
#[cfg(feature = "ssr")]
pub mod token;
#[cfg(feature = "ssr")]
pub mod people;
#[cfg(feature = "ssr")]
pub mod http;
#[cfg(feature = "ssr")]
pub mod migration;

pub mod view;

#[cfg(test)]
#[cfg(feature = "ssr")]
mod tests;
