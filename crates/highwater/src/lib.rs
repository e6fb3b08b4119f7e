#![doc = include_str!("../README.md")]

pub use highwater_core::{
    Answer, AsOf, Committed, Cursor, Epoch, FetchFailed, Fetched, LiveEvent, Malformed, MutationId,
    Patch, Query, Refusal, Stamped, Tag, connection, frame, json,
};

#[cfg(feature = "ssr")]
pub mod server;

pub mod client;

pub use client::{
    ConnectionIndicator, ConnectionMark, Devtools, MutationRequest, Mutations, QueryError, Sending,
    Sse, SseProvider, UseQuery, on_server, use_event, use_known, use_mutation, use_query, use_sse,
};
