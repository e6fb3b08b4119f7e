//! A text that several people may edit. What somebody is typing is never replaced and never lost:
//! it stays through events, refusals, outages and reloads until it is saved or put aside; and
//! nobody's text is replaced by one whose author has not seen it.
//!
//! Owns the draft, and what to do about two versions. It must not know what the text is of, nor how
//! it is saved.

mod conflict;
mod draft;
mod field;

use std::sync::Arc;

use highwater::json;
use leptos::{html, prelude::*};
use time::OffsetDateTime;

use self::conflict::Choice;
pub use self::{draft::Draft, field::GuardedForm};
use super::{
    draft::{keep, kept},
    erased::effect,
    toast::{Toasts, use_toasts},
};

/// Who wrote the text as it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Author {
    /// Their name.
    pub name: String,
    /// When they did.
    pub at: OffsetDateTime,
}

/// What is to be known of a guarded text.
pub struct Guard {
    /// What it is, in a word: "note".
    pub what: &'static str,
    /// The text as it stands.
    pub text: Memo<String>,
    /// The name under which the browser keeps what is typed: of this text and this user alone.
    pub name: String,
    /// The most characters it may have.
    pub most: usize,
}

/// A text that is edited under guard. Cheap to copy.
#[derive(Clone, Copy)]
pub struct Guarded {
    what: &'static str,
    text: Memo<String>,
    name: StoredValue<String>,
    most: usize,
    /// What is typed and not sent.
    draft: RwSignal<Option<Draft>>,
    /// What is on its way to the server.
    sending: RwSignal<Option<Draft>>,
    /// Somebody else's text that the author has seen and is about to replace.
    replaced: RwSignal<Option<String>>,
    send: StoredValue<Arc<dyn Fn(Sending) + Send + Sync>>,
    toasts: Toasts,
    field: NodeRef<html::Textarea>,
    /// That of the first line, if it has one of its own.
    head: NodeRef<html::Input>,
    conflict: NodeRef<html::Section>,
}

/// A text on its way to the server. It outlives the page: what is saved after that is forgotten by
/// the browser as well.
pub struct Sending {
    /// What was typed, and what that replaces.
    pub draft: Draft,
    name: String,
    current: RwSignal<Option<Draft>>,
    sending: RwSignal<Option<Draft>>,
}

impl Sending {
    /// The server has it.
    pub fn saved(self) {
        let page_is_gone = self.sending.try_set(None).is_some();
        if page_is_gone {
            keep(&self.name, None);
        }
    }

    /// The server has it not: it is typed and not saved again.
    pub fn failed(self) {
        // The page may be gone; then the browser has kept it.
        self.current.try_update(|current| {
            *current = Some(Draft::after_failure(current.take(), self.draft));
        });
        self.sending.try_set(None);
    }
}

impl Guarded {
    /// Guards a text. `send` saves what it is handed, and says how that went.
    pub fn new(guard: Guard, send: impl Fn(Sending) + Send + Sync + 'static) -> Self {
        let Guard { what, text, name, most } = guard;
        let guarded = Self {
            what,
            text,
            name: StoredValue::new(name),
            most,
            draft: RwSignal::new(None),
            sending: RwSignal::new(None),
            replaced: RwSignal::new(None),
            send: StoredValue::new(Arc::new(send)),
            toasts: use_toasts(),
            field: NodeRef::new(),
            head: NodeRef::new(),
            conflict: NodeRef::new(),
        };
        guarded.remember();
        guarded
    }

    /// Takes up what the browser kept, and has it keep what is typed from here on.
    fn remember(self) {
        effect(move |before: Option<()>| {
            let unsent = self.draft.get().or_else(|| self.sending.get());
            let name = self.name.get_value();
            if before.is_none() {
                self.take_up(&name);
                return;
            }
            keep_draft(&name, unsent.as_ref());
        });
        // What another page put aside, and had back since this one is open.
        effect(move |before: Option<()>| {
            self.toasts.undone();
            if before.is_some() && untrack(move || !self.is_edited() && !self.is_on_its_way()) {
                self.take_up(&self.name.get_value());
            }
        });
    }

    /// Goes on with what the browser kept, unless the text reads like that.
    fn take_up(self, name: &str) {
        let kept = kept(name).and_then(|json| json::read::<Draft>(&json).ok());
        let text = self.text.get_untracked();
        self.draft.set(kept.filter(|draft| draft.text != text));
    }

    /// What is typed and not sent. The view follows it.
    pub fn typed(self) -> Option<String> {
        self.draft.with(|draft| draft.as_ref().map(|draft| draft.text.clone()))
    }

