//! The whole server over real HTTP and the real binary, each test on a database of its own.
//!
//! One program, so that the application is linked once. [`database`], [`app`], [`client`], [`stream`] and
//! [`process`] are what the tests stand on: no test sleeps; whatever is waited for has a deadline.

#![cfg(feature = "ssr")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[path = "../../src/server/database/testing.rs"]
mod database;
mod app;
mod client;
mod stream;
mod process;
mod tab;

mod session;
mod sign_in_form;
mod forced_sign_out;
mod people;
mod tokens;
mod pages;
mod orders_list;
mod orders_change;
mod orders_create;
mod orders_bulk;
mod orders_overview;
mod orders_history;
mod orders_export;
mod orders_import;
mod jobs;
mod documents;
mod activity;
mod podcasts;
mod voiceovers;
mod infographics;
mod coaching;
mod labs;
mod server_functions;
mod refusals;
mod limits;
mod origins;
mod headers;
mod health;
mod telemetry;
mod openapi;
mod stopping;
mod orders_stream;
mod framing;
mod drain;
mod app_stream;
mod resume;
mod retention;
mod access;
mod authorisation;
mod processes;
mod command_line;
mod kills;
mod job_kills;
mod slow_reader;
