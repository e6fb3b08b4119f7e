//! What may be written: a line, or a short text.

use crate::error::AppError;

pub use crate::line::LINE_MAX_CHARS;
pub(super) use crate::line::line;

/// The longest description of a project or summary of a node, in characters.
pub const SUMMARY_MAX_CHARS: usize = 2_000;

/// A short text as it is stored, which may be empty: at most [`SUMMARY_MAX_CHARS`] characters, no
/// space around them, and no control characters but ends of lines and tabs.
///
/// # Errors
/// [`AppError::Invalid`] for that field.
pub(super) fn summary(field: &str, text: &str) -> Result<String, AppError> {
    let text = text.trim().replace("\r\n", "\n");
    let strange = |letter: char| letter.is_control() && !matches!(letter, '\n' | '\t');
    let message = if text.chars().count() > SUMMARY_MAX_CHARS {
        format!("Write at most {SUMMARY_MAX_CHARS} characters.")
    } else if text.contains(strange) {
        "Write plain text.".to_owned()
    } else {
        return Ok(text);
    };
    Err(AppError::invalid(field, message))
}
