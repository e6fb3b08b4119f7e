//! What identifies content.
//!
//! Owns the form of each id; whether there is such a thing is the store's to say.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// How many hexadecimal digits follow an id's prefix: 64 random bits.
const DIGITS: usize = 16;

/// The text is not the id of such a thing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is not an id; one looks like {prefix}00f1e2d3c4b5a697")]
pub struct NotAnId {
    text: String,
    prefix: &'static str,
}

/// Identifies a document, such as `doc_00f1e2d3c4b5a697`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "ssr", schema(value_type = String, example = "doc_00f1e2d3c4b5a697"))]
pub struct DocumentId(String);

/// Gives an id the form that all have: a prefix and 16 hexadecimal digits.
macro_rules! id {
    ($id:ident, $prefix:literal) => {
        impl $id {
            /// What every such id begins with.
            pub const PREFIX: &str = $prefix;

            /// The id of these random bits.
            pub fn of_bits(bits: u64) -> Self {
                Self(format!(concat!($prefix, "{:016x}"), bits))
            }

            /// Its text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $id {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl FromStr for $id {
            type Err = NotAnId;

            fn from_str(text: &str) -> Result<Self, NotAnId> {
                text.to_owned().try_into()
            }
        }

        impl TryFrom<String> for $id {
            type Error = NotAnId;

            fn try_from(text: String) -> Result<Self, NotAnId> {
                match is_id(&text, $prefix) {
                    true => Ok(Self(text)),
                    false => Err(NotAnId { text, prefix: $prefix }),
                }
            }
        }

        impl From<$id> for String {
            fn from(id: $id) -> Self {
                id.0
            }
        }
    };
}

id!(DocumentId, "doc_");

fn is_id(text: &str, prefix: &str) -> bool {
    let digits = text.strip_prefix(prefix).unwrap_or_default().as_bytes();
    let hexadecimal = |digit: &u8| digit.is_ascii_digit() || (b'a'..=b'f').contains(digit);
    digits.len() == DIGITS && digits.iter().all(hexadecimal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_read_as_it_is_written_and_nothing_else_is_one() {
        let id = DocumentId::of_bits(0xf1_e2d3_c4b5_a697);
        assert_eq!(id.as_str(), "doc_00f1e2d3c4b5a697");
        assert_eq!(id.to_string().parse(), Ok(id));
        for text in ["", "doc_", "doc_00F1E2D3C4B5A697", "pod_00f1e2d3c4b5a697", "doc_1"] {
            assert!(text.parse::<DocumentId>().is_err(), "{text}");
        }
    }
}
