//! What somebody has typed and not yet sent, kept by their browser for as long as the tab lives:
//! a reload, a crash or a click on the wrong link loses nothing of it.
//!
//! Owns what drafts are called there. It must not know what is kept, nor whose: a name says both.

use leptos::prelude::*;

use super::{
    erased::effect,
    tab_memory::{remember, remembered},
};

/// What is kept under a name; `None` when nothing is.
#[must_use]
pub fn kept(name: &str) -> Option<String> {
    remembered(&key(name))
}

/// Keeps a text under a name, in place of the one before; `None` forgets it.
pub fn keep(name: &str, text: Option<&str>) {
    remember(&key(name), text);
}

/// Takes up what was typed into a line and a text before a reload, and keeps what is typed into them from
/// here on.
pub fn keep_typed(name: String, line: RwSignal<String>, text: RwSignal<String>) {
    effect(move |before: Option<()>| {
        let typed = format!("{}\n{}", line.get(), text.get());
        if before.is_none() {
            let kept = kept(&name);
            if let Some((kept_line, kept_text)) =
                kept.as_deref().and_then(|kept| kept.split_once('\n'))
            {
                line.set(kept_line.to_owned());
                text.set(kept_text.to_owned());
            }
            return;
        }
        keep(&name, Some(&typed).filter(|typed| *typed != "\n").map(String::as_str));
    });
}

fn key(name: &str) -> String {
    format!("draft:{name}")
}
