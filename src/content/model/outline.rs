//! The outline of a text: its headings, and which way it is written.
//!
//! Owns the two shapes. Finding them in a text is the server's (`content::text`).

use serde::{Deserialize, Serialize};

/// A heading in the cleaned body of a text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Heading {
    /// 1 for the title of a text, 2 for its parts, up to 6.
    pub level: u8,
    /// The heading as it stands in the body, on one line.
    pub title: String,
    /// Where it starts in the body, in bytes of UTF-8.
    pub offset: u32,
}

/// Which way most of a text is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub enum Direction {
    /// As Latin, Greek, Cyrillic and most others.
    #[default]
    LeftToRight,
    /// As Arabic and Hebrew.
    RightToLeft,
}

impl Direction {
    /// The value of the HTML attribute `dir`.
    pub fn attribute(self) -> &'static str {
        match self {
            Self::LeftToRight => "ltr",
            Self::RightToLeft => "rtl",
        }
    }
}
