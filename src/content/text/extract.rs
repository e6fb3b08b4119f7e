//! Extraction: from the bytes of an upload to clean text with an outline.
//!
//! Owns what counts as readable. It must not limit the size; who takes the upload does.

use unicode_segmentation::UnicodeSegmentation;

use super::{
    blocks::{self, Kind},
    clean, markdown,
};
use crate::content::model::{Direction, Heading};

/// How the bytes of a document are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Plain text, hard-wrapped or not.
    Text,
    /// CommonMark, with tables, footnotes and front matter.
    Markdown,
}

/// What is readable in a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extracted {
    /// Paragraphs between empty lines, without markup; items of a list on lines of their own.
    pub body: String,
    /// Words in the body, as Unicode counts them.
    pub words: u32,
    /// Characters (Unicode scalar values) in the body.
    pub characters: u32,
    /// The headings, in order.
    pub outline: Vec<Heading>,
    /// Which way most of its letters are written.
    pub direction: Direction,
}

/// Why there is no text in a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// No bytes, or nothing but white space and markup.
    #[error("The document is empty: there are no words in it.")]
    Empty,
    /// An image, a PDF, an archive or a program.
    #[error("The document is not text. Upload plain text or Markdown.")]
    Binary,
    /// Text in another encoding.
    #[error(
        "The text is not encoded in UTF-8 (byte {offset} is not valid). Save it as UTF-8 and upload it again."
    )]
    NotUtf8 {
        /// How many bytes before it are valid.
        offset: usize,
    },
}

/// Reads a document.
pub fn extract(bytes: &[u8], format: Format) -> Result<Extracted, Unreadable> {
    let text = decode(bytes)?;
    let text = clean::characters(text);
    let (body, outline) = match format {
        Format::Text => {
            let body = clean::unwrap_lines(&text);
            let outline = headings(&body);
            (body, outline)
        }
        Format::Markdown => markdown::read(&text),
    };
    let words = count(words_in(&body));
    if words == 0 {
        return Err(Unreadable::Empty);
    }
    Ok(Extracted {
        words,
        characters: count(body.chars().count()),
        outline,
        direction: direction(&body),
        body,
    })
}

/// How many words a text has.
pub fn words_in(text: &str) -> usize {
    text.unicode_words().count()
}

/// Bytes as text, without the mark that some programs put first.
fn decode(bytes: &[u8]) -> Result<&str, Unreadable> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    if bytes.starts_with(b"%PDF-") {
        return Err(Unreadable::Binary);
    }
    // A control character now and then is a stray page feed; many are another format.
    if bytes.contains(&0) || controls(bytes) * 50 > bytes.len() {
        return Err(Unreadable::Binary);
    }
    std::str::from_utf8(bytes).map_err(|error| Unreadable::NotUtf8 { offset: error.valid_up_to() })
}

fn controls(bytes: &[u8]) -> usize {
    bytes
        .iter()
        .filter(|byte| **byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0C))
        .count()
}

/// The headings that plain text has by its looks.
fn headings(body: &str) -> Vec<Heading> {
    blocks::of(body)
        .into_iter()
        .filter_map(|block| match block.kind {
            Kind::Heading(level) => {
                Some(Heading { level, title: block.text.to_owned(), offset: count(block.offset) })
            }
            Kind::Paragraph | Kind::Item => None,
        })
        .collect()
}

/// Which way the letters go: what most of the first ones with a direction say.
pub fn direction(text: &str) -> Direction {
    let (mut right_to_left, mut letters) = (0, 0);
    for letter in text.chars().filter(|c| c.is_alphabetic()).take(2_000) {
        letters += 1;
        // Hebrew, Arabic, Syriac, Thaana, N'Ko and their neighbours, and the presentation forms.
        if matches!(letter, '\u{590}'..='\u{8FF}' | '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFF}'
            | '\u{10800}'..='\u{10FFF}' | '\u{1E800}'..='\u{1EFFF}')
        {
            right_to_left += 1;
        }
    }
    if right_to_left * 2 > letters { Direction::RightToLeft } else { Direction::LeftToRight }
}

/// A length as it goes over the wire; no document is near four billion long.
pub(super) fn count(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests;
