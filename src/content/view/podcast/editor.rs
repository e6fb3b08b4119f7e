//! Editing a script. What somebody is typing is never replaced and never lost: it stays through
//! events, refusals and reloads until it is saved or put aside.

mod draft;
mod fields;

use highwater::{MutationRequest, Mutations};
use leptos::{html, prelude::*, wasm_bindgen::JsCast, web_sys::HtmlElement};

pub(super) use self::draft::Draft;
use self::{draft::differing, fields::Fields};
use super::super::mutations;
use crate::{
    app::draft_name,
    content::{
        api::edit_script,
        live::PodcastDetail,
        model::{Podcast, PodcastId, Script, ScriptEdit},
    },
    error::AppError,
    live::StudioEvent,
    ui::{Toasts, effect, keep, kept, use_toasts},
};

/// What the editor works with; it outlives the fields.
#[derive(Clone, Copy)]
pub(super) struct Editor {
    /// Which podcast.
    id: StoredValue<PodcastId>,
    /// Its script as it stands.
    script: Memo<Option<Script>>,
    /// Whether a job is under way.
    busy: Memo<bool>,
    /// What is typed and not sent.
    draft: RwSignal<Option<Draft>>,
    /// What is on its way to the server.
    sending: RwSignal<Option<Draft>>,
    mutations: Mutations<StudioEvent>,
    toasts: Toasts,
    /// The name under which the browser keeps the draft.
    name: StoredValue<String>,
    conflict: NodeRef<html::Section>,
    /// The button that opens it, which has the focus again afterwards.
    opener: NodeRef<html::Button>,
    /// The fields.
    form: NodeRef<html::Form>,
}

impl Editor {
    /// For one podcast. What the browser kept of its script is taken up.
    pub(super) fn new(id: PodcastId, script: Memo<Option<Script>>, busy: Memo<bool>) -> Self {
        let editor = Self {
            name: StoredValue::new(draft_name(&format!("script:{id}"))),
            id: StoredValue::new(id),
            script,
            busy,
            draft: RwSignal::new(None),
            sending: RwSignal::new(None),
            mutations: mutations(),
            toasts: use_toasts(),
            conflict: NodeRef::new(),
            opener: NodeRef::new(),
            form: NodeRef::new(),
        };
        editor.remember();
        editor
    }

    /// The button that opens it.
    pub(super) fn opener(self) -> NodeRef<html::Button> {
        self.opener
    }

    /// Whether somebody edits.
    pub(super) fn is_open(self) -> bool {
        self.draft.with(Option::is_some)
    }

    /// Begins with the script as it stands.
    pub(super) fn begin(self) {
        if let Some(script) = self.script.get_untracked() {
            self.draft.set(Some(Draft { script: script.clone(), from: script }));
            // The fields are there with the next frame.
            request_animation_frame(move || self.focus_first());
        }
    }

    /// Closes it.
    fn close(self) {
        self.draft.set(None);
        request_animation_frame(move || {
            // A button in the page takes the focus.
            let _ = self.opener.get_untracked().map(|opener| opener.focus());
        });
    }

    fn focus_first(self) {
        let form = self.form.get_untracked();
        let first = form.and_then(|form| form.query_selector("textarea").ok().flatten());
        let first = first.and_then(|first| first.dyn_into::<HtmlElement>().ok());
        // A field in the page takes the focus.
        let _ = first.map(|first| first.focus());
    }

    fn remember(self) {
        effect(move |before: Option<()>| {
            let unsent = self.draft.get().or_else(|| self.sending.get());
            let name = self.name.get_value();
            if before.is_none() {
                let kept = kept(&name).and_then(|json| serde_json::from_str::<Draft>(&json).ok());
                let script = self.script.get_untracked();
                self.draft.set(kept.filter(|draft| script.as_ref() != Some(&draft.script)));
                return;
            }
            let typed = unsent.filter(Draft::is_typed);
            keep(&name, typed.and_then(|draft| serde_json::to_string(&draft).ok()).as_deref());
        });
    }

    fn in_conflict(self) -> bool {
        self.script.with(|script| {
            let script = script.as_ref();
            self.draft.with(|draft| {
                script
                    .zip(draft.as_ref())
                    .is_some_and(|(script, draft)| draft.conflicts_with(script))
            })
        })
    }

    /// Sends what is typed, unless another version has to be looked at first.
    fn save(self) {
        if self.busy.get_untracked() {
            return;
        }
        let Some(draft) = self.draft.get_untracked() else { return };
        if !draft.is_typed() {
            return self.close();
        }
        if untrack(move || self.in_conflict()) {
            // The section is in the page as long as there is a conflict.
            let _ = self.conflict.get_untracked().map(|section| section.focus());
            return;
        }
        self.sending.set(Some(draft.clone()));
        self.close();
        let (toasts, name) = (self.toasts, self.name.get_value());
        let request = replace(self.id.get_value(), draft.clone());
        self.mutations.run(request.done(move |outcome| {
            match &outcome {
                Ok(_) => toasts.success("The script is saved."),
                Err(refusal) => {
                    toasts.error(format!("The script was not saved. {refusal}"));
                    // The page may be gone; then the browser has kept it.
                    self.draft.try_update(|current| _ = current.get_or_insert(draft));
                }
            }
            let page_is_gone = self.sending.try_set(None).is_some();
            if page_is_gone && outcome.is_ok() {
                keep(&name, None);
            }
        }));
    }

