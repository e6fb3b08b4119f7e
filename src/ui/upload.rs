//! Sending files. Server functions carry JSON of a few kilobytes; files go over REST.

use highwater::json;
use leptos::{
    prelude::*,
    wasm_bindgen::{JsCast, JsValue},
    web_sys::{
        FormData, HtmlInputElement, RequestInit, Response,
        js_sys::{Function, Reflect},
    },
};
use serde::de::DeserializeOwned;
use wasm_bindgen_futures::JsFuture;

use crate::error::AppError;

/// A part of a form.
pub enum Part<'a> {
    /// A text.
    Text(&'a str),
    /// The file chosen in this field, under its own name.
    File(&'a HtmlInputElement),
    /// The file chosen in this field, under this name.
    FileAs(&'a HtmlInputElement, &'a str),
}

/// Sends a form, each part under the name of its field, and answers what the server answers.
///
/// # Errors
/// What the server says, or [`AppError::Unreachable`] when it says nothing that can be read.
pub async fn upload<T: DeserializeOwned>(
    address: &str,
    parts: &[(&str, Part<'_>)],
) -> Result<T, AppError> {
    let (ok, text) = post(address, parts).await.map_err(|_| AppError::Unreachable)?;
    if ok {
        return json::read(&text).map_err(|_| AppError::Internal);
    }
    Err(json::read(&text).unwrap_or(AppError::Internal))
}

/// How large the chosen file is, in bytes; `None` if none was chosen.
pub fn chosen_bytes(input: &HtmlInputElement) -> Option<f64> {
    let file = chosen(input).ok()?;
    Reflect::get(&file, &"size".into()).ok()?.as_f64()
}

fn chosen(input: &HtmlInputElement) -> Result<JsValue, JsValue> {
    let files = Reflect::get(input, &"files".into())?;
    Reflect::get_u32(&files, 0)
}

/// Whether the server did it, and what it said.
async fn post(address: &str, parts: &[(&str, Part<'_>)]) -> Result<(bool, String), JsValue> {
    let data = FormData::new()?;
    let append: Function = Reflect::get(&data, &"append".into())?.dyn_into()?;
    for (name, part) in parts {
        let name = JsValue::from_str(name);
        match part {
            Part::Text(text) => append.call2(&data, &name, &JsValue::from_str(text))?,
            Part::File(input) => append.call2(&data, &name, &chosen(input)?)?,
            Part::FileAs(input, file_name) => {
                append.call3(&data, &name, &chosen(input)?, &JsValue::from_str(file_name))?
            }
        };
    }
    let request = RequestInit::new();
    request.set_method("POST");
    request.set_body(data.as_ref());
    let response = JsFuture::from(window().fetch_with_str_and_init(address, &request)).await?;
    let response: Response = response.dyn_into()?;
    let text = JsFuture::from(response.text()?).await?;
    Ok((response.ok(), text.as_string().unwrap_or_default()))
}
