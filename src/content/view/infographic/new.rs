//! The form that makes an infographic: a document is chosen among those that have none.

use highwater::{UseQuery, use_query};
use leptos::{html, prelude::*, web_sys::SubmitEvent};

use super::actions::create;
use crate::{
    content::{
        live::InfographicSources,
        model::{DocumentId, InfographicSource},
        view::mutations,
    },
    error::words,
    ui::{Field, NeedsJavaScript, described_by, focus_first_invalid, use_toasts},
};

/// The form.
#[component]
pub(super) fn NewInfographicForm() -> impl IntoView {
    let sources = use_query(|| InfographicSources);
    view! {
        <NeedsJavaScript what="Making an infographic"/>
        <Transition fallback=|| view! { <p class="muted" role="status">"Loading"</p> }>
            <Answer sources=sources/>
        </Transition>
    }
}

#[component]
fn Answer(
    /// What there is to choose from.
    sources: UseQuery<InfographicSources>,
) -> impl IntoView {
    let failure = sources.select(|answer| answer?.err().map(|error| words(&error)));
    let choices = sources.select(|answer| answer.and_then(Result::ok).unwrap_or_default());
    let any = sources.select(|answer| matches!(answer, Some(Ok(sources)) if !sources.is_empty()));
    move || match failure.get() {
        Some(message) => view! { <p class="muted">{message}</p> }.into_any(),
        None if any.get() => view! { <Choice choices=choices/> }.into_any(),
        None => view! {
            <p class="muted">
                "Every document that has been read has its infographic. "
                <a href="/documents/new">"Add a document"</a> " for another one."
            </p>
        }
        .into_any(),
    }
}

#[component]
fn Choice(
    /// What there is to choose from.
    choices: Signal<Vec<InfographicSource>>,
) -> impl IntoView {
    let form = NodeRef::<html::Form>::new();
    let (chosen, error) = (RwSignal::new(None::<DocumentId>), RwSignal::new(None::<String>));
    let (mutations, toasts) = (mutations(), use_toasts());
    let choose = move |event| {
        chosen.set(event_target_value(&event).parse().ok());
        error.set(None);
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let found = choices.with_untracked(|choices| {
            let id = chosen.get_untracked()?;
            choices.iter().find(|choice| choice.document_id == id).cloned()
        });
        let Some(source) = found else {
            error.set(Some("Choose a document.".to_owned()));
            return request_animation_frame(move || focus_first_invalid(form));
        };
        chosen.set(None);
        let again = source.clone();
        mutations.run(create(source).done(move |outcome| {
            if let Err(refusal) = outcome {
                toasts.error(format!("No infographic of “{}” is made. {refusal}", again.title));
                // The page may be gone by then.
                chosen.try_set(Some(again.document_id));
            }
        }));
    };
    let option = move |choice: InfographicSource| {
        let (value, id) = (choice.document_id.to_string(), choice.document_id);
        let is_chosen = move || chosen.with(|chosen| chosen.as_ref() == Some(&id));
        view! { <option value=value selected=is_chosen>{choice.title}</option> }.into_any()
    };
    view! {
        <form class="infographic-new" novalidate node_ref=form on:submit=submit>
            <Field id="infographic-document" label="Document" error=error>
                <select
                    class="input"
                    id="infographic-document"
                    aria-describedby=described_by("infographic-document", false)
                    aria-invalid=move || error.with(Option::is_some).then_some("true")
                    prop:value=move || chosen.get().map(String::from).unwrap_or_default()
                    on:change=choose
                >
                    <option value="" selected=move || chosen.with(Option::is_none)>
                        "Choose a document"
                    </option>
                    <For
                        each=move || choices.get()
                        key=|choice| (choice.document_id.clone(), choice.title.clone())
                        children=option
                    />
                </select>
            </Field>
            <button type="submit" class="button primary">"Make infographic"</button>
        </form>
    }
}
