//! What may be written: a line, or a short text.

use crate::error::AppError;

/// The longest line, such as the name of a project, in characters.
pub const LINE_MAX_CHARS: usize = 200;

/// The longest description of a project or summary of a node, in characters.
pub const SUMMARY_MAX_CHARS: usize = 2_000;

/// A line as it is stored: 1 to [`LINE_MAX_CHARS`] characters, no space around them.
///
/// # Errors
/// [`AppError::Invalid`] for that field.
pub(super) fn line(field: &str, text: &str) -> Result<String, AppError> {
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
