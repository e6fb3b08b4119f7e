//! What somebody has typed and not yet sent, kept by their browser for as long as the tab lives:
//! a reload, a crash or a click on the wrong link loses nothing of it.
//!
//! Owns what drafts are called there. It must not know what is kept, nor whose: a name says both.

use super::tab_memory::{remember, remembered};

/// What is kept under a name; `None` when nothing is.
#[must_use]
pub fn kept(name: &str) -> Option<String> {
    remembered(&key(name))
}

/// Keeps a text under a name, in place of the one before; `None` forgets it.
pub fn keep(name: &str, text: Option<&str>) {
    remember(&key(name), text);
}

fn key(name: &str) -> String {
    format!("draft:{name}")
}
