//! The note of an order. What somebody is typing is never replaced and never lost: it stays through
//! events, refusals, outages and reloads until it is saved or put aside.

mod conflict;
mod draft;

use highwater::{Mutations, json};
use leptos::{html, prelude::*};
use time::OffsetDateTime;

use self::{
    conflict::{Choice, Conflict},
    draft::Draft,
};
use super::{change, mutations};
use crate::{
    app::draft_name,
    live::StudioEvent,
    orders::model::{NOTE_MAX_CHARS, OrderChange, OrderId},
    ui::{Toasts, as_typed, effect, keep, kept, live, typed_early, use_toasts},
};

/// Who wrote the note as it stands.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Author {
    /// Their name.
    pub name: String,
    /// When they did.
    pub at: OffsetDateTime,
}

/// What the editor works with.
#[derive(Clone, Copy)]
struct Editor {
    /// Which order.
    id: StoredValue<OrderId>,
    /// Its note as it stands.
    note: Memo<String>,
    /// What is typed and not sent.
    draft: RwSignal<Option<Draft>>,
    /// What is on its way to the server.
    sending: RwSignal<Option<Draft>>,
    /// Somebody else's note that the author has seen and is about to replace.
    replaced: RwSignal<Option<String>>,
    mutations: Mutations<StudioEvent>,
    toasts: Toasts,
    /// The name under which the browser keeps the draft.
    name: StoredValue<String>,
    text: NodeRef<html::Textarea>,
    conflict: NodeRef<html::Section>,
}

/// The note, to be read and changed.
#[component]
pub(super) fn NoteEditor(
    /// Which order.
    id: OrderId,
    /// Its note as it stands.
    note: Memo<String>,
    /// Who wrote it.
    #[prop(into)]
    author: Signal<Option<Author>>,
) -> impl IntoView {
    let editor = Editor {
        name: StoredValue::new(draft_name(&format!("note:{id}"))),
        id: StoredValue::new(id),
        note,
        draft: RwSignal::new(None),
        sending: RwSignal::new(None),
        replaced: RwSignal::new(None),
        mutations: mutations(),
        toasts: use_toasts(),
        text: NodeRef::new(),
        conflict: NodeRef::new(),
    };
    editor.remember();
    view! {
        <form
            class="note"
            on:submit=move |event| {
                event.prevent_default();
                editor.save();
            }
        >
            <label for="note">"Note"</label>
            <NoteText editor=editor/>
            <NoteActions editor=editor/>
            {move || {
                editor
                    .in_conflict()
                    .then(|| {
                        view! {
                            <Conflict
                                node=editor.conflict
                                theirs=note.into()
                                author=author
                                mine=Signal::derive(move || editor.typed().unwrap_or_default())
                                choose=move |choice| editor.choose(choice)
                            />
                        }
                    })
            }}
            <Replaced editor=editor/>
        </form>
    }
}

#[component]
fn NoteText(
    /// The editor.
    editor: Editor,
) -> impl IntoView {
    let Editor { note, draft, .. } = editor;
    let typed = move |text| {
        let before = draft.get_untracked();
        draft.set(Draft::typed(before, text, note.get_untracked()));
    };
    view! {
        <textarea
            class="input"
            id="note"
            rows="4"
            aria-describedby="note-hint"
            aria-invalid=move || editor.too_long().is_some().then_some("true")
            node_ref=editor.text
            inner_html=as_typed(&note.get_untracked())
            use:typed_early=Callback::new(typed)
            prop:value=move || editor.typed().unwrap_or_else(|| note.get())
            on:input=move |event| typed(event_target_value(&event))
            on:keydown=move |event| {
                if event.key() == "Enter" && (event.ctrl_key() || event.meta_key()) {
                    editor.save();
                }
            }
        ></textarea>
    }
}

#[component]
fn NoteActions(
    /// The editor.
    editor: Editor,
) -> impl IntoView {
    let Editor { draft, sending, .. } = editor;
    let discard = move |_| editor.put_aside("Your changes to the note were put aside.");
    view! {
        <div class="note-actions">
            <p class="note-hint" id="note-hint" aria-live="polite">{move || editor.hint()}</p>
            <button
                type="button"
                class="button quiet"
                hidden=move || draft.with(Option::is_none)
                on:click=discard
            >
                "Discard"
            </button>
            <button
                type="submit"
                class="button"
                aria-busy=move || sending.with(Option::is_some).then_some("true")
                aria-disabled=move || draft.with(Option::is_none).then_some("true")
            >
                "Save note"
            </button>
        </div>
    }
}

/// Somebody else's note, at hand while its reader writes another.
#[component]
fn Replaced(
    /// The editor.
    editor: Editor,
) -> impl IntoView {
    live(move || {
        let replaced = editor.replaced.get().filter(|_| editor.draft.with(Option::is_some));
        replaced.map(|text| {
            view! {
                <details class="replaced">
                    <summary>"The version that yours will replace"</summary>
                    <blockquote class="version-text">{text}</blockquote>
                </details>
            }
        })
    })
}

