//! Documents: text that somebody gave, what is known of it, and how it is read.
//!
//! Owns the limits of a document and how a long one is cut into parts. It must not know files.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::{Direction, DocumentId, Heading, Page, Title};
use crate::error::AppError;

/// The largest document, in bytes: 5 MB.
pub const DOCUMENT_MAX_BYTES: usize = 5_000_000;

/// The most headings of an outline.
pub const OUTLINE_MAX: usize = 500;

/// How a document is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub enum Format {
    /// Plain text.
    #[default]
    Text,
    /// Markdown.
    Markdown,
}

/// How far a document has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub enum DocumentStatus {
    /// Its job is to read it, or does.
    Processing,
    /// It can be read.
    Ready,
    /// It could not be read.
    Failed,
}

/// A document as the list shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct DocumentRow {
    /// Identity.
    pub id: DocumentId,
    /// What it is called.
    pub title: String,
    /// How it is written.
    pub format: Format,
    /// How far it has come.
    pub status: DocumentStatus,
    /// Why it could not be read, as a sentence.
    pub error: Option<String>,
    /// How large it was when it came, in bytes.
    pub bytes: u64,
    /// How many words it has; `None` before it was read.
    pub words: Option<u64>,
    /// How many characters it has; `None` before it was read.
    pub characters: Option<u64>,
    /// When it came.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    /// When it last changed.
    #[serde(with = "time::serde::rfc3339")]
    pub updated_at: OffsetDateTime,
    /// 1, and one more for each change.
    pub version: u64,
}

/// A document, whole but for its text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Document {
    /// What the list shows.
    #[serde(flatten)]
    pub row: DocumentRow,
    /// Its headings, in order; the first 500 of them.
    pub outline: Vec<Heading>,
    /// Which way it is written.
    pub direction: Direction,
    /// In how many parts it is read; 0 before it was.
    pub parts: u32,
}

/// A part of a document's text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DocumentText {
    /// Which part this is, from 1.
    pub part: u32,
    /// How many there are.
    pub parts: u32,
    /// Where it begins in the text, in bytes from the start.
    pub start: u64,
    /// The text.
    pub text: String,
}

/// One page of the list.
pub type DocumentPage = Page<DocumentRow>;

/// A change of a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct DocumentChange {
    /// Its new title.
    pub title: String,
    /// The version that the change was decided on; another one refuses it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<u64>,
}

/// The text names no format.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a format; use text or markdown")]
pub struct UnknownFormat(String);

/// The text names no status.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not the status of a document")]
pub struct UnknownStatus(String);

impl DocumentRow {
    /// The title that a change gives it at the time `now`; `None` if it has that one already.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for a title that cannot be; [`AppError::VersionConflict`] if the change
    /// was decided on another version.
    pub fn renamed(
        &self,
        change: &DocumentChange,
        now: OffsetDateTime,
    ) -> Result<Option<Self>, AppError> {
        let title = Title::new(&change.title)?;
        if change.version.is_some_and(|version| version != self.version) {
            let message = "The document has changed in the meantime. Look at it, and try again.";
            return Err(AppError::VersionConflict {
                message: message.to_owned(),
                current: self.version,
            });
        }
        if self.title == title.as_str() {
            return Ok(None);
        }
        let (title, version) = (title.as_str().to_owned(), self.version + 1);
        Ok(Some(Self { title, version, updated_at: now, ..self.clone() }))
    }
}

impl DocumentText {
    /// About how large a part is, in bytes. It ends at the end of a line, a word or a character.
    pub const PART_BYTES: usize = 65_536;
    /// How much longer a part may be to end with a line or a word, in bytes.
    const SLACK: usize = 8_192;

    /// In how many parts a text of this size is read.
    pub fn parts_of(bytes: u64) -> u32 {
        let parts = bytes.div_ceil(Self::PART_BYTES as u64).max(1);
        u32::try_from(parts).unwrap_or(u32::MAX)
    }

    /// One part of a text; `None` if it has fewer.
    pub fn cut(whole: &str, part: u32) -> Option<Self> {
        let parts = Self::parts_of(whole.len() as u64);
        let before = part.checked_sub(1).filter(|_| part <= parts)? as usize;
        let (start, end) = (Self::boundary(whole, before), Self::boundary(whole, before + 1));
        Some(Self { part, parts, start: start as u64, text: whole[start..end].to_owned() })
    }

