//! The answers of server functions: JSON, read as text.
//!
//! Owns the codec that [`Calls`](crate::calls::Calls) answers with. It must not know what an answer
//! means.
//!
//! The answers that a page carries are JSON text too. What reads both from text is compiled once;
//! `server_fn`'s own codec reads bytes, which would put a second reader of every type into the
//! browser's bundle.

use std::fmt;

use highwater::json;
use leptos::server_fn::{ContentType, Decodes, Encodes, Format, FormatType, codec::Post};
use serde::{Serialize, de::DeserializeOwned};

/// The answer of a server function.
pub type Answers = Post<TextJson>;

/// JSON that is read as text.
pub struct TextJson;

/// Why an answer could not be read.
#[derive(Debug)]
pub struct Unreadable(String);

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl ContentType for TextJson {
    const CONTENT_TYPE: &'static str = "application/json";
}

impl FormatType for TextJson {
    const FORMAT_TYPE: Format = Format::Text;
}

impl<T: Serialize> Encodes<T> for TextJson {
    type Error = serde_json::Error;

    fn encode(value: &T) -> Result<bytes::Bytes, serde_json::Error> {
        serde_json::to_vec(value).map(bytes::Bytes::from)
    }
}

impl<T: DeserializeOwned> Decodes<T> for TextJson {
    type Error = Unreadable;

    fn decode(json: bytes::Bytes) -> Result<T, Unreadable> {
        let text = std::str::from_utf8(&json).map_err(|error| Unreadable(error.to_string()))?;
        json::read(text).map_err(|error| Unreadable(error.to_string()))
    }
}
