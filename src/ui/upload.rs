//! Sending files. Server functions carry JSON of a few kilobytes; files go over REST.

use highwater::json;
use leptos::{
    prelude::*,
    wasm_bindgen::{JsCast, JsValue},
    web_sys::{
        FormData, HtmlInputElement, RequestInit, Response,
        js_sys::{Array, Function, Object, Reflect},
    },
};
use serde::{Serialize, de::DeserializeOwned};
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
    /// One of the files chosen in this field, by its place, under its own name.
    FileAt(&'a HtmlInputElement, u32),
}

/// Sends a form, each part under the name of its field, and answers what the server answers.
///
/// # Errors
/// What the server says, or [`AppError::Unreachable`] when it says nothing that can be read.
pub async fn upload<T: DeserializeOwned>(
    address: &str,
    parts: &[(&str, Part<'_>)],
) -> Result<T, AppError> {
    let data = form(parts).map_err(|_| AppError::Unreachable)?;
    post(address, &data, None).await
}

/// Sends JSON that is too large for a server function, and answers what the server answers.
///
/// # Errors
/// As [`upload`].
pub async fn send_json<T: DeserializeOwned>(
    address: &str,
    body: &impl Serialize,
) -> Result<T, AppError> {
    let json = serde_json::to_string(body).map_err(|_| AppError::Internal)?;
    post(address, &JsValue::from_str(&json), Some("application/json")).await
}

/// How large the chosen file is, in bytes; `None` if none was chosen.
pub fn chosen_bytes(input: &HtmlInputElement) -> Option<f64> {
    chosen_files(input).first().map(|(_, bytes)| *bytes)
}

/// The names of the chosen files, and how large each is, in bytes.
pub fn chosen_files(input: &HtmlInputElement) -> Vec<(String, f64)> {
    let described = |at: u32| {
        let file = chosen(input, at).ok().filter(JsValue::is_object)?;
        let name = Reflect::get(&file, &"name".into()).ok()?.as_string()?;
        Some((name, Reflect::get(&file, &"size".into()).ok()?.as_f64()?))
    };
    (0..).map_while(described).collect()
}

/// Leaves only these of the chosen files in the field, by their places; none where a browser cannot do
/// that, so that no file is sent twice.
pub fn keep_chosen(input: &HtmlInputElement, places: &[u32]) {
    let kept = || -> Result<(), JsValue> {
        let kind: Function = Reflect::get(&window(), &"DataTransfer".into())?.dyn_into()?;
        let chosen_anew = Reflect::construct(&kind, &Array::new())?;
        let items = Reflect::get(&chosen_anew, &"items".into())?;
        let add: Function = Reflect::get(&items, &"add".into())?.dyn_into()?;
        for at in places {
            add.call1(&items, &chosen(input, *at)?)?;
        }
        let files = Reflect::get(&chosen_anew, &"files".into())?;
        Reflect::set(input, &"files".into(), &files).map(|_| ())
    };
    if places.is_empty() || kept().is_err() {
        input.set_value("");
    }
}

fn chosen(input: &HtmlInputElement, at: u32) -> Result<JsValue, JsValue> {
    let files = Reflect::get(input, &"files".into())?;
    Reflect::get_u32(&files, at)
}

/// A form with these parts.
fn form(parts: &[(&str, Part<'_>)]) -> Result<FormData, JsValue> {
    let data = FormData::new()?;
    let append: Function = Reflect::get(&data, &"append".into())?.dyn_into()?;
    for (name, part) in parts {
        let name = JsValue::from_str(name);
        match part {
            Part::Text(text) => append.call2(&data, &name, &JsValue::from_str(text))?,
            Part::File(input) => append.call2(&data, &name, &chosen(input, 0)?)?,
            Part::FileAt(input, at) => append.call2(&data, &name, &chosen(input, *at)?)?,
            Part::FileAs(input, file_name) => {
                append.call3(&data, &name, &chosen(input, 0)?, &JsValue::from_str(file_name))?
            }
        };
    }
    Ok(data)
}

/// What the server answers to a body; the browser says of which kind it is unless `kind` does.
async fn post<T: DeserializeOwned>(
    address: &str,
    body: &JsValue,
    kind: Option<&str>,
) -> Result<T, AppError> {
    let (ok, text) = answer(address, body, kind).await.map_err(|_| AppError::Unreachable)?;
    if ok {
        return json::read(&text).map_err(|_| AppError::Internal);
    }
    Err(json::read(&text).unwrap_or(AppError::Internal))
}

/// Whether the server did it, and what it said.
async fn answer(
    address: &str,
    body: &JsValue,
    kind: Option<&str>,
) -> Result<(bool, String), JsValue> {
    let request = RequestInit::new();
    request.set_method("POST");
    request.set_body(body);
    if let Some(kind) = kind {
        let headers = Object::new();
        Reflect::set(&headers, &"content-type".into(), &kind.into())?;
        request.set_headers(&headers);
    }
    let response = JsFuture::from(window().fetch_with_str_and_init(address, &request)).await?;
    let response: Response = response.dyn_into()?;
    let text = JsFuture::from(response.text()?).await?;
    Ok((response.ok(), text.as_string().unwrap_or_default()))
}
