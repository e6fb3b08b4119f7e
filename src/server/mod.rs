//! The server: what surrounds the slices when they run on a machine.
//!
//! Owns the configuration, the state that every request shares, the database, the HTTP router and
//! the command line. It must not hold rules of any slice.

pub mod configuration;
pub mod log;
pub mod metrics;
pub mod state;
pub mod database;
pub mod failure;
pub mod input;
pub mod upload;
pub mod output;
pub mod access;
pub mod http;
pub mod streams;
pub mod openapi;
pub mod request;
pub mod command;
pub mod open_files;
mod demo;
mod log_tail;
mod progress;
