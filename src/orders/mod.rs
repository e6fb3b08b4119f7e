//! Orders: what customers bought, and how far each order has come. For staff.
//!
//! Owns the tables `customers`, `products`, `orders`, `order_lines`, `order_imports` and
//! `order_import_files`, the events `order.created`, `order.updated`, `metric.updated` (of orders)
//! and `catalogue.updated`, the job `import-orders`, and every rule about them. Other slices must not
//! read its tables.

pub mod model;
pub mod live;
pub mod api;
#[cfg(feature = "ssr")]
pub mod service;
#[cfg(feature = "ssr")]
mod store;
#[cfg(feature = "ssr")]
pub mod migration;
#[cfg(feature = "ssr")]
pub mod import;
#[cfg(feature = "ssr")]
pub mod work;
#[cfg(feature = "ssr")]
pub mod export;
#[cfg(feature = "ssr")]
pub mod http;
#[cfg(feature = "ssr")]
pub mod wire;
pub mod view;
#[cfg(test)]
#[cfg(feature = "ssr")]
mod testing;
