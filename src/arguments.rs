//! The input of a program, read strictly: JSON in which nothing is left over and every refusal
//! names its field.
//!
//! Owns the codec of the server functions' arguments, which REST bodies are read with as well. It
//! must not know requests.

use std::fmt;

use leptos::server_fn::{ContentType, Decodes, Encodes, Format, FormatType, codec::Post};
use serde::{
    Serialize,
    de::{DeserializeOwned, IgnoredAny},
};
use serde_json::Value;

use crate::error::AppError;

/// The arguments of a server function.
pub type Arguments = Post<StrictJson>;

/// JSON; unknown fields and wrong types are refused with [`AppError::Invalid`], and what is no
/// JSON with [`AppError::Malformed`].
pub struct StrictJson;

/// A refusal on its way through a codec, which keeps nothing but its text.
pub struct Refused(AppError);

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.to_text())
    }
}

impl fmt::Debug for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl ContentType for StrictJson {
    const CONTENT_TYPE: &'static str = "application/json";
}

impl FormatType for StrictJson {
    const FORMAT_TYPE: Format = Format::Text;
}

impl<T: Serialize> Encodes<T> for StrictJson {
    type Error = serde_json::Error;

    fn encode(value: &T) -> Result<bytes::Bytes, serde_json::Error> {
        serde_json::to_vec(value).map(bytes::Bytes::from)
    }
}

impl<T: DeserializeOwned> Decodes<T> for StrictJson {
    type Error = Refused;

    fn decode(json: bytes::Bytes) -> Result<T, Refused> {
        read(&json).map_err(Refused)
    }
}

/// Reads a JSON object.
///
/// # Errors
/// [`AppError::Malformed`] for what is no JSON, [`AppError::Invalid`] for what is JSON of another
/// shape.
pub fn read<T: DeserializeOwned>(json: &[u8]) -> Result<T, AppError> {
    // A structure would be read from an array as well, by the order of its fields.
    if json.trim_ascii_start().first() != Some(&b'{') {
        let _: IgnoredAny = serde_json::from_slice(json).map_err(malformed)?;
        let message = "The input must be a JSON object.".to_owned();
        return Err(AppError::Invalid { field: None, message });
    }
    let mut unknown = None;
    let mut track = serde_path_to_error::Track::new();
    let mut text = serde_json::Deserializer::from_slice(json);
    let tracked = serde_path_to_error::Deserializer::new(&mut text, &mut track);
    let value = serde_ignored::deserialize(tracked, |path| {
        unknown.get_or_insert_with(|| path.to_string());
    });
    let value = match value {
        Ok(value) => value,
        // Of a name that is to be one of several, serde_json takes another type for no JSON.
        Err(error) if error.is_data() || serde_json::from_slice::<Value>(json).is_ok() => {
            return Err(mismatch(&track.path().to_string(), &error));
        }
        Err(error) => return Err(malformed(error)),
    };
    text.end().map_err(malformed)?;
    match unknown {
        Some(field) => Err(AppError::invalid(&field, "There is no such field.")),
        None => Ok(value),
    }
}

fn malformed(error: serde_json::Error) -> AppError {
    AppError::Malformed { message: format!("The input is not JSON: {error}.") }
}

/// What serde says of a value that does not fit, without the place, which the field tells.
fn mismatch(path: &str, error: &serde_json::Error) -> AppError {
    let text = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    let reason = text.strip_suffix(&place).unwrap_or(&text);
    // The whole is called "." there.
    let at = Some(path).filter(|path| *path != "." && *path != "?");
    let missing = reason.strip_prefix("missing field `").and_then(|rest| rest.strip_suffix('`'));
    let parts: Vec<&str> = at.into_iter().chain(missing).collect();
    let field = (!parts.is_empty()).then(|| parts.join("."));
    let of = at.map(|at| format!("{at}: ")).unwrap_or_default();
    AppError::Invalid { field, message: format!("{of}{reason}.") }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, PartialEq, Deserialize)]
    struct Outer {
        inner: Inner,
        #[serde(default)]
        count: u8,
    }

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Inner {
        text: String,
    }

    fn refusal(json: impl AsRef<[u8]>) -> (u16, Option<String>) {
        match read::<Outer>(json.as_ref()).unwrap_err() {
            AppError::Malformed { .. } => (400, None),
            AppError::Invalid { field, message } => {
                assert!(!message.contains("line"), "{message}");
                (422, field)
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_fits_is_read() {
        let read: Outer = read(b" {\"inner\":{\"text\":\"x\"},\"count\":255} ").unwrap();
        assert_eq!(read, Outer { inner: Inner { text: "x".to_owned() }, count: 255 });
    }

    #[test]
    fn what_is_no_json_is_malformed() {
        let cases: [&[u8]; 8] = [
            b"",
            b" ",
            b"{",
            b"{\"inner\":{\"text\":\"x\"}",
            b"{\"inner\":{\"text\":\"x\"}} x",
            b"{\"inner\":{\"text\":\"\xff\"}}",
            b"inner=x",
            b"{\"count\":1e999}",
        ];
        for case in cases {
            assert_eq!(refusal(case), (400, None), "{}", String::from_utf8_lossy(case));
        }
    }

    #[test]
    fn what_does_not_fit_names_its_field() {
        for (json, field) in [
            ("{\"inner\":{\"text\":1}}", Some("inner.text")),
            ("{\"inner\":{\"text\":\"x\",\"more\":1}}", Some("inner.more")),
            ("{\"inner\":{\"text\":\"x\"},\"more\":1}", Some("more")),
            ("{\"inner\":{\"text\":\"x\"},\"count\":256}", Some("count")),
            ("{\"inner\":{\"text\":\"x\"},\"count\":-1}", Some("count")),
            ("{\"inner\":{}}", Some("inner.text")),
            ("{}", Some("inner")),
            ("[{\"text\":\"x\"},1]", None),
            ("null", None),
            ("\"x\"", None),
        ] {
            assert_eq!(refusal(json), (422, field.map(str::to_owned)), "{json}");
        }
    }

    #[test]
    fn a_refusal_survives_the_codec() {
        use leptos::prelude::{FromServerFnError, ServerFnErrorErr};
        let refused = <StrictJson as Decodes<Outer>>::decode(b"{\"inner\":1}".as_slice().into());
        let refused = refused.unwrap_err();
        let text = ServerFnErrorErr::Deserialization(refused.to_string());
        assert_eq!(AppError::from_server_fn_error(text), refused.0);
    }
}
