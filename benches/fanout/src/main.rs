//! The fan-out load: opens many streams of a server on loopback, causes messages, and prints what
//! arrived and what it cost the server. `script/bench` runs it; docs/PERFORMANCE.md has figures.
//!
//! The studio, nchan and a Hono server take the same load, one after another, each as a process of
//! its own. This process reads all streams on one thread, so that the server has the other cores.

mod listener;
mod process;
mod server;
mod run;
mod table;

use std::{path::PathBuf, process::ExitCode};

use clap::{Parser, ValueEnum};

use crate::{
    run::{Load, run},
    server::{Server, Stream},
    table::Table,
};

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Measures servers that stream events to many clients.
#[derive(Parser)]
struct CommandLine {
    /// The studio's program
    #[arg(long, value_name = "PATH", default_value = "target/release/studio")]
    studio: PathBuf,
    /// The directory of the Hono server, with its packages installed
    #[arg(long, value_name = "DIR", default_value = "benches/fanout/hono")]
    hono: PathBuf,
    /// Streams that hear every event
    #[arg(long, default_value_t = 1000)]
    streams: usize,
    /// Streams of another audience, when one stream hears the events
    #[arg(long, default_value_t = 5000)]
    others: usize,
    /// Events
    #[arg(long, default_value_t = 200)]
    events: u32,
    /// Events a second, in the paced runs
    #[arg(long, default_value_t = 25)]
    rate: u32,
    /// What is measured
    #[arg(value_enum, default_values_t = [Part::Orders, Part::App, Part::Nchan, Part::Hono, Part::One])]
    parts: Vec<Part>,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum Part {
    /// The studio's stream of orders
    Orders,
    /// The studio's own stream
    App,
    /// nginx with nchan
    Nchan,
    /// Hono's streamSSE
    Hono,
    /// The studio with one listener among few and many other streams
    One,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match measure(CommandLine::parse()).await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => {
            eprintln!("fanout: not every event arrived in order");
            ExitCode::FAILURE
        }
        Err(failure) => {
            eprintln!("fanout: {failure}");
            ExitCode::FAILURE
        }
    }
}

/// Whether the studio delivered everything in order.
async fn measure(line: CommandLine) -> Result<bool, Failure> {
    let mut table = Table::default();
    for part in &line.parts {
        if *part == Part::One {
            for others in [10, line.others] {
                let mut server = Server::studio(&line.studio, Stream::App).await?;
                server.name = format!("studio, 1 of {}", others + 1);
                let load = Load { streams: 1, deaf: others, events: 5 * line.events, rate: None };
                let outcome = run(&mut server, load).await?;
                table.add(&server, load, &outcome);
                server.stop().await?;
            }
            continue;
        }
        for rate in [Some(line.rate), None] {
            // A server of its own for each run, so that memory is compared with a fresh one.
            let mut server = match part {
                Part::Orders | Part::One => Server::studio(&line.studio, Stream::Orders).await?,
                Part::App => Server::studio(&line.studio, Stream::App).await?,
                Part::Nchan => Server::nchan().await?,
                Part::Hono => Server::hono(&line.hono).await?,
            };
            let load = Load { streams: line.streams, deaf: 0, events: line.events, rate };
            let outcome = run(&mut server, load).await?;
            table.add(&server, load, &outcome);
            server.stop().await?;
        }
    }
    println!("{table}");
    Ok(table.studio_was_whole())
}
