//! The dialog in which sources are added: files, several at once, or a text that is pasted. What is
//! typed stays until it is added, and what is refused is said beside its field.

use leptos::{
    html,
    prelude::*,
    task::spawn_local,
    web_sys::{HtmlInputElement, SubmitEvent},
};

use super::{bench::Bench, counted};
use crate::{
    app::draft_name,
    error::AppError,
    labs::model::{LINE_MAX_CHARS, NewSource, ProjectId, SOURCE_MAX_BYTES, Source},
    ui::{
        Dialog, Field, FormError, Part, TextField, chosen_files, close_dialog, described_by,
        focus_first_invalid, keep, keep_chosen, keep_typed, send_json, upload,
    },
};

/// What is typed, and what is wrong with it. Cheap to copy.
#[derive(Clone, Copy)]
struct Form {
    bench: Bench,
    dialog: NodeRef<html::Dialog>,
    node: NodeRef<html::Form>,
    files: NodeRef<html::Input>,
    name: RwSignal<String>,
    text: RwSignal<String>,
    wrong_files: RwSignal<Option<String>>,
    wrong_name: RwSignal<Option<String>>,
    wrong_text: RwSignal<Option<String>>,
    /// What is wrong with none of the fields.
    wrong: RwSignal<Option<String>>,
    busy: RwSignal<bool>,
    /// The name under which the browser keeps what is typed.
    draft: StoredValue<String>,
}

impl Form {
    fn new(bench: Bench, dialog: NodeRef<html::Dialog>) -> Self {
        let draft = draft_name(&format!("source:{}", bench.id()));
        Self {
            bench,
            dialog,
            node: NodeRef::new(),
            files: NodeRef::new(),
            name: RwSignal::new(String::new()),
            text: RwSignal::new(String::new()),
            wrong_files: RwSignal::new(None),
            wrong_name: RwSignal::new(None),
            wrong_text: RwSignal::new(None),
            wrong: RwSignal::new(None),
            busy: RwSignal::new(false),
            draft: StoredValue::new(draft),
        }
    }

    fn forget_problems(self) {
        for wrong in [self.wrong_files, self.wrong_name, self.wrong_text, self.wrong] {
            // The page may be gone by then.
            wrong.try_set(None);
        }
    }

    /// What was pasted, if anything was.
    fn pasted(self) -> Option<NewSource> {
        let new =
            NewSource { source_name: self.name.get_untracked(), text: self.text.get_untracked() };
        (!new.text.trim().is_empty() || !new.source_name.trim().is_empty()).then_some(new)
    }

    /// Shows a refusal of what was pasted at its field, if it is of one. The page may be gone by then.
    fn show(self, refusal: &AppError) {
        let place = match refusal {
            AppError::Invalid { field: Some(field), .. } if field == "sourceName" => {
                self.wrong_name
            }
            AppError::Invalid { .. } | AppError::TooLarge { .. } => self.wrong_text,
            _ => self.wrong,
        };
        place.try_set(Some(refusal.to_string()));
    }

    /// The marks are there with the next frame.
    fn focus_first_invalid(self) {
        request_animation_frame(move || focus_first_invalid(self.node));
    }

