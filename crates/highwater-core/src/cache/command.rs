//! The cache's vocabulary: what happens to it, and what it asks for.

use crate::{
    as_of::{AsOf, Stamped},
    entry::Erased,
    event::{FetchFailed, LiveEvent, MutationId},
    frame::Frame,
    mutation::{Outcome, Scope},
    overlay::Overlay,
};

/// One cached query.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EntryId(pub(super) u64);

/// One fetch of one entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Ticket(pub(super) u64);

/// What happens to the cache.
pub enum Input<E: LiveEvent> {
    /// A message of the stream, in the order it came.
    Frame(Frame<E>),
    /// A view shows the entry.
    Mount(EntryId),
    /// A view that showed it is gone.
    Unmount(EntryId),
    /// The page brought the entry's value, or the failure that it shows instead.
    Hydrated(EntryId, Result<Stamped<Erased>, FetchFailed>),
    /// A fetch ended.
    Fetched(EntryId, Ticket, Result<Stamped<Erased>, FetchFailed>),
    /// Somebody asks for a fetch now: after a failure, or to be sure.
    Refetch(EntryId),
    /// Every query that is shown is to be fetched once, whether or not something is known to be
    /// missing from it: nobody tells this client what changes. Answered with [`Command::Polled`].
    Poll,
    /// The tab became visible or hidden.
    Visible(bool),
    /// A mutation begins, with its optimistic changes.
    Began(MutationId, Scope, Vec<(EntryId, Overlay)>),
    /// A mutation's answer came, or is known not to.
    Ended(MutationId, Outcome),
    /// Time went by.
    Time,
}

/// What is to be done.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// Fetch the entry; the answer must include `min`.
    Fetch {
        /// Which entry.
        entry: EntryId,
        /// To be given back with the answer.
        ticket: Ticket,
        /// Everything this client has seen.
        min: Option<AsOf>,
    },
    /// Send the mutation, for the first time or again.
    Send(MutationId),
    /// These entries look different now. One batch for each input.
    Notify(Vec<EntryId>),
    /// Every fetch of a poll has ended.
    Polled {
        /// How many queries were shown.
        asked: u32,
        /// How many of them the server answered.
        answered: u32,
    },
    /// The entry was unused for [`KEEP_MS`](super::KEEP_MS) and is gone.
    Dropped(EntryId),
    /// Give [`Input::Time`] in so many milliseconds.
    Wake {
        /// From now.
        in_ms: u64,
    },
}

/// What a view may want to say of an entry besides its value.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EntryStatus {
    /// A fetch is under way.
    pub fetching: bool,
    /// The value is known to lack something.
    pub stale: bool,
    /// An optimistic change is laid over it.
    pub optimistic: bool,
    /// The last fetch failed.
    pub failure: Option<FetchFailed>,
}
