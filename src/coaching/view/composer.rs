//! The field in which something new is written, and the keys that lead there. Enter adds it; what is
//! not added yet is kept.

use std::sync::Arc;

use leptos::{
    ev, html,
    prelude::*,
    wasm_bindgen::JsCast,
    web_sys::{HtmlElement, KeyboardEvent},
};

use super::desk::{Desk, Writing};
use crate::{
    coaching::model::Place,
    error::AppError,
    ui::{effect, is_typing, keep, kept, typed_early},
};

/// What a composer is for.
pub(super) struct Compose {
    /// Names the field, once on a page: "new-note".
    pub id: &'static str,
    /// Its label: "New note".
    pub label: &'static str,
    /// What there is to write.
    pub hint: &'static str,
    /// The key that leads there.
    pub key: &'static str,
    /// Which field it is to others.
    pub place: Place,
    /// The name under which the browser keeps what is typed.
    pub draft: String,
}

/// Says how adding went.
pub(super) type Added = Box<dyn FnOnce(Result<(), AppError>) + Send>;

/// The field.
#[component]
pub(super) fn Composer(
    /// The page.
    desk: Desk,
    /// What it is for.
    of: Compose,
    /// Adds a text.
    add: Arc<dyn Fn(String, Added) + Send + Sync>,
) -> impl IntoView {
    let Compose { id, label, hint, key, place, draft } = of;
    let (text, error) = (RwSignal::new(String::new()), RwSignal::new(None::<String>));
    let (field, name) = (NodeRef::<html::Textarea>::new(), StoredValue::new(draft));
    // What was added and not answered yet, which is not lost until it is.
    let on_its_way = RwSignal::new(Vec::<String>::new());
    remember(text, on_its_way, name);
    let submit = Callback::new(move |()| {
        let typed = text.get_untracked();
        if typed.trim().is_empty() {
            return;
        }
        text.set(String::new());
        error.set(None);
        on_its_way.update(|all| all.push(typed.clone()));
        let sent = typed.clone();
        add(
            typed,
            Box::new(move |outcome| {
                on_its_way.try_update(|all| {
                    if let Some(place) = all.iter().position(|text| *text == sent) {
                        all.remove(place);
                    }
                });
                if let Err(refusal) = outcome {
                    text.try_update(|text| {
                        *text = [sent.trim_end(), text].join("\n").trim_end().to_owned()
                    });
                    error.try_set(Some(refusal.to_string()));
                }
            }),
        );
    });
    let typed_at = place.clone();
    let pressed = move |event: KeyboardEvent| match event.key().as_str() {
        "Enter" if !event.shift_key() && !event.is_composing() => {
            event.prevent_default();
            submit.run(());
        }
        "Escape" => {
            // What is typed stays.
            let _ = field.get_untracked().map(|field| field.blur());
        }
        _ => {}
    };
    view! {
        <form
            class="composer"
            on:submit=move |event| {
                event.prevent_default();
                submit.run(());
            }
        >
            <label for=id class="visually-hidden">{label}</label>
            <textarea
                class="input"
                id=id
                rows="1"
                placeholder=hint
                aria-describedby=format!("{id}-error")
                aria-keyshortcuts=key
                data-shortcut-key=key
                node_ref=field
                use:typed_early=Callback::new(move |typed| text.set(typed))
                prop:value=move || text.get()
                on:input=move |event| {
                    text.set(event_target_value(&event));
                    desk.typing.set(Some(typed_at.clone()));
                }
                on:keydown=pressed
                on:blur=move |_| desk.typing.set(None)
            ></textarea>
            <button
                type="submit"
                class="button"
                aria-disabled=move || text.with(|text| text.trim().is_empty()).then_some("true")
                aria-busy=move || on_its_way.with(|all| !all.is_empty()).then_some("true")
            >
                "Add"
            </button>
            <p class="field-error" id=format!("{id}-error") role="status">{move || error.get()}</p>
            <Writing desk=desk place=place/>
        </form>
    }
}

/// Takes up what the browser kept, and has it keep what is not added yet.
fn remember(text: RwSignal<String>, on_its_way: RwSignal<Vec<String>>, name: StoredValue<String>) {
    effect(move |before: Option<()>| {
        let name = name.get_value();
        let unsent = on_its_way.with(|all| all.join("\n")) + &text.get();
        if before.is_none() {
            if let Some(kept) = kept(&name) {
                text.set(kept);
            }
            return;
        }
        keep(&name, Some(unsent.as_str()).filter(|unsent| !unsent.trim().is_empty()));
    });
}

/// The keys that lead to the fields for something new: what a field's `data-shortcut-key` says.
pub(super) fn listen_for_keys() {
    effect(move |_| {
        let listener = window_event_listener(ev::keydown, move |event| {
            let chord = event.ctrl_key() || event.alt_key() || event.meta_key();
            let key = event.key();
            if chord || event.default_prevented() || is_typing() || key.len() != 1 {
                return;
            }
            if !key.chars().all(|letter| letter.is_ascii_lowercase()) {
                return;
            }
            let field = document().query_selector(&format!("[data-shortcut-key='{key}']"));
            let field = field.ok().flatten().and_then(|field| field.dyn_into::<HtmlElement>().ok());
            if let Some(field) = field {
                event.prevent_default();
                let _ = field.focus();
            }
        });
        on_cleanup(move || listener.remove());
    });
}
