//! Importing orders from CSV files as the Northwind traders keep them.
//!
//! Owns what an import adds and what it reports. It must not change an order that is there: what
//! was imported before is skipped, so a repeat adds nothing.
//!
//! The files are `customers.csv`, `products.csv`, `orders.csv` and `order_details.csv`, in UTF-8,
//! with their columns named in the first line. A row that can't be used is reported and left out,
//! and so is what depends on it; an order loads with those of its lines that can be used. A
//! missing file or column is an error, and nothing is imported.
//!
//! The files know no status, so it follows from their dates, seen from the newest date among
//! them. A shipped order is `delivered`, or `shipped` for seven days. An order that was not
//! shipped is `pending` for two days, then `confirmed` until it is seven days old, then `packed`.

mod northwind;
mod table;
#[cfg(test)]
mod tests;

use std::{
    fmt, io,
    path::{Path, PathBuf},
};

use highwater::server::By;
use sea_orm::ConnectionTrait;
use time::OffsetDateTime;

use self::northwind::Northwind;
use super::{
    live::OrderEvent,
    model::{Order, OrderRow, Product},
    service,
    store::{self, NewCustomer},
};
use crate::{error::AppError, server::state::Live};

/// How many orders one transaction adds: few enough that other writers don't wait for long.
const BATCH: usize = 100;

/// Where the files come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// The files in a directory.
    Directory(PathBuf),
    /// The Northwind files that this program carries, for the demo.
    Northwind,
}

/// What an import did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Orders that were added.
    pub orders: u64,
    /// Their lines.
    pub lines: u64,
    /// Customers that were added.
    pub customers: u64,
    /// Products that were added.
    pub products: u64,
    /// Orders that were there already and were left alone.
    pub skipped: u64,
    /// Rows that could not be used, by file and line.
    pub bad_rows: Vec<BadRow>,
}

/// A row that could not be used. Its text is `orders.csv:7: …`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct BadRow {
    /// The file's name.
    pub file: &'static str,
    /// The line that it starts in, from 1; the first holds the columns' names.
    pub line: u64,
    /// What is wrong with it.
    pub reason: String,
}

/// Why an import did not happen, or stopped.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// A file cannot be read; nothing was imported.
    #[error("cannot read {}", file.display())]
    Read {
        /// Which.
        file: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file lacks a column; nothing was imported.
    #[error("{file} has no column {column:?}")]
    Column {
        /// Which file.
        file: &'static str,
        /// What its first line should name.
        column: &'static str,
    },
    /// The database failed. What was added before stays; a repeat adds the rest.
    #[error(transparent)]
    App(#[from] AppError),
}

/// Adds the customers, products and orders that are not there yet, in batches, and records `order.created` for each at the
/// time `now`. `progress` hears how many of all good orders are done.
///
/// # Errors
/// [`ImportError`].
pub async fn import(
    live: &Live,
    source: &Source,
    now: OffsetDateTime,
    progress: &mut (dyn FnMut(u64, u64) + Send),
) -> Result<Report, ImportError> {
    let read = Northwind::read(source)?;
    let mut report = Report { bad_rows: read.bad_rows, ..Report::default() };
    report.bad_rows.sort();
    (report.customers, report.products) =
        add_catalogue(live, read.customers, read.products, now).await?;
    let total = read.orders.len() as u64;
    let mut done = 0;
    progress(done, total);
    let mut orders = read.orders.into_iter();
    loop {
        let batch: Vec<Order> = orders.by_ref().take(BATCH).collect();
        if batch.is_empty() {
            return Ok(report);
        }
        let of_batch = batch.len() as u64;
        let (added, lines) = add_orders(live, batch, now).await?;
        report.orders += added;
        report.lines += lines;
        report.skipped += of_batch - added;
        done += of_batch;
        progress(done, total);
    }
}

/// Whether there is any order yet.
///
/// # Errors
/// When the database fails.
pub async fn has_orders(conn: &impl ConnectionTrait) -> Result<bool, AppError> {
    Ok(store::any(conn).await?)
}

impl Source {
    /// The files of a directory.
    pub fn directory(path: impl AsRef<Path>) -> Self {
        Self::Directory(path.as_ref().to_owned())
    }
}

impl fmt::Display for BadRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.reason)
    }
}

/// Adds the customers and products that are missing; says how many those were.
async fn add_catalogue(
    live: &Live,
    customers: Vec<NewCustomer>,
    products: Vec<Product>,
    now: OffsetDateTime,
) -> Result<(u64, u64), AppError> {
    let added = live.write::<_, AppError>(By::nobody(), move |write| {
        Box::pin(async move {
            let customers = store::insert_missing_customers(write.tx(), &customers).await?;
            let products = store::insert_missing_products(write.tx(), &products).await?;
            if customers + products > 0 {
                service::record(write, OrderEvent::catalogue(now)).await?;
            }
            Ok((customers, products))
        })
    });
    Ok(added.await?.value)
}

/// Adds those of a batch that are missing; says how many orders and lines those were.
async fn add_orders(
    live: &Live,
    mut batch: Vec<Order>,
    now: OffsetDateTime,
) -> Result<(u64, u64), AppError> {
    let added = live.write::<_, AppError>(By::nobody(), move |write| {
        Box::pin(async move {
            let existing = store::existing(write.tx(), &batch).await?;
            batch.retain(|order| !existing.contains(&order.id));
            store::insert(write.tx(), &batch).await?;
            let mut lines = 0;
            for order in &batch {
                lines += order.lines.len() as u64;
                let event = OrderEvent::created(&OrderRow::from(order), now);
                service::record(write, event).await?;
            }
            if !batch.is_empty() {
                service::record(write, OrderEvent::metrics(now)).await?;
            }
            Ok((batch.len() as u64, lines))
        })
    });
    Ok(added.await?.value)
}
