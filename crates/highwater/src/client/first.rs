//! A query's first answer, its type erased: read on the server, carried in the page as JSON, taken
//! by the browser once.
//!
//! Owns that passage. It must not know the cache.
//!
//! Without types every query of an application shares one kind of resource; with them each would
//! put a copy of all that a resource can do into what a browser loads.

use std::{convert::Infallible, fmt, str::FromStr, sync::Arc};

use futures::future::BoxFuture;
use highwater_core::{Answer, FetchFailed, Fetched, Query, Stamped, entry::Erased, json};
use leptos::{prelude::*, server::codee::string::FromToStringCodec};

use super::store::erase;

/// An answer, or why there is none.
pub(crate) type Answered = Result<Stamped<Erased>, FetchFailed>;

/// What a resource holds of the first answer.
#[derive(Clone)]
pub(crate) enum First {
    /// On the server: the answer, and what makes it text.
    Read(Answered, fn(&Answered) -> serde_json::Result<String>),
    /// In the browser: the text that came with the page.
    Carried(Arc<str>),
    /// In the browser, on a page that was rendered there: the store has it.
    Stored,
}

/// Waits for a query's first answer.
pub(crate) type FirstResource = Resource<First, FromToStringCodec>;

/// What has the first answer, when it is asked for.
pub(crate) type Reader = Arc<dyn Fn() -> BoxFuture<'static, First> + Send + Sync>;

impl First {
    /// The answer of a query.
    pub(crate) fn read<Q: Query>(fetched: Fetched<Q>) -> Self {
        Self::Read(fetched.map(erase::<Q>), text::<Q>)
    }

    /// The answer that came with the page, if one did that can be read.
    pub(crate) fn carried<Q: Query>(&self) -> Option<Answered> {
        let Self::Carried(text) = self else { return None };
        let fetched: Fetched<Q> = json::read(text).ok()?;
        Some(fetched.map(erase::<Q>))
    }

    /// A resource that waits for it.
    pub(crate) fn resource(reader: Reader) -> FirstResource {
        Resource::new_str(|| (), move |()| reader())
    }
}

/// An answer as the page carries it.
fn text<Q: Query>(answer: &Answered) -> serde_json::Result<String> {
    let answer = answer.as_ref().map(|Stamped { value, as_of }| Stamped {
        value: value.downcast_ref::<Answer<Q>>(),
        as_of: as_of.clone(),
    });
    serde_json::to_string(&answer)
}

impl fmt::Display for First {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Read(answer, text) => f.write_str(&text(answer).map_err(|_| fmt::Error)?),
            Self::Carried(text) => f.write_str(text),
            Self::Stored => Ok(()),
        }
    }
}

impl FromStr for First {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(Self::Carried(text.into()))
    }
}