    /// Where the part after `parts` parts begins.
    fn boundary(whole: &str, parts: usize) -> usize {
        let at = parts.saturating_mul(Self::PART_BYTES);
        if parts == 0 || at >= whole.len() {
            return at.min(whole.len());
        }
        let ahead = &whole.as_bytes()[at..whole.len().min(at + Self::SLACK)];
        let after = |ends: &[u8]| ahead.iter().position(|byte| ends.contains(byte));
        let end = after(b"\n").or_else(|| after(b" \t")).map(|place| at + place + 1);
        end.unwrap_or_else(|| whole.ceil_char_boundary(at))
    }
}

impl Format {
    /// Its name in the database and in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Markdown => "markdown",
        }
    }

    /// What a file of this name is taken for.
    pub fn of_file(name: &str) -> Self {
        let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
        match ending.as_deref() {
            Some("md" | "markdown" | "mdown") => Self::Markdown,
            _ => Self::Text,
        }
    }

    /// Its media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Text => "text/plain; charset=utf-8",
            Self::Markdown => "text/markdown; charset=utf-8",
        }
    }

    /// How its files' names end, without a dot.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Text => "txt",
            Self::Markdown => "md",
        }
    }
}

impl DocumentStatus {
    /// Its name in the database and in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Processing => "processing",
            Self::Ready => "ready",
            Self::Failed => "failed",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Text => "Text",
            Self::Markdown => "Markdown",
        })
    }
}

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(text: &str) -> Result<Self, UnknownFormat> {
        let found = [Self::Text, Self::Markdown].into_iter().find(|one| one.as_str() == text);
        found.ok_or_else(|| UnknownFormat(text.to_owned()))
    }
}

impl FromStr for DocumentStatus {
    type Err = UnknownStatus;

    fn from_str(text: &str) -> Result<Self, UnknownStatus> {
        let all = [Self::Processing, Self::Ready, Self::Failed];
        let found = all.into_iter().find(|one| one.as_str() == text);
        found.ok_or_else(|| UnknownStatus(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every part of a text, checked to be the whole together.
    fn parts(whole: &str) -> Vec<DocumentText> {
        let count = DocumentText::parts_of(whole.len() as u64);
        let parts: Vec<_> =
            (1..=count).map(|part| DocumentText::cut(whole, part).unwrap()).collect();
        assert_eq!(parts.iter().map(|part| part.text.as_str()).collect::<String>(), whole);
        for part in &parts {
            assert!(whole[part.start as usize..].starts_with(&part.text));
            assert!(part.text.len() <= DocumentText::PART_BYTES + DocumentText::SLACK);
        }
        assert_eq!(DocumentText::cut(whole, 0), None);
        assert_eq!(DocumentText::cut(whole, count + 1), None);
        parts
    }

    #[test]
    fn parts_end_with_lines_where_there_are_lines() {
        let parts = parts(&"A line of some words.\n".repeat(10_000));
        assert_eq!(parts.len(), 4);
        assert!(parts.iter().all(|part| part.text.ends_with('\n')));
    }

    #[test]
    fn one_line_is_cut_between_words_and_one_word_between_letters() {
        let of_words = parts(&"words and more ".repeat(20_000));
        assert!(of_words.iter().all(|part| part.text.ends_with(' ')));
        assert_eq!(parts(&"ש".repeat(100_000)).len(), 4);
        assert_eq!(parts("").len(), 1);
        assert_eq!(parts("short").len(), 1);
    }

    #[test]
    fn a_rename_is_refused_when_it_was_decided_on_another_version() {
        let now = OffsetDateTime::UNIX_EPOCH;
        let row = DocumentRow {
            id: DocumentId::of_bits(1),
            title: "Old".to_owned(),
            format: Format::Text,
            status: DocumentStatus::Ready,
            error: None,
            bytes: 3,
            words: Some(1),
            characters: Some(3),
            created_at: now,
            updated_at: now,
            version: 4,
        };
        let to = |title: &str, version| DocumentChange { title: title.to_owned(), version };
        let renamed = row.renamed(&to(" New ", Some(4)), now).unwrap().unwrap();
        assert_eq!((renamed.title.as_str(), renamed.version), ("New", 5));
        assert_eq!(row.renamed(&to("Old", None), now), Ok(None));
        let refused = row.renamed(&to("New", Some(3)), now).unwrap_err();
        assert!(matches!(refused, AppError::VersionConflict { current: 4, .. }));
        assert!(matches!(row.renamed(&to("", None), now), Err(AppError::Invalid { .. })));
    }
}
