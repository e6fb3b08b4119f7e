//! Titles: what a thing is called.

use serde::{Deserialize, Serialize};

use crate::error::AppError;

/// The longest title, in characters.
pub const TITLE_MAX_CHARS: usize = 200;

/// A title as it is stored: 1 to [`TITLE_MAX_CHARS`] characters on one line, no space around them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Title(String);

impl Title {
    /// Takes what was typed.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for nothing, for too much, and for what is not one line of text.
    pub fn new(text: &str) -> Result<Self, AppError> {
        let text = text.trim();
        let message = if text.is_empty() {
            "Give it a title.".to_owned()
        } else if text.chars().count() > TITLE_MAX_CHARS {
            format!("A title has at most {TITLE_MAX_CHARS} characters.")
        } else if text.contains(char::is_control) {
            "A title must be one line of plain text.".to_owned()
        } else {
            return Ok(Self(text.to_owned()));
        };
        Err(AppError::invalid("title", message))
    }

    /// Its text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What a file of this name may be called: the name without its directory and its ending, and as
/// much of it as fits. Empty if nothing is left.
pub fn title_of(file_name: &str) -> String {
    let name = file_name.rsplit(['/', '\\']).next().unwrap_or_default();
    let name = name.rsplit_once('.').map_or(name, |(name, _)| name);
    let spaced = name.replace(['_', '-'], " ");
    let plain: String = spaced.chars().filter(|letter| !letter.is_control()).collect();
    plain.trim().chars().take(TITLE_MAX_CHARS).collect::<String>().trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_is_one_line_that_fits() {
        assert_eq!(Title::new("  No. 10 \n").unwrap().as_str(), "No. 10");
        let longest = "é".repeat(TITLE_MAX_CHARS);
        assert_eq!(Title::new(&longest).unwrap().as_str(), longest);
        for text in ["", " \t", "two\nlines", &format!("{longest}x")] {
            let refused = Title::new(text).unwrap_err();
            assert!(matches!(refused, AppError::Invalid { .. }), "{text:?}");
        }
    }

    #[test]
    fn a_file_is_called_as_its_name_says() {
        assert_eq!(title_of("federalist-10.txt"), "federalist 10");
        assert_eq!(title_of(r"C:\papers\No. 10.md"), "No. 10");
        assert_eq!(title_of("/a/b/.txt"), "");
        assert_eq!(title_of("plain"), "plain");
    }
}
