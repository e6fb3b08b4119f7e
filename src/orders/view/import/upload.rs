//! Sending files. Server functions carry text; files go over the REST endpoint.

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

use crate::{error::AppError, orders::model::ImportId};

/// Where imports are begun.
const ADDRESS: &str = "/api/v1/orders/imports";

/// What is of interest in the answer.
#[derive(Deserialize)]
struct Begun {
    id: ImportId,
}

/// Sends files and begins to import them. Each goes under the name that the server knows it by,
/// whatever it is called on the reader's machine.
///
/// # Errors
/// What the server says, or [`AppError::Unreachable`] when it says nothing that can be read.
pub(super) async fn upload(files: &[(&str, HtmlInputElement)]) -> Result<ImportId, AppError> {
    let (ok, text) = post(files).await.map_err(|_| AppError::Unreachable)?;
    if ok {
        let begun = serde_json::from_str::<Begun>(&text);
        return begun.map(|begun| begun.id).map_err(|_| AppError::Internal);
    }
    Err(serde_json::from_str(&text).unwrap_or(AppError::Internal))
}

/// Whether the server did it, and what it said.
async fn post(files: &[(&str, HtmlInputElement)]) -> Result<(bool, String), JsValue> {
    let data = FormData::new()?;
    let append: Function = Reflect::get(&data, &"append".into())?.dyn_into()?;
    for (name, input) in files {
        let chosen = Reflect::get(input, &"files".into())?;
        let file = Reflect::get_u32(&chosen, 0)?;
        append.call3(&data, &(*name).into(), &file, &(*name).into())?;
    }
    let request = RequestInit::new();
    request.set_method("POST");
    request.set_body(data.as_ref());
    let response = JsFuture::from(window().fetch_with_str_and_init(ADDRESS, &request)).await?;
    let response: Response = response.dyn_into()?;
    let text = JsFuture::from(response.text()?).await?;
    Ok((response.ok(), text.as_string().unwrap_or_default()))
}