    /// What the fields hold. The view follows it.
    fn whole(self) -> String {
        self.typed().unwrap_or_else(|| self.text.get())
    }

    /// Whether something is typed and not sent. The view follows it.
    pub fn is_edited(self) -> bool {
        self.draft.with(Option::is_some)
    }

    /// Whether a text is on its way to the server. The view follows it.
    pub fn is_on_its_way(self) -> bool {
        self.sending.with(Option::is_some)
    }

    /// Whether somebody else has written something else meanwhile. The view follows it.
    pub fn in_conflict(self) -> bool {
        let text = self.text.get();
        self.draft.with(|draft| draft.as_ref().is_some_and(|draft| draft.conflicts_with(&text)))
    }

    /// Takes what is in the field.
    fn take(self, text: String) {
        let before = self.draft.get_untracked();
        self.draft.set(Draft::typed(before, text, self.text.get_untracked()));
    }

    fn too_long(self) -> Option<usize> {
        self.draft.with(|draft| draft.as_ref().and_then(|draft| draft.too_long(self.most)))
    }

    /// Sends what is typed, unless somebody else's version has to be looked at first. Whether there
    /// is nothing more to do here.
    pub fn save(self) -> bool {
        let Some(draft) = self.draft.get_untracked() else { return true };
        if draft.too_long(self.most).is_some() {
            self.focus();
            return false;
        }
        if untrack(move || self.in_conflict()) {
            // The section is in the page as long as there is a conflict.
            let _ = self.conflict.get_untracked().map(|section| section.focus());
            return false;
        }
        self.draft.set(None);
        self.replaced.set(None);
        self.sending.set(Some(draft.clone()));
        let (name, current, sending) = (self.name.get_value(), self.draft, self.sending);
        (self.send.get_value())(Sending { draft, name, current, sending });
        true
    }

    /// Whether there is nothing more to do here.
    fn choose(self, choice: Choice) -> bool {
        let done = match choice {
            Choice::KeepMine => {
                self.accept();
                self.save()
            }
            Choice::Merge => {
                self.accept();
                false
            }
            Choice::TakeTheirs => {
                self.put_aside(format!("Your version of the {} was put aside.", self.what));
                false
            }
        };
        self.focus();
        done
    }

    /// The author has seen the text as it stands, and will replace it.
    fn accept(self) {
        let theirs = self.text.get_untracked();
        self.replaced.set(Some(theirs.clone()).filter(|theirs| !theirs.trim().is_empty()));
        self.draft.update(|draft| {
            draft.iter_mut().for_each(|draft| draft.from.clone_from(&theirs));
        });
    }

    /// Shows the text as it stands instead of what was typed, which can be had back.
    pub fn discard(self) {
        self.put_aside(format!("Your changes to the {} were put aside.", self.what));
    }

    /// Lets go of what was typed: it has been put somewhere else.
    pub fn forget(self) {
        self.draft.set(None);
        self.replaced.set(None);
    }

    fn put_aside(self, words: String) {
        let Some(draft) = self.draft.get_untracked() else { return };
        self.forget();
        let (name, toasts) = (self.name.get_value(), self.toasts);
        toasts.undoable(words, move || {
            let page_is_gone = self.draft.try_set(Some(draft.clone())).is_some();
            if page_is_gone {
                keep_draft(&name, Some(&draft));
                toasts.success("Your changes are back where they were typed.");
            }
        });
    }

    /// Puts the caret into the field.
    pub fn focus(self) {
        // A text field in the page takes the focus.
        let _ = match self.head.get_untracked() {
            Some(head) => Some(head.focus()),
            None => self.field.get_untracked().map(|field| field.focus()),
        };
    }

    /// What there is to say below the field; `idle` while nothing is typed.
    fn hint(self, idle: &'static str) -> String {
        let Self { what, most, .. } = self;
        if let Some(length) = self.too_long() {
            let a = if what.starts_with('a') { "An" } else { "A" };
            return format!("{a} {what} has at most {most} characters; this one has {length}.");
        }
        if self.in_conflict() {
            return format!("Somebody changed this {what} meanwhile. Nothing of yours is lost.");
        }
        if self.is_edited() {
            return "Not saved yet. Ctrl+Enter saves.".to_owned();
        }
        idle.to_owned()
    }
}

/// Has the browser keep a draft under its name, or forget it.
fn keep_draft(name: &str, draft: Option<&Draft>) {
    let json = draft.and_then(|draft| serde_json::to_string(draft).ok());
    keep(name, json.as_deref());
}
