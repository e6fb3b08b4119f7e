//! The table of results, in Markdown.

use std::fmt;

use crate::{
    run::{Load, Outcome},
    server::Server,
};

/// The rows so far.
#[derive(Default)]
pub struct Table {
    rows: Vec<String>,
    lost_by_studio: bool,
}

impl Table {
    /// Adds a run, and says on standard error that it is done.
    pub fn add(&mut self, server: &Server, load: Load, outcome: &Outcome) {
        let Server { name, .. } = server;
        let rate = load.rate.map_or("back to back".to_owned(), |rate| format!("{rate}/s"));
        let whole = outcome.missing == 0 && outcome.out_of_order == 0;
        self.lost_by_studio |= name.starts_with("studio") && !whole;
        let row = format!(
            "| {name} | {} | {} {rate} | {} | {} | {} | {:.1} | {:.1} | {:.2} | {:.1} | {:.1} | {:.1} |",
            load.streams + load.deaf,
            load.events,
            outcome.in_order,
            outcome.missing,
            outcome.out_of_order,
            outcome.p50_ms,
            outcome.p99_ms,
            outcome.cpu_us_per_delivery(),
            outcome.opened_kb,
            outcome.used_kb,
            outcome.took.as_secs_f64(),
        );
        eprintln!("{row}");
        self.rows.push(row);
    }

    /// Whether every event that the studio sent arrived once, in order.
    pub fn studio_was_whole(&self) -> bool {
        !self.lost_by_studio
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "| server | streams | events | in order | missing | out of order | p50 ms | p99 ms | \
             CPU µs/delivery | kB/stream, open | kB/stream, used | s |"
        )?;
        writeln!(f, "|---|--:|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|")?;
        for row in &self.rows {
            writeln!(f, "{row}")?;
        }
        Ok(())
    }
}
