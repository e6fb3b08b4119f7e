//! The dialog in which a project is made. It leads to the project.

use leptos::{html, prelude::*, web_sys::SubmitEvent};
use leptos_router::{NavigateOptions, hooks::use_navigate};

use super::{change::create_project, mutations};
use crate::{
    app::draft_name,
    error::AppError,
    labs::model::{LINE_MAX_CHARS, NewProject, SUMMARY_MAX_CHARS},
    ui::{
        Dialog, Field, FormError, TextField, close_dialog, described_by, focus_first_invalid, keep,
        keep_typed,
    },
};

/// The dialog; what is typed stays in it until the project is there.
#[component]
pub(super) fn NewProjectDialog(
    /// The element.
    dialog: NodeRef<html::Dialog>,
) -> impl IntoView {
    let form = NodeRef::<html::Form>::new();
    let (name, about) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let (name_error, about_error) = (RwSignal::new(None::<String>), RwSignal::new(None::<String>));
    let error = RwSignal::new(None::<String>);
    let forget_problems = move || {
        for error in [name_error, about_error, error] {
            error.set(None);
        }
    };
    let draft = draft_name("project");
    keep_typed(draft.clone(), name, about);
    let (busy, mutations, navigate) = (RwSignal::new(false), mutations(), use_navigate());
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        forget_problems();
        busy.set(true);
        let new = NewProject { name: name.get_untracked(), description: about.get_untracked() };
        let (navigate, draft) = (navigate.clone(), draft.clone());
        mutations.run(create_project(new).done(move |outcome| {
            // The page may be gone by then.
            busy.try_set(false);
            match outcome {
                Ok(project) => {
                    name.try_set(String::new());
                    about.try_set(String::new());
                    keep(&draft, None);
                    navigate(&format!("/labs/{}", project.id), NavigateOptions::default());
                }
                Err(refusal) => {
                    let place = match &refusal {
                        AppError::Invalid { field: Some(field), .. }
                            if field.ends_with("description") =>
                        {
                            about_error
                        }
                        AppError::Invalid { .. } => name_error,
                        _ => error,
                    };
                    place.try_set(Some(refusal.to_string()));
                    request_animation_frame(move || focus_first_invalid(form));
                }
            }
        }));
    };
    let waits = move || busy.get().then_some("true");
    view! {
        <Dialog
            node=dialog
            id="new-project"
            title="New project"
            on_close=move |()| forget_problems()
            actions=Box::new(move || view! {
                <button type="button" class="button" on:click=move |_| close_dialog(dialog)>
                    "Cancel"
                </button>
                <button
                    type="submit"
                    form="new-project-form"
                    class="button primary"
                    aria-busy=waits
                    aria-disabled=waits
                >
                    "Make project"
                </button>
            }.into_any())
        >
            <form id="new-project-form" class="stacked" novalidate node_ref=form on:submit=submit>
                <TextField
                    id="project-name"
                    label="Name"
                    value=name
                    error=name_error
                    maxlength=u32::try_from(LINE_MAX_CHARS).unwrap_or(u32::MAX)
                />
                <Field id="project-about" label="What it is about" error=about_error>
                    <textarea
                        class="input"
                        id="project-about"
                        rows="3"
                        maxlength=SUMMARY_MAX_CHARS.to_string()
                        aria-describedby=described_by("project-about", false)
                        aria-invalid=move || about_error.with(Option::is_some).then_some("true")
                        prop:value=move || about.get()
                        on:input=move |event| about.set(event_target_value(&event))
                    ></textarea>
                </Field>
                <FormError error=error/>
            </form>
        </Dialog>
    }
}
