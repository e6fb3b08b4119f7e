//! Audiences: who may hear an event.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// A named set of subscribers, such as `staff` or `user:7`. Only the server names them.
///
/// An event is addressed to any number of audiences and reaches each subscriber once.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Audience(Arc<str>);

impl Audience {
    /// The audience of that name.
    pub fn new(name: impl AsRef<str>) -> Self {
        Self(name.as_ref().into())
    }

    /// Its name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
