//! `/documents/new`: a file, or a text that is pasted. What is typed stays until it is added.

use leptos::{
    html,
    prelude::*,
    task::spawn_local,
    web_sys::{HtmlInputElement, SubmitEvent},
};
use leptos_meta::Title;
use leptos_router::{NavigateOptions, hooks::use_navigate};
use serde::Deserialize;

use crate::{
    app::draft_name,
    content::model::{DOCUMENT_MAX_BYTES, DocumentId, TITLE_MAX_CHARS},
    error::AppError,
    ui::{
        BackLink, Field, Icon, IconName, NeedsJavaScript, PageHeader, Part, TextField,
        chosen_bytes, described_by, effect, focus_first_invalid, keep, kept, upload,
    },
};

/// Adding a document.
#[component]
pub fn NewDocumentPage() -> impl IntoView {
    view! {
        <Title text="Add document"/>
        <BackLink href="/documents" label="Documents"/>
        <PageHeader title="Add document"/>
        <NeedsJavaScript what="Adding a document"/>
        <Form/>
    }
}

/// What is sent besides the title.
enum Source {
    /// The file that was chosen in this field.
    File(HtmlInputElement),
    /// What was pasted.
    Text(String),
}

/// What is of interest in the answer.
#[derive(Deserialize)]
struct Added {
    id: DocumentId,
}

/// What is wrong with which field.
#[derive(Clone, Copy)]
struct Problems {
    title: RwSignal<Option<String>>,
    file: RwSignal<Option<String>>,
    text: RwSignal<Option<String>>,
    /// Of no field.
    rest: RwSignal<Option<String>>,
}

impl Problems {
    fn new() -> Self {
        Self {
            title: RwSignal::new(None),
            file: RwSignal::new(None),
            text: RwSignal::new(None),
            rest: RwSignal::new(None),
        }
    }

    fn forget(self) {
        for problem in [self.title, self.file, self.text, self.rest] {
            problem.set(None);
        }
    }

    /// Shows a refusal at the field that it is about. The page may be gone by then.
    fn show(self, error: &AppError, is_file: bool) {
        let field = match error {
            AppError::Invalid { field: Some(field), .. } => field.as_str(),
            AppError::TooLarge { .. } => "file",
            _ => "",
        };
        let place = match field {
            "title" => self.title,
            "file" | "body" if is_file => self.file,
            "file" | "body" => self.text,
            _ => self.rest,
        };
        place.try_set(Some(error.to_string()));
    }
}

#[component]
fn Form() -> impl IntoView {
    let (form, file) = (NodeRef::<html::Form>::new(), NodeRef::<html::Input>::new());
    let (title, text) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let (problems, busy) = (Problems::new(), RwSignal::new(false));
    let navigate = use_navigate();
    let draft = StoredValue::new(draft_name("document"));
    effect(move |_| {
        // What was typed before a reload, once.
        let typed = draft.with_value(|draft| kept(draft)).unwrap_or_default();
        if let Some((typed_title, typed_text)) = typed.split_once('\n') {
            title.set(typed_title.to_owned());
            text.set(typed_text.to_owned());
        }
        effect(move |_| {
            let typed = format!("{}\n{}", title.get(), text.get());
            draft.with_value(|draft| {
                keep(draft, Some(&typed).filter(|typed| *typed != "\n").map(String::as_str))
            });
        });
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        problems.forget();
        let Some(source) = source_of(file, title, text, problems) else {
            // The marks are there with the next frame.
            request_animation_frame(move || focus_first_invalid(form));
            return;
        };
        busy.set(true);
        let navigate = navigate.clone();
        spawn_local(async move {
            let outcome = send(&title.get_untracked(), &source).await;
            // The page may be gone by then.
            busy.try_set(false);
            match outcome {
                Ok(Added { id }) => {
                    draft.try_with_value(|draft| keep(draft, None));
                    navigate(&format!("/documents/{id}"), NavigateOptions::default());
                }
                Err(error) => {
                    problems.show(&error, matches!(source, Source::File(_)));
                    request_animation_frame(move || focus_first_invalid(form));
                }
            }
        });
    };
    let waits = move || busy.get().then_some("true");
    view! {
        <form class="new-document" novalidate node_ref=form on:submit=submit>
            <TextField
                id="document-title"
                label="Title"
                help="Without one, a file is called by its name."
                value=title
                error=problems.title
                maxlength=u32::try_from(TITLE_MAX_CHARS).unwrap_or(u32::MAX)
            />
            <Field
                id="document-file"
                label="File"
                help="Text or Markdown in UTF-8, up to 5 MB."
                error=problems.file
            >
                <input
                    class="input file"
                    type="file"
                    id="document-file"
                    node_ref=file
                    accept=".txt,.text,.md,.markdown,text/plain,text/markdown"
                    aria-describedby=described_by("document-file", true)
                    aria-invalid=move || problems.file.with(Option::is_some).then_some("true")
                    on:change=move |_| problems.file.set(None)
                />
            </Field>
            <Field id="document-text" label="Or the text itself" error=problems.text>
                <textarea
                    class="input document-paste"
                    id="document-text"
                    rows="14"
                    spellcheck="false"
                    aria-describedby=described_by("document-text", false)
                    aria-invalid=move || problems.text.with(Option::is_some).then_some("true")
                    prop:value=move || text.get()
                    on:input=move |event| {
                        text.set(event_target_value(&event));
                        problems.text.set(None);
                    }
                ></textarea>
            </Field>
            <p class="form-failure" role="alert">
                {move || problems.rest.get().map(|words| view! {
                    <span class="notice" data-tone="danger"><Icon name=IconName::Alert/>{words}</span>
                })}
            </p>
            <div class="form-actions">
                <button type="submit" class="button primary" aria-busy=waits aria-disabled=waits>
                    "Add document"
                </button>
            </div>
        </form>
    }
}

/// Adds a document. Without a title, a file's name is taken.
async fn send(title: &str, source: &Source) -> Result<Added, AppError> {
    let source = match source {
        Source::File(input) => ("file", Part::File(input)),
        Source::Text(text) => ("body", Part::Text(text)),
    };
    upload("/api/v1/documents", &[("title", Part::Text(title)), source]).await
}

/// What is to be sent; `None`, with the problems marked, if that cannot be.
fn source_of(
    file: NodeRef<html::Input>,
    title: RwSignal<String>,
    text: RwSignal<String>,
    problems: Problems,
) -> Option<Source> {
    let input = file.get_untracked()?;
    let typed = text.get_untracked();
    let (bytes, is_typed) = (chosen_bytes(&input), !typed.trim().is_empty());
    let too_large = || Some("A document has at most 5 MB.".to_owned());
    match bytes {
        Some(_) if is_typed => {
            problems.text.set(Some("Send the file or this text, one at a time.".to_owned()));
        }
        Some(bytes) if bytes > DOCUMENT_MAX_BYTES as f64 => problems.file.set(too_large()),
        Some(_) => return Some(Source::File(input)),
        None if !is_typed => {
            problems.file.set(Some("Choose a file, or paste the text below.".to_owned()));
        }
        None if typed.len() > DOCUMENT_MAX_BYTES => problems.text.set(too_large()),
        None if title.with_untracked(|title| title.trim().is_empty()) => {
            problems.title.set(Some("Give it a title.".to_owned()));
        }
        None => return Some(Source::Text(typed)),
    }
    None
}
