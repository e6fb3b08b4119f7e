//! What somebody typed before the page's own code ran: on a slow line that takes a while, and the
//! fields are there already.
//!
//! Owns finding it. It must not know what becomes of it.

use leptos::{
    prelude::*,
    task::spawn_local,
    wasm_bindgen::JsCast,
    web_sys::{Element, HtmlInputElement, HtmlTextAreaElement},
};

/// A directive for a field of text: hands on what stands in it, if that is not what the server
/// wrote there. It stands before `prop:value`, which replaces it.
///
/// The text is handed on when the page is alive, after what the browser kept of an earlier visit:
/// until then nothing may differ from what the server rendered.
pub fn typed_early(field: Element, take: Callback<String>) {
    let (typed, written) = match field.dyn_ref::<HtmlInputElement>() {
        Some(input) => (input.value(), input.default_value()),
        None => match field.dyn_ref::<HtmlTextAreaElement>() {
            Some(area) => (area.value(), area.default_value().unwrap_or_default()),
            None => return,
        },
    };
    if typed != written {
        spawn_local(async move { take.run(typed) });
    }
}
