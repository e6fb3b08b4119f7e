//! Lines: what people type where one line is asked for, such as a title or a name, and how one begins.
//!
//! Owns what such a line may be. What it is for, each slice says.

use crate::error::AppError;

/// The longest line, such as a title, in characters.
pub const LINE_MAX_CHARS: usize = 200;

/// A line as it is stored: 1 to [`LINE_MAX_CHARS`] characters, no space around them.
///
/// # Errors
/// [`AppError::Invalid`] for that field.
pub fn line(field: &str, text: &str) -> Result<String, AppError> {
    let text = text.trim();
    let message = if text.is_empty() {
        "Write something here.".to_owned()
    } else if text.chars().count() > LINE_MAX_CHARS {
        format!("Write at most {LINE_MAX_CHARS} characters.")
    } else if text.contains(char::is_control) {
        "Write one line of plain text.".to_owned()
    } else {
        return Ok(text.to_owned());
    };
    Err(AppError::invalid(field, message))
}

/// Words as they begin a line: with a capital letter.
pub fn capitalised(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
