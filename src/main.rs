//! The studio's binary. Everything is in the library; this starts it.

use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    studio::server::command::run().await
}
