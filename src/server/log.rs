//! The server's own log: where it is written and in which form.
//!
//! Owns nothing but the set-up. What is told of requests stands in `http::telemetry`.

use std::io::{self, IsTerminal};

use tracing_subscriber::{EnvFilter, fmt};

use super::configuration::{LogFormat, Studio};

/// Anything that keeps a log from being started.
type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Starts writing to standard error what the filter lets through.
///
/// # Errors
/// When the filter does not parse, or there is a log already.
pub fn start(studio: &Studio) -> Result<(), Failure> {
    let log = fmt().with_env_filter(EnvFilter::try_new(&studio.log)?).with_writer(io::stderr);
    match studio.log_format {
        LogFormat::Text => log.with_ansi(io::stderr().is_terminal()).try_init(),
        LogFormat::Json => log.json().flatten_event(true).with_span_list(false).try_init(),
    }
}
