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
    collections::BTreeMap,
    io,
    path::{Path, PathBuf},
    vec,
};

use axum::body::Bytes;
use highwater::server::By;
use sea_orm::ConnectionTrait;
use time::OffsetDateTime;

use self::northwind::Northwind;
use super::{
    live::OrderEvent,
    model::{BadRow, ImportCounts, ImportId, Order, OrderRow, Product},
    service,
    store::{self, NewCustomer},
};
use crate::{error::AppError, server::state::Live};

pub use northwind::FILES;

/// How many orders one transaction adds: few enough that other writers don't wait for long.
const BATCH: usize = 100;

/// The files of an import, by name.
pub type ImportFiles = BTreeMap<&'static str, Bytes>;

/// Where the files come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// The files in a directory.
    Directory(PathBuf),
    /// The Northwind files that this program carries, for the demo.
    Northwind,
    /// Files that somebody sent.
    Uploaded(ImportFiles),
}

/// An import under way: what the files say, and how much of it is in the database.
pub struct Import {
    by: By,
    /// Whose row says how far it has come, for an import that may be cut off and go on.
    kept_in: Option<ImportId>,
    customers: Vec<NewCustomer>,
    products: Vec<Product>,
    orders: vec::IntoIter<Order>,
    done: u64,
    total: u64,
    report: Report,
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
    /// A file was not sent; nothing was imported.
    #[error("{file} is missing")]
    Missing {
        /// Which.
        file: &'static str,
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

/// Adds the customers, products and orders that are not there yet, in batches, and records
/// `order.created` for each order at the time `now`. `progress` hears how many of all good orders
/// are done.
///
/// # Errors
/// [`ImportError`].
pub async fn import(
    live: &Live,
    source: &Source,
    now: OffsetDateTime,
    progress: &mut (dyn FnMut(u64, u64) + Send),
) -> Result<Report, ImportError> {
    let mut import = Import::read(source, By::nobody())?;
    import.add_catalogue(live, now).await?;
    progress(import.done, import.total);
    while import.add_batch(live, now).await? {
        progress(import.done, import.total);
    }
    Ok(import.report)
}

/// Whether there is any order yet.
///
/// # Errors
/// When the database fails.
pub async fn has_orders(conn: &impl ConnectionTrait) -> Result<bool, AppError> {
    Ok(store::any(conn).await?)
}

impl Import {
    /// Reads the files of a source. What it adds is added in the name of `by`.
    ///
    /// # Errors
    /// [`ImportError`] when a file or a column is missing.
    pub fn read(source: &Source, by: By) -> Result<Self, ImportError> {
        let read = Northwind::read(source)?;
        let mut report = Report { bad_rows: read.bad_rows, ..Report::default() };
        report.bad_rows.sort();
        Ok(Self {
            by,
            kept_in: None,
            customers: read.customers,
            products: read.products,
            total: read.orders.len() as u64,
            orders: read.orders.into_iter(),
            done: 0,
            report,
        })
    }

    /// Has each transaction write how far it has come in the row of this import, and goes on where
    /// that was cut off.
    #[must_use]
    pub fn going_on(mut self, id: ImportId, from: &ImportCounts) -> Self {
        self.kept_in = Some(id);
        self.done = from.done;
        self.orders.by_ref().take(usize::try_from(from.done).unwrap_or(usize::MAX)).for_each(drop);
        let ImportCounts { orders, lines, customers, products, skipped, .. } = *from;
        self.report = Report { orders, lines, customers, products, skipped, ..self.report };
        self
    }

    /// Adds the customers and products that are missing, at the time `now`. Comes before the first
    /// batch of orders.
    ///
    /// # Errors
    /// When the database or the log fails.
    pub async fn add_catalogue(
        &mut self,
        live: &Live,
        now: OffsetDateTime,
    ) -> Result<(), AppError> {
        let customers = std::mem::take(&mut self.customers);
        let products = std::mem::take(&mut self.products);
        let added = live.write::<_, AppError>(self.by.clone(), move |write| {
            Box::pin(async move {
                let customers = store::insert_missing_customers(write.tx(), &customers).await?;
                let products = store::insert_missing_products(write.tx(), &products).await?;
                if customers + products > 0 {
                    service::record(write, OrderEvent::catalogue(now)).await?;
                }
                Ok((customers, products))
            })
        });
        let (customers, products) = added.await?.value;
        self.report.customers += customers;
        self.report.products += products;
        Ok(())
    }

    /// Adds those of the next orders that are missing, at the time `now`; says whether there were
    /// any left.
    ///
    /// # Errors
    /// When the database or the log fails.
    pub async fn add_batch(&mut self, live: &Live, now: OffsetDateTime) -> Result<bool, AppError> {
        let mut batch: Vec<Order> = self.orders.by_ref().take(BATCH).collect();
        if batch.is_empty() {
            return Ok(false);
        }
        let of_batch = batch.len() as u64;
        let (kept_in, before) = (self.kept_in.clone(), self.counts());
        let added = live.write::<ImportCounts, AppError>(self.by.clone(), move |write| {
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
                let orders = batch.len() as u64;
                let now = ImportCounts {
                    done: before.done + of_batch,
                    orders: before.orders + orders,
                    lines: before.lines + lines,
                    skipped: before.skipped + of_batch - orders,
                    ..before
                };
                if let Some(id) = kept_in
                    && !store::advance_import(write.tx(), &id, &before, &now).await?
                {
                    // Another run of its job took it up; what this one did here is taken back.
                    return Err(AppError::UNAVAILABLE);
                }
                Ok(now)
            })
        });
        let ImportCounts { done, orders, lines, skipped, .. } = added.await?.value;
        (self.done, self.report.orders) = (done, orders);
        (self.report.lines, self.report.skipped) = (lines, skipped);
        Ok(true)
    }

    /// What it did so far.
    pub fn counts(&self) -> ImportCounts {
        ImportCounts {
            done: self.done,
            total: self.total,
            orders: self.report.orders,
            lines: self.report.lines,
            customers: self.report.customers,
            products: self.report.products,
            skipped: self.report.skipped,
            bad: self.report.bad_rows.len() as u64,
        }
    }

    /// The rows that could not be used, by file and line.
    pub fn bad_rows(&self) -> &[BadRow] {
        &self.report.bad_rows
    }
}

impl Source {
    /// The files of a directory.
    pub fn directory(path: impl AsRef<Path>) -> Self {
        Self::Directory(path.as_ref().to_owned())
    }
}
