//! What may be written: a line or a few paragraphs.

use crate::error::AppError;

pub use crate::line::LINE_MAX_CHARS;
pub(in crate::coaching) use crate::line::line;

/// The longest text, such as a note, in characters.
pub const BODY_MAX_CHARS: usize = 10_000;

/// A text as it is stored: 1 to [`BODY_MAX_CHARS`] characters, no space around them, and no control
/// characters but ends of lines and tabs.
///
/// # Errors
/// [`AppError::Invalid`] for that field.
pub(in crate::coaching) fn body(field: &str, text: &str) -> Result<String, AppError> {
    let text = text.trim().replace("\r\n", "\n");
    let strange = |letter: char| letter.is_control() && !matches!(letter, '\n' | '\t');
    let message = if text.is_empty() {
        "Write something here.".to_owned()
    } else if text.chars().count() > BODY_MAX_CHARS {
        format!("Write at most {BODY_MAX_CHARS} characters.")
    } else if text.contains(strange) {
        "Write plain text.".to_owned()
    } else {
        return Ok(text);
    };
    Err(AppError::invalid(field, message))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_one_and_a_text_may_be_many() {
        assert_eq!(line("title", "  Ask for help \n").as_deref(), Ok("Ask for help"));
        assert_eq!(body("body", " One.\r\n\tTwo.\n").as_deref(), Ok("One.\n\tTwo."));
        let long = "é".repeat(LINE_MAX_CHARS);
        assert_eq!(line("title", &long).as_deref(), Ok(long.as_str()));
        for text in ["", " \n", "two\nlines", &format!("{long}x")] {
            assert!(matches!(line("title", text), Err(AppError::Invalid { .. })), "{text:?}");
        }
        for text in ["", "\n", "bell\u{7}", &"a".repeat(BODY_MAX_CHARS + 1)] {
            assert!(matches!(body("body", text), Err(AppError::Invalid { .. })), "{text:?}");
        }
    }
}
