//! What people and their jobs did, as the feed and its event name it.

use serde::{Deserialize, Serialize};

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ActivityType {
    /// A document was added.
    DocumentAdded,
    /// A document was read by its job, and can be read by people.
    DocumentReady,
    /// A document could not be read.
    DocumentFailed,
    /// A document has another title.
    DocumentRenamed,
    /// A document is no more.
    DocumentDeleted,
}
