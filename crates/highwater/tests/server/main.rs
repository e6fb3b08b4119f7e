//! The server's half against its promises: the contract of every change log, reads and writes,
//! and what the subscribers of a hub hear.
#![cfg(all(feature = "sqlite", feature = "postgres"))]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking, in its helping functions too")]

mod desk;
mod fake_log;
mod memory;
mod network;
mod notes;
mod postgres_server;
mod reader;

mod access;
mod drain;
mod ephemeral;
mod busy;
mod either_database;
mod failures;
mod gzip;
mod limits;
mod live;
mod log_contract;
mod log_upgrade;
mod metrics;
mod model;
mod postgres;
mod resume;
mod retention;
mod routing;
mod slow_readers;
mod triggers;
mod two_processes;
mod event_types;
