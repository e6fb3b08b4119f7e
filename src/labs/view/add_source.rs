//! The dialog in which sources are added: files, several at once, or a text that is pasted. What is
//! typed stays until it is added, and what is refused is said beside its field.

use leptos::{
    html,
    prelude::*,
    task::spawn_local,
    web_sys::{HtmlInputElement, SubmitEvent},
};

use super::bench::Bench;
use crate::{
    app::draft_name,
    error::AppError,
    labs::model::{LINE_MAX_CHARS, NewSource, ProjectId, SOURCE_MAX_BYTES, Source},
    ui::{
        Dialog, Field, Part, TextField, chosen_files, close_dialog, described_by, effect,
        focus_first_invalid, keep, kept, send_json, upload,
    },
};

/// What is typed, and what is wrong with which field. Cheap to copy.
#[derive(Clone, Copy)]
struct Form {
    files: NodeRef<html::Input>,
    name: RwSignal<String>,
    text: RwSignal<String>,
    wrong_files: RwSignal<Option<String>>,
    wrong_name: RwSignal<Option<String>>,
    wrong_text: RwSignal<Option<String>>,
    busy: RwSignal<bool>,
}

impl Form {
    fn new() -> Self {
        Self {
            files: NodeRef::new(),
            name: RwSignal::new(String::new()),
            text: RwSignal::new(String::new()),
            wrong_files: RwSignal::new(None),
            wrong_name: RwSignal::new(None),
            wrong_text: RwSignal::new(None),
            busy: RwSignal::new(false),
        }
    }

    fn forget_problems(self) {
        for wrong in [self.wrong_files, self.wrong_name, self.wrong_text] {
            wrong.set(None);
        }
    }

    /// What was pasted, if anything was.
    fn pasted(self) -> Option<NewSource> {
        let new =
            NewSource { source_name: self.name.get_untracked(), text: self.text.get_untracked() };
        (!new.text.trim().is_empty() || !new.source_name.trim().is_empty()).then_some(new)
    }

    /// Shows a refusal of what was pasted at its field. The page may be gone by then.
    fn show(self, refusal: &AppError) {
        let of_name = matches!(refusal, AppError::Invalid { field: Some(field), .. } if field == "sourceName");
        let place = if of_name { self.wrong_name } else { self.wrong_text };
        place.try_set(Some(refusal.to_string()));
    }
}

/// The dialog.
#[component]
pub(super) fn AddSource(
    /// The page.
    bench: Bench,
    /// The element.
    dialog: NodeRef<html::Dialog>,
) -> impl IntoView {
    let (form, node) = (Form::new(), NodeRef::<html::Form>::new());
    remember(form, draft_name(&format!("source:{}", bench.id())));
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if form.busy.get_untracked() {
            return;
        }
        form.forget_problems();
        let input = form.files.get_untracked();
        let chosen = input.as_ref().map(chosen_files).unwrap_or_default();
        let pasted = form.pasted();
        let wrong = pasted.clone().and_then(|new| new.checked().err());
        if chosen.is_empty() && pasted.is_none() {
            form.wrong_files.set(Some("Choose files, or paste a text below.".to_owned()));
        }
        wrong.iter().for_each(|refusal| form.show(refusal));
        if wrong.is_some() || form.wrong_files.with_untracked(Option::is_some) {
            // The marks are there with the next frame.
            request_animation_frame(move || focus_first_invalid(node));
            return;
        }
        form.busy.set(true);
        let id = bench.id();
        spawn_local(async move {
            let refused = match &input {
                Some(input) => send_files(&id, input, chosen).await,
                None => Vec::new(),
            };
            if !refused.is_empty() {
                form.wrong_files.try_set(Some(refused.join(" ")));
            } else if let Some(input) = &input {
                input.set_value("");
            }
            let outcome = match pasted {
                Some(new) => send(&id, &new).await,
                None => Ok(()),
            };
            match &outcome {
                Ok(()) => {
                    form.name.try_set(String::new());
                    form.text.try_set(String::new());
                }
                Err(refusal) => form.show(refusal),
            }
            // The page may be gone by then.
            form.busy.try_set(false);
            if refused.is_empty() && outcome.is_ok() {
                close_dialog(dialog);
            } else {
                request_animation_frame(move || focus_first_invalid(node));
            }
        });
    };
    let waits = move || form.busy.get().then_some("true");
    view! {
        <Dialog
            node=dialog
            id="add-source"
            title="Add sources"
            actions=Box::new(move || view! {
                <button type="button" class="button" on:click=move |_| close_dialog(dialog)>
                    "Cancel"
                </button>
                <button
                    type="submit"
                    form="source-form"
                    class="button primary"
                    aria-busy=waits
                    aria-disabled=waits
                >
                    "Add"
                </button>
            }.into_any())
        >
            <form id="source-form" class="stacked" novalidate node_ref=node on:submit=submit>
                <Fields form=form/>
            </form>
        </Dialog>
    }
}

