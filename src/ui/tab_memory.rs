//! What a tab remembers for as long as it lives, reloads included.
//!
//! Owns the browser's session storage. It must not know what is kept in it. Storage that is switched
//! off costs the memory and nothing else.

use highwater::on_server;
use leptos::prelude::*;
use leptos::wasm_bindgen::{JsCast, JsValue};
use leptos::web_sys::js_sys::{Object, Reflect};

/// What is remembered under a name; `None` when nothing is.
#[must_use]
pub fn remembered(name: &str) -> Option<String> {
    Reflect::get(&storage()?, &name.into()).ok()?.as_string()
}

/// Remembers a text under a name, in place of the one before; `None` forgets it.
pub fn remember(name: &str, text: Option<&str>) {
    let Some(storage) = storage() else { return };
    // Storage that is full or refused leaves the text in the page alone.
    let _ = match text {
        Some(text) => Reflect::set(&storage, &name.into(), &text.into()),
        None => Reflect::delete_property(storage.unchecked_ref::<Object>(), &name.into()),
    };
}

/// The tab's own storage.
fn storage() -> Option<JsValue> {
    if on_server() {
        return None;
    }
    Reflect::get(&window(), &"sessionStorage".into()).ok().filter(JsValue::is_object)
}