impl Editor {
    /// Takes up what the browser kept, and has it keep what is typed from here on.
    fn remember(self) {
        effect(move |before: Option<()>| {
            let unsent = self.draft.get().or_else(|| self.sending.get());
            let name = self.name.get_value();
            if before.is_none() {
                let kept = kept(&name).and_then(|json| json::read::<Draft>(&json).ok());
                let note = self.note.get_untracked();
                self.draft.set(kept.filter(|draft| draft.text != note));
                return;
            }
            let json = unsent.and_then(|draft| serde_json::to_string(&draft).ok());
            keep(&name, json.as_deref());
        });
    }

    /// What is typed and not sent. The view follows it.
    fn typed(self) -> Option<String> {
        self.draft.with(|draft| draft.as_ref().map(|draft| draft.text.clone()))
    }

    fn too_long(self) -> Option<usize> {
        self.draft.with(|draft| draft.as_ref().and_then(Draft::too_long))
    }

    fn in_conflict(self) -> bool {
        let note = self.note.get();
        self.draft.with(|draft| draft.as_ref().is_some_and(|draft| draft.conflicts_with(&note)))
    }

    /// Sends what is typed, unless somebody else's version has to be looked at first.
    fn save(self) {
        let Some(draft) = self.draft.get_untracked() else { return };
        if draft.too_long().is_some() {
            return self.focus_text();
        }
        if untrack(move || self.in_conflict()) {
            // The section is in the page as long as there is a conflict.
            let _ = self.conflict.get_untracked().map(|section| section.focus());
            return;
        }
        self.draft.set(None);
        self.replaced.set(None);
        self.send(draft);
    }

    fn send(self, draft: Draft) {
        let id = self.id.get_value();
        let number = id.number();
        let asked = OrderChange { note: Some(draft.text.clone()), ..OrderChange::default() };
        let (name, saved) = (self.name.get_value(), id.clone());
        let request = change(id, asked, Some(draft.from.clone()));
        self.sending.set(Some(draft.clone()));
        let Self { toasts, mutations, .. } = self;
        mutations.run(request.done(move |outcome| {
            let is_saved = outcome.is_ok();
            match outcome {
                Ok(_) => toasts.undoable("Note saved.", move || {
                    let Draft { text, from } = draft.clone();
                    restore(mutations, toasts, saved.clone(), from, text);
                }),
                Err(error) => {
                    toasts.error(format!("The note of order {number} was not saved. {error}"));
                    // The page may be gone; then the browser has kept it.
                    self.draft.try_update(|current| {
                        *current = Some(Draft::after_failure(current.take(), draft));
                    });
                }
            }
            let page_is_gone = self.sending.try_set(None).is_some();
            if page_is_gone && is_saved {
                keep(&name, None);
            }
        }));
    }

    fn choose(self, choice: Choice) {
        match choice {
            Choice::KeepMine => {
                self.accept();
                self.save();
            }
            Choice::ContinueEditing => self.accept(),
            Choice::TakeTheirs => self.put_aside("Your version of the note was put aside."),
        }
        self.focus_text();
    }

    /// The author has seen the note as it stands, and will replace it.
    fn accept(self) {
        let theirs = self.note.get_untracked();
        self.replaced.set(Some(theirs.clone()).filter(|theirs| !theirs.trim().is_empty()));
        self.draft.update(|draft| {
            draft.iter_mut().for_each(|draft| draft.from.clone_from(&theirs));
        });
    }

    /// Shows the note as it stands instead of what was typed, which can be had back.
    fn put_aside(self, words: &'static str) {
        let Some(draft) = self.draft.get_untracked() else { return };
        self.draft.set(None);
        self.replaced.set(None);
        self.toasts.undoable(words, move || _ = self.draft.try_set(Some(draft.clone())));
    }

    fn focus_text(self) {
        // A text field in the page takes the focus.
        let _ = self.text.get_untracked().map(|text| text.focus());
    }

    /// What there is to say below the text.
    fn hint(self) -> String {
        if let Some(length) = self.too_long() {
            return format!(
                "A note has at most {NOTE_MAX_CHARS} characters; this one has {length}."
            );
        }
        if self.in_conflict() {
            return "Somebody changed this note meanwhile. Nothing of yours is lost.".to_owned();
        }
        if self.draft.with(Option::is_some) {
            return "Not saved yet. Ctrl+Enter saves.".to_owned();
        }
        "Seen by everyone who works on orders.".to_owned()
    }
}

/// Takes a saved note back to what it was, unless somebody has changed it since.
fn restore(
    mutations: Mutations<StudioEvent>,
    toasts: Toasts,
    id: OrderId,
    former: String,
    saved: String,
) {
    let asked = OrderChange { note: Some(former), ..OrderChange::default() };
    mutations.run(change(id, asked, Some(saved)).done(move |outcome| match outcome {
        Ok(_) => toasts.success("The note is as it was before."),
        Err(error) => toasts.error(format!("The note was not taken back. {error}")),
    }));
}