#[component]
fn Fields(
    /// What is typed.
    form: Form,
) -> impl IntoView {
    view! {
        <Field
            id="source-files"
            label="Files"
            help="Text or Markdown in UTF-8, up to 2 MB each. Each is called by its name."
            error=form.wrong_files
        >
            <input
                class="input file"
                type="file"
                multiple
                id="source-files"
                node_ref=form.files
                accept=".txt,.text,.md,.markdown,text/plain,text/markdown"
                aria-describedby=described_by("source-files", true)
                aria-invalid=move || form.wrong_files.with(Option::is_some).then_some("true")
                on:change=move |_| form.wrong_files.set(None)
            />
        </Field>
        <p class="stacked-or muted">"Or paste a text"</p>
        <TextField
            id="source-name"
            label="Name"
            value=form.name
            error=form.wrong_name
            maxlength=u32::try_from(LINE_MAX_CHARS).unwrap_or(u32::MAX)
        />
        <Field id="source-text" label="Text" error=form.wrong_text>
            <textarea
                class="input"
                id="source-text"
                rows="7"
                spellcheck="false"
                aria-describedby=described_by("source-text", false)
                aria-invalid=move || form.wrong_text.with(Option::is_some).then_some("true")
                prop:value=move || form.text.get()
                on:input=move |event| {
                    form.text.set(event_target_value(&event));
                    form.wrong_text.set(None);
                }
            ></textarea>
        </Field>
    }
}

/// Takes up what was typed before a reload, and has the browser keep what is typed from here on.
fn remember(form: Form, draft: String) {
    let Form { name, text, .. } = form;
    effect(move |before: Option<()>| {
        let typed = format!("{}\n{}", name.get(), text.get());
        if before.is_none() {
            if let Some((typed_name, typed_text)) =
                kept(&draft).as_deref().and_then(|typed| typed.split_once('\n'))
            {
                name.set(typed_name.to_owned());
                text.set(typed_text.to_owned());
            }
            return;
        }
        keep(&draft, Some(&typed).filter(|typed| *typed != "\n").map(String::as_str));
    });
}

/// Sends the chosen files one after another; why each was refused that was, by name. The files that
/// were taken are sources already.
async fn send_files(
    id: &ProjectId,
    input: &HtmlInputElement,
    chosen: Vec<(String, f64)>,
) -> Vec<String> {
    let mut refused = Vec::new();
    for (at, (name, bytes)) in (0..).zip(chosen) {
        let outcome = if bytes > SOURCE_MAX_BYTES as f64 {
            Err(AppError::TooLarge { message: "A source has at most 2 MB.".to_owned() })
        } else {
            upload::<Source>(&address(id), &[("file", Part::FileAt(input, at))]).await
        };
        if let Err(refusal) = outcome {
            refused.push(format!("{name}: {refusal}"));
        }
    }
    refused
}

async fn send(id: &ProjectId, new: &NewSource) -> Result<(), AppError> {
    send_json::<Source>(&address(id), new).await.map(|_| ())
}

fn address(id: &ProjectId) -> String {
    format!("/api/projects/{id}/sources")
}
