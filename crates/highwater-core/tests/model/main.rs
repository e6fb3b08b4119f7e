//! The core against a simple model: a log server, a link that drops, delays, duplicates and
//! restarts, a client's cache, and mutations that are accepted, refused or lost. Every schedule runs
//! above a log of rows in one order and above a log of transactions.
//!
//! `PROPTEST_CASES=100000 cargo test -p highwater-core --test model` runs more schedules. Seeds of
//! failures are kept beside this file.

#![expect(clippy::unwrap_used, reason = "a model that is wrong stops the test")]

mod domain;
mod numbering;
mod transaction;
mod server;
mod schedule;
mod world;

mod entries;
mod invariants;
mod long_transactions;
mod polls;
mod traces;
