//! What somebody has typed and not yet sent, kept by their browser for as long as the tab lives:
//! a reload, a crash or a click on the wrong link loses nothing of it.
//!
//! Owns the browser's session storage. It must not know what is kept, nor whose: a name says both.
//! Storage that is switched off costs the memory and nothing else.

use highwater::on_server;
use leptos::prelude::*;
use leptos::wasm_bindgen::{JsCast, JsValue};
use leptos::web_sys::js_sys::{Object, Reflect};

/// What is kept under a name; `None` when nothing is.
#[must_use]
pub fn kept(name: &str) -> Option<String> {
    Reflect::get(&storage()?, &key(name)).ok()?.as_string()
}

/// Keeps a text under a name, in place of the one before; `None` forgets it.
pub fn keep(name: &str, text: Option<&str>) {
    let Some(storage) = storage() else { return };
    // Storage that is full or refused leaves the text in the page alone.
    let _ = match text {
        Some(text) => Reflect::set(&storage, &key(name), &text.into()),
        None => Reflect::delete_property(storage.unchecked_ref::<Object>(), &key(name)),
    };
}

fn key(name: &str) -> JsValue {
    format!("draft:{name}").into()
}

/// The tab's own storage.
fn storage() -> Option<JsValue> {
    if on_server() {
        return None;
    }
    Reflect::get(&window(), &"sessionStorage".into()).ok().filter(JsValue::is_object)
}
