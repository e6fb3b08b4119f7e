//! A script being edited, and what became of the script it started from.
//!
//! Pure rules: what somebody types is never replaced, and never replaces what they have not seen.

use serde::{Deserialize, Serialize};

use crate::content::model::Script;

/// A script being edited.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in super::super) struct Draft {
    /// What is typed.
    pub(super) script: Script,
    /// The script that its author has seen: where they began, or what they chose to replace.
    pub(super) from: Script,
}

impl Draft {
    /// Whether anything was typed.
    pub(super) fn is_typed(&self) -> bool {
        self.script != self.from
    }

    /// Whether the script has changed since its author saw it, to something else than what they
    /// write themselves.
    pub(super) fn conflicts_with(&self, script: &Script) -> bool {
        self.from != *script && self.script != *script
    }
}

/// What each of two scripts says that the other one does not, a line for each turn.
pub(super) fn differing(theirs: &Script, mine: &Script) -> (String, String) {
    let only = |one: &Script, other: &Script| {
        let lines = lines(other);
        let own: Vec<&str> =
            self::lines(one).filter(|line| !lines.clone().any(|l| l == *line)).collect();
        own.join("\n\n")
    };
    (only(theirs, mine), only(mine, theirs))
}

/// The titles and turns of a script, in order.
fn lines(script: &Script) -> impl Iterator<Item = &str> + Clone {
    script.segments.iter().flat_map(|segment| {
        let turns = segment.turns.iter().map(|turn| turn.text.as_str());
        std::iter::once(segment.title.as_str()).chain(turns)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content::model::{Host, Segment, Turn};

    fn script(texts: [&str; 2]) -> Script {
        let turns = texts.map(|text| Turn { host: Host::A, text: text.to_owned() });
        let segment = Segment { title: "One".to_owned(), turns: turns.to_vec() };
        Script { title: "T".to_owned(), segments: vec![segment] }
    }

    #[test]
    fn only_another_script_from_elsewhere_is_a_conflict() {
        let (old, mine, theirs) =
            (script(["a", "b"]), script(["a", "mine"]), script(["theirs", "b"]));
        let draft = Draft { script: mine.clone(), from: old.clone() };
        assert!(draft.is_typed());
        assert!(!draft.conflicts_with(&old));
        assert!(!draft.conflicts_with(&mine));
        assert!(draft.conflicts_with(&theirs));
    }

    #[test]
    fn versions_are_shown_where_they_differ() {
        let (theirs, mine) = (script(["theirs", "b"]), script(["a", "mine"]));
        assert_eq!(differing(&theirs, &mine), ("theirs\n\nb".to_owned(), "a\n\nmine".to_owned()));
        let both = differing(&script(["same", "theirs"]), &script(["same", "mine"]));
        assert_eq!(both, ("theirs".to_owned(), "mine".to_owned()));
    }
}