    /// The author has seen the script as it stands, and will replace it.
    fn accept(self) {
        let theirs = self.script.get_untracked();
        self.draft.update(|draft| {
            let both = draft.as_mut().zip(theirs);
            both.into_iter().for_each(|(draft, theirs)| draft.from = theirs);
        });
    }

    /// Shows the script as it stands instead of what was typed, which can be had back.
    fn put_aside(self) {
        let Some(draft) = self.draft.get_untracked() else { return };
        self.close();
        if draft.is_typed() {
            let words = "Your changes to the script were put aside.";
            self.toasts.undoable(words, move || _ = self.draft.try_set(Some(draft.clone())));
        }
    }

    /// What there is to say below the text.
    fn hint(self) -> &'static str {
        if self.busy.get() {
            return "A job is at work on this podcast; save when it has ended. Nothing of yours is lost.";
        }
        if self.in_conflict() {
            return "The script has changed meanwhile. Nothing of yours is lost.";
        }
        "What you empty is left out. Ctrl+Enter saves. Then have the audio generated again."
    }
}

/// A script to type into, in place of the one to read.
#[component]
pub(super) fn ScriptEditor(
    /// What it works with.
    editor: Editor,
) -> impl IntoView {
    let first = editor.draft.get_untracked().map(|draft| draft.script).unwrap_or_default();
    let blocked = move || editor.busy.get().then_some("true");
    view! {
        <form
            class="script script-editor"
            node_ref=editor.form
            on:keydown=move |event| {
                if event.key() == "Enter" && (event.ctrl_key() || event.meta_key()) {
                    event.prevent_default();
                    editor.save();
                }
            }
            on:submit=move |event| {
                event.prevent_default();
                editor.save();
            }
        >
            <Fields first=first draft=editor.draft/>
            {move || editor.in_conflict().then(|| view! { <Conflict editor=editor/> })}
            <div class="script-save">
                <p class="field-help" role="status">{move || editor.hint()}</p>
                <div class="button-group">
                    <button type="button" class="button" on:click=move |_| editor.put_aside()>
                        "Cancel"
                    </button>
                    <button type="submit" class="button primary" aria-disabled=blocked>
                        "Save script"
                    </button>
                </div>
            </div>
        </form>
    }
}

/// Where two versions of the script differ, until one of them is chosen.
#[component]
fn Conflict(
    /// What it works with.
    editor: Editor,
) -> impl IntoView {
    let both = Memo::new(move |_| {
        let theirs = editor.script.get().unwrap_or_default();
        let mine = editor.draft.get().map(|draft| draft.script).unwrap_or_default();
        differing(&theirs, &mine)
    });
    let version = move |title: &'static str, note: &'static str, text: Signal<String>| {
        view! {
            <figure class="version">
                <figcaption class="version-head">
                    <span class="version-title">{title}</span>
                    <span class="muted">{note}</span>
                </figcaption>
                <blockquote class="version-text">{move || text.get()}</blockquote>
            </figure>
        }
    };
    let keep_mine = move |_| {
        editor.accept();
        editor.save();
    };
    view! {
        <section class="conflict" aria-labelledby="conflict" tabindex="-1" node_ref=editor.conflict>
            <h3 class="conflict-title" id="conflict">"Two versions of this script"</h3>
            <div class="versions">
                {version("The other", "Saved", Signal::derive(move || both.get().0))}
                {version("Yours", "Not saved", Signal::derive(move || both.get().1))}
            </div>
            <div class="button-group">
                <button type="button" class="button" on:click=keep_mine>"Keep mine"</button>
                <button type="button" class="button" on:click=move |_| editor.put_aside()>
                    "Take the other"
                </button>
                <button type="button" class="button quiet" on:click=move |_| editor.accept()>
                    "Continue editing"
                </button>
            </div>
        </section>
    }
}

fn replace(id: PodcastId, draft: Draft) -> MutationRequest<StudioEvent, Podcast, AppError> {
    let (detail, sent) = (PodcastDetail(id.clone()), id.clone());
    let shown = draft.script.clone();
    MutationRequest::new(format!("podcast {id}"), move |sending| {
        let Draft { script, from } = draft.clone();
        let version = match sending.committed(&PodcastDetail(sent.clone())) {
            // Version 0 never is: the server refuses in its own words.
            Some(Ok(podcast)) if podcast.script.as_ref() != Some(&from) => Some(0),
            Some(Ok(podcast)) => Some(podcast.row.version),
            _ => None,
        };
        edit_script(sent.clone(), ScriptEdit { script, version }, sending.id)
    })
    .overlay(detail.clone(), move |podcast| {
        let edit = ScriptEdit { script: shown.clone(), version: None };
        if let Ok(script) = podcast.edited(edit) {
            podcast.replace_script(script);
        }
    })
    .returns(detail, Podcast::clone)
}
