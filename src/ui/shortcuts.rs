//! Keys that work anywhere on a page: `/` goes to its search field and `?` lists the keys. They
//! keep still while somebody types, and leave every chord with Control, Alt or Meta to the browser.

use leptos::ev;
use leptos::html;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys;

use super::erased::{CollectAny, effect};
use super::icon::{Icon, IconName};

/// A row of the list of keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shortcut {
    /// The key as printed on the keyboard.
    pub keys: &'static str,
    /// What it does.
    pub label: &'static str,
}

/// The keys that work on every page.
const EVERYWHERE: [Shortcut; 3] = [
    Shortcut { keys: "/", label: "Search" },
    Shortcut { keys: "?", label: "List the keyboard shortcuts" },
    Shortcut { keys: "Esc", label: "Close what is open" },
];

/// Listens for the keys and holds the dialog that lists them. Sits once, at the root.
///
/// `/` focuses the element that carries `data-shortcut-search`.
#[component]
pub fn Shortcuts(
    /// Further keys to list, which the pages that own them listen for.
    #[prop(optional)]
    extra: Vec<Shortcut>,
) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    effect(move |_| {
        let listener = window_event_listener(ev::keydown, move |event| on_key(&event, dialog));
        on_cleanup(move || listener.remove());
    });
    let rows = EVERYWHERE
        .into_iter()
        .chain(extra)
        .map(|Shortcut { keys, label }| {
            view! {
                <div class="shortcut">
                    <dt>{label}</dt>
                    <dd>
                        <kbd>{keys}</kbd>
                    </dd>
                </div>
            }
            .into_any()
        })
        .collect_any();
    view! {
        <dialog class="dialog" node_ref=dialog closedby="any" aria-labelledby="shortcuts-title">
            <div class="dialog-header">
                <h2 id="shortcuts-title">"Keyboard shortcuts"</h2>
                <form method="dialog">
                    <button type="submit" class="button quiet icon-only" aria-label="Close">
                        <Icon name=IconName::Close/>
                    </button>
                </form>
            </div>
            <dl class="dialog-body shortcut-list">{rows}</dl>
        </dialog>
    }
}

fn on_key(event: &web_sys::KeyboardEvent, dialog: NodeRef<html::Dialog>) {
    let chord = event.ctrl_key() || event.alt_key() || event.meta_key();
    if chord || event.default_prevented() || is_typing() {
        return;
    }
    match event.key().as_str() {
        "/" if focus_search() => event.prevent_default(),
        "?" => {
            if let Some(dialog) = dialog.get_untracked().filter(|dialog| !dialog.open()) {
                event.prevent_default();
                // It is closed and in the page, so that this cannot be refused.
                _ = dialog.show_modal();
            }
        }
        _ => {}
    }
}

/// Whether the focus is on something that takes text.
#[must_use]
pub fn is_typing() -> bool {
    document().active_element().is_some_and(|element| {
        let takes_text = match element.tag_name().as_str() {
            "TEXTAREA" | "SELECT" => true,
            "INPUT" => takes_text(&element.get_attribute("type").unwrap_or_default()),
            _ => false,
        };
        takes_text
            || element
                .dyn_ref::<web_sys::HtmlElement>()
                .is_some_and(web_sys::HtmlElement::is_content_editable)
    })
}

/// Whether an input of this type takes text: a box or a button does not.
fn takes_text(kind: &str) -> bool {
    !matches!(
        kind,
        "checkbox" | "radio" | "button" | "submit" | "reset" | "file" | "range" | "color"
    )
}

/// Focuses the page's search field and selects what is in it; `false` if it has none.
fn focus_search() -> bool {
    let Ok(Some(element)) = document().query_selector("[data-shortcut-search]") else {
        return false;
    };
    if let Some(input) = element.dyn_ref::<web_sys::HtmlInputElement>() {
        input.select();
    }
    element.dyn_ref::<web_sys::HtmlElement>().is_some_and(|element| element.focus().is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_box_takes_no_text_and_an_input_without_a_type_does() {
        assert!(takes_text("") && takes_text("text") && takes_text("search"));
        assert!(!takes_text("checkbox") && !takes_text("radio") && !takes_text("file"));
    }
}