    /// Adds what was chosen and what was pasted, once that can be.
    fn submit(self) {
        if self.busy.get_untracked() {
            return;
        }
        self.forget_problems();
        let input = self.files.get_untracked();
        let chosen = input.as_ref().map(chosen_files).unwrap_or_default();
        let pasted = self.pasted();
        let wrong = pasted.clone().and_then(|new| new.checked().err());
        if chosen.is_empty() && pasted.is_none() {
            self.wrong_files.set(Some("Choose files, or paste a text below.".to_owned()));
        }
        wrong.iter().for_each(|refusal| self.show(refusal));
        if wrong.is_some() || self.wrong_files.with_untracked(Option::is_some) {
            return self.focus_first_invalid();
        }
        self.busy.set(true);
        let (id, dialog) = (self.bench.id(), self.dialog.get_untracked());
        let draft = self.draft.get_value();
        spawn_local(async move {
            let files = match &input {
                Some(input) => send_files(&id, input, chosen).await,
                None => Sent::default(),
            };
            let text = match &pasted {
                Some(new) => send(&id, new).await,
                None => Ok(()),
            };
            // The page may be gone by then.
            self.busy.try_set(false);
            if text.is_ok() {
                keep(&draft, None);
                self.name.try_set(String::new());
                self.text.try_set(String::new());
            }
            let dialog = dialog.filter(|dialog| dialog.is_connected() && dialog.open());
            match (dialog, files.told()) {
                (Some(dialog), None) if text.is_ok() => dialog.close(),
                (Some(_), told) => {
                    self.wrong_files.try_set(told);
                    text.err().iter().for_each(|refusal| self.show(refusal));
                    self.focus_first_invalid();
                }
                // Whoever has closed it looks elsewhere.
                (None, told) => {
                    let toasts = self.bench.toasts;
                    told.into_iter().for_each(|told| toasts.error(told));
                    let name = pasted.map(|new| new.source_name).unwrap_or_default();
                    let refusals = text.err();
                    refusals.iter().for_each(|refusal| {
                        toasts.error(format!("“{name}” is not added. {refusal}"));
                    });
                }
            }
        });
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
    let form = Form::new(bench, dialog);
    keep_typed(form.draft.get_value(), form.name, form.text);
    let waits = move || form.busy.get().then_some("true");
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        form.submit();
    };
    view! {
        <Dialog
            node=dialog
            id="add-source"
            title="Add sources"
            on_close=move |()| form.forget_problems()
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
            <form id="source-form" class="stacked" novalidate node_ref=form.node on:submit=submit>
                <Fields form=form/>
                <FormError error=form.wrong/>
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

/// What became of the chosen files.
#[derive(Default)]
struct Sent {
    /// How many are sources now.
    added: u64,
    /// Why each other was refused, with its name.
    refused: Vec<String>,
}

impl Sent {
    /// What there is to say if any was refused: a line each.
    fn told(&self) -> Option<String> {
        let Self { added, refused } = self;
        let head = match (added, refused.len()) {
            (_, 0) => return None,
            (0, 1) => None,
            (0, many) => Some(format!("{many} files are not added.")),
            (_, left) => {
                let is = if *added == 1 { "is" } else { "are" };
                Some(format!("{} {is} added, {left} not.", counted(*added, "file")))
            }
        };
        Some(head.into_iter().chain(refused.iter().cloned()).collect::<Vec<_>>().join("\n"))
    }
}

/// Sends the chosen files one after another. What is a source then is chosen no longer, so that it is
/// not sent again with the rest.
async fn send_files(id: &ProjectId, input: &HtmlInputElement, chosen: Vec<(String, f64)>) -> Sent {
    let (mut sent, mut left) = (Sent::default(), Vec::new());
    for (at, (name, bytes)) in (0..).zip(chosen) {
        let outcome = if bytes > SOURCE_MAX_BYTES as f64 {
            Err(AppError::TooLarge { message: "A source has at most 2 MB.".to_owned() })
        } else {
            upload::<Source>(&address(id), &[("file", Part::FileAt(input, at))]).await
        };
        match outcome {
            Ok(_) => sent.added += 1,
            Err(refusal) => {
                sent.refused.push(format!("{name}: {refusal}"));
                left.push(at);
            }
        }
    }
    keep_chosen(input, &left);
    sent
}

async fn send(id: &ProjectId, new: &NewSource) -> Result<(), AppError> {
    send_json::<Source>(&address(id), new).await.map(|_| ())
}

fn address(id: &ProjectId) -> String {
    format!("/api/projects/{id}/sources")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_refused_is_told_a_line_each_with_what_was_added() {
        let told = |added, refused: &[&str]| {
            Sent { added, refused: refused.iter().map(|it| (*it).to_owned()).collect() }.told()
        };
        assert_eq!(told(3, &[]), None);
        assert_eq!(told(0, &["a: No."]).unwrap(), "a: No.");
        assert_eq!(
            told(0, &["a: No.", "b: No."]).unwrap(),
            "2 files are not added.\na: No.\nb: No."
        );
        assert_eq!(told(1, &["a: No."]).unwrap(), "1 file is added, 1 not.\na: No.");
    }
}
