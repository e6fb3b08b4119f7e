//! Ids that are made here: a prefix that says of what, and 64 random bits.
//!
//! Owns their form. Whether there is such a thing is its store's to say.

/// How many hexadecimal digits follow an id's prefix.
const DIGITS: usize = 16;

/// The text is not the id of such a thing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is not the id of {what}; one looks like {prefix}00f1e2d3c4b5a697")]
pub struct NotAnId {
    text: String,
    what: &'static str,
    prefix: &'static str,
}

/// Random bits for a new id, or for another name that nobody is to have had.
///
/// # Errors
/// When the system has none.
#[cfg(feature = "ssr")]
pub fn random_bits() -> Result<u64, getrandom::Error> {
    getrandom::u64()
}

/// Whether the text is an id with this prefix.
///
/// # Errors
/// [`NotAnId`], which says what it should have been the id of.
pub fn check(text: String, prefix: &'static str, what: &'static str) -> Result<String, NotAnId> {
    let digits = text.strip_prefix(prefix).unwrap_or_default().as_bytes();
    let hexadecimal = |digit: &u8| digit.is_ascii_digit() || (b'a'..=b'f').contains(digit);
    if digits.len() == DIGITS && digits.iter().all(hexadecimal) {
        return Ok(text);
    }
    Err(NotAnId { text, what, prefix })
}

/// Gives a tuple struct of a `String` the form of an id: `random_id!(JobId, "job_", "a job")`.
macro_rules! random_id {
    ($id:ident, $prefix:literal, $what:literal) => {
        impl $id {
            /// The id of these random bits.
            pub fn of_bits(bits: u64) -> Self {
                Self(format!(concat!($prefix, "{:016x}"), bits))
            }

            /// Its text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $id {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl std::str::FromStr for $id {
            type Err = $crate::id::NotAnId;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.to_owned().try_into()
            }
        }

        impl TryFrom<String> for $id {
            type Error = $crate::id::NotAnId;

            fn try_from(text: String) -> Result<Self, Self::Error> {
                $crate::id::check(text, $prefix, $what).map(Self)
            }
        }

        impl From<$id> for String {
            fn from(id: $id) -> Self {
                id.0
            }
        }
    };
}

pub(crate) use random_id;

#[cfg(test)]
mod tests {
    struct TestId(String);
    random_id!(TestId, "test_", "a test");

    #[test]
    fn an_id_is_read_as_it_is_written_and_nothing_else_is_one() {
        let id = TestId::of_bits(0xf1_e2d3_c4b5_a697);
        assert_eq!(id.as_str(), "test_00f1e2d3c4b5a697");
        assert_eq!(String::from(id.to_string().parse::<TestId>().unwrap()), id.to_string());
        for text in ["", "test_", "test_00F1E2D3C4B5A697", "job_00f1e2d3c4b5a697", "test_1"] {
            let refusal = text.parse::<TestId>().map(String::from).unwrap_err().to_string();
            let expected = "is not the id of a test; one looks like test_00f1e2d3c4b5a697";
            assert_eq!(refusal, format!("{text:?} {expected}"));
        }
    }
}
