//! A script: what two hosts say about one or more documents, in segments.
//!
//! Owns the shape. Writing one is the server's (`content::text`), and so is speaking it.

use serde::{Deserialize, Serialize};

/// What is said in an episode, from its first word to its last.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Script {
    /// What the episode is called. It is not spoken by itself.
    pub title: String,
    /// In the order in which they are spoken.
    pub segments: Vec<Segment>,
}

/// A part of a script about one topic.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Segment {
    /// What the part is about, in a few words. It is not spoken by itself.
    pub title: String,
    /// What is said, in order.
    pub turns: Vec<Turn>,
}

/// What one host says before the other takes over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Turn {
    /// Who speaks.
    pub host: Host,
    /// What is said: plain text of one or more sentences.
    pub text: String,
}

/// One of the two hosts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub enum Host {
    /// Presents what the documents say.
    A,
    /// Asks, and leads from one topic to the next.
    B,
}

impl Script {
    /// How many words are spoken, counted at white space.
    pub fn words(&self) -> usize {
        self.turns().map(|turn| turn.text.split_whitespace().count()).sum()
    }

    /// All turns of all segments, in order.
    pub fn turns(&self) -> impl Iterator<Item = &Turn> {
        self.segments.iter().flat_map(|segment| &segment.turns)
    }
}
