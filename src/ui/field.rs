//! A labelled control: the label above, help below, and what is wrong beside it in words.

use leptos::html;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys;

use super::{
    early::typed_early,
    icon::{Icon, IconName},
};

/// Label, help and error around a control of the given id. The control says itself that it is
/// described by [`described_by`] and whether it is invalid.
#[component]
pub fn Field(
    /// The control's id.
    #[prop(into)]
    id: String,
    /// What it is for.
    #[prop(into)]
    label: String,
    /// Whether the label is only heard: where the column's head says it to the eye.
    #[prop(optional)]
    bare: bool,
    /// What there is to know before filling it in; empty for nothing.
    #[prop(optional, into)]
    help: String,
    /// What is wrong with it.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// The control.
    children: Children,
) -> impl IntoView {
    let (help_id, error_id) = (format!("{id}-help"), format!("{id}-error"));
    view! {
        <div class="field">
            <label for=id class:visually-hidden=bare>{label}</label>
            {children()}
            {(!help.is_empty()).then(|| view! { <p class="field-help" id=help_id>{help}</p> })}
            <p class="field-error" id=error_id>
                {move || {
                    error.get().map(|words| view! { <Icon name=IconName::Alert/>{words} })
                }}
            </p>
        </div>
    }
}

/// What is wrong with a whole form and with none of its fields.
#[component]
pub fn FormError(
    /// What it is.
    #[prop(into)]
    error: Signal<Option<String>>,
) -> impl IntoView {
    view! {
        <p class="field-error" role="status">
            {move || error.get().map(|words| view! { <Icon name=IconName::Alert/>{words} })}
        </p>
    }
}

/// The value of `aria-describedby` for the control of this id.
#[must_use]
pub fn described_by(id: &str, has_help: bool) -> String {
    if has_help { format!("{id}-help {id}-error") } else { format!("{id}-error") }
}

/// One line of text, with everything around it.
#[component]
pub fn TextField(
    /// The control's id, unique on the page.
    #[prop(into)]
    id: String,
    /// What it is for.
    #[prop(into)]
    label: String,
    /// What is typed.
    value: RwSignal<String>,
    /// What is wrong with it.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// What there is to know before filling it in.
    #[prop(optional, into)]
    help: String,
    /// Whether the label is only heard.
    #[prop(optional)]
    bare: bool,
    /// What is typed: `text`, `decimal` or `numeric`. Picks a phone's keys.
    #[prop(default = "text")]
    inputmode: &'static str,
    /// The id of a `<datalist>` with suggestions.
    #[prop(optional, into)]
    list: Option<String>,
    /// What the browser may fill in.
    #[prop(default = "off")]
    autocomplete: &'static str,
    /// The most characters it takes.
    #[prop(optional)]
    maxlength: Option<u32>,
    /// Called after a value was picked or typed and left.
    #[prop(optional, into)]
    on_change: Option<Callback<()>>,
) -> impl IntoView {
    let describes = described_by(&id, !help.is_empty());
    let changed = move || on_change.into_iter().for_each(|changed| changed.run(()));
    let take = Callback::new(move |text| {
        value.set(text);
        changed();
    });
    view! {
        <Field id=id.clone() label=label bare=bare help=help error=error>
            <input
                class="input"
                class:number=inputmode != "text"
                type="text"
                id=id.clone()
                name=id
                inputmode=inputmode
                list=list
                autocomplete=autocomplete
                maxlength=maxlength.map(|most| most.to_string())
                aria-describedby=describes
                aria-invalid=move || error.with(Option::is_some).then_some("true")
                value=value.get_untracked()
                use:typed_early=take
                prop:value=move || value.get()
                on:input=move |event| value.set(event_target_value(&event))
                on:change=move |_| changed()
            />
        </Field>
    }
}

/// A text as the content of a `<textarea>`, which is rendered as it is, unlike in other elements.
#[must_use]
pub fn as_typed(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

/// Focuses the first control of a form that is marked as invalid. Call it once the marks are there.
pub fn focus_first_invalid(form: NodeRef<html::Form>) {
    let first = form
        .get_untracked()
        .and_then(|form| form.query_selector("[aria-invalid='true']").ok().flatten())
        .and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok());
    if let Some(first) = first {
        // A control that is in the page takes the focus.
        let _ = first.focus();
    }
}
