//! Days without a time, as JSON has them: `2026-11-21`, or `null`.
//!
//! The reader that the `time` crate makes for this refuses a `null` that serde has kept meanwhile, as
//! it does for events.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _, ser::Error as _};
use time::{Date, format_description::BorrowedFormatItem, macros::format_description};

const ISO: &[BorrowedFormatItem<'_>] = format_description!("[year]-[month]-[day]");

#[expect(clippy::ref_option, reason = "serde calls it so")]
pub(super) fn serialize<S: Serializer>(
    day: &Option<Date>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let text = day.map(|day| day.format(ISO)).transpose().map_err(S::Error::custom)?;
    text.serialize(serializer)
}

pub(super) fn deserialize<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Date>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?;
    text.map(|text| Date::parse(&text, ISO)).transpose().map_err(D::Error::custom)
}
