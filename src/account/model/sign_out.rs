//! Why somebody was signed out by an admin, as text that anybody may have written.

/// The longest reason, in characters: one line or two of a page.
pub const REASON_MAX_CHARS: usize = 200;

/// What a page shows of a text that claims to be a reason: one line, at most
/// [`REASON_MAX_CHARS`], without letters that are not seen or that turn others around. `None` if
/// nothing is left.
pub fn shown_reason(text: &str) -> Option<String> {
    let words = text.split(|letter: char| letter.is_whitespace() || letter.is_control());
    let words = words.map(|word| word.replace(is_unseen, "")).filter(|word| !word.is_empty());
    let line = words.collect::<Vec<_>>().join(" ");
    let shown: String = line.chars().take(REASON_MAX_CHARS).collect();
    Some(shown.trim_end().to_owned()).filter(|shown| !shown.is_empty())
}

/// Zero-width letters, and those that set the direction of others (Unicode's UAX #9).
fn is_unseen(letter: char) -> bool {
    matches!(letter, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_shown_as_one_short_line() {
        for (text, shown) in [
            ("Shift is over.", Some("Shift is over.")),
            (" two\n\tlines \u{0}", Some("two lines")),
            ("<b>bold</b>", Some("<b>bold</b>")),
            ("evil\u{202e}gnp.exe\u{200b}", Some("evilgnp.exe")),
            ("\u{200b} \u{feff}", None),
            ("", None),
        ] {
            assert_eq!(shown_reason(text).as_deref(), shown, "{text:?}");
        }
        assert_eq!(shown_reason(&"ä".repeat(1000)).unwrap().chars().count(), REASON_MAX_CHARS);
    }
}
