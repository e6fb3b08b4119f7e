//! Text: reading documents, shortening them to a script, and drawing what is in them.
//!
//! Pure functions of text. It must not know the database, files, jobs or speech.

pub mod extract;
mod clean;
mod markdown;
pub mod blocks;
pub mod sentences;
pub mod language;
pub mod index;
pub mod ranking;
pub mod topics;
pub mod phrases;
pub mod selection;
mod grammar;
pub mod extractive;
pub mod infographic;

pub use extract::{Extracted, Format, Unreadable, extract};
pub use extractive::Extractive;
pub use language::Language;

use super::model::Script;

/// A document to write a script from.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    /// What the document is called.
    pub title: &'a str,
    /// Its text, as [`extract()`] leaves it.
    pub body: &'a str,
}

/// Writes scripts from documents. A language model could take the place of [`Extractive`].
pub trait ScriptWriter: Send + Sync {
    /// Writes one script from all sources, in their order.
    ///
    /// It computes for up to a second per megabyte, so call it where that blocks nobody.
    fn write(&self, sources: &[Source<'_>]) -> Result<Script, NothingToSay>;
}

/// There is not one word in the sources.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("There is nothing to say: the documents contain no words.")]
pub struct NothingToSay;
