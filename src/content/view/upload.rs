//! Sending a document. Server functions carry JSON of a few kilobytes; documents go over the REST
//! endpoint.

use leptos::{
    prelude::*,
    wasm_bindgen::{JsCast, JsValue},
    web_sys::{
        FormData, HtmlInputElement, RequestInit, Response,
        js_sys::{Function, Reflect},
    },
};
use serde::Deserialize;
use wasm_bindgen_futures::JsFuture;

use crate::{content::model::DocumentId, error::AppError};

/// Where documents are added.
const ADDRESS: &str = "/api/v1/documents";

/// What is sent.
pub(super) enum Source {
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

/// Adds a document. Without a title, a file's name is taken.
///
/// # Errors
/// What the server says, or [`AppError::Unreachable`] when it says nothing that can be read.
pub(super) async fn upload(title: &str, source: &Source) -> Result<DocumentId, AppError> {
    let (ok, text) = post(title, source).await.map_err(|_| AppError::Unreachable)?;
    if ok {
        let added = serde_json::from_str::<Added>(&text);
        return added.map(|added| added.id).map_err(|_| AppError::Internal);
    }
    Err(serde_json::from_str(&text).unwrap_or(AppError::Internal))
}

/// How large the chosen file is, in bytes; `None` if none was chosen.
pub(super) fn chosen_bytes(input: &HtmlInputElement) -> Option<f64> {
    let file = chosen(input).ok()?;
    Reflect::get(&file, &"size".into()).ok()?.as_f64()
}

fn chosen(input: &HtmlInputElement) -> Result<JsValue, JsValue> {
    let files = Reflect::get(input, &"files".into())?;
    Reflect::get_u32(&files, 0)
}

/// Whether the server did it, and what it said.
async fn post(title: &str, source: &Source) -> Result<(bool, String), JsValue> {
    let data = FormData::new()?;
    let append: Function = Reflect::get(&data, &"append".into())?.dyn_into()?;
    append.call2(&data, &"title".into(), &title.into())?;
    match source {
        Source::File(input) => append.call2(&data, &"file".into(), &chosen(input)?)?,
        Source::Text(text) => append.call2(&data, &"body".into(), &text.into())?,
    };
    let request = RequestInit::new();
    request.set_method("POST");
    request.set_body(data.as_ref());
    let response = JsFuture::from(window().fetch_with_str_and_init(ADDRESS, &request)).await?;
    let response: Response = response.dyn_into()?;
    let text = JsFuture::from(response.text()?).await?;
    Ok((response.ok(), text.as_string().unwrap_or_default()))
}
