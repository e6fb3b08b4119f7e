//! Tags: the typed names of pieces of cached data.
//!
//! Owns nothing but the trait; an application declares its own tags.

use std::{fmt::Debug, hash::Hash};

use serde::{Serialize, de::DeserializeOwned};

/// The typed name of a piece of cached data, such as `Orders::List` or `Orders::One(id)`.
///
/// An event names the tags it touches, a query the tags it depends on. Tags travel in `stale` and
/// `access` frames, so keep their JSON small.
pub trait Tag:
    Clone + Debug + Eq + Hash + Ord + Serialize + DeserializeOwned + Send + Sync + 'static
{
}

impl<T> Tag for T where
    T: Clone + Debug + Eq + Hash + Ord + Serialize + DeserializeOwned + Send + Sync + 'static
{
}
