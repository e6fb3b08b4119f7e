//! Pages: long lists, a part at a time.
//!
//! Owns how many things a page has and how pages are counted. It must not know what is listed.

use serde::{Deserialize, Serialize};

/// One page of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Page<R> {
    /// What is on it, the newest first. Empty beyond the last page.
    pub rows: Vec<R>,
    /// How many there are, on all pages.
    pub total: u64,
    /// Which page this is, from 1.
    pub page: u32,
    /// How many pages there are; at least 1.
    pub pages: u32,
}

impl<R> Page<R> {
    /// How many rows a full page has.
    pub const PER_PAGE: u32 = 25;

    /// The page `page` with these rows, of `total`.
    pub fn new(rows: Vec<R>, total: u64, page: u32) -> Self {
        let pages = total.div_ceil(u64::from(Self::PER_PAGE)).max(1);
        Self { rows, total, page, pages: u32::try_from(pages).unwrap_or(u32::MAX) }
    }
}
