//! A text being edited, and what became of the one it started from.
//!
//! Pure rules: what somebody types is never replaced, and never replaces what they have not seen.

use serde::{Deserialize, Serialize};

/// A text being edited.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// What is typed.
    pub text: String,
    /// The text that its author has seen: where they began, or what they chose to replace.
    pub from: String,
}

impl Draft {
    /// What typing `text` makes of the draft before it, over the text that stands there; nothing
    /// when it is that again.
    pub fn typed(before: Option<Self>, text: String, standing: String) -> Option<Self> {
        let from = before.map_or(standing, |draft| draft.from);
        (text != from).then_some(Self { text, from })
    }

    /// Whether somebody else has changed the text since its author saw it, to something else than
    /// what they write themselves.
    pub fn conflicts_with(&self, standing: &str) -> bool {
        self.from != standing && self.text != standing
    }

    /// How many characters it has, if those are more than `most`.
    pub fn too_long(&self, most: usize) -> Option<usize> {
        Some(self.text.chars().count()).filter(|length| *length > most)
    }

    /// What is left to edit after sending `sent` has failed: what was sent, or what was typed since,
    /// with the text seen before.
    pub fn after_failure(current: Option<Self>, sent: Self) -> Self {
        match current {
            Some(current) if current.from == sent.text => Self { from: sent.from, ..current },
            Some(current) => current,
            None => sent,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft(text: &str, from: &str) -> Draft {
        Draft { text: text.to_owned(), from: from.to_owned() }
    }

    #[test]
    fn typing_the_same_again_leaves_nothing_to_save() {
        let typed = Draft::typed(None, "New".to_owned(), "Old".to_owned());
        assert_eq!(typed, Some(draft("New", "Old")));
        assert_eq!(Draft::typed(typed, "Old".to_owned(), "Old".to_owned()), None);
    }

    #[test]
    fn typing_on_does_not_accept_what_somebody_else_wrote_meanwhile() {
        let typed = Draft::typed(Some(draft("Ne", "Old")), "New".to_owned(), "Theirs".to_owned());
        assert_eq!(typed, Some(draft("New", "Old")));
    }

    #[test]
    fn only_another_text_from_somebody_else_is_a_conflict() {
        assert!(!draft("Mine", "Old").conflicts_with("Old"));
        assert!(draft("Mine", "Old").conflicts_with("Theirs"));
        assert!(!draft("The same", "Old").conflicts_with("The same"));
    }

    #[test]
    fn a_failure_gives_back_what_was_sent_unless_the_author_typed_on() {
        let sent = draft("First", "Old");
        assert_eq!(Draft::after_failure(None, sent.clone()), sent);
        let on = Draft::after_failure(Some(draft("First and more", "First")), sent);
        assert_eq!(on, draft("First and more", "Old"));
    }
}
