//! The command line: `serve`, `migrate`, `user …`, `token …`, `orders import`, `log tail`.
//!
//! Owns arguments, what is printed, and the exit code: 0, 1 for a failure, 2 for wrong usage. What
//! a command does stands in the slices and the modules beside this one.

mod token;
mod user;

use std::{
    error::Error,
    io::{self, Write},
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::{Parser, Subcommand};
use highwater::{Cursor, server::DatabaseLog};
use tokio::{
    net::TcpListener,
    signal::unix::{Signal, SignalKind, signal},
};

use super::{
    configuration::Configuration,
    database::{self, WhenMissing},
    demo,
    failure::with_causes,
    http, log, log_tail, open_files,
    progress::Progress,
    state::AppState,
};
use crate::orders::import::{self, Report, Source};

/// Anything that ends a command; printed on one line with its causes.
type Failure = Box<dyn Error + Send + Sync>;

/// The studio: its server, and what there is to do around it.
#[derive(Parser)]
#[command(name = "studio", version, about, disable_help_subcommand = true)]
struct CommandLine {
    /// The configuration file [default: $STUDIO_CONFIG, or Leptos.toml if there is one]
    #[arg(long, global = true, value_name = "PATH")]
    config: Option<PathBuf>,
    /// Without one, it serves.
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the site
    Serve {
        /// Add demo accounts and orders first, where they are missing
        #[arg(long)]
        demo: bool,
    },
    /// Make the database, or bring it up to date
    Migrate,
    /// Accounts
    #[command(subcommand)]
    User(user::Command),
    /// API tokens
    #[command(subcommand)]
    Token(token::Command),
    /// Orders
    #[command(subcommand)]
    Orders(OrdersCommand),
    /// The change log
    #[command(subcommand)]
    Log(LogCommand),
}

#[derive(Subcommand)]
enum OrdersCommand {
    /// Import orders from CSV files. Orders that are there already are left alone
    Import {
        /// The directory with customers.csv, orders.csv, order_details.csv and products.csv
        dir: PathBuf,
    },
}

#[derive(Subcommand)]
enum LogCommand {
    /// Follow the change log as lines of JSON, until interrupted
    Tail {
        /// Start after this row instead of with the next one
        #[arg(long, value_name = "CURSOR")]
        after: Option<Cursor>,
    },
}

/// Runs what this process's arguments ask for. Wrong usage ends the process at once.
pub async fn run() -> ExitCode {
    let line = CommandLine::parse();
    match execute(line).await {
        Ok(code) => code,
        Err(failure) => {
            eprintln!("studio: {}", with_causes(&*failure));
            ExitCode::FAILURE
        }
    }
}

async fn execute(line: CommandLine) -> Result<ExitCode, Failure> {
    let configuration = Configuration::from_process(line.config.as_deref())?;
    log::start(&configuration.studio)?;
    match line.command.unwrap_or(Command::Serve { demo: false }) {
        Command::Serve { demo } => serve(configuration, demo).await?,
        Command::Migrate => migrate(&configuration).await?,
        Command::User(command) => user::run(configuration, command).await?,
        Command::Token(command) => token::run(configuration, command).await?,
        Command::Orders(OrdersCommand::Import { dir }) => {
            return import_orders(configuration, &dir).await;
        }
        Command::Log(LogCommand::Tail { after }) => tail_log(&configuration, after).await?,
    }
    Ok(ExitCode::SUCCESS)
}

async fn serve(configuration: Configuration, demo: bool) -> Result<(), Failure> {
    let address = configuration.leptos.site_addr;
    // First of all, so that a port that is taken is known before anything is done.
    let listener = TcpListener::bind(address)
        .await
        .map_err(|cause| format!("cannot listen on {address}: {cause}"))?;
    let address = listener.local_addr()?;
    open_files::make_room(configuration.studio.streams)?;
    let state = AppState::open(configuration).await?;
    if demo {
        if !address.ip().to_canonical().is_loopback() {
            tracing::warn!("the demo's password is public, and {address} is not only this machine");
        }
        demo::prepare(&state).await?;
    }
    let mut out = io::stdout().lock();
    writeln!(out, "The studio is at http://{address}")?;
    if demo {
        demo::announce(&mut out)?;
    }
    drop(out);
    let interrupt = signal(SignalKind::interrupt())?;
    let terminate = signal(SignalKind::terminate())?;
    http::serve(state, listener, any(interrupt, terminate)).await;
    Ok(())
}

/// Waits for the first of two signals.
async fn any(mut one: Signal, mut other: Signal) {
    tokio::select! {
        _ = one.recv() => {}
        _ = other.recv() => {}
    }
}

async fn migrate(configuration: &Configuration) -> Result<(), Failure> {
    let db = database::connect(&configuration.studio.database_url, WhenMissing::Create).await?;
    let line = match database::migrate(&db).await? {
        0 => "The database was up to date.".to_owned(),
        1 => "Applied 1 migration.".to_owned(),
        applied => format!("Applied {applied} migrations."),
    };
    println!("{line}");
    Ok(())
}

async fn import_orders(configuration: Configuration, dir: &Path) -> Result<ExitCode, Failure> {
    let state = AppState::open(configuration).await?;
    let source = Source::directory(dir);
    let mut progress = Progress::new("importing orders");
    let mut update = |done, total| progress.update(done, total);
    let report = import::import(&state.live, &source, state.now(), &mut update).await?;
    drop(progress);
    let mut out = io::stdout().lock();
    for bad in &report.bad_rows {
        writeln!(out, "{bad}")?;
    }
    writeln!(out, "{}", summary(&report))?;
    Ok(if report.bad_rows.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn tail_log(configuration: &Configuration, after: Option<Cursor>) -> Result<(), Failure> {
    let db = database::connect(&configuration.studio.database_url, WhenMissing::Refuse).await?;
    database::check(&db).await?;
    let log = DatabaseLog::open(db).await?;
    let follow = log_tail::follow(&log, after, configuration.studio.log_poll, io::stdout());
    tokio::select! {
        ended = follow => ended?,
        interrupted = tokio::signal::ctrl_c() => interrupted?,
    }
    Ok(())
}

/// An import on one line.
fn summary(report: &Report) -> String {
    let Report { orders, lines, customers, products, skipped, bad_rows } = report;
    let bad = bad_rows.len();
    format!(
        "Imported {orders} orders with {lines} lines, {customers} customers and {products} \
         products. \
         Orders that were there already: {skipped}. Bad rows: {bad}."
    )
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory, error::ErrorKind};

    use super::*;

    fn parsed(arguments: &[&str]) -> Result<CommandLine, ErrorKind> {
        CommandLine::try_parse_from([&["studio"], arguments].concat()).map_err(|error| error.kind())
    }

    #[test]
    fn the_definition_is_sound() {
        CommandLine::command().debug_assert();
    }

    #[test]
    fn without_a_command_it_serves() {
        assert!(parsed(&[]).unwrap().command.is_none());
        let line = parsed(&["serve", "--demo", "--config", "x.toml"]).unwrap();
        assert_eq!(line.config, Some(PathBuf::from("x.toml")));
        assert!(matches!(line.command, Some(Command::Serve { demo: true })));
    }

    #[test]
    fn what_cannot_be_meant_is_wrong_usage() {
        let add = ["user", "add", "a@example.com", "--name", "A", "--role"];
        assert!(parsed(&[&add[..], &["coach"]].concat()).is_ok());
        assert!(matches!(
            parsed(&[&add[..], &["owner"]].concat()),
            Err(ErrorKind::ValueValidation)
        ));
        assert!(matches!(
            parsed(&["log", "tail", "--after", "7"]),
            Err(ErrorKind::ValueValidation)
        ));
        assert!(parsed(&["log", "tail", "--after", "e.7.0"]).is_ok());
        assert!(matches!(
            parsed(&["user", "role", "a@example.com", "owner"]),
            Err(ErrorKind::ValueValidation)
        ));
        assert!(matches!(parsed(&["token", "create"]), Err(ErrorKind::MissingRequiredArgument)));
    }

    #[test]
    fn an_import_is_summed_up() {
        let report = Report { orders: 2, lines: 5, skipped: 1, ..Report::default() };
        assert_eq!(
            summary(&report),
            "Imported 2 orders with 5 lines, 0 customers and 0 products. \
             Orders that were there already: 1. Bad rows: 0."
        );
    }
}
