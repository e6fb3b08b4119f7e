//! The browser's start: takes over the page that the server rendered.

use leptos::{mount::hydrate_body, prelude::document};
use wasm_bindgen::prelude::wasm_bindgen;

/// Called by the page's script.
#[wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    hydrate_body(crate::app::App);
    // Tests wait for it: from here on the page answers to clicks.
    if let Some(root) = document().document_element() {
        let _ = root.set_attribute("data-hydrated", "");
    }
}
